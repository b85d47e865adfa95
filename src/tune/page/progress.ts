/** The progress of tuning a kernel, as users of `tuneHere` see it. */
import type { PointName } from "../../codegen/search/space.js";
import type { Interval } from "../statistics.js";
import type { KernelProgress } from "../tuneKernel.js";

/** A schedule that was measured. */
export interface TunedSchedule extends PointName {
  /** How many times as fast as the model's pick it is. */
  readonly gain: Interval;
}

/** The state of tuning one kernel. */
export interface TuningProgress {
  /** The best schedule so far, or undefined while none is surely faster than the model's pick. */
  readonly best: TunedSchedule | undefined;
  /** The number of schedules that were measured on this machine, in this run and earlier ones. */
  readonly candidates: number;
  /** The number of schedules in the search space. */
  readonly points: number;
  /** Milliseconds of one call of the model's pick, or undefined if it was not measured, as there was nothing to try. */
  readonly untuned: number | undefined;
}

export function progressOf({ best, candidates, points, untuned }: KernelProgress): TuningProgress {
  if (!best) return { best, candidates, points, untuned };
  const { record, gain } = best;
  return { best: { gain, algorithm: record.algorithm, knobs: record.knobs }, candidates, points, untuned };
}
