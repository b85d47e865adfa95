/** `compile`: from a spec to a kernel object, through the cache and the best tier this page allows. */
import { fail, show, unreachable } from "../ir/errors.js";
import { canonicalKey } from "../ir/key.js";
import { checkSpec, type OpSpec } from "../ir/ops/spec.js";
import { VERSION } from "../ir/version.js";
import { Cache } from "./cache.js";
import { compileWasm, type WasmOptions, wasmOptions } from "./compileWasm.js";
import { canRunText, loadJs } from "./host/js.js";
import type { Loaded, Tier } from "./host/loaded.js";
import { loadPlain } from "./host/plain.js";
import { canCompileWasm } from "./host/wasmFeatures.js";
import {
  type Accuracy,
  type AlgorithmRequest,
  type CodeOptions,
  checkSchedule,
  generateJs,
  type Schedule,
  type Wanted,
  type WasmFeatures,
} from "./jit.js";
import { Kernel } from "./kernel.js";
import { checkOptions } from "./options.js";
import { checkWanted } from "./wanted.js";

export type TargetName = "auto" | "js" | "plain" | "wasm" | "webgpu";

export interface CompileOptions {
  /**
   * What runs the kernel. "auto" (the default) takes the best there is: "wasm", else "js", else "plain", the interpreted
   * definition. A target that the page's policy forbids is served by the next one; targets that this build lacks throw
   * `target-unavailable`.
   */
  readonly target?: TargetName;
  /** Directives by stage of the algorithm; default: the scheduler's pick for the shape. `plain` has none. See `tilewright/compiler`. */
  readonly schedule?: Schedule;
  /**
   * "exact" (the default) sums by definition: integers stay integers, and errors are those of float32 sums. "fast" also allows
   * Winograd's algorithm, two to three times as fast where both sides have many channels, within the bound that
   * `kernel.errorBound` states. See the README for errors that were measured.
   */
  readonly accuracy?: Accuracy;
  /**
   * "auto" (the default) takes what is estimated to be fastest of what `accuracy` allows. "direct" and "winograd" insist;
   * `{ kind: "winograd", tile: [4, 4] }` also on tiles of so many output rows and columns.
   */
  readonly algorithm?: AlgorithmRequest;
  /**
   * How many threads share the work of `run`; `runSync` stays on the calling one. Default 1. WebAssembly only, in Node and on
   * pages that are isolated from other origins, and only for shapes that are worth waking somebody up for.
   */
  readonly threads?: number;
  /**
   * Node only: use 256-bit vectors by V8's revectorizer, whose flag is then on for the whole process. Steps back to 128 bits,
   * with a warning, where there is none or where its result differs in a bit. Also on by TILEWRIGHT_REVECTORIZE=1.
   */
  readonly revectorize?: boolean;
  /** What WebAssembly code may count on, where the engine's own answer shall not be taken. */
  readonly features?: Partial<Pick<WasmFeatures, "simd" | "hoistsLoads">>;
  /** The `GPUDevice` of WebGPU kernels; others have no use for it. */
  readonly device?: unknown;
}

/** Loaded code by everything that can change it. Kernel objects share code and never memory. */
const loadedKernels = new Cache<Loaded>(512);

/** Keys of the kernels in the cache, least recently used first; and a way to forget them. */
export const kernelCache: { list(): string[]; clear(): void } = {
  list: () => loadedKernels.list(),
  clear: () => loadedKernels.clear(),
};

const OPTIONS = ["target", "accuracy", "algorithm", "schedule", "threads", "revectorize", "features", "device"];

/**
 * Compiles a kernel for one static shape, or finds it in the cache.
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`, `invalid-argument`, `target-unavailable` before
 *   anything is compiled or allocated; `invalid-schedule` before anything is loaded
 */
export async function compile(spec: OpSpec, options: CompileOptions = {}): Promise<Kernel> {
  const checked = checkSpec(spec);
  checkOptions(options, OPTIONS);
  const { target = "auto" } = options;
  const tier = chooseTier(target);
  const wanted = checkWanted(options);
  const wasm = tier === "wasm" ? wasmOptions(checked, options) : undefined;
  const schedule = options.schedule === undefined ? undefined : await checkSchedule(options.schedule);
  const parts = [
    tier,
    VERSION,
    specKey(checked),
    wantedKey(wanted),
    wasm && wasmKey(wasm),
    schedule && canonicalKey(schedule),
  ];
  const key = parts.filter((part) => part !== undefined).join(" ");
  return new Kernel(
    checked,
    await loadedKernels.get(key, () => load(checked, { tier, wasm, code: { ...wanted, schedule } })),
  );
}

/** All that decides what is compiled. */
interface Plan {
  readonly tier: Tier;
  readonly wasm: WasmOptions | undefined;
  readonly code: CodeOptions;
}

/** What `canonicalKey` would tell apart, at a tenth of its time: a cache hit should cost less than a small kernel. */
function specKey({ op, value, filters, rate, padding, bias, activation }: OpSpec): string {
  const epilogue = `${bias ? "bias" : ""} ${activation === undefined ? "" : canonicalKey(activation)}`;
  return `${op} ${value.join()} ${filters.join()} ${rate} ${padding} ${epilogue}`;
}

const wasmKey = ({ simd, hoistsLoads, threads, revectorize }: WasmOptions): string =>
  `${simd} ${hoistsLoads ? "hoisted" : "in order"} ${threads} ${revectorize ? "revectorized" : ""}`;

/** `accuracy` says what "auto" may choose from and nothing else. */
const wantedKey = ({ accuracy, algorithm }: Required<Wanted>): string => {
  if (algorithm === "auto") return accuracy;
  return typeof algorithm === "string" ? algorithm : canonicalKey(algorithm);
};

async function load(spec: OpSpec, { tier, wasm, code }: Plan): Promise<Loaded> {
  switch (tier) {
    case "wasm":
      return compileWasm(spec, wasm as WasmOptions, code);
    case "js":
      return loadJs(await generateJs(spec, code));
    case "plain":
      return loadPlain(spec);
    default:
      return unreachable(tier);
  }
}

/** Tiers from the best down, and whether the page allows them. */
const TIERS: Readonly<Record<Tier, () => boolean>> = { wasm: canCompileWasm, js: canRunText, plain: () => true };

function chooseTier(target: TargetName): Tier {
  if (target === "webgpu") {
    return fail("target-unavailable", 'this build of tilewright has no webgpu kernels; use "auto", "wasm" or "js"');
  }
  const names = Object.keys(TIERS) as Tier[];
  const from = target === "auto" ? 0 : names.indexOf(target);
  if (from < 0) {
    fail("invalid-argument", `target must be "auto", "wasm", "js", "plain" or "webgpu"; got ${show(target)}`);
  }
  return names.slice(from).find((name) => TIERS[name]()) as Tier;
}

/** The targets that run here, best first. */
export async function availableTargets(): Promise<readonly Tier[]> {
  return (Object.keys(TIERS) as Tier[]).filter((name) => TIERS[name]());
}
