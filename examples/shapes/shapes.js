// @ts-check
/**
 * A handful of shapes, each compiled for every target this machine has: the schedule it gets, its speed, and whether it
 * is right. Right means within what float32 allows: K products, summed in any order, round by at most (K + 2) * 2^-24
 * times the sum of their magnitudes.
 *
 *     node examples/shapes/shapes.js
 */
import { readFileSync } from "node:fs";
import { availableTargets, compile, interpret } from "tilewright";

/**
 * @typedef {[number, number, number, number]} Shape
 * @typedef {{ shape: Shape, data: Float32Array }} Tensor
 * @typedef {{ op: "atrousConv2dTranspose", value: Shape, filters: Shape, rate: number, padding: "SAME" | "VALID" }} Spec
 */

/**
 * One row of the table for each target. A recorded answer was rounded as ours is, and may be off by a bound of its own.
 * @typedef {object} Case
 * @property {string} name
 * @property {Spec} spec
 * @property {Tensor} value
 * @property {Tensor} filters
 * @property {Float32Array | Float64Array} expected
 * @property {1 | 2} bounds how many bounds may lie between ours and the expected
 */

/** Seeded data, judged by the definition in float64: value [N, H, W, Ci], filters [kh, kw, Co, Ci], rate, padding. */
const SEEDED = /** @type {[string, Shape, Shape, number, "SAME" | "VALID"][]} */ ([
  ["segmentation head", [1, 65, 65, 256], [3, 3, 21, 256], 4, "SAME"],
  ["pyramid branch", [1, 33, 33, 256], [3, 3, 64, 256], 12, "SAME"],
  ["nothing divides", [2, 17, 23, 5], [4, 2, 7, 5], 3, "VALID"],
  ["thin", [1, 128, 128, 16], [3, 3, 3, 16], 2, "SAME"],
]);

/** Recorded from TensorFlow, each for what it could get wrong. */
const RECORDED = {
  "even kernel, odd rate": "tf_r3_SAME_k2x2_n2_7x9_ci3_co5",
  "kernel wider than the image": "tf_r2_SAME_k4x4_n1_3x3_ci16_co4",
  "only the centre tap meets it": "tf_r16_SAME_k3x3_n1_5x5_ci1_co1",
  "gaps in the output": "tf_r7_VALID_k3x3_n1_2x3_ci2_co2",
  "rate 1, two images": "tf_r1_SAME_k2x5_n2_1x3_ci3_co2",
  "whole vectors of channels": "tf_r2_SAME_k3x3_n1_8x8_ci8_co8",
};

/** @returns {Generator<Case>} */
function* cases() {
  const random = generator(1);
  for (const [name, value, filters, rate, padding] of SEEDED) {
    const spec = /** @type {Spec} */ ({ op: "atrousConv2dTranspose", value, filters, rate, padding });
    const [v, f] = [fill(value, random), fill(filters, random)];
    yield { name, spec, value: v, filters: f, expected: interpret(spec, v, f).data, bounds: 1 };
  }

  const file = new URL("../../test/vectors/tf_atrous_conv2d_transpose.json", import.meta.url);
  const { vectors } = JSON.parse(readFileSync(file, "utf8"));
  for (const [name, recorded] of Object.entries(RECORDED)) {
    const vector = vectors.find((/** @type {{ name: string }} */ { name }) => name === recorded);
    const { input, filter, expected, attrs } = vector;
    yield {
      name,
      spec: {
        op: "atrousConv2dTranspose",
        value: input.shape,
        filters: filter.shape,
        rate: attrs.rate,
        padding: attrs.padding,
      },
      value: { shape: input.shape, data: Float32Array.from(input.data) },
      filters: { shape: filter.shape, data: Float32Array.from(filter.data) },
      expected: Float32Array.from(expected.data),
      bounds: 2,
    };
  }
}

/**
 * A tensor of numbers in [-1, 1).
 * @param {Shape} shape
 * @param {() => number} random
 * @returns {Tensor}
 */
function fill(shape, random) {
  const size = shape.reduce((a, b) => a * b);
  return { shape, data: Float32Array.from({ length: size }, () => 2 * random() - 1) };
}

/**
 * The same numbers in [0, 1) for the same seed, everywhere (mulberry32).
 * @param {number} seed
 */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The largest error of all outputs and the bound it must respect; or, where an output breaks its bound, that one.
 * @param {Case} test
 * @param {Float32Array} actual
 */
function judge(test, actual) {
  const { spec, expected, bounds } = test;
  const [kh, kw, , Ci] = spec.filters;
  const rounding = (kh * kw * Ci + 2) * 2 ** -24;
  /** @param {number} output */
  const bound = (output) => bounds * rounding * magnitude(test, output);

  const errors = Float64Array.from(expected, (value, output) => Math.abs(Number(actual[output]) - value));
  // Magnitudes are as dear as the outputs themselves. But a sum is never larger than its magnitude, so an error that is
  // small beside the sum is within bounds: only where terms cancel has the magnitude to be known.
  const broken = errors.findIndex((error, output) => {
    return !(error <= rounding * Math.abs(Number(expected[output])) || error <= bound(output));
  });
  const shown = broken >= 0 ? broken : errors.indexOf(errors.reduce((a, b) => Math.max(a, b)));
  return { error: Number(errors[shown]), bound: bound(shown), correct: broken < 0 };
}

/**
 * The sum of |value * filter| over the products that make one output.
 * @param {Case} test
 * @param {number} output
 */
function magnitude({ spec, value, filters }, output) {
  const [, H, W, Ci] = spec.value;
  const [kh, kw, Co] = spec.filters;
  const [reachY, reachX] = [(kh - 1) * spec.rate, (kw - 1) * spec.rate];
  const same = spec.padding === "SAME";
  const [OH, OW] = same ? [H, W] : [H + reachY, W + reachX];
  const oc = output % Co;
  const x = (Math.floor(output / Co) % OW) + (same ? reachX >> 1 : 0);
  const y = (Math.floor(output / Co / OW) % OH) + (same ? reachY >> 1 : 0);
  const n = Math.floor(output / Co / OW / OH);

  let sum = 0;
  for (let ky = 0; ky < kh; ky++) {
    for (let kx = 0; kx < kw; kx++) {
      const [row, column] = [y - ky * spec.rate, x - kx * spec.rate];
      if (row < 0 || row >= H || column < 0 || column >= W) continue;
      const v = ((n * H + row) * W + column) * Ci;
      const f = ((ky * kw + kx) * Co + oc) * Ci;
      for (let ic = 0; ic < Ci; ic++) sum += Math.abs(Number(value.data[v + ic]) * Number(filters.data[f + ic]));
    }
  }
  return sum;
}

/**
 * The median of the runs that fit into a tenth of a second, after as much time to warm up.
 * @param {() => Promise<unknown>} run
 */
async function medianMs(run) {
  const sample = async () => {
    const times = [];
    const end = performance.now() + 100;
    do {
      const start = performance.now();
      await run();
      times.push(performance.now() - start);
    } while (performance.now() < end);
    return times.sort((a, b) => a - b);
  };
  await sample();
  const times = await sample();
  return Number(times[times.length >> 1]);
}

const COLUMNS = {
  target: 6,
  "compile ms": 10,
  "run ms": 9,
  "GFLOP/s": 7,
  "largest error": 13,
  "its bound": 9,
  verdict: 7,
};
const INDENT = Object.values(COLUMNS).reduce((a, b) => a + b + 2, 0);

/**
 * One row of the table. A schedule may be long: it goes on below itself, to keep within 120 columns.
 * @param {string[]} cells
 * @param {string} schedule
 */
function print(cells, schedule) {
  const widths = Object.values(COLUMNS);
  const row = cells.map((cell, column) => `${cell.padStart(widths[column] ?? 0)}  `).join("");
  const room = 120 - INDENT;
  const lines = schedule.match(new RegExp(`\\S.{0,${room - 1}}(?=\\s|$)|\\S{${room}}`, "g")) ?? [];
  console.log(row + lines.join(`\n${" ".repeat(INDENT)}`));
}

const targets = await availableTargets();
print(Object.keys(COLUMNS), "schedule");
let wrong = 0;
for (const test of cases()) {
  const { name, spec, value, filters, expected, bounds } = test;
  const [kh, kw, Co, Ci] = spec.filters;
  const call = `${spec.value.join("x")} -> ${Co}, ${kh}x${kw} rate ${spec.rate} ${spec.padding}`;
  console.log(`\n${name}: ${call}, against ${bounds === 2 ? "TensorFlow" : "the definition in float64"}`);
  for (const target of targets) {
    const start = performance.now();
    const kernel = await compile(spec, { target });
    const compileMs = performance.now() - start;
    const weights = kernel.prepare(filters);
    const out = await kernel.run(value, weights);
    const { error, bound, correct } = judge(test, out.data);
    const runMs = await medianMs(() => kernel.run(value, weights, out));
    // Every tap of every output counts, also those beyond the image: that is how convolutions are compared.
    const gflops = (2 * expected.length * Ci * kh * kw) / runMs / 1e6;
    print(
      [
        target,
        compileMs.toFixed(1),
        runMs.toPrecision(3),
        gflops.toFixed(2),
        error.toExponential(1),
        bound.toExponential(1),
        correct ? "ok" : "WRONG",
      ],
      kernel.schedule,
    );
    if (!correct) wrong++;
    kernel.dispose();
  }
}

console.log(`
The first compile of a target includes loading it. A bound holds for any order of the sum and any data, so it is wide.
A schedule says how loops are split, ordered and unrolled and what is packed: npx tilewright explain shows it as code.`);
if (wrong > 0) {
  console.error(`${wrong} kernels break the bound of their rounding error.`);
  process.exitCode = 1;
}
