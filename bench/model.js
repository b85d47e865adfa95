// @ts-check
/**
 * `npm run bench -- model`: how well the cost model orders schedules. Of each kernel's search space some points are drawn by lot, the
 * algorithm first and then one of its schedules; each is measured in turn with the model's pick. The rank correlation of cycles
 * predicted and gains measured is 1 where the model orders them as the machine does, and about 0 where it might as well throw dice.
 * GPUs are measured where Vulkan finds one; VK_DRIVER_FILES names its driver.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { chooseAlgorithm, compileModule, programOf, spaceOf, targetOf } from "../build/codegen/index.js";
import { Measurer } from "../build/tune/measurer.js";
import { startChild } from "../build/tune/node/channel.js";
import { abilityFor } from "../build/tune/page/ability.js";
import { RemoteMeasurer } from "../build/tune/remote.js";
import { gainOf, groupedBy } from "../build/tune/selection.js";
import { intervalOf, rankCorrelation } from "../build/tune/statistics.js";
import { installDawn } from "./gpu/device/dawn.js";
import { SUITE } from "./peers/options.js";

/**
 * @typedef {import("../build/codegen/index.js").Candidate} Candidate
 * @typedef {import("../build/codegen/index.js").Accuracy} Accuracy
 * @typedef {import("../build/ir/ops/spec.js").OpSpec} OpSpec
 * @typedef {import("../build/codegen/index.js").Features} Features
 * @typedef {{ name: string, features: Features, gpu?: Parameters<typeof targetOf>[1], accuracy: Accuracy }} Setting
 */

const WASM = /** @type {const} */ ({
  language: "wasm",
  simd: "relaxed",
  hoistsLoads: false,
  pairs: false,
  threads: false,
});
/** @type {readonly Setting[]} */
const ON_CPU = [
  { name: "wasm, exact", features: WASM, accuracy: "exact" },
  { name: "wasm, fast", features: WASM, accuracy: "fast" },
  { name: "js, exact", features: { language: "js" }, accuracy: "exact" },
];

/** @returns {Promise<readonly Setting[]>} */
async function onGpu() {
  installDawn();
  const ability = await abilityFor("wgsl");
  if (!ability.can || !ability.gpu) return [];
  const { name, features: gpu } = ability.gpu;
  const features = /** @type {const} */ ({ language: "wgsl", storage: "f32" });
  return [
    { name: `webgpu on ${name}, exact`, features, gpu, accuracy: "exact" },
    { name: `webgpu on ${name}, fast`, features, gpu, accuracy: "fast" },
  ];
}

const POINTS = 24;
const TRIAL = { rounds: 3, sampleMs: 0.5, atLeast: 0, within: 5000 };
/** Milliseconds for one kernel: large ones in JavaScript are measured at fewer points. */
const KERNEL_MS = 20_000;
/** A correlation of fewer says little. */
const FEW = 6;

export async function run() {
  const { values } = parseArgs({ args: process.argv.slice(3), options: { seed: { type: "string", default: "1" } } });
  const seed = Number(values.seed);
  for (const setting of [...ON_CPU, ...(await onGpu())]) {
    const { name } = setting;
    const rows = [];
    for (const [shape, spec] of Object.entries(SUITE))
      rows.push({ shape, ...summaryOf(await measureSome(spec, setting, seed)) });
    console.log(`${name}, ${POINTS} points of each space, seed ${seed}`);
    console.table(rows);
    const known = rows.flatMap(({ correlation }) => (correlation === "" ? [] : Number(correlation)));
    console.log(`${name}: median rank correlation ${intervalOf(known).median.toFixed(2)}\n`);
  }
}

/** @param {readonly { cycles: number, gain: number }[]} points */
function summaryOf(points) {
  const correlation = rankCorrelation(points.map(({ cycles, gain }) => /** @type {const} */ ([cycles, 1 / gain])));
  const gains = points.map(({ gain }) => gain);
  return {
    points: points.length,
    correlation: points.length < FEW || correlation === undefined ? "" : correlation.toFixed(2),
    "slowest, of the pick's speed": Math.min(...gains).toFixed(2),
    fastest: Math.max(...gains).toFixed(2),
  };
}

/**
 * Each point's cycles by the model, and its speed as a multiple of the pick's.
 * @param {OpSpec} spec
 * @param {Setting} setting
 * @param {number} seed
 */
async function measureSome(spec, { features, gpu, accuracy }, seed) {
  const target = targetOf(features, gpu);
  const deadline = performance.now() + KERNEL_MS;
  /** @param {Candidate} point */
  const moduleOf = ({ algorithm, plan }) => compileModule(spec, { target, algorithm, schedule: plan().schedule });
  const measurer = new RemoteMeasurer(features.language === "wgsl" ? startHere : startChild);
  const baseline = moduleOf(chooseAlgorithm(programOf(spec), target, { accuracy }));
  await measurer.open({ baseline, threads: 1, sampleMs: TRIAL.sampleMs });
  const measured = [];
  for (const point of draw([...spaceOf(programOf(spec), target, { accuracy })], seed)) {
    if (performance.now() > deadline) break;
    const verdict = await measurer.try({ module: moduleOf(point), ...TRIAL });
    if (verdict.is !== "measured") continue;
    const { candidate, baseline } = verdict.samples;
    measured.push({ cycles: point.cycles, gain: gainOf({ samples: candidate, baseline }).median });
  }
  measurer.close();
  return measured;
}

/**
 * @param {readonly Candidate[]} points
 * @param {number} seed
 */
function draw(points, seed) {
  const algorithms = [...groupedBy(points, ({ algorithm }) => JSON.stringify(algorithm)).values()];
  const one = fc.constantFrom(...algorithms).chain((group) => fc.constantFrom(...group));
  return new Set(fc.sample(one, { seed, numRuns: POINTS }));
}

/**
 * On this thread: a GPU is not disturbed by who asks it.
 * @returns {import("../build/tune/remote.js").Channel}
 */
function startHere() {
  /** @type {(reply: import("../build/tune/messages.js").Reply | undefined) => void} */
  let listener = () => undefined;
  const measurer = new Measurer((reply) => listener(reply));
  return {
    send: async (request) => listener(await measurer.answer(request)),
    onReply: (next) => {
      listener = next;
    },
    kill: () => undefined,
  };
}
