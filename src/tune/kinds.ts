/** Schedules by kind of device. A kernel that is made ahead of time gets files for a kind where they surely pay. */
import type { PointName } from "../codegen/search/space.js";
import { type DeviceKind, engineKind, gpuKind } from "../runtime/host/deviceKind.js";
import { PHONE } from "./machine.js";
import type { TuningRecord } from "./record.js";
import { best, byKernel, type Choice, groupedBy, isFresh, pointKey, ranked, surest } from "./selection.js";

/** The schedule for one kind of device; without a point it is the model's pick. */
export interface KindPoint {
  readonly kind: DeviceKind;
  readonly point?: PointName;
}

/** How many times as fast as that for all a kind's own schedule must surely be, as each is a file more. */
const WORTH_A_FILE = 1.1;

/** The kinds that need another schedule than the best of all, by `tunedKey`. Kernels with none are left out. */
export function pointsByKind(records: readonly TuningRecord[]): ReadonlyMap<string, readonly KindPoint[]> {
  const found = new Map<string, readonly KindPoint[]>();
  for (const [key, group] of byKernel(records.filter(isFresh))) {
    const common = best(group);
    const kinds = [...groupedBy(group, kindOf)]
      .map(([kind, own]) => kind && ownPoint(kind, own, common))
      .filter((one) => typeof one === "object")
      .sort((a, b) => (a.kind < b.kind ? -1 : 1));
    if (kinds.length > 0) found.set(key, kinds);
  }
  return found;
}

/** The kind of device that made a record; empty if programs cannot tell it. */
const kindOf = ({ machine: { engine, processor }, target }: TuningRecord): DeviceKind =>
  (target.language === "wgsl" ? gpuKind(processor.split(" ")[0] ?? "") : engineKind(engine, processor === PHONE)) ?? "";

function ownPoint(
  kind: DeviceKind,
  records: readonly TuningRecord[],
  common: Choice | undefined,
): KindPoint | undefined {
  const choices = ranked(records);
  const most = common ? highestGain(pointKey(common.record), records, choices) : 1;
  const own = surest(choices);
  if (own && own.gain.low > WORTH_A_FILE * most) {
    return { kind, point: { algorithm: own.record.algorithm, knobs: own.record.knobs } };
  }
  return most * WORTH_A_FILE < 1 ? { kind } : undefined;
}

/** At most how many times as fast as the model's pick a schedule is here: 0 if it failed, 1 if nobody tried it. */
function highestGain(key: string, records: readonly TuningRecord[], choices: readonly Choice[]): number {
  const hasFailed = records.some((record) => record.outcome !== "measured" && pointKey(record) === key);
  if (hasFailed) return 0;
  return choices.find(({ record }) => pointKey(record) === key)?.gain.high ?? 1;
}
