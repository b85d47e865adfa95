/** Checks the options of `tuneHere`, and turns them into a kernel to tune. */

import type { Features } from "../../codegen/target.js";
import { fail, show } from "../../ir/errors.js";
import { meantValue } from "../../ir/meant.js";
import type { GivenSpec, Spec } from "../../ir/ops/spec.js";
import { checkOptions } from "../../ir/options.js";
import { type Accuracy, type AlgorithmRequest, checkWanted } from "../../ir/rewrites/wanted.js";
import type { TargetName } from "../../runtime/compile.js";
import { wasmFeaturesOf } from "../../runtime/compiledFor.js";
import { wasmOptions } from "../../runtime/compileWasm.js";
import { checkAnySpec } from "../../specs/anySpec.js";
import { EFFORTS, type Level } from "../levels.js";
import type { TunedKernel } from "../selection.js";
import type { Signal } from "../signal.js";
import type { TuningProgress } from "./progress.js";

/** A target that `tuneHere` can tune for; see `CompileOptions`. */
export type TuningTarget = Exclude<TargetName, "auto" | "plain">;

/** Options of `tuneHere`. */
export interface TuneOptions {
  /** The effort. Default "quick": at most 12 schedules in 2 seconds from the first measurement on. */
  readonly level?: Level;
  /** Milliseconds from the first measurement on, more than 0. Default, and at most: the limit of the level. */
  readonly budget?: number;
  /** The target that `compile` will be asked for. Default "wasm". */
  readonly target?: TuningTarget;
  /**
   * The number of threads that share a call, from 1 to 256, as in `compile`, where a small kernel stays on one. Default
   * 1. Other targets than "wasm" have one thread.
   */
  readonly threads?: number;
  /** The accuracy that `compile` will be asked for. Default "exact". */
  readonly accuracy?: Accuracy;
  /** The algorithm that `compile` will be asked for. Default "auto". */
  readonly algorithm?: AlgorithmRequest;
  /** Records of earlier runs, lines of JSON: schedules with a record are not measured again. Default: none. */
  readonly records?: string;
  /** Called with each new record, a line without its end, as soon as it is measured. */
  readonly onRecord?: (line: string) => void;
  /** Called at the start, when the search space is known, and after each candidate. */
  readonly onProgress?: (progress: TuningProgress) => void;
  /** Ends the worker at once. The promise is then kept with the measurements until then. */
  readonly signal?: Signal;
}

const NAMES: readonly (keyof TuneOptions)[] = [
  "level",
  "budget",
  "target",
  "threads",
  "accuracy",
  "algorithm",
  "records",
  "onRecord",
  "onProgress",
  "signal",
];

/** Options with every default filled in. */
export interface Asked {
  readonly kernel: TunedKernel;
  readonly threads: number;
  readonly level: Level;
  readonly budget: number;
  readonly records: string;
  readonly onRecord: (line: string) => void;
  readonly onProgress: (progress: TuningProgress) => void;
  readonly signal: Signal;
}

/** Throws what `checkAnySpec` throws, and `invalid-argument`. */
export function checkAsked(given: GivenSpec, options: TuneOptions): Asked {
  const spec = checkAnySpec(given);
  checkOptions(options, NAMES);
  const { level = "quick", target = "wasm", budget = Number.POSITIVE_INFINITY, records = "" } = options;
  const { onRecord = () => undefined, onProgress = () => undefined, signal = new AbortController().signal } = options;
  checkOneOf("level", level, Object.keys(EFFORTS));
  checkOneOf("target", target, TARGETS);
  if (typeof budget !== "number" || !(budget > 0))
    fail("invalid-argument", `budget must be milliseconds, more than 0; got ${show(budget)}`);
  if (typeof records !== "string")
    fail("invalid-argument", `records must be text, lines of JSON; got ${show(records)}`);
  for (const [name, call] of Object.entries({ onRecord, onProgress }))
    if (typeof call !== "function") fail("invalid-argument", `${name} must be a function; got ${show(call)}`);
  if (!isSignal(signal)) fail("invalid-argument", `signal must be an AbortSignal; got ${show(signal)}`);
  const { features, threads } = featuresFor(spec, target, options.threads);
  const kernel = { spec, wanted: checkWanted(options), target: features };
  return { kernel, threads, level, budget, records, onRecord, onProgress, signal };
}

const TARGETS = ["wasm", "js", "webgpu"];

function checkOneOf(name: string, given: unknown, known: readonly string[]): void {
  if (known.some((one) => one === given)) return;
  fail("invalid-argument", `${name} must be one of ${known.join(", ")}; got ${show(given)}${meantValue(given, known)}`);
}

/** Tells a signal by its members, as it may come from another realm. */
const isSignal = (given: unknown): given is Signal =>
  typeof (given as Partial<Signal> | null)?.addEventListener === "function" &&
  typeof (given as Partial<Signal>).aborted === "boolean";

/** The features under which `compile` looks for a tuned schedule in this engine, and the number of threads. */
function featuresFor(
  spec: Spec,
  target: TuningTarget,
  given: number | undefined,
): { readonly features: Features; readonly threads: number } {
  const wasm = wasmOptions(spec, {
    ...(given === undefined ? {} : { threads: given }),
    revectorize: false,
  });
  if (target === "wasm") return { features: wasmFeaturesOf(wasm), threads: wasm.threads };
  if (given !== undefined && given !== 1)
    fail("invalid-argument", `threads are for target "wasm"; leave them out for "${target}"`);
  return { features: target === "js" ? { language: "js" } : { language: "wgsl", storage: "f32" }, threads: 1 };
}
