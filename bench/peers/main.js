// @ts-check
/**
 * tilewright beside the other ways to run the op from JavaScript, on the same data and in one run: `npm run bench -- peers`,
 * with `--help` for its options. The peers are packages of this folder alone.
 */
import { writeFileSync } from "node:fs";
import os from "node:os";
import { compare } from "./compare.js";
import { HELP, readOptions } from "./options.js";
import { areInstalled } from "./packages.js";
import { canRevectorize, messageOf } from "./process.js";
import { printComparison } from "./report.js";

/**
 * A comparison of all contestants by its command line.
 * @typedef {object} Contest
 * @property {(args: readonly string[]) => import("./options.js").Options} readOptions
 * @property {string} help
 * @property {(comparison: import("./compare.js").Comparison) => void} print
 */

export const run = () => runContest({ readOptions, help: HELP, print: printComparison });

/** @param {Contest} contest */
export async function runContest(contest) {
  const options = optionsOrHelp(contest);
  if (!options) return;
  if (!areInstalled()) {
    console.error("The peers are not installed; `npm ci --prefix bench/peers` does it.");
    process.exitCode = 1;
    return;
  }
  const { shapes, peers, effort } = options;
  const machine = machineName();
  console.log(machine);
  const comparisons = [];
  const widens = options.revectorize && canRevectorize();
  for (const revectorize of widens ? [false, true] : [false]) {
    for (const threads of options.threads) {
      const comparison = await compare(shapes, peers, { threads, revectorize }, effort, showProgress);
      showProgress("");
      contest.print(comparison);
      comparisons.push(comparison);
    }
  }
  if (options.revectorize && !widens) console.log("\nThis Node has no revectorizer, so there are no tables with it.");
  if (options.json !== undefined) {
    const facts = { date: new Date().toISOString(), node: process.version, v8: process.versions.v8, machine, effort };
    writeFileSync(options.json, `${JSON.stringify({ ...facts, comparisons }, null, 2)}\n`);
  }
}

/** Undefined if there is nothing to measure: help was asked for, or is needed. @param {Contest} contest */
function optionsOrHelp({ readOptions: read, help }) {
  try {
    const options = read(process.argv.slice(3));
    if (!options.help) return options;
    console.log(help);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${help}`);
    process.exitCode = 1;
  }
  return undefined;
}

export const machineName = () => `${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} processors`;

/** On one line of a terminal, which the next one overwrites. @param {string} shape */
export function showProgress(shape) {
  if (process.stderr.isTTY) process.stderr.write(`\r${shape.padEnd(24)}\r`);
}
