// @ts-check
/**
 * Whole models in TensorFlow.js, with our kernels and without: `npm run bench -- tfjs`, with `--help` for its options. The models, and
 * TensorFlow.js, are packages of bench/tfjs alone: `npm ci --prefix bench/tfjs` installs them.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { differenceOf, loadModel, modelNames, predict, tf } from "./models.js";

const HELP = `npm run bench -- tfjs [options]: models in TensorFlow.js' WebAssembly backend, with its own kernels and with ours.
Prints the processor time of a prediction, and the largest difference of an output as a share of the largest element.
Of 41 models 40 run: facemesh-attention multiplies matrices of integers, which that backend cannot do.

  --models a,b    models by parts of their names; all by default
  --rounds N      rounds in which the three take turns; 4 by default
  --json FILE     everything measured, for other programs
  --help`;

const CONTESTANTS = /** @type {const} */ (["theirs", "exact", "fast"]);
const ROUND_MS = 400;
/**
 * Engines optimise code in the background while it runs, and that counts as processor time. A round compiles all
 * kernels anew: without this, a model of few milliseconds with dozens of kernels would seem slower than it is. After one
 * second large kernels, which "fast" has, were still being optimised.
 */
const WARM_UP_MS = 4000;

/** Milliseconds of processor time, of all threads. */
function spent() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The mean time of as many predictions as fill `least` milliseconds.
 * @param {() => Promise<unknown>} once @param {number} least
 */
async function meanOf(once, least) {
  const begin = spent();
  let count = 0;
  while (spent() - begin < least || count < 2) {
    await once();
    count++;
  }
  return (spent() - begin) / count;
}

/** The time of a prediction. @param {() => Promise<unknown>} once */
async function timeOf(once) {
  await meanOf(once, WARM_UP_MS);
  return meanOf(once, ROUND_MS);
}

/** @param {readonly number[]} all */
const medianOf = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;

/** @param {string} name @param {number} rounds */
async function measure(name, rounds) {
  const { install } = await import("../../dist/tfjs/index.js");
  const model = await loadModel(name);
  /** @type {Record<string, number[]>} */
  const times = { theirs: [], exact: [], fast: [] };
  /** @type {Record<string, number>} */
  const differences = {};
  /** @type {Float32Array[] | undefined} */
  let expected;
  /** @type {Record<string, number>} */
  const reasons = {};
  for (let round = 0; round < rounds; round++) {
    for (const contestant of CONTESTANTS) {
      const installed = contestant === "theirs" ? undefined : await install(tf, { accuracy: contestant });
      const outputs = await predict(model);
      expected ??= outputs;
      differences[contestant] = differenceOf(outputs, expected);
      times[contestant]?.push(await timeOf(() => predict(model)));
      for (const kernel of installed?.report().kernels ?? []) {
        for (const [reason, count] of Object.entries(kernel.reasons)) reasons[`${kernel.kernel}: ${reason}`] = count;
      }
      installed?.uninstall();
    }
  }
  model.dispose();
  const [theirs = 0, exact = 0, fast = 0] = CONTESTANTS.map((one) => medianOf(times[one] ?? []));
  return { name, theirs, exact, fast, ratios: { exact: theirs / exact, fast: theirs / fast }, differences, reasons };
}

/** @param {readonly number[]} all */
const geometricMean = (all) => Math.exp(all.reduce((sum, one) => sum + Math.log(one), 0) / all.length);

export async function run() {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      models: { type: "string" },
      rounds: { type: "string", default: "4" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const parts = values.models?.split(",") ?? [""];
  const names = modelNames().filter((name) => parts.some((part) => name.includes(part)));
  await tf.setBackend("wasm");
  tf.enableProdMode();
  /** @type {Awaited<ReturnType<typeof measure>>[]} */
  const found = [];
  console.log("model                              theirs     exact       fast       difference: exact, fast");
  for (const name of names) {
    try {
      const one = await measure(name, Number(values.rounds));
      found.push(one);
      const { theirs, ratios, differences } = one;
      const share = (/** @type {string} */ which) => (differences[which] ?? Number.NaN).toExponential(1);
      console.log(
        `${name.padEnd(30)} ${theirs.toFixed(1).padStart(7)} ms ${ratios.exact.toFixed(2).padStart(8)}x ` +
          `${ratios.fast.toFixed(2).padStart(8)}x       ${share("exact")}, ${share("fast")}`,
      );
    } catch (error) {
      console.log(`${name.padEnd(30)} is not run: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
    }
  }
  const means = (/** @type {"exact" | "fast"} */ which) => geometricMean(found.map(({ ratios }) => ratios[which]));
  console.log(
    `geometric mean of ${found.length}: exact ${means("exact").toFixed(2)}x, fast ${means("fast").toFixed(2)}x`,
  );
  if (values.json) writeFileSync(values.json, JSON.stringify(found, undefined, 2));
}
