/** The sources in src/ as text, for the tests on the house itself. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Source {
  /** Relative to src/, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const root = new URL("../../src/", import.meta.url);

/** Files that scripts write out of the files beside them. */
export const WRITTEN_BY_SCRIPTS = /\/(templates|workerText)\.js$/;

/** All files that people write. */
export const SOURCES: readonly Source[] = readdirSync(fileURLToPath(root), { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.(ts|js|hbs)$/.test(path) && !WRITTEN_BY_SCRIPTS.test(path))
  .sort()
  .map((path) => ({ path, text: readFileSync(new URL(path, root), "utf8") }));
