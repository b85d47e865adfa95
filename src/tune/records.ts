/** Files of records: read whatever they hold, and merged as sets. */
import { type Fault, parseRecord, printRecord, type TuningRecord } from "./record.js";

export interface ReadRecords {
  /** Each once, in the order of the file. */
  readonly records: readonly TuningRecord[];
  /** Lines that are left out, by what is wrong with them. */
  readonly faults: ReadonlyMap<Fault, number>;
}

/** Takes any text and never throws. */
export function readRecords(text: string): ReadRecords {
  const records = new Map<string, TuningRecord>();
  const faults = new Map<Fault, number>();
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const read = parseRecord(line);
    if (typeof read === "string") faults.set(read, (faults.get(read) ?? 0) + 1);
    else records.set(read.id, read);
  }
  return { records: [...records.values()], faults };
}

/** Their union, oldest first: the same whatever the order of the sets, and whatever is in several of them. */
export function mergeRecords(...sets: readonly (readonly TuningRecord[])[]): TuningRecord[] {
  const all = new Map(sets.flat().map((record) => [record.id, record]));
  return [...all.values()].sort((a, b) => compare(a.date, b.date) || compare(a.id, b.id));
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export const printRecords = (records: readonly TuningRecord[]): string =>
  records.map((record) => `${printRecord(record)}\n`).join("");
