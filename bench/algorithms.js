// @ts-check
/**
 * The choice of algorithm beside what could have been chosen: for every shape of the suite the estimates of the cost models
 * and what calls take, in turn. GFLOP/s count every tap, padding included, for all.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { candidates, chooseAlgorithm, programOf, wasmTarget } from "tilewright/compiler";
import { measure, printTable } from "./measure.js";
import { setUp } from "./setUp.js";

/**
 * @typedef {import("tilewright").OpSpec} OpSpec
 * @typedef {import("tilewright/compiler").Candidate} Candidate
 */

/** @type {Record<string, OpSpec>} */
const suite = {
  dense24: {
    op: "atrousConv2dTranspose",
    value: [1, 24, 24, 256],
    filters: [3, 3, 256, 256],
    rate: 1,
    padding: "SAME",
  },
  ...JSON.parse(readFileSync(new URL("suite.json", import.meta.url), "utf8")),
};

/** So many of the best by estimate are measured, beside the direct one and the usual sizes. */
const BEST = 5;
const USUAL = ["2,2", "4,4", "6,6", "1,4"];

const OPTIONS = /** @type {const} */ ({ revectorize: { type: "boolean", default: false }, shapes: { type: "string" } });

export async function run() {
  const { revectorize, shapes } = parseArgs({ args: process.argv.slice(3), options: OPTIONS }).values;
  if (revectorize) setFlagsFromString("--experimental-wasm-revectorize");
  const target = wasmTarget({ simd: "relaxed", hoistsLoads: false, pairs: revectorize, threads: false });
  const summary = [];
  for (const [name, spec] of Object.entries(suite)) {
    if (shapes && !shapes.split(",").includes(name)) continue;
    const all = candidates(programOf(spec), target);
    const tried = all.filter(({ algorithm }, i) => i < BEST || algorithm.kind === "direct" || isUsual(algorithm));
    const results = await measure(await Promise.all(tried.map((one) => taskOf(spec, one, revectorize))), { rounds: 7 });
    printTable(`${name}, by estimate`, results, results[0]?.name);
    const best = results.reduce((least, next) => (next.ms < least.ms ? next : least));
    const choice = JSON.stringify(chooseAlgorithm(programOf(spec), target, { accuracy: "fast" }).algorithm);
    const place = tried.findIndex(({ algorithm }) => JSON.stringify(algorithm) === choice);
    const chosen = /** @type {typeof best} */ (results[place]);
    summary.push({ name, chosen: chosen.name, best: best.name, behind: chosen.ms / best.ms - 1 });
  }
  console.log("\nthe choice beside the best that was measured");
  for (const { name, chosen, best, behind } of summary) {
    console.log(`  ${name.padEnd(14)} ${chosen.padEnd(34)} ${best.padEnd(34)} ${(100 * behind).toFixed(0)} % behind`);
  }
}

/** @param {import("tilewright/compiler").Candidate["algorithm"]} algorithm */
const isUsual = (algorithm) => algorithm.kind === "winograd" && USUAL.includes(algorithm.tile.join());

/** @param {OpSpec} spec @param {Candidate} candidate @param {boolean} revectorize */
async function taskOf(spec, { algorithm, cycles }, revectorize) {
  const { kernel, weights, flops } = await setUp(spec, { algorithm, revectorize });
  return {
    name: `${kernel.algorithm} (${formatCycles(cycles)})`,
    flops,
    run: () => kernel.runSync(kernel.value, weights, kernel.output),
  };
}

/** @param {number} cycles */
const formatCycles = (cycles) => (cycles < 1e5 ? `${(cycles / 1e3).toFixed(1)}k` : `${(cycles / 1e6).toFixed(2)}M`);
