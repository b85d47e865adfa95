/** How far the tuning of a kernel is, in the words of those who asked for it. */
import type { PointName } from "../../codegen/search/space.js";
import type { Interval } from "../statistics.js";
import type { KernelProgress } from "../tuneKernel.js";

/** A schedule, and how many times as fast as the model's pick it is. */
export interface TunedSchedule extends PointName {
  readonly gain: Interval;
}

export interface TuningProgress {
  /** The best so far; undefined while none is faster than the model's pick for sure. */
  readonly best: TunedSchedule | undefined;
  /** Schedules that were measured here, now and before, and all there are. */
  readonly candidates: number;
  readonly points: number;
  /** Milliseconds of a call of the model's pick; undefined if there was nothing left to measure it for. */
  readonly untuned: number | undefined;
}

export function progressOf({ best, candidates, points, untuned }: KernelProgress): TuningProgress {
  if (!best) return { best, candidates, points, untuned };
  const { record, gain } = best;
  return { best: { gain, algorithm: record.algorithm, knobs: record.knobs }, candidates, points, untuned };
}
