/** `compile`: from a spec to a kernel object, through the cache and the best tier that a page allows. */
import { fail, reading, show, unreachable } from "../ir/errors.js";
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
import { newCache } from "./kernelCache.js";
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

/** The means that can run a kernel; "auto" stands for the best one on the CPU. */
export type TargetName = "auto" | Tier | "webgpu";

/** Options that kernels of every target have. */
export interface CommonOptions {
  /**
   * Directives by stage of the algorithm; see `tilewright/compiler`. Default: the scheduler's pick for the shape. The
   * target "plain" has no schedule.
   */
  readonly schedule?: Schedule;
  /**
   * "exact" (the default) sums by definition: integers stay integers, and errors are those of float32 sums. "fast" also
   * allows Winograd's algorithm. That is two to three times as fast where both sides have many channels, and its errors
   * stay within `kernel.errorBound`. The README has measured errors.
   */
  readonly accuracy?: Accuracy;
  /**
   * "auto" (the default) takes the algorithm that is estimated to be fastest, of those that `accuracy` allows. "direct"
   * and "winograd" insist on one. `{ kind: "winograd", tile: [4, 4] }` insists on tiles of so many output rows and
   * columns as well.
   */
  readonly algorithm?: AlgorithmRequest;
}

export interface CompileOptions extends CommonOptions {
  /**
   * The means that runs the kernel. "auto" (the default) takes the best one on the CPU: "wasm", else "js", else
   * "plain", which interprets the definition. If the page's policy forbids a target, the next one serves. "auto" never
   * takes "webgpu", as kernels on a GPU are called in another way: see `WebgpuOptions`.
   */
  readonly target?: Exclude<TargetName, "webgpu">;
  /**
   * The number of threads that share the work of `run`, from 1 to 256. Default 1. `runSync` stays on the calling
   * thread. Only WebAssembly has threads, in Node and on pages that are isolated from other origins. A shape with too
   * little work to be worth waking a thread stays on one.
   */
  readonly threads?: number;
  /**
   * Node only: use 256-bit vectors by V8's revectorizer, whose flag is then on for the whole process. Without a
   * revectorizer, or if its result differs in a bit, kernels use 128 bits and a warning says so. Default: true if the
   * environment has TILEWRIGHT_REVECTORIZE=1, else false.
   */
  readonly revectorize?: boolean;
  /** Features that WebAssembly code may use, in place of those that were detected in this engine. */
  readonly features?: Partial<Pick<WasmFeatures, "simd" | "hoistsLoads">>;
}

/** Options of kernels on a GPU, whose weights and results can stay there. Without a GPU `compile` throws. */
export interface WebgpuOptions extends CommonOptions, DeviceOptions {
  readonly target: "webgpu";
}

const kernels = newCache<Loaded>();

const COMMON = ["target", "accuracy", "algorithm", "schedule"];
const ON_CPU = { names: [...COMMON, "threads", "revectorize", "features"], place: 'for every target but "webgpu"' };
const ON_GPU = { names: [...COMMON, "device", "storage"], place: 'for target: "webgpu" alone' };

/**
 * Compiles a kernel for one static shape, or finds its code in the cache. The kernel's memory is its own.
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
  const isOnGpu = reading("an object of options", () => options?.target === "webgpu");
  return isOnGpu ? compileOnGpu(checked, options as WebgpuOptions) : compileOnCpu(checked, options as CompileOptions);
}

/** Imports the folder `webgpu` only here, so that a page which uses no GPU never loads it. */
async function compileOnGpu(spec: OpSpec, given: WebgpuOptions): Promise<WebgpuKernel> {
  const options = checkOptions(given, ON_GPU.names, ON_CPU);
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

async function compileOnCpu(spec: OpSpec, given: CompileOptions): Promise<Kernel> {
  const options = checkOptions(given, ON_CPU.names, ON_GPU);
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
  return new Kernel(await kernels.get(key, () => load(spec, code, compiledFor)));
}

/**
 * Code that was made ahead of time for exactly this request, or undefined if a schedule has been tuned for it since. A
 * caller who names a target gets no lower one as long as that target can be compiled.
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
  // If threads are asked for and worthwhile, code without threads does not serve the request.
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

/** The tiers from the best down; each function is true if the page allows its tier. */
const TIERS: Readonly<Record<Tier, () => boolean>> = { wasm: canCompileWasm, js: canRunText, plain: () => true };

const NAMES = Object.keys(TIERS) as Tier[];

function checkTarget(target: unknown): void {
  if (target === "auto" || NAMES.some((name) => name === target)) return;
  fail("invalid-argument", `target must be "auto", "wasm", "js", "plain" or "webgpu"; got ${show(target)}`);
}

/** The best tier that the page allows, from the target down. */
const bestTier = (target: "auto" | Tier): Tier =>
  NAMES.slice(target === "auto" ? 0 : NAMES.indexOf(target)).find((name) => TIERS[name]()) as Tier;

/**
 * The targets that "auto" chooses from on this page, best first; "plain" is always the last. "webgpu" is never among
 * them: compile a kernel for it, and catch `target-unavailable`, to learn if there is a GPU.
 */
export async function availableTargets(): Promise<readonly Tier[]> {
  return NAMES.filter((name) => TIERS[name]());
}
