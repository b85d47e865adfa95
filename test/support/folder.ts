/** Folders for the files of tests. All lie in one, which is there as long as the run: no test removes its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const RUN = "tilewright-run-";

export const newFolder = (): string => mkdtempSync(join(tmpdir(), "test-"));

/**
 * Vitest's global setup, once for each of its projects: the processes of the tests, and theirs, get the run's folder for
 * their temporary files. There is one, as sockets take only short paths.
 */
export function setup(): () => void {
  if (basename(tmpdir()).startsWith(RUN)) return () => undefined;
  const folder = mkdtempSync(join(tmpdir(), RUN));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
