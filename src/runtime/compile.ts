/** `compile`: from a spec to a kernel object, through the cache and the best tier that a page allows. */
import { refuseOnGpu } from "../ir/anyLength.js";
import type { Storage } from "../ir/dtype.js";
import { fail, reading, show, unreachable } from "../ir/errors.js";
import { meantValue } from "../ir/meant.js";
import type { AnyLengthSpec, FamilySpec } from "../ir/ops/familySpec.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import type { ShorthandSpec } from "../ir/ops/shorthandSpec.js";
import type { GivenSpec, OpSpec, Spec } from "../ir/ops/spec.js";
import { anyLengthWithin } from "../ir/ops/specWithProgram.js";
import { checkOptions, checkStorage, checkThreads } from "../ir/options.js";
import { checkWanted } from "../ir/rewrites/wanted.js";
import { registered } from "./built/registry.js";
import { type CompiledForCpu, wasmFeaturesOf } from "./compiledFor.js";
import { compileWasm, compileWasmSync, wasmOptions } from "./compileWasm.js";
import type { FormulaKernel, FormulaWebgpuKernel, NamesOf } from "./formulaKernel.js";
import { checkMemory, givenHeap, type KernelMemory } from "./host/givenHeap.js";
import type { Heap } from "./host/heap.js";
import { loadJs } from "./host/js.js";
import type { Loaded, Tier } from "./host/loaded.js";
import { loadPlain } from "./host/plain.js";
import { isAskedByEnvironment } from "./host/revectorize.js";
import { canRunText, functionsOf } from "./host/text.js";
import { THREADS } from "./host/wasm.js";
import { canCompileWasm } from "./host/wasmSupport.js";
import { checkScheduleForm, generateJs, loadCompiler, loadReaders, loadScheduleCheck } from "./jit.js";
import { Kernel } from "./kernel.js";
import { newCache } from "./kernelCache.js";
import type { AnyLengthShapes, FamilyShapes } from "./kernelFacts.js";
import { codeKey, requestKey } from "./keys.js";
import { noteRequest } from "./record.js";
import { hasReader, loadReader, readSpec } from "./specs.js";
import { canShareMemory } from "./threads/sharing.js";
import { tunedPoint, tuningRevision } from "./tuned.js";
import type { Accuracy, AlgorithmRequest, CodeOptions, Schedule, Wanted, WasmFeatures } from "./wanted.js";
import { warnIfLower } from "./warn.js";
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
   * stay within `kernel.errorBound`. The documentation has measured errors.
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
   * "plain", which interprets the definition. If the page's policy forbids a target, the next one serves, and a warning
   * says so. "auto" never takes "webgpu", as kernels on a GPU are called in another way: see `WebgpuOptions`.
   */
  readonly target?: Exclude<TargetName, "webgpu">;
  /**
   * The number of threads that share the work of a call, from 1 to 256. Default 1. Only WebAssembly has threads, in
   * Node and on pages that are isolated from other origins. A shape with too little work to be worth waking a thread
   * stays on one. `runSync` shares work, too, where the caller may block, which a page's own thread may not, and with
   * threads that have started: `ready({ threads })` waits for them.
   */
  readonly threads?: number;
  /**
   * Node only: use 256-bit vectors by V8's revectorizer, whose flag is then on for the whole process. Without a
   * revectorizer, or if its result differs in a bit, kernels use 128 bits and a warning says so. Default: true if the
   * environment has TILEWRIGHT_REVECTORIZE=1, else false.
   */
  readonly revectorize?: boolean;
  /**
   * The memory in which the kernel's buffers lie, and its allocator. Default: memory that the kernels of the process
   * share. Only WebAssembly has it. Threads need shared memory.
   */
  readonly memory?: KernelMemory;
  /** Features that WebAssembly code may use, in place of those that were detected in this engine. */
  readonly features?: Partial<Pick<WasmFeatures, "simd" | "hoistsLoads">>;
  /**
   * The element type of weights in memory, as given and as packed. Default "f32". "f16" halves their bytes and rounds
   * each to the nearest float16; sums, inputs and outputs are float32 in any case. On the CPU only WebAssembly has it.
   */
  readonly storage?: Storage;
}

/** Options of kernels on a GPU, whose weights and results can stay there. Without a GPU `compile` throws. */
export interface WebgpuOptions extends CommonOptions, DeviceOptions {
  readonly target: "webgpu";
}

const kernels = newCache<Loaded>();

const COMMON = ["target", "accuracy", "algorithm", "schedule"];
const ON_CPU = {
  names: [...COMMON, "threads", "revectorize", "memory", "features", "storage"],
  place: 'for every target but "webgpu"',
};
const ON_GPU = { names: [...COMMON, "device", "storage"], place: 'for target: "webgpu" alone' };

/**
 * Compiles a kernel for one static shape, or finds its code in the cache. Kernels share code and never data. In a spec
 * of the convolution family each call may choose one size: see `AnyLengthSpec`.
 * @throws TilewrightError `invalid-spec`, `invalid-formula`, `invalid-shape`, `too-large`, `invalid-argument`,
 *   `target-unavailable` before anything is compiled or allocated; `invalid-schedule` before anything is loaded
 */
export function compile(spec: OpSpec, options?: CompileOptions): Promise<Kernel>;
export function compile(spec: OpSpec, options: WebgpuOptions): Promise<WebgpuKernel>;
export function compile<const S extends FamilySpec>(
  spec: S,
  options?: CompileOptions,
): Promise<Kernel<FamilyShapes<S>>>;
export function compile<const S extends FamilySpec>(
  spec: S,
  options: WebgpuOptions,
): Promise<WebgpuKernel<FamilyShapes<S>>>;
export function compile<const S extends AnyLengthSpec>(
  spec: S,
  options?: CompileOptions,
): Promise<Kernel<AnyLengthShapes<S>>>;
export function compile<const S extends FormulaSpec | ShorthandSpec>(
  spec: S,
  options?: CompileOptions,
): Promise<FormulaKernel<NamesOf<S>>>;
export function compile(spec: FormulaSpec | ShorthandSpec, options: WebgpuOptions): Promise<FormulaWebgpuKernel>;
export function compile(spec: GivenSpec, options?: CompileOptions | WebgpuOptions): Promise<Kernel | WebgpuKernel>;
export async function compile(spec: GivenSpec, options: CompileOptions | WebgpuOptions = {}): Promise<unknown> {
  if (hasReader(spec)) await loadReader(spec);
  const checked = readSpec(spec);
  const isOnGpu = reading("an object of options", () => options?.target === "webgpu");
  return isOnGpu ? compileOnGpu(checked, options as WebgpuOptions) : compileOnCpu(checked, options as CompileOptions);
}

/** Imports the folder `webgpu` only here, so that a page which uses no GPU never loads it. */
async function compileOnGpu(spec: Spec, given: WebgpuOptions): Promise<WebgpuKernel> {
  if (anyLengthWithin(spec)) refuseOnGpu();
  const options = checkOptions(given, ON_GPU.names, ON_CPU);
  const wanted = checkWanted(options);
  noteRequest(spec, wanted);
  const { device, schedule, storage } = options;
  // The storage is checked where a device is opened, and until then it may be anything.
  const tuned = () => tunedPoint(spec, wanted, { language: "wgsl", storage: storage ?? "f32" });
  const isChosen = schedule !== undefined || reading("storage", tuned) !== undefined;
  const built = isChosen ? undefined : registered(requestKey(spec, wanted));
  if (built?.variants[storage === "f16" ? "webgpu-f16" : "webgpu"]) {
    return built.load({ target: "webgpu", ...(device ? { device } : {}), ...(storage ? { storage } : {}) });
  }
  const code = await codeOptions(wanted, options);
  const { compileWebgpu } = await import("./webgpu/compile.js");
  return compileWebgpu(spec, code, options);
}

/** A request whose options have been checked. */
interface CpuRequest {
  readonly spec: Spec;
  readonly wanted: Required<Wanted>;
  readonly compiledFor: CompiledForCpu;
  readonly heap: Heap | undefined;
}

async function compileOnCpu(spec: Spec, given: CompileOptions): Promise<Kernel> {
  const options = checkOptions(given, ON_CPU.names, ON_GPU);
  const { wanted, compiledFor, heap } = cpuRequest(spec, options);
  const built = await builtFor(spec, wanted, options, compiledFor);
  if (built) return kernelOf(built, heap, options);
  const code = await codeOptions(wanted, options);
  const key = codeKey(spec, code, compiledFor, tuningRevision());
  return kernelOf(await kernels.get(key, () => load(spec, code, compiledFor)), heap, options);
}

function kernelOf(loaded: Loaded, heap: Heap | undefined, { target = "auto" }: CompileOptions): Kernel {
  warnIfLower(target, loaded.tier);
  return new Kernel(loaded, heap);
}

/**
 * `compile` without a promise, for callers that cannot wait, once `ready` has loaded the compiler. It takes all options
 * of the CPU but `revectorize`, and no kernels that were made ahead of time.
 * @throws TilewrightError `not-ready` before `ready`; else as `compile` does
 */
export function compileSync(spec: OpSpec, options?: CompileOptions): Kernel;
export function compileSync<const S extends FamilySpec>(spec: S, options?: CompileOptions): Kernel<FamilyShapes<S>>;
export function compileSync<const S extends AnyLengthSpec>(
  spec: S,
  options?: CompileOptions,
): Kernel<AnyLengthShapes<S>>;
export function compileSync<const S extends FormulaSpec | ShorthandSpec>(
  spec: S,
  options?: CompileOptions,
): FormulaKernel<NamesOf<S>>;
export function compileSync(spec: GivenSpec, options?: CompileOptions): Kernel;
export function compileSync(spec: GivenSpec, options: CompileOptions = {}): unknown {
  const checked = readSpec(spec);
  const { revectorize = false, ...rest } = checkOptions(options, ON_CPU.names, ON_GPU);
  if (revectorize) {
    fail("invalid-argument", "revectorize compares kernels for some time; compile with it, and not compileSync");
  }
  const { wanted, compiledFor, heap } = cpuRequest(checked, { ...rest, revectorize });
  const { schedule } = rest;
  const code = { ...wanted, schedule: schedule === undefined ? undefined : checkScheduleForm(schedule) };
  const key = codeKey(checked, code, compiledFor, tuningRevision());
  const loaded = kernels.getSync(key, () => loadSync(checked, code, compiledFor));
  return kernelOf(loaded, heap, rest);
}

/**
 * Loads what `compileSync` needs for the target, some hundred kB, and starts the threads that `runSync` is to use.
 * @throws TilewrightError `invalid-argument`
 */
export async function ready(options: Pick<CompileOptions, "target" | "threads"> = {}): Promise<void> {
  const { target = "auto", threads: given } = checkOptions(options, ["target", "threads"], ON_CPU);
  checkTarget(target);
  const threads = checkThreads(given);
  const tier = bestTier(target);
  if (tier === "plain") return void (await loadReaders());
  const pool = tier === "wasm" && threads > 1 && canShareMemory() ? await THREADS.get() : undefined;
  const compiler = loadCompiler(tier, { accuracy: "fast", algorithm: "auto" });
  await Promise.all([loadReaders(), loadScheduleCheck(), compiler, pool?.startWorkers(threads)]);
}

/** The names of the options have been checked. */
function cpuRequest(spec: Spec, options: CompileOptions): CpuRequest {
  const { target = "auto" } = options;
  checkTarget(target);
  const wanted = checkWanted(options);
  const memory = options.memory === undefined ? undefined : checkMemory(options.memory);
  noteRequest(spec, wanted);
  const tier = bestTier(target);
  if (memory && tier !== "wasm")
    fail("target-unavailable", `a kernel for "${tier}" lies in no memory; leave memory out`);
  if (checkStorage(options.storage) === "f16" && tier !== "wasm")
    fail("target-unavailable", `weights of "${tier}" are float32; leave storage: "f16" out, or take target "wasm"`);
  const compiledFor = tier === "wasm" ? { tier, ...wasmOptions(spec, options, memory) } : { tier };
  return { spec, wanted, compiledFor, heap: memory && givenHeap(memory) };
}

/**
 * Code that was made ahead of time for exactly this request, or undefined if a schedule has been tuned for it since. A
 * caller who names a target gets no lower one as long as that target can be compiled.
 */
async function builtFor(
  spec: Spec,
  wanted: Required<Wanted>,
  { target = "auto", schedule, features, storage, revectorize = isAskedByEnvironment() }: CompileOptions,
  compiledFor: CompiledForCpu,
): Promise<Loaded | undefined> {
  // Code for shared memory is made ahead of time for threads alone.
  const isOwn = compiledFor.tier !== "wasm" || compiledFor.shared === compiledFor.threads > 1;
  const isOther = schedule || features || revectorize || storage === "f16" || !isOwn;
  const kernel = isOther ? undefined : registered(requestKey(spec, wanted));
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

function isTuned(spec: Spec, wanted: Required<Wanted>, compiledFor: CompiledForCpu): boolean {
  if (compiledFor.tier === "plain") return false;
  const features = compiledFor.tier === "js" ? ({ language: "js" } as const) : wasmFeaturesOf(compiledFor);
  return tunedPoint(spec, wanted, features) !== undefined;
}

async function codeOptions(wanted: Required<Wanted>, { schedule }: CommonOptions): Promise<CodeOptions> {
  if (schedule === undefined) return { ...wanted, schedule };
  await loadScheduleCheck();
  return { ...wanted, schedule: checkScheduleForm(schedule) };
}

async function load(spec: Spec, code: CodeOptions, compiledFor: CompiledForCpu): Promise<Loaded> {
  switch (compiledFor.tier) {
    case "wasm":
      await loadCompiler("wasm", code);
      return compileWasm(spec, compiledFor, code);
    case "js":
      await loadCompiler("js", code);
      return loadSync(spec, code, compiledFor);
    case "plain":
      return loadSync(spec, code, compiledFor);
    default:
      return unreachable(compiledFor);
  }
}

/** Throws `not-ready` unless the compiler has been loaded. */
function loadSync(spec: Spec, code: CodeOptions, compiledFor: CompiledForCpu): Loaded {
  switch (compiledFor.tier) {
    case "wasm":
      return compileWasmSync(spec, compiledFor, code);
    case "js": {
      const module = generateJs(spec, code);
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
  const hint = meantValue(target, ["auto", ...NAMES, "webgpu"]);
  fail("invalid-argument", `target must be "auto", "wasm", "js", "plain" or "webgpu"; got ${show(target)}${hint}`);
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
