/** A kernel that was made ahead of time: which of its files this engine and page can use, and the kernel that is in it. */
import { fail, show } from "../../ir/errors.js";
import type { SpecFacts } from "../../ir/module.js";
import type { KernelDefinition, LoadOptions, WebgpuLoadOptions } from "../definition.js";
import type { Loaded } from "../host/loaded.js";
import { canCompileWasm, simdLevel } from "../host/wasmSupport.js";
import type { Kernel } from "../kernel.js";
import type { Shapes } from "../tensor.js";
import { canShareMemory } from "../threads/sharing.js";
import type { WebgpuKernel } from "../webgpu/kernel.js";
import { FORMAT, type Import, type Variant, type VariantImports, type Variants } from "./modules.js";

/** What a generated file says of a kernel without loading its code. */
export interface BuiltHead extends SpecFacts {
  readonly format: number;
  /** What `compile` would have to be asked for, as text: see `requestKey`. */
  readonly request: string;
}

const TARGETS: readonly unknown[] = ["auto", "wasm", "js", "plain", "webgpu"];

/** A variant for the CPU. */
type CpuVariant = Exclude<Variant, "webgpu" | "webgpu-f16">;

export class BuiltKernel<S extends Shapes = Shapes> implements KernelDefinition<S> {
  readonly spec: SpecFacts["spec"];
  readonly outputShape: KernelDefinition<S>["outputShape"];
  readonly request: string;
  /** Of what languages and for what features it was made. */
  readonly variants: VariantImports;
  readonly #loaded = new Map<string, Promise<Loaded>>();

  /** @internal Generated files call `builtKernel`. */
  constructor({ format, request, spec, outputShape }: BuiltHead, variants: VariantImports) {
    if (format !== FORMAT) {
      fail(
        "invalid-argument",
        `this kernel was built in format ${format} and this version of tilewright reads ${FORMAT}; run tilewright build again`,
      );
    }
    this.spec = spec;
    this.outputShape = outputShape;
    this.request = request;
    this.variants = variants;
  }

  load(options?: LoadOptions): Promise<Kernel<S>>;
  load(options: WebgpuLoadOptions): Promise<WebgpuKernel<S>>;
  async load(options: LoadOptions | WebgpuLoadOptions = {}): Promise<Kernel<S> | WebgpuKernel<S>> {
    const { target = "auto" } = options;
    if (!TARGETS.includes(target)) fail("invalid-argument", `target must be one of ${TARGETS}; got ${show(target)}`);
    if (options.target === "webgpu") {
      const { loadBuilt } = await import("./webgpu.js");
      return loadBuilt<S>(this, options);
    }
    const { threads = 1 } = options;
    const variant = this.variantFor(options.target, threads);
    // The interpreter needs the definition of the op, which pages do without as long as they can.
    const loading = variant
      ? this.loaded(variant, threads)
      : import("../host/plain.js").then(({ loadPlain }) => loadPlain(this.spec));
    const [loaded, { Kernel }] = await Promise.all([loading, import("../kernel.js")]);
    return new Kernel<S>(loaded);
  }

  /** The best that there is for the target, or for what is below it where the page forbids that. */
  variantFor(target: LoadOptions["target"] = "auto", threads = 1): CpuVariant | undefined {
    if (target === "plain") return undefined;
    const wasm = target === "js" ? undefined : this.#wasmVariant(threads);
    // Asked last: where there is no WebAssembly to be run, a page's owner is not told that its policy forbids it.
    if (wasm && canCompileWasm()) return wasm;
    return this.variants.js && "js";
  }

  #wasmVariant(threads: number): CpuVariant | undefined {
    const simd = simdLevel();
    const levels = simd === "relaxed" ? (["relaxed", "simd128"] as const) : simd === "simd128" ? ([simd] as const) : [];
    const kinds = threads > 1 && canShareMemory() ? (["-threads", ""] as const) : ([""] as const);
    const names = levels.flatMap((level) => kinds.map((kind) => `wasm-${level}${kind}` as const));
    return names.find((name) => this.variants[name]);
  }

  /** Code is loaded once; after a failure, when it is asked for again. */
  loaded(variant: CpuVariant, threads: number): Promise<Loaded> {
    const key = `${variant} ${threads}`;
    const loaded = this.#loaded.get(key) ?? this.#load(variant, threads);
    this.#loaded.set(key, loaded);
    loaded.catch(() => this.#loaded.delete(key));
    return loaded;
  }

  /** A page loads the host of one language, beside the kernel's own file. */
  async #load(variant: CpuVariant, threads: number): Promise<Loaded> {
    if (variant === "js") {
      const [module, { loadJs }] = await Promise.all([this.module(variant), import("../host/js.js")]);
      return loadJs(module, module.functions);
    }
    const [module, { loadBuiltWasm }] = await Promise.all([this.module(variant), import("./wasm.js")]);
    return loadBuiltWasm(module, threads);
  }

  /** What the variant's file holds; throws `target-unavailable` where there is none. */
  async module<V extends Variant>(variant: V): Promise<Variants[V]> {
    const load: Import<Variants[V]> | undefined = this.variants[variant];
    if (load) return (await load()).default;
    return fail("target-unavailable", `this kernel was not built for ${variant}; add that to its targets`);
  }
}

/** Generated files call it. */
export const builtKernel = <S extends Shapes>(head: BuiltHead, variants: VariantImports): BuiltKernel<S> =>
  new BuiltKernel<S>(head, variants);
