// @ts-check
/**
 * Ops of all sorts on WebAssembly: the schedule that the cost model picks beside the best of the search space and the peak of this
 * machine, one thread, all in one run. Every schedule must be right before its time counts.
 *
 *     npm run bench -- ops --seconds 20 --only depthwise
 */
import { parseArgs } from "node:util";
import { chooseAlgorithm, compileProgram, spaceOf, targetOf } from "../build/codegen/index.js";
import { interpretProgram } from "../build/ir/interpret.js";
import { loadKernel } from "../build/runtime/loadKernel.js";
import { peakMeter } from "./peak.js";
import { OPS, programFor } from "./programs.js";

/**
 * @typedef {import("../build/ir/program.js").Program} Program
 * @typedef {import("../build/codegen/index.js").Candidate} Candidate
 * @typedef {{ run: () => void, dispose: () => void }} Contestant
 */

const TURN_MS = 20;
const WARM_UP_MS = 150;
const PEAK_MS = 300;

export async function run() {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { seconds: { type: "string", default: "20" }, only: { type: "string" }, simd: { type: "string" } },
  });
  const simd = /** @type {"relaxed" | "simd128"} */ (
    values.simd ?? (Number.parseInt(process.versions.node, 10) >= 22 ? "relaxed" : "simd128")
  );
  const hoistsLoads = Number.parseInt(process.versions.node, 10) < 24;
  const target = targetOf({ language: "wasm", simd, hoistsLoads, pairs: false, threads: false });
  const peakOf = await peakMeter(false);
  const kind = simd === "relaxed" ? "128-bit fused" : "128-bit";
  console.log(
    "op                             pick GFLOP/s   best   pick/best   peak   pick/peak   points timed   pick",
  );
  for (const [name, op] of Object.entries(OPS)) {
    if (values.only && !name.includes(values.only)) continue;
    const program = programFor(op);
    const peak = (await peakOf(PEAK_MS)).find((one) => one.name === kind)?.gflops ?? Number.NaN;
    const { pick, best, timed, all, knobs } = await search(program, target, Number(values.seconds) * 1000);
    const flops = program.run.reduce((sum, { space, reduce }) => sum + 2 * countOf([...space, ...reduce]), 0);
    const [mine, top] = [flops / pick / 1e6, flops / best / 1e6];
    const share = op.isArithmetic ? `${((100 * mine) / peak).toFixed(0)} %` : "";
    console.log(
      [
        name.padEnd(30),
        mine.toFixed(1).padStart(12),
        top.toFixed(1).padStart(6),
        (mine / top).toFixed(2).padStart(11),
        peak.toFixed(1).padStart(6),
        share.padStart(11),
        `${timed} of ${all}`.padStart(14),
      ].join(" "),
      ` ${Object.entries(knobs)
        .map(([knob, value]) => `${knob} ${value}`)
        .join(", ")}`,
    );
  }
}

/** @param {readonly { readonly extent: number }[]} axes */
const countOf = (axes) => axes.reduce((product, { extent }) => product * extent, 1);

/**
 * The least times of the pick and of the best schedule; the pick takes a turn whenever another one is ahead of it.
 * @param {Program} program @param {import("../build/codegen/index.js").Target} target @param {number} budget in milliseconds
 */
async function search(program, target, budget) {
  const given = dataFor(program);
  const expected = /** @type {Float64Array} */ (interpretProgram(program, given).get("output"));
  const load = async (/** @type {Candidate} */ candidate) => {
    const { schedule } = candidate.plan();
    const module = compileProgram(program, { target, schedule });
    return contestant(
      await loadKernel(/** @type {import("../build/ir/module.js").WasmModule} */ (module)),
      given,
      expected,
    );
  };
  const picked = chooseAlgorithm(program, target, {});
  const own = await load(picked);
  timeOf(own, WARM_UP_MS);
  let pick = timeOf(own, WARM_UP_MS);
  let best = pick;
  const points = [...spaceOf(program, target, {})];
  const end = performance.now() + budget;
  let timed = 0;
  for (const point of orderOf(points)) {
    if (performance.now() > end) break;
    const other = await load(point);
    timed++;
    let ms = timeOf(other, TURN_MS);
    if (ms < 1.1 * best) ms = Math.min(ms, timeOf(other, 3 * TURN_MS));
    if (ms < pick) pick = Math.min(pick, timeOf(own, 3 * TURN_MS));
    best = Math.min(best, ms, pick);
    other.dispose();
  }
  pick = Math.min(pick, timeOf(own, WARM_UP_MS));
  return { pick, best: Math.min(best, pick), timed, all: points.length, knobs: picked.knobs };
}

/** The model's favourites first, then every so many of the others: all of them, if time allows. @param {readonly Candidate[]} points */
function orderOf(points) {
  const sorted = points.toSorted((a, b) => a.cycles - b.cycles);
  const [favourites, others] = [sorted.slice(0, 60), sorted.slice(60)];
  const stride = 37;
  const spread = Array.from({ length: stride }, (_, start) => others.filter((_, i) => i % stride === start)).flat();
  return [...favourites, ...spread];
}

/** Small integers, by name. @param {Program} program */
function dataFor({ buffers }) {
  let seed = 7;
  const next = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return ((seed >>> 16) % 9) - 4;
  };
  const given = buffers.filter(({ role }) => role === "input" || role === "weights");
  return new Map(
    given.map(({ name, shape }) => [
      name,
      Float32Array.from({ length: countOf(shape.map((extent) => ({ extent }))) }, next),
    ]),
  );
}

/**
 * A kernel with its data in its own memory. Throws where the result is not the definition's.
 * @param {import("../build/runtime/kernel.js").Kernel} kernel
 * @param {ReadonlyMap<string, Float32Array>} given @param {Float64Array} expected
 * @returns {Contestant}
 */
function contestant(kernel, given, expected) {
  const weights = kernel.prepare(
    Object.fromEntries(kernel.weightNames.map((name) => [name, /** @type {Float32Array} */ (given.get(name))])),
  );
  for (const name of kernel.inputNames) kernel.inputs[name]?.set(/** @type {Float32Array} */ (given.get(name)));
  const run = () => void kernel.runSync(kernel.inputs, weights, kernel.outputs);
  const output = /** @type {Float32Array} */ (kernel.outputs.output);
  output.fill(Number.NaN);
  run();
  const wrong = output.findIndex((value, i) => value !== Math.fround(/** @type {number} */ (expected[i])));
  if (wrong >= 0) throw new Error(`element ${wrong} is ${output[wrong]} instead of ${expected[wrong]}`);
  return { run, dispose: () => kernel.dispose() };
}

/** The least of all calls within so many milliseconds. @param {Contestant} one @param {number} ms */
function timeOf({ run }, ms) {
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + ms;
  do {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  } while (performance.now() < end);
  return best;
}
