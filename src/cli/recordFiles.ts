/** Reads the files of tuning records that a command names, and writes files in one step. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { findConfig } from "../build/config.js";
import { DEFAULT_RECORDS } from "../build/tuning.js";
import { fail } from "../ir/errors.js";
import { loadRecords } from "../tune/node/recordFile.js";
import type { Fault } from "../tune/record.js";
import { mergeRecords, type ReadRecords } from "../tune/records.js";

/**
 * The records of these files, oldest first. Without files it reads those of the configuration. A named file must exist.
 */
export async function readRecordFiles(given: readonly string[]): Promise<ReadRecords> {
  const missing = given.find((path) => !existsSync(path));
  if (missing !== undefined)
    fail("invalid-argument", `there is no file ${missing}; name one that tilewright tune has written`);
  const read = (given.length > 0 ? given : await configured()).map((path) => loadRecords(path));
  const faults = new Map<Fault, number>();
  for (const one of read) for (const [fault, count] of one.faults) faults.set(fault, (faults.get(fault) ?? 0) + count);
  return { records: mergeRecords(...read.map(({ records }) => records)), faults };
}

async function configured(): Promise<string[]> {
  const found = await findConfig(process.cwd());
  const paths = found?.config.tuning ?? [DEFAULT_RECORDS];
  return paths.map((path) => resolve(found?.root ?? process.cwd(), path));
}

/** Writes a file in one step, so that nobody reads half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(path, text);
  } catch (error) {
    fail("invalid-argument", `${path} cannot be written (${(error as NodeJS.ErrnoException).code}); name another file`);
  }
}
