// @ts-check
/** `npm run bench`: measures what matters in one run, keeps it in a file, and compares it with an earlier one. */
import os from "node:os";
import { compareRuns } from "./compareRuns.js";
import { printRunComparison } from "./compareTable.js";
import { measureSuite } from "./measureSuite.js";
import { SUITE } from "./peers/options.js";
import { areInstalled } from "./peers/packages.js";
import { messageOf } from "./peers/process.js";
import { readRun, writeRun } from "./runFile.js";
import { available, HELP, isOurs, readOptions } from "./suiteOptions.js";
import { printSuite } from "./suiteTable.js";

/**
 * @typedef {import("./runFile.js").Run} Run
 * @typedef {import("./runFile.js").Settings} Settings
 */

export async function run() {
  try {
    const options = readOptions(process.argv.slice(3));
    if (options.help) console.log(HELP);
    else if ("settings" in options) await measure(options.settings, options.json);
    else {
      const before = readRun(options.before);
      const after =
        options.after === undefined
          ? await measure(repeatable(before.settings, options.before), options.json)
          : readRun(options.after);
      compare(before, after);
    }
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

/** @param {Settings} settings @param {string} file @returns {Promise<Run>} */
async function measure(settings, file) {
  if (!areInstalled()) {
    console.log("Other libraries are not installed and not measured; `npm ci --prefix bench/peers` installs them.");
  }
  if (os.availableParallelism() > 1) {
    console.log(
      "Free to move between processors, which may differ in speed; on Linux, `taskset -c 1 npm run bench` pins all to one.",
    );
  }
  const measured = await measureSuite(settings);
  console.log(measured.run.machine);
  printSuite(measured);
  await writeRun(file, measured.run);
  console.log(`\n${file}`);
  // A kernel that is wrong has no time, so that nothing else would notice.
  if (measured.absences.some(({ peer }) => isOurs(peer))) process.exitCode = 1;
  return measured.run;
}

/** What of a run can be measured again here. @param {Settings} settings @param {string} file @returns {Settings} */
function repeatable({ shapes, contestants, effort }, file) {
  const known = shapes.filter((shape) => Object.hasOwn(SUITE, shape));
  const present = available(contestants);
  if (known.length === 0 || present.length === 0) {
    throw new Error(
      `${file} has no shape of bench/suite.json, or no contestant that is here; compare it with another file`,
    );
  }
  return { shapes: [...new Set(known)], contestants: [...new Set(present)], effort };
}

/** @param {Run} before @param {Run} after */
function compare(before, after) {
  const comparison = compareRuns(before, after);
  printRunComparison(before, after, comparison);
  const slower = comparison.changes.filter(({ verdict, contestant }) => verdict === "slower" && isOurs(contestant));
  console.log(`\nOf tilewright's own kernels, ${slower.length === 0 ? "none" : slower.length} got slower.`);
  if (slower.length > 0) process.exitCode = 1;
}
