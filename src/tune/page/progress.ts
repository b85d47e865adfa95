/** The progress of tuning a kernel, as users of `tuneHere` see it. */
import type { PointName } from "../../codegen/search/space.js";
import type { Choice } from "../selection.js";
import type { Interval } from "../statistics.js";
import type { KernelProgress } from "../tuneKernel.js";

/** A schedule that was measured. */
export interface TunedSchedule extends PointName {
  /** How many times as fast as the model's pick it is: the median of the quotients, round by round. */
  readonly gain: Interval;
  /** Milliseconds of one call: the median over the rounds in which `untuned` is the median of the model's pick. */
  readonly milliseconds: number;
}

/** The state of tuning one kernel. */
export interface TuningProgress {
  /** The best schedule so far, or undefined while none is surely faster than the model's pick. */
  readonly best: TunedSchedule | undefined;
  /** The number of schedules that have a record of this machine, from this run or an earlier one. */
  readonly candidates: number;
  /** The number of candidates at which this level ends, at most `points`. */
  readonly limit: number;
  /** The number of schedules in the search space. */
  readonly points: number;
  /** The number of schedules that were compared with the model's pick in this run. */
  readonly compared: number;
  /**
   * Milliseconds of one call of the model's pick, in the rounds against `best`, or if there is none, against the
   * schedule that came nearest. Undefined if nothing was ever compared with it.
   */
  readonly untuned: number | undefined;
  /** Milliseconds since the first measurement. */
  readonly elapsed: number;
  /** Milliseconds left at most, or as many as the candidates left will take at the pace so far. */
  readonly left: number;
}

export function progressOf(progress: KernelProgress): TuningProgress {
  const { best, tuned, candidates, limit, points, compared, untuned, elapsed, left } = progress;
  return {
    best: best && tuned !== undefined ? { ...pointOf(best), gain: best.gain, milliseconds: tuned } : undefined,
    ...{ candidates, limit, points, compared, untuned, elapsed, left },
  };
}

const pointOf = ({ record: { algorithm, knobs } }: Choice): PointName => ({ algorithm, knobs });
