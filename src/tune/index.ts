/** tilewright/tuning: schedules that were measured, for `compile` to use, and measured in the page itself. */
import { fail, show } from "../ir/errors.js";
import { useTuned } from "../runtime/tuned.js";
import { thisMachine } from "./machine.js";
import { readRecords } from "./records.js";
import { bestPoints, isFresh } from "./selection.js";

export type { Level } from "./levels.js";
export type { TuneOptions, TuningTarget } from "./page/options.js";
export type { TunedSchedule, TuningProgress } from "./page/progress.js";
export { type TuningResult, tuneHere } from "./page/tuneHere.js";
export type { Fault, Machine, Outcome, TuningRecord } from "./record.js";
export { mergeRecords, printRecords, type ReadRecords, readRecords } from "./records.js";
export type { Interval } from "./statistics.js";

export interface UsedRecords {
  /** Kernels that `compile` now makes by a schedule that was measured to be faster than the model's pick. */
  readonly kernels: number;
  /** Records that were read. */
  readonly records: number;
  /** Those of another version of the compiler, which makes other code: they are not used. */
  readonly stale: number;
  /** Lines that are no records, or were altered. */
  readonly skipped: number;
}

/**
 * From now on `compile` makes kernels by the best schedules of these records, where nobody says `schedule`, also
 * of such as were built ahead of time. Records of this machine are believed before those of others. Kernels that were compiled
 * already stay as they are; a later call replaces what an earlier one has said of the same kernels.
 * @param text lines of JSON, from `tuneHere` or `tilewright tune`, in any state: what cannot be used is counted
 * @throws TilewrightError `invalid-argument` if it is no text
 */
export function useRecords(text: string): UsedRecords {
  if (typeof text !== "string") fail("invalid-argument", `records are text, lines of JSON; got ${show(text)}`);
  const { records, faults } = readRecords(text);
  const points = bestPoints(records, thisMachine());
  useTuned(points);
  return {
    kernels: points.size,
    records: records.length,
    stale: records.filter((record) => !isFresh(record)).length,
    skipped: [...faults.values()].reduce((sum, count) => sum + count, 0),
  };
}
