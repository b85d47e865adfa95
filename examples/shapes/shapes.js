// @ts-check
/**
 * A handful of shapes, each compiled for every target this machine has, side by side: how fast it is, and whether it is
 * right. Right means within what float32 allows: K products, summed in any order, round by at most (K + 2) * 2^-24
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
 * One row of the table. A recorded answer was rounded as ours is, and may be off by a bound of its own.
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
  "kernel wider than image": "tf_r2_SAME_k4x4_n1_3x3_ci16_co4",
  "only the centre tap": "tf_r16_SAME_k3x3_n1_5x5_ci1_co1",
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
 * @param {number} firstMs what its first run took: where that is long, there is nothing to warm up and once is enough
 */
async function medianMs(run, firstMs) {
  if (firstMs > 500) return firstMs;
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

/**
 * Compiles a case for a target, runs it, judges it and times it.
 * @param {Case} test
 * @param {Target} target
 */
async function tryOut(test, target) {
  const { spec, value, filters, expected } = test;
  const [kh, kw, , Ci] = spec.filters;
  const start = performance.now();
  const kernel = await compile(spec, { target });
  const compileMs = performance.now() - start;
  const weights = kernel.prepare(filters);
  // The kernel's own memory, so that a call copies nothing.
  kernel.value.set(value.data);
  const startRun = performance.now();
  const out = await kernel.run(kernel.value, weights, kernel.output);
  const firstMs = performance.now() - startRun;
  const { error, bound, correct } = judge(test, out);
  const ms = await medianMs(() => kernel.run(kernel.value, weights, kernel.output), firstMs);
  kernel.dispose();
  // Every tap of every output counts, also those beyond the image: that is how convolutions are compared.
  const gflops = (2 * expected.length * Ci * kh * kw) / ms / 1e6;
  return { compileMs, ms, gflops, share: error === 0 ? 0 : error / bound, correct };
}

/** Milliseconds without an exponent. @param {number} ms */
const time = (ms) => (ms < 100 ? ms.toPrecision(3) : ms.toFixed(0));

const CALL = 36;

/**
 * @param {string} call
 * @param {string[][]} columns two cells for each target
 * @param {string[]} rest
 */
function print(call, columns, rest) {
  const cells = columns.flatMap(([ms = "", speed = ""]) => [ms.padStart(9), speed.padStart(6)]);
  const [share = "", verdict = "", name = ""] = rest;
  console.log(`${call.padEnd(CALL)}${cells.join("")}${share.padStart(9)}  ${verdict.padEnd(6)}${name}`.trimEnd());
}

/** @typedef {Awaited<ReturnType<typeof availableTargets>>[number]} Target */
const targets = await availableTargets();
const compiling = new Map(targets.map((target) => [target, 0]));
let wrong = 0;

print(
  "",
  targets.map((target) => [target]),
  ["error"],
);
print(
  "",
  targets.map(() => ["ms", "GF/s"]),
  ["/ bound"],
);
for (const test of cases()) {
  const { spec, bounds, name } = test;
  const [kh, kw, Co] = spec.filters;
  const results = [];
  for (const target of targets) {
    const result = await tryOut(test, target);
    compiling.set(target, Number(compiling.get(target)) + result.compileMs);
    if (!result.correct) console.error(`The ${target} kernel of the next row breaks its bound.`);
    if (!result.correct) wrong++;
    results.push(result);
  }
  print(
    `${spec.value.join("x")} -> ${Co}, ${kh}x${kw} rate ${spec.rate} ${spec.padding}`,
    results.map(({ ms, gflops }) => [time(ms), gflops.toFixed(gflops < 10 ? 2 : 1)]),
    [
      Math.max(...results.map(({ share }) => share)).toFixed(4),
      results.every(({ correct }) => correct) ? "ok" : "WRONG",
      `${name}${bounds === 2 ? " *" : ""}`,
    ],
  );
}

const compiled = [...compiling].map(([target, ms]) => `${target} ${time(ms)} ms`);
console.log(`
A kernel must be right before its time counts: it is held against TensorFlow's recorded answer (*) or against the definition
in float64. The bound of the error holds for any order of the sum and any data, so it is wide.
GF/s are GFLOP/s at the median call, taps beyond the image included. "plain" is the definition itself, interpreted.
Compiling all of them took ${compiled.join(", ")}; the first of a target includes loading it.
How a kernel computes: npx tilewright explain '{ "op": "atrousConv2dTranspose", "value": [1, 33, 33, 64],
  "filters": [3, 3, 32, 64], "rate": 2, "padding": "SAME" }'`);
if (wrong > 0) {
  console.error(`${wrong} kernels break the bound of their rounding error.`);
  process.exitCode = 1;
}
