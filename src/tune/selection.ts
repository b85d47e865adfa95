/** What records say: which schedule of a kernel is best, and whether that is sure. */
import type { PointName } from "../codegen/search/space.js";
import type { Features } from "../codegen/target.js";
import { canonicalKey } from "../ir/key.js";
import type { OpSpec } from "../ir/ops/spec.js";
import { VERSION } from "../ir/version.js";
import { tuningKey } from "../runtime/keys.js";
import type { Wanted } from "../runtime/wanted.js";
import type { Machine, TuningRecord } from "./record.js";
import { MIN_ROUNDS } from "./sampling.js";
import { type Interval, intervalOf } from "./statistics.js";

/** What is tuned: a spec, what may be chosen for it, and what it is compiled for. */
export interface TunedKernel {
  readonly spec: OpSpec;
  readonly wanted: Required<Wanted>;
  readonly target: Features;
}

export const tunedKey = ({ spec, wanted, target }: TunedKernel): string => tuningKey(spec, wanted, target);

/** Only records of this version of the compiler are believed: another one makes other code of the same knobs. */
export const isFresh = ({ compiler }: TuningRecord): boolean => compiler === VERSION;

export const pointKey = ({ algorithm, knobs }: PointName): string => canonicalKey({ algorithm, knobs });

export const machineKey = (machine: Machine): string => canonicalKey(machine);

/** How many times as fast as the model's pick: by each round, in which both were measured. */
export const gainOf = ({ samples, baseline }: Pick<TuningRecord, "samples" | "baseline">): Interval =>
  intervalOf(samples.map((ms, i) => (baseline[i] as number) / ms));

export interface Choice {
  readonly record: TuningRecord;
  readonly gain: Interval;
}

/**
 * Of fresh records of one kernel those that were measured, best first: by the gain that is sure, so that what is measured badly
 * does not win by luck. Of a schedule that was measured several times, by all samples together.
 */
export function ranked(records: readonly TuningRecord[]): Choice[] {
  const points = new Map<string, TuningRecord>();
  // Who was wrong once is not right because it was fast another time.
  const wrong = new Set(records.filter(({ outcome }) => outcome === "wrong").map(pointKey));
  for (const record of records) {
    const key = pointKey(record);
    if (record.outcome !== "measured" || !isFresh(record) || wrong.has(key)) continue;
    const other = points.get(key);
    points.set(key, other ? together(other, record) : record);
  }
  const choices = [...points.values()].map((record) => ({ record, gain: gainOf(record) }));
  return choices.sort((a, b) => b.gain.low - a.gain.low);
}

const together = (a: TuningRecord, b: TuningRecord): TuningRecord => ({
  ...(a.date < b.date ? b : a),
  samples: [...a.samples, ...b.samples],
  baseline: [...a.baseline, ...b.baseline],
});

/** The gain that a schedule must have for sure: less differs from one process to the next, and from one hour to another. */
export const WORTHWHILE = 1.02;

/**
 * The best schedule of records of one kernel; undefined where none is worthwhile beside the model's pick: a tie is no reason.
 * Records of this machine are believed before those of others.
 */
export function best(records: readonly TuningRecord[], machine?: Machine): Choice | undefined {
  const key = machine && machineKey(machine);
  const own = records.filter((record) => isFresh(record) && machineKey(record.machine) === key);
  const sure = ranked(own.length > 0 ? own : records).find(({ record }) => record.samples.length >= MIN_ROUNDS);
  return sure && sure.gain.low > WORTHWHILE ? sure : undefined;
}

/** Records by `tunedKey`. */
export const byKernel = (records: readonly TuningRecord[]): ReadonlyMap<string, readonly TuningRecord[]> =>
  groupedBy(records, tunedKey);

/** `Map.groupBy`, which Node 20 has not. */
export function groupedBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

/** The best schedule of each kernel that has one, by `tunedKey`. */
export function bestPoints(records: readonly TuningRecord[], machine?: Machine): ReadonlyMap<string, PointName> {
  const points = new Map<string, PointName>();
  for (const [key, group] of byKernel(records)) {
    const choice = best(group, machine);
    if (choice) points.set(key, { algorithm: choice.record.algorithm, knobs: choice.record.knobs });
  }
  return points;
}

/**
 * Fresh records, of each kernel on each machine the `keep` fastest, and those that failed, which would be tried again. What is
 * left out would be measured again as well: this is for files that are committed.
 */
export function pruned(records: readonly TuningRecord[], keep: number): TuningRecord[] {
  const fresh = records.filter(isFresh);
  const groups = groupedBy(fresh, (record) => `${tunedKey(record)} ${machineKey(record.machine)}`);
  const kept = new Set<string>();
  for (const group of groups.values()) {
    const fastest = new Set(
      ranked(group)
        .slice(0, keep)
        .map(({ record }) => pointKey(record)),
    );
    for (const record of group) {
      if (record.outcome !== "measured" || fastest.has(pointKey(record))) kept.add(record.id);
    }
  }
  return fresh.filter(({ id }) => kept.has(id));
}
