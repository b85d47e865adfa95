/**
 * A file of records. Each record is appended by one write, so several processes can append at once, and a process that
 * is killed loses at most its last line.
 */
import { accessSync, appendFileSync, closeSync, constants, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";
import { fail, TilewrightError } from "../../ir/errors.js";
import { printRecord, type TuningRecord } from "../record.js";
import { type ReadRecords, readRecords } from "../records.js";

/** The records of a file, none if there is no file. Throws `invalid-argument` if the file cannot be read. */
export function loadRecords(path: string): ReadRecords {
  try {
    return readRecords(textOf(path));
  } catch (error) {
    if (error instanceof TilewrightError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { records: [], faults: new Map() };
    return fail("invalid-argument", `the records ${path} cannot be read (${code}); name a file of them`);
  }
}

/** A device may have no end, and longer text fits no string. */
const MAX_MEGABYTES = 256;
const CHUNK = 2 ** 20;

function textOf(path: string): string {
  const file = openSync(path, "r");
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const count = readSync(file, chunk);
      if (count === 0) return Buffer.concat(chunks).toString("utf8");
      chunks.push(chunk.subarray(0, count));
      bytes += count;
      if (bytes > MAX_MEGABYTES * 1e6) break;
    }
  } finally {
    closeSync(file);
  }
  return fail("invalid-argument", `the records ${path} are more than ${MAX_MEGABYTES} MB; prune them, or name a file`);
}

export class RecordFile {
  readonly #path: string;
  #file: number | undefined;

  /**
   * The file is made with its first record, so that none is left where nothing was measured. Throws `invalid-argument`
   * if it cannot be written.
   */
  constructor(path: string) {
    this.#path = path;
    this.#attempt(() => (existsSync(path) ? this.#open() : accessSync(dirname(path), constants.W_OK)));
  }

  append(record: TuningRecord): void {
    this.#attempt(() => {
      const file = this.#open();
      // A killed process may have left half a line, which must not swallow this record.
      const start = endsInLine(file) ? "" : "\n";
      appendFileSync(file, `${start}${printRecord(record)}\n`);
    });
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }

  #open(): number {
    this.#file ??= openSync(this.#path, "a+");
    return this.#file;
  }

  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      fail("invalid-argument", `the records ${this.#path} cannot be written (${code}); name another file`);
    }
  }
}

function endsInLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last.toString() === "\n";
}
