/** `compile`: from a spec to a kernel object, through the cache and the best tier this page allows. */
import { fail, show } from "../ir/errors.js";
import { canonicalKey } from "../ir/key.js";
import { checkSpec, type OpSpec } from "../ir/ops/spec.js";
import { VERSION } from "../ir/version.js";
import { Cache } from "./cache.js";
import { canRunText, loadJs } from "./host/js.js";
import type { Loaded } from "./host/loaded.js";
import { loadPlain } from "./host/plain.js";
import { checkSchedule, generateJs, type Schedule } from "./jit.js";
import { Kernel } from "./kernel.js";
import { checkOptions } from "./options.js";

export type TargetName = "auto" | "js" | "plain" | "wasm" | "webgpu";

export interface CompileOptions {
  /**
   * What runs the kernel. "auto" (the default) takes the best there is. "js" on a page that forbids code from text is
   * served by "plain", the interpreted definition. Targets that this build lacks throw `target-unavailable`.
   */
  readonly target?: TargetName;
  /** Directives by stage name; default: the scheduler's pick for the shape. `plain` has none. See `tilewright/compiler`. */
  readonly schedule?: Schedule;
  /** How the sum is computed. There is one way so far, so both names mean it. */
  readonly algorithm?: "auto" | "direct";
  /** For targets with threads; JavaScript kernels run on the calling one. */
  readonly threads?: number;
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

const OPTIONS = ["target", "algorithm", "schedule", "threads", "device"];

/**
 * Compiles a kernel for one static shape, or finds it in the cache.
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`, `invalid-argument`, `target-unavailable` before
 *   anything is compiled or allocated; `invalid-schedule` before anything is loaded
 */
export async function compile(spec: OpSpec, options: CompileOptions = {}): Promise<Kernel> {
  const checked = checkSpec(spec);
  checkOptions(options, OPTIONS);
  const { target = "auto", algorithm = "auto" } = options;
  const tier = chooseTier(target);
  if (algorithm !== "auto" && algorithm !== "direct") {
    fail("invalid-argument", `algorithm must be "auto" or "direct"; got ${show(algorithm)}`);
  }
  const schedule = options.schedule === undefined ? undefined : await checkSchedule(options.schedule);
  const key = `${tier} ${VERSION} ${specKey(checked)}${schedule ? ` ${canonicalKey(schedule)}` : ""}`;
  return new Kernel(checked, await loadedKernels.get(key, () => load(checked, tier, schedule)));
}

/** What `canonicalKey` would tell apart, at a tenth of its time: a cache hit should cost less than a small kernel. */
function specKey({ op, value, filters, rate, padding, bias, activation }: OpSpec): string {
  const epilogue = `${bias ? "bias" : ""} ${activation === undefined ? "" : canonicalKey(activation)}`;
  return `${op} ${value.join()} ${filters.join()} ${rate} ${padding} ${epilogue}`;
}

async function load(spec: OpSpec, tier: Loaded["tier"], schedule: Schedule | undefined): Promise<Loaded> {
  return tier === "plain" ? loadPlain(spec) : loadJs(await generateJs(spec, schedule));
}

function chooseTier(target: TargetName): Loaded["tier"] {
  switch (target) {
    case "plain":
      return "plain";
    case "auto":
    case "js":
      return canRunText() ? "js" : "plain";
    case "wasm":
    case "webgpu":
      return fail("target-unavailable", `this build of tilewright has no ${target} kernels; use "auto" or "js"`);
    default:
      return fail("invalid-argument", `target must be "auto", "js", "plain", "wasm" or "webgpu"; got ${show(target)}`);
  }
}

/** The targets that run here, best first. */
export async function availableTargets(): Promise<readonly Loaded["tier"][]> {
  return canRunText() ? ["js", "plain"] : ["plain"];
}
