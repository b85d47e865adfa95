/**
 * A file of records. Each record is appended by one write, so several processes can append at once, and a process that
 * is killed loses at most its last line.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { fail } from "../../ir/errors.js";
import { printRecord, type TuningRecord } from "../record.js";
import { type ReadRecords, readRecords } from "../records.js";

/** The records of a file, none if there is no file. Throws `invalid-argument` if the file cannot be read. */
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

  /** Opens the file, or makes it. Throws `invalid-argument` if it cannot be written. */
  constructor(path: string) {
    try {
      this.#file = openSync(path, "a+");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      fail("invalid-argument", `the records ${path} cannot be written (${code}); name another file`);
    }
  }

  append(record: TuningRecord): void {
    // A killed process may have left half a line, which must not swallow this record.
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
