/** The output of `tilewright records list` and `verify`, as data and as text. */
import { spaceOf } from "../codegen/compile.js";
import { targetOf } from "../codegen/target.js";
import { TilewrightError } from "../ir/errors.js";
import { programOf } from "../ir/ops/index.js";
import { specRow } from "../ir/ops/specRow.js";
import { counted } from "../report/format.js";
import type { Fault, Machine, TuningRecord } from "../tune/record.js";
import {
  best,
  byKernel,
  type Choice,
  groupedBy,
  isFresh,
  machineKey,
  pointKey,
  type TunedKernel,
} from "../tune/selection.js";
import { columns } from "./table.js";
import { pointRow } from "./tuneText.js";

/** The records of one kernel on one machine. */
export interface Listed extends TunedKernel {
  readonly machine: Machine;
  readonly records: number;
  /** The number of records of other versions of the compiler. */
  readonly stale: number;
  readonly failed: number;
  readonly best: (Pick<Choice, "gain"> & Pick<TuningRecord, "algorithm" | "knobs" | "date">) | undefined;
}

export function listedRecords(records: readonly TuningRecord[]): Listed[] {
  return [...byKernel(records).values()].flatMap((group) =>
    [...groupedBy(group, ({ machine }) => machineKey(machine)).values()].map((own) => {
      const { spec, wanted, target, machine } = own[0] as TuningRecord;
      const choice = best(own);
      return {
        ...{ spec, wanted, target, machine, records: own.length },
        stale: own.filter((record) => !isFresh(record)).length,
        failed: own.filter(({ outcome }) => outcome !== "measured").length,
        best: choice && { gain: choice.gain, ...pointOf(choice.record) },
      };
    }),
  );
}

const pointOf = ({ algorithm, knobs, date }: TuningRecord) => ({ algorithm, knobs, date });

/** @param width of the terminal, if there is one: of specs it shows as much as the other columns leave */
export function formatList(list: readonly Listed[], width?: number): string {
  const rows = list.map(({ spec, wanted, target, machine, records, stale, best }) => [
    specRow(spec),
    `${target.language}, ${wanted.accuracy}`,
    machineRow(machine),
    `${records}${stale > 0 ? ` (${stale} stale)` : ""}`,
    best ? `${best.gain.median.toFixed(2)}x` : "none",
    best ? ageOf(best.date) : "",
    best ? pointRow(best) : "the model's pick",
  ]);
  if (list.length === 0) return "no records\n";
  const head = ["SPEC", "TARGET", "MACHINE", "RECORDS", "GAIN", "AGE", "BY"];
  const table = (specs: readonly string[][]) => columns([head, ...specs], [3, 4, 5]);
  const beside = Math.max(...table(rows.map(([, ...others]) => ["", ...others])).map((line) => line.length)) - 4;
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(LEAST_OF_SPEC, width - beside);
  return `${table(rows.map(([spec = "", ...others]) => [cutTo(room, spec), ...others])).join("\n")}\n`;
}

/** Enough to tell kernels apart, mostly. */
const LEAST_OF_SPEC = 32;

const cutTo = (most: number, text: string): string => (text.length > most ? `${text.slice(0, most - 3)}...` : text);

export const machineRow = ({ engine, processor, threads }: Machine): string =>
  [engine, ...(processor ? [processor] : []), ...(threads > 1 ? [`${threads} threads`] : [])].join(", ");

const MILLISECONDS_PER_DAY = 86_400_000;

export function ageOf(date: string): string {
  const days = Math.floor((Date.now() - Date.parse(date)) / MILLISECONDS_PER_DAY);
  return days < 1 ? "today" : counted(days, "day");
}

export interface RecordsSummary {
  readonly records: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly stale: number;
  /** The number of fresh records of schedules that this compiler does not make. */
  readonly unknown: number;
  readonly isGood: boolean;
}

export function verdictOf(records: readonly TuningRecord[], faults: ReadonlyMap<Fault, number>): RecordsSummary {
  const fresh = records.filter(isFresh);
  const unknown = [...byKernel(fresh).values()].reduce((sum, group) => sum + unknownIn(group), 0);
  const outcomes = groupedBy(records, ({ outcome }) => outcome);
  return {
    records: records.length,
    outcomes: Object.fromEntries([...outcomes].map(([outcome, { length }]) => [outcome, length])),
    faults: Object.fromEntries(faults),
    stale: records.length - fresh.length,
    unknown,
    isGood: faults.size === 0 && unknown === 0,
  };
}

/** The number of schedules that the compiler does not make. @param group records of one kernel */
function unknownIn(group: readonly TuningRecord[]): number {
  const { spec, target, wanted } = group[0] as TuningRecord;
  try {
    const known = new Set([...spaceOf(programOf(spec), targetOf(target), wanted)].map(pointKey));
    return group.filter((record) => !known.has(pointKey(record))).length;
  } catch (error) {
    if (error instanceof TilewrightError) return group.length; // the compiler refuses the kernel itself
    throw error;
  }
}

export function formatVerdict({ records, outcomes, faults, stale, unknown }: RecordsSummary): string {
  const lines = [
    `${counted(records, "record")}: ${
      Object.entries(outcomes)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(", ") || "none"
    }`,
    ...(stale > 0 ? [`${stale} of other versions of the compiler, which are not used`] : []),
    ...(unknown > 0 ? [`${unknown} of schedules that this compiler does not make`] : []),
    ...Object.entries(faults).map(([fault, count]) => `${counted(count, "line")} ${fault}`),
  ];
  return `${lines.join("\n")}\n`;
}
