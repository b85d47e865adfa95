/** A file of records: appended to, one write for each line, so that many processes may do so at once and any may be killed. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { fail } from "../../ir/errors.js";
import { printRecord, type TuningRecord } from "../record.js";
import { type ReadRecords, readRecords } from "../records.js";

/** What the file holds; nothing where there is none. */
export function loadRecords(path: string): ReadRecords {
  try {
    return readRecords(readFileSync(path, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { records: [], faults: new Map() };
    return fail("invalid-argument", `the records ${path} cannot be read (${code}); name a file of them`);
  }
}

export class RecordFile {
  readonly #file: number;

  /** Made if there is none; throws `invalid-argument` where it cannot be written. */
  constructor(path: string) {
    try {
      this.#file = openSync(path, "a+");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      fail("invalid-argument", `the records ${path} cannot be written (${code}); name another file`);
    }
  }

  append(record: TuningRecord): void {
    // Half a line that a killed process has left must not swallow this one.
    const start = this.#endsInLine() ? "" : "\n";
    writeSync(this.#file, `${start}${printRecord(record)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }

  #endsInLine(): boolean {
    const { size } = fstatSync(this.#file);
    if (size === 0) return true;
    const last = Buffer.alloc(1);
    readSync(this.#file, last, 0, 1, size - 1);
    return last.toString() === "\n";
  }
}
