/** `compile`: from a spec to a kernel object, through the cache and the best tier this page allows. */
import { fail, show, unreachable } from "../ir/errors.js";
import { checkSpec, type OpSpec } from "../ir/ops/spec.js";
import { registered } from "./built/registry.js";
import { type CompiledForCpu, wasmFeaturesOf } from "./compiledFor.js";
import { compileWasm, wasmOptions } from "./compileWasm.js";
import { loadJs } from "./host/js.js";
import type { Loaded, Tier } from "./host/loaded.js";
import { loadPlain } from "./host/plain.js";
import { isAskedByEnvironment } from "./host/revectorize.js";
import { canRunText, functionsOf } from "./host/text.js";
import { canCompileWasm } from "./host/wasmSupport.js";
import { checkScheduleForm, generateJs } from "./jit.js";
import { Kernel } from "./kernel.js";
import { loadedKernels } from "./kernelCache.js";
import { codeKey, requestKey } from "./keys.js";
import { checkOptions } from "./options.js";
import { noteRequest } from "./record.js";
import { tunedPoint, tuningRevision } from "./tuned.js";
import {
  type Accuracy,
  type AlgorithmRequest,
  type CodeOptions,
  checkWanted,
  type Schedule,
  type Wanted,
  type WasmFeatures,
} from "./wanted.js";
import type { WebgpuKernel } from "./webgpu/kernel.js";
import type { DeviceOptions } from "./webgpu/open.js";

export type TargetName = "auto" | Tier | "webgpu";

/** What any kernel can be asked for. */
export interface CommonOptions {
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
}

export interface CompileOptions extends CommonOptions {
  /**
   * What runs the kernel. "auto" (the default) takes the best there is on the CPU: "wasm", else "js", else "plain", the interpreted
   * definition. A target that the page's policy forbids is served by the next one. "webgpu" is never chosen by "auto", as its
   * kernels are called in another way: see `WebgpuOptions`.
   */
  readonly target?: Exclude<TargetName, "webgpu">;
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
}

/** Kernels on a GPU, whose weights and results can stay there. Throws `target-unavailable` where there is none. */
export interface WebgpuOptions extends CommonOptions, DeviceOptions {
  readonly target: "webgpu";
}

const COMMON = ["target", "accuracy", "algorithm", "schedule"];
const ON_CPU = { names: [...COMMON, "threads", "revectorize", "features"], place: 'for every target but "webgpu"' };
const ON_GPU = { names: [...COMMON, "device", "storage"], place: 'for target: "webgpu" alone' };

/**
 * Compiles a kernel for one static shape, or finds it in the cache.
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`, `invalid-argument`, `target-unavailable` before
 *   anything is compiled or allocated; `invalid-schedule` before anything is loaded
 */
export function compile(spec: OpSpec, options?: CompileOptions): Promise<Kernel>;
export function compile(spec: OpSpec, options: WebgpuOptions): Promise<WebgpuKernel>;
export function compile(spec: OpSpec, options?: CompileOptions | WebgpuOptions): Promise<Kernel | WebgpuKernel>;
export async function compile(
  spec: OpSpec,
  options: CompileOptions | WebgpuOptions = {},
): Promise<Kernel | WebgpuKernel> {
  const checked = checkSpec(spec);
  return options?.target === "webgpu" ? compileOnGpu(checked, options) : compileOnCpu(checked, options);
}

/** The folder of WebGPU is loaded here, so that a page which never asks for it does without. */
async function compileOnGpu(spec: OpSpec, options: WebgpuOptions): Promise<WebgpuKernel> {
  checkOptions(options, ON_GPU.names, ON_CPU);
  const wanted = checkWanted(options);
  noteRequest(spec, wanted);
  const { device, schedule, storage } = options;
  const isChosen = schedule !== undefined || tunedPoint(spec, wanted, { language: "wgsl", storage: storage ?? "f32" });
  const built = isChosen ? undefined : registered(requestKey(spec, wanted));
  if (built?.variants[storage === "f16" ? "webgpu-f16" : "webgpu"]) {
    return built.load({ target: "webgpu", ...(device ? { device } : {}), ...(storage ? { storage } : {}) });
  }
  const code = await codeOptions(wanted, options);
  const { compileWebgpu } = await import("./webgpu/compile.js");
  return compileWebgpu(spec, code, options);
}

async function compileOnCpu(spec: OpSpec, options: CompileOptions): Promise<Kernel> {
  checkOptions(options, ON_CPU.names, ON_GPU);
  const { target = "auto" } = options;
  checkTarget(target);
  const wanted = checkWanted(options);
  noteRequest(spec, wanted);
  const tier = bestTier(target);
  const compiledFor = tier === "wasm" ? { tier, ...wasmOptions(spec, options) } : { tier };
  const built = await builtFor(spec, wanted, options, compiledFor);
  if (built) return new Kernel(built);
  const code = await codeOptions(wanted, options);
  const key = codeKey(spec, code, compiledFor, tuningRevision());
  return new Kernel(await loadedKernels.get(key, () => load(spec, code, compiledFor)));
}

/**
 * Code that was made ahead of time for exactly this, unless the caller has tuned it since. Whoever asks for a target by name gets
 * no lower one if that can be compiled.
 */
async function builtFor(
  spec: OpSpec,
  wanted: Required<Wanted>,
  { target = "auto", schedule, features, revectorize = isAskedByEnvironment() }: CompileOptions,
  compiledFor: CompiledForCpu,
): Promise<Loaded | undefined> {
  const kernel = schedule || features || revectorize ? undefined : registered(requestKey(spec, wanted));
  if (!kernel || isTuned(spec, wanted, compiledFor)) return undefined;
  const threads = compiledFor.tier === "wasm" ? compiledFor.threads : 1;
  const variant = kernel.variantFor(target, threads);
  if (!variant) return undefined;
  const tier = variant === "js" ? variant : "wasm";
  const isBest = target === "auto" || NAMES.indexOf(tier) <= NAMES.indexOf(compiledFor.tier);
  // Where threads are asked for and worth something, code without them is not what was meant.
  const lacksThreads = tier === "wasm" && threads > 1 && !variant.endsWith("threads");
  return isBest && !lacksThreads ? kernel.loaded(variant, threads) : undefined;
}

function isTuned(spec: OpSpec, wanted: Required<Wanted>, compiledFor: CompiledForCpu): boolean {
  if (compiledFor.tier === "plain") return false;
  const features = compiledFor.tier === "js" ? ({ language: "js" } as const) : wasmFeaturesOf(compiledFor);
  return tunedPoint(spec, wanted, features) !== undefined;
}

async function codeOptions(wanted: Required<Wanted>, { schedule }: CommonOptions): Promise<CodeOptions> {
  return { ...wanted, schedule: schedule === undefined ? undefined : await checkScheduleForm(schedule) };
}

async function load(spec: OpSpec, code: CodeOptions, compiledFor: CompiledForCpu): Promise<Loaded> {
  switch (compiledFor.tier) {
    case "wasm":
      return compileWasm(spec, compiledFor, code);
    case "js": {
      const module = await generateJs(spec, code);
      return loadJs(module, functionsOf(module));
    }
    case "plain":
      return loadPlain(spec);
    default:
      return unreachable(compiledFor);
  }
}

/** Tiers from the best down, and whether the page allows them. */
const TIERS: Readonly<Record<Tier, () => boolean>> = { wasm: canCompileWasm, js: canRunText, plain: () => true };

const NAMES = Object.keys(TIERS) as Tier[];

function checkTarget(target: unknown): void {
  if (target === "auto" || NAMES.some((name) => name === target)) return;
  fail("invalid-argument", `target must be "auto", "wasm", "js", "plain" or "webgpu"; got ${show(target)}`);
}

/** Of those that the page allows, from the target down. */
const bestTier = (target: "auto" | Tier): Tier =>
  NAMES.slice(target === "auto" ? 0 : NAMES.indexOf(target)).find((name) => TIERS[name]()) as Tier;

/**
 * The targets that "auto" chooses from, best first. Nothing is waited for today; the promise leaves room for targets that
 * an engine has to be asked for. Whether there is a GPU is known once a kernel was compiled for it, or refused.
 */
export async function availableTargets(): Promise<readonly Tier[]> {
  return NAMES.filter((name) => TIERS[name]());
}
