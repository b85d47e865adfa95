/** Selects from records the best schedule of a kernel, if it is surely better than the model's pick. */
import type { PointName } from "../codegen/search/space.js";
import type { Features } from "../codegen/target.js";
import { canonicalKey } from "../ir/key.js";
import type { Spec } from "../ir/ops/spec.js";
import { VERSION } from "../ir/version.js";
import { tuningKey } from "../runtime/keys.js";
import type { Wanted } from "../runtime/wanted.js";
import type { Machine, TuningRecord } from "./record.js";
import { MIN_ROUNDS } from "./sampling.js";
import { type Interval, intervalOf } from "./statistics.js";

/** A kernel to tune: a spec, the caller's wishes, and the features of its target. */
export interface TunedKernel {
  readonly spec: Spec;
  readonly wanted: Required<Wanted>;
  readonly target: Features;
}

export const tunedKey = ({ spec, wanted, target }: TunedKernel): string => tuningKey(spec, wanted, target);

/** True for a record of this version of the compiler. Another version makes other code from the same knobs. */
export const isFresh = ({ compiler }: TuningRecord): boolean => compiler === VERSION;

export const pointKey = ({ algorithm, knobs }: PointName): string => canonicalKey({ algorithm, knobs });

export const machineKey = (machine: Machine): string => canonicalKey(machine);

/** How many times as fast as the model's pick a schedule is, from the ratio in each round. */
export const gainOf = ({ samples, baseline }: Pick<TuningRecord, "samples" | "baseline">): Interval =>
  intervalOf(samples.map((ms, i) => (baseline[i] as number) / ms));

export interface Choice {
  readonly record: TuningRecord;
  readonly gain: Interval;
}

/**
 * The measured schedules among fresh records of one kernel, best first. They are sorted by the low end of the gain, so
 * that an inexact measurement does not win by luck. All samples of one schedule are taken together.
 */
export function ranked(records: readonly TuningRecord[]): Choice[] {
  // A schedule that was wrong once is never used, though it may have passed another time.
  const wrong = new Set(records.filter(({ outcome }) => outcome === "wrong").map(pointKey));
  const measured = records.filter((record) => record.outcome === "measured" && isFresh(record));
  const points = [...groupedBy(measured, pointKey)].filter(([key]) => !wrong.has(key));
  return bestFirst(points.map(([, group]) => together(group)).map((record) => ({ record, gain: gainOf(record) })));
}

export const bestFirst = (choices: readonly Choice[]): Choice[] => choices.toSorted((a, b) => b.gain.low - a.gain.low);

/** All samples of some records in one, which is otherwise the latest of them. */
const together = (records: readonly TuningRecord[]): TuningRecord => ({
  ...records.reduce((latest, next) => (latest.date < next.date ? next : latest)),
  samples: records.flatMap(({ samples }) => samples),
  baseline: records.flatMap(({ baseline }) => baseline),
});

/** The gain that a schedule must surely have. Smaller differences come and go between processes, and between hours. */
export const WORTHWHILE = 1.02;

/**
 * The best schedule among records of one kernel, or undefined if none is surely faster than the model's pick. If there
 * are records of the first machine, or else of the next, all others are ignored.
 * @param machines this machine, then its class of device
 */
export function best(records: readonly TuningRecord[], ...machines: readonly Machine[]): Choice | undefined {
  for (const key of machines.map(machineKey)) {
    const own = records.filter((record) => isFresh(record) && machineKey(record.machine) === key);
    if (own.length > 0) return surest(ranked(own));
  }
  return surest(ranked(records));
}

/** The first of some choices, best first, unless it is not surely faster than the model's pick. */
export function surest(choices: readonly Choice[]): Choice | undefined {
  const sure = choices.find(({ record }) => record.samples.length >= MIN_ROUNDS);
  return sure && sure.gain.low > WORTHWHILE ? sure : undefined;
}

/** Records by `tunedKey`. */
export const byKernel = (records: readonly TuningRecord[]): ReadonlyMap<string, readonly TuningRecord[]> =>
  groupedBy(records, tunedKey);

/** `Map.groupBy`, which Node 20 lacks. */
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

/** The best schedule of each kernel that has one, by `tunedKey`; for `machines` see `best`. */
export function bestPoints(
  records: readonly TuningRecord[],
  ...machines: readonly Machine[]
): ReadonlyMap<string, PointName> {
  const points = new Map<string, PointName>();
  for (const [key, group] of byKernel(records)) {
    const choice = best(group, ...machines);
    if (choice) points.set(key, { algorithm: choice.record.algorithm, knobs: choice.record.knobs });
  }
  return points;
}

/**
 * The fresh records that are worth keeping in a file that is committed. For each kernel on each machine they are the
 * `keep` fastest, and all failures, which would otherwise be tried again. Schedules without a record would be measured
 * again.
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
