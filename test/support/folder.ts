/** Folders for the files of tests. All lie in one, which is there as long as the run: no test removes its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const newFolder = (): string => mkdtempSync(join(tmpdir(), "test-"));

/** Vitest's global setup: the processes of the tests, and theirs, get the run's folder for their temporary files. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "tilewright-"));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
