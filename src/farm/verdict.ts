/**
 * Verdicts on a candidate by several workers: how many must say the same before it counts. One of them may lie, or have
 * measured on a machine that was busy.
 */
import type { TuningRecord } from "../tune/record.js";
import { gainOf, WORTHWHILE } from "../tune/selection.js";

/** The opinion of a record: surely faster than the model's pick, or not, or that the candidate failed. */
type Opinion = "faster" | "no faster" | "failed";

function opinionOf(record: TuningRecord): Opinion {
  if (record.outcome !== "measured") return "failed";
  return gainOf(record).low > WORTHWHILE ? "faster" : "no faster";
}

/**
 * The records that count, each of another worker: those of the first opinion that `quorum` workers share. Where a
 * single worker says that the candidate is no faster, nobody else is asked, as nothing would come of it.
 * @returns undefined while the workers asked so far do not agree
 */
export function agreeing(records: readonly TuningRecord[], quorum: number): readonly TuningRecord[] | undefined {
  if (records.length === 1 && opinionOf(records[0] as TuningRecord) === "no faster") return records;
  const opinions: readonly Opinion[] = ["failed", "no faster", "faster"];
  const groups = opinions.map((opinion) => records.filter((record) => opinionOf(record) === opinion));
  return groups.find((group) => group.length >= quorum);
}

/** The most workers that are asked: then one opinion of two has a quorum. */
export const mostAsked = (quorum: number): number => 2 * quorum - 1;

/** Records of one candidate by several workers as one: all samples, and else those of the first. */
export function recordOfAll(records: readonly [TuningRecord, ...TuningRecord[]]): TuningRecord {
  return {
    ...records[0],
    samples: records.flatMap(({ samples }) => samples),
    baseline: records.flatMap(({ baseline }) => baseline),
  };
}
