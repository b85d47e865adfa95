/** tilewright/tuning: measures schedules in a page, and makes `compile` use those that were measured. */
import { useTuned } from "../runtime/tuned.js";
import { thisClass, thisMachine } from "./machine.js";
import { readRecords } from "./records.js";
import { bestPoints, isFresh } from "./selection.js";

export type { Level } from "./levels.js";
export type { TuneOptions, TuningTarget } from "./page/options.js";
export type { TunedSchedule, TuningProgress } from "./page/progress.js";
export { type TuningResult, tuneHere } from "./page/tuneHere.js";
export type { Fault, Machine, Outcome, TuningRecord } from "./record.js";
export { mergeRecords, printRecords, type ReadRecords, readRecords } from "./records.js";
export type { Interval } from "./statistics.js";

/** The counts that `useRecords` returns. */
export interface UsedRecords {
  /** The number of kernels that `compile` now makes by a schedule that was measured to beat the model's pick. */
  readonly kernels: number;
  /** The number of records that were read, stale ones included. */
  readonly records: number;
  /** The number of records from another version of the compiler. They are not used, as that makes other code. */
  readonly stale: number;
  /** The number of lines that are no records, or were altered. */
  readonly skipped: number;
}

/**
 * Makes `compile` use the best schedules of these records, from now on. A tuned schedule is used unless the caller
 * passes `schedule`, and takes the place of a kernel that was made ahead of time. If a kernel has records of this
 * machine, those of other machines are ignored; if it has none but records of the same class of device, which a farm
 * makes, those of other classes are. Kernels that exist already stay as they are. A later call replaces the
 * schedules of an earlier call for the same kernels.
 * @param text lines of JSON, from `tuneHere` or `tilewright tune`; lines that cannot be used are counted
 * @throws TilewrightError `invalid-argument` if `text` is no string
 */
export function useRecords(text: string): UsedRecords {
  const { records, faults } = readRecords(text);
  const points = bestPoints(records, thisMachine(), thisClass());
  useTuned(points);
  return {
    kernels: points.size,
    records: records.length,
    stale: records.filter((record) => !isFresh(record)).length,
    skipped: [...faults.values()].reduce((sum, count) => sum + count, 0),
  };
}
