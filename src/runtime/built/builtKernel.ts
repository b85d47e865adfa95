/** A kernel that was made ahead of time: it loads the best of its files that this page can use. */
import { fail, reading, show } from "../../ir/errors.js";
import type { SpecFacts } from "../../ir/module.js";
import type { AnyLengthSpec, FamilySpec } from "../../ir/ops/familySpec.js";
import type { Spec } from "../../ir/ops/spec.js";
import type { FormulaDefinition, KernelDefinition, LoadOptions, WebgpuLoadOptions } from "../definition.js";
import type { Names } from "../formulaKernel.js";
import type { Loaded } from "../host/loaded.js";
import { canCompileWasm, simdLevel } from "../host/wasmSupport.js";
import type { Kernel } from "../kernel.js";
import type { SpecOf } from "../kernelFacts.js";
import type { Shapes } from "../tensor.js";
import { canShareMemory } from "../threads/sharing.js";
import { warnIfLower } from "../warn.js";
import type { WebgpuKernel } from "../webgpu/kernel.js";
import type { Hosts } from "./hosts.js";
import {
  type CpuVariant,
  FORMAT,
  type Import,
  type KindImports,
  type Variant,
  type VariantImports,
  type Variants,
} from "./modules.js";

/** The facts about a kernel that a generated file has without loading its code. */
export interface BuiltHead extends SpecFacts {
  /** The `FORMAT` of the version of tilewright that generated the file. */
  readonly format: number;
  /** The request to `compile` that the kernel serves, as text: see `requestKey`. */
  readonly request: string;
  /** True if WebAssembly comes as modules, so that none is compiled here. */
  readonly compiled?: boolean;
}

const TARGETS: readonly unknown[] = ["auto", "wasm", "js", "plain", "webgpu"];

/** The kernel of a formula that was made ahead of time. */
export type BuiltFormula<N extends Names = Names> = FormulaDefinition<N> & Pick<BuiltKernel, "request" | "variants">;

/** The kernel of a member of the convolution family that was made ahead of time. */
export type BuiltFamily<S extends Shapes = Shapes> = BuiltKernel<S & { readonly spec: FamilySpec }>;

/** The same for a spec of which each call chooses a size. */
export type BuiltAnyLength<S extends Shapes = Shapes> = BuiltKernel<S & { readonly spec: AnyLengthSpec }>;

/** A kernel that was made ahead of time, and is yet to be loaded. */
export class BuiltKernel<S extends Shapes = Shapes> implements KernelDefinition<S> {
  readonly spec: SpecOf<S>;
  readonly outputShape: KernelDefinition<S>["outputShape"];
  readonly request: string;
  /** Imports of the kernel's files, by language and features. */
  readonly variants: VariantImports;
  readonly #isCompiled: boolean;
  readonly #hosts: Hosts;
  readonly #kinds: KindImports | undefined;
  readonly #loaded = new Map<string, Promise<Loaded>>();

  /** @internal Generated files call `builtKernel`. */
  constructor(
    { format, request, spec, outputShape, compiled = false }: BuiltHead,
    variants: VariantImports,
    hosts: Hosts,
    kinds?: KindImports,
  ) {
    if (format !== FORMAT) {
      fail(
        "invalid-argument",
        `this kernel was built in format ${format} and this version of tilewright reads ${FORMAT}; ` +
          "run tilewright build again",
      );
    }
    // The declarations of a formula's kernel have a type of their own, which says so.
    this.spec = spec as SpecOf<S>;
    this.outputShape = outputShape as KernelDefinition<S>["outputShape"];
    this.request = request;
    this.variants = variants;
    this.#isCompiled = compiled;
    this.#hosts = hosts;
    this.#kinds = kinds;
  }

  load(options?: LoadOptions): Promise<Kernel<S>>;
  load(options: WebgpuLoadOptions): Promise<WebgpuKernel<S>>;
  async load(given: LoadOptions | WebgpuLoadOptions = {}): Promise<Kernel<S> | WebgpuKernel<S>> {
    const options = reading("an object of options", () => ({ ...given }));
    const { target = "auto" } = options;
    if (!TARGETS.includes(target)) fail("invalid-argument", `target must be one of ${TARGETS}; got ${show(target)}`);
    if (options.target === "webgpu") {
      const { loadBuilt } = await this.#hosts.webgpu();
      return loadBuilt<S>(this, options);
    }
    const { threads = 1 } = options;
    // As `checkThreads` says at length; a page with kernels ahead of time does not load it.
    if (!(Number.isInteger(threads) && threads > 0 && threads <= 256))
      fail("invalid-argument", `threads must be an integer from 1 to 256; got ${show(threads)}`);
    const { variant, heap } =
      options.memory === undefined
        ? { variant: this.variantFor(options.target, threads) }
        : (await this.#hosts.given()).placed(this, options);
    // Only the interpreter needs the op's definition, so pages load both as late as they can.
    const loading = variant
      ? this.loaded(variant, threads)
      : Promise.all([this.#hosts.plain(), this.#hosts.read(this.spec as Spec)]).then(([{ loadPlain }, spec]) =>
          loadPlain(spec),
        );
    const [loaded, { Kernel }] = await Promise.all([loading, this.#hosts.kernel()]);
    warnIfLower(options.target ?? "auto", loaded.tier);
    return new Kernel<S>(loaded, heap);
  }

  /** The best variant for the target, or for a lower target if the page forbids it. Undefined stands for "plain". */
  variantFor(target: LoadOptions["target"] = "auto", threads = 1): CpuVariant | undefined {
    if (target === "plain") return undefined;
    const wasm = target === "js" ? undefined : this.#wasmVariant(threads);
    // The test comes last and only if it matters: it makes a browser report a policy that forbids WebAssembly.
    if (wasm && (this.#isCompiled || canCompileWasm())) return wasm;
    return this.variants.js && "js";
  }

  #wasmVariant(threads: number): CpuVariant | undefined {
    const simd = simdLevel();
    const levels = simd === "relaxed" ? (["relaxed", "simd128"] as const) : simd === "simd128" ? ([simd] as const) : [];
    const kinds = threads > 1 && canShareMemory() ? (["-threads", ""] as const) : ([""] as const);
    const names = levels.flatMap((level) => kinds.map((kind) => `wasm-${level}${kind}` as const));
    return names.find((name) => this.variants[name]);
  }

  /** The variant's code, loaded once. After a failure the next request loads it again. */
  loaded(variant: CpuVariant, threads: number): Promise<Loaded> {
    const key = `${variant} ${threads}`;
    const loaded = this.#loaded.get(key) ?? this.#load(variant, threads);
    this.#loaded.set(key, loaded);
    loaded.catch(() => this.#loaded.delete(key));
    return loaded;
  }

  /** Loads the kernel's file and the host of its language; a page loads no other host. */
  async #load(variant: CpuVariant, threads: number): Promise<Loaded> {
    if (variant === "js") {
      const [module, { loadBuiltJs }] = await Promise.all([this.module(variant), this.#hosts.js()]);
      return loadBuiltJs(module);
    }
    const [module, { loadBuiltWasm }] = await Promise.all([this.module(variant), this.#hosts.wasm()]);
    return loadBuiltWasm(module, threads);
  }

  /**
   * The module in the variant's file for this kind of device, or else for all. Throws `target-unavailable` if the
   * kernel has no such file.
   * @param gpu the maker of the GPU that the module is for
   */
  async module<V extends Variant>(variant: V, gpu?: string): Promise<Variants[V]> {
    const own = this.#kinds?.[(await this.#hosts.kind()).deviceKind(gpu) ?? ""];
    const load: Import<Variants[V]> | undefined = own?.[variant] ?? this.variants[variant];
    if (load) return (await load()).default;
    return fail("target-unavailable", `this kernel was not built for ${variant}; add that to its targets`);
  }
}
