/** Reads, merges and prints files of records. */
import { fail, reading, show } from "../ir/errors.js";
import { type Fault, parseRecord, printRecord, type TuningRecord } from "./record.js";

/** The contents of a file of records. */
export interface ReadRecords {
  /** The records, each once, in the order of the file. */
  readonly records: readonly TuningRecord[];
  /** The number of skipped lines, by their fault. */
  readonly faults: ReadonlyMap<Fault, number>;
}

/**
 * Reads lines of JSON. Any text is allowed: faulty lines are counted.
 * @throws TilewrightError `invalid-argument` if `text` is no string
 */
export function readRecords(text: string): ReadRecords {
  if (typeof text !== "string") fail("invalid-argument", `records are text, lines of JSON; got ${show(text)}`);
  const records = new Map<string, TuningRecord>();
  const faults = new Map<Fault, number>();
  for (const raw of text.split("\n")) {
    // Drops what other editors leave around a line: a carriage return, and a byte order mark at the start of a file.
    const line = raw.trim();
    if (line === "") continue;
    const read = parseRecord(line);
    if (typeof read === "string") faults.set(read, (faults.get(read) ?? 0) + 1);
    else records.set(read.id, read);
  }
  return { records: [...records.values()], faults };
}

/**
 * The union of sets of records, oldest first, whatever the order of the sets.
 * @throws TilewrightError `invalid-argument`
 */
export function mergeRecords(...sets: readonly (readonly TuningRecord[])[]): TuningRecord[] {
  const all = new Map(sets.flatMap(checkRecords).map((record) => [record.id, record]));
  return [...all.values()].sort((a, b) => compare(a.date, b.date) || compare(a.id, b.id));
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/**
 * The records as lines of JSON, each with its end.
 * @throws TilewrightError `invalid-argument`
 */
export const printRecords = (records: readonly TuningRecord[]): string =>
  reading("a list of records", () =>
    checkRecords(records)
      .map((record) => `${printRecord(record)}\n`)
      .join(""),
  );

/** Tells records by their ids and dates; what they say is checked when they are read. */
const checkRecords = (records: readonly (Partial<TuningRecord> | null)[]): readonly TuningRecord[] =>
  reading("a list of records", () => {
    const isRecord = (one: Partial<TuningRecord> | null | undefined) =>
      typeof one?.id === "string" && typeof one.date === "string";
    // `findIndex` stops at the first hole of a list, and other methods pass over all of them.
    return Array.isArray(records) && records.findIndex((one) => !isRecord(one)) < 0
      ? (records as readonly TuningRecord[])
      : fail("invalid-argument", `records come in lists, as readRecords gives them; got ${show(records)}`);
  });
