// @ts-check
/** What `npm run bench` is told on its command line, where no name of a bench stands in front. */
import { accessSync, constants, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CONTESTANTS } from "./peers/contestants/index.js";
import { known, QUICK_SHAPES, SUITE } from "./peers/options.js";
import { areInstalled } from "./peers/packages.js";

/**
 * @typedef {import("./runFile.js").Settings} Settings
 * @typedef {{ help: true }} Help
 * @typedef {{ help: false, json: string, settings: Settings }} Measure
 * @typedef {{ help: false, json: string, before: string, after: string | undefined }} Compare measures what is after, if it is undefined
 */

export const HELP = `npm run bench [options]: what matters, in some five minutes. All shapes of bench/suite.json on one thread: kernels in
WebAssembly (exact and fast) and JavaScript beside the machine's peak, and beside other libraries where they are installed.

  --shapes a,b        of bench/suite.json; all by default
  --quick             few shapes and little time, to see whether all works; under a minute
  --json FILE         where the results go; bench-results/<date>-node<version>.json by default
  --compare OLD       measures as OLD says, and tells what got slower or faster since then
  --compare OLD NEW   the same for two files; nothing is measured
  --help

OLD and NEW are what --json writes. With --compare, the exit code is 1 if a kernel of ours got slower beyond the noise.
npm run bench -- NAME runs another bench.`;

/** In a pass. Together they are more than five, of which compareRuns.js can tell something. */
const ENOUGH = { rounds: 3, ms: 250 };
const EFFORTS = {
  usual: { passes: 2, rounds: 5, roundMs: 20, warmUpMs: 150, peakMs: 150, behind: 1.3, enough: ENOUGH },
  quick: { passes: 2, rounds: 3, roundMs: 20, warmUpMs: 120, peakMs: 80, behind: 1.3, enough: ENOUGH },
};

/** @param {readonly string[]} args @returns {Help | Measure | Compare} */
export function readOptions(args) {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      shapes: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      compare: { type: "string" },
      help: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return { help: true };
  const [after, ...more] = positionals;
  if (more.length > 0 || (after !== undefined && values.compare === undefined)) {
    throw new Error(`there is nothing to do with "${more[0] ?? after}": files come after --compare, one or two`);
  }
  if (values.compare === undefined) {
    const usual = values.quick ? QUICK_SHAPES : Object.keys(SUITE);
    const shapes = known("--shapes", values.shapes?.split(",") ?? usual, Object.keys(SUITE));
    const effort = values.quick ? EFFORTS.quick : EFFORTS.usual;
    const settings = { shapes: [...new Set(shapes)], contestants: available(Object.keys(CONTESTANTS)), effort };
    return { help: false, json: writable(values.json ?? usualFile()), settings };
  }
  if (values.shapes !== undefined || values.quick) {
    throw new Error("--compare measures with the settings of the old file: --shapes and --quick do not go with it");
  }
  if (after === undefined) {
    return { help: false, json: writable(values.json ?? usualFile()), before: values.compare, after };
  }
  if (values.json !== undefined)
    throw new Error("--json is for what is measured, and --compare OLD NEW measures nothing");
  return { help: false, json: "", before: values.compare, after };
}

/** Those that can run here. @param {readonly string[]} contestants */
export const available = (contestants) =>
  contestants.filter((name) => Object.hasOwn(CONTESTANTS, name) && (isOurs(name) || areInstalled()));

/** @param {string} contestant */
export const isOurs = (contestant) => ["ours", "js"].includes(CONTESTANTS[contestant]?.kind ?? "");

/** In the repository, wherever it was called from. With the time of day, as the second run of a day is compared with the first. */
function usualFile() {
  const folder = fileURLToPath(new URL("../bench-results/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  const date = new Date().toISOString().slice(0, "2000-01-01T00:00:00".length).replaceAll(":", "");
  return `${folder}${date}-node${process.versions.node}.json`;
}

/** Found out now, and not after minutes of measuring. @param {string} file */
function writable(file) {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch {
    throw new Error(`--json ${file}: its folder is not there or cannot be written; make it first`);
  }
  return file;
}
