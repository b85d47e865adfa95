// @ts-check
/**
 * JavaScript kernels beside loops that a careful programmer writes by hand, in one run and on the same data.
 * GFLOP/s count every tap, padding included, for everyone.
 */
import { compile, kernelCache } from "tilewright";
import { loopByFour, naiveLoop } from "./loops.js";
import { measure, printTable } from "./measure.js";

/**
 * @typedef {import("tilewright").OpSpec} OpSpec
 * @param {number} rate @param {[number, number, number, number]} value @param {[number, number, number, number]} filters
 * @returns {OpSpec}
 */
const spec = (rate, value, filters) => ({ op: "atrousConv2dTranspose", value, filters, rate, padding: "SAME" });

const SHAPES = {
  "33x33x256 -> 256, 3x3 rate 2": spec(2, [1, 33, 33, 256], [3, 3, 256, 256]),
  "64x64x64 -> 32, 3x3 rate 2": spec(2, [1, 64, 64, 64], [3, 3, 32, 64]),
};

export async function run() {
  printTable("scalar peak: multiply and add in registers", await measure([peak]));
  for (const [name, shape] of Object.entries(SHAPES)) {
    const { value, filters, flops, kernel, weights, out } = await setUp(shape);
    const results = await measure([
      { name: "untiled loop, float64 sums", flops, run: () => naiveLoop(shape, value, filters, out) },
      { name: "loop unrolled by hand over four channels", flops, run: () => loopByFour(shape, value, filters, out) },
      { name: "tilewright js", flops, run: () => kernel.runSync(value, weights, out) },
    ]);
    printTable(name, results, "untiled loop, float64 sums");
    console.log(`  ${kernel.schedule}`);
  }
  await deadTaps();
  await overheads();
}

/** @param {OpSpec} shape */
async function setUp(shape) {
  const count = (/** @type {readonly number[]} */ sizes) => sizes.reduce((a, b) => a * b, 1);
  const kernel = await compile(shape, { target: "js" });
  const value = Float32Array.from({ length: count(shape.value) }, (_, i) => Math.sin(i));
  const filters = Float32Array.from({ length: count(shape.filters) }, (_, i) => Math.cos(i) / 16);
  const out = new Float32Array(count(kernel.outputShape));
  const [, height, width] = shape.value;
  const flops = 2 * height * width * count(shape.filters);
  return { value, filters, flops, kernel, weights: kernel.prepare(filters), out };
}

/** Taps that fall in the padding cost nothing: by the dense count, a large rate is faster. */
async function deadTaps() {
  const tasks = [];
  for (const rate of [2, 6, 12, 18]) {
    const { value, flops, kernel, weights, out } = await setUp(spec(rate, [1, 33, 33, 256], [3, 3, 256, 256]));
    tasks.push({ name: `rate ${rate}`, flops, run: () => kernel.runSync(value, weights, out) });
  }
  printTable("33x33x256 -> 256 by rate", await measure(tasks), "rate 2");
}

/** What compiling, finding and calling cost beside the loop itself. */
async function overheads() {
  const tiny = spec(2, [1, 8, 8, 8], [3, 3, 8, 8]);
  const { value, flops, kernel, weights, out } = await setUp(tiny);
  const empty = await setUp(spec(2, [0, 8, 8, 8], [3, 3, 8, 8]));
  const results = await measure([
    { name: "call of 8x8x8 -> 8", flops, run: () => kernel.runSync(value, weights, out) },
    {
      name: "call of 0x8x8x8 -> 8: nothing but the call",
      run: () => empty.kernel.runSync(empty.value, empty.weights, empty.out),
    },
    { name: "compile, found in the cache", run: () => compile(tiny) },
    ...Object.entries(SHAPES).map(([name, shape]) => ({ name: `compile ${name}`, run: () => compileAnew(shape) })),
    { name: "compile 512x512x1 -> 1, 5x5 rate 4", run: () => compileAnew(spec(4, [1, 512, 512, 1], [5, 5, 1, 1])) },
  ]);
  printTable("overheads", results);
}

/** @param {OpSpec} shape */
function compileAnew(shape) {
  kernelCache.clear();
  return compile(shape, { target: "js" });
}

const PEAK_STEPS = 100_000;

/** Twelve chains of multiply and add, which keep both pipes busy and read no memory. */
const peak = {
  name: "registers only",
  flops: 24 * PEAK_STEPS,
  run: () => {
    const x = performance.timeOrigin > 0 ? 0.999 : 0.998; // no constant to the compiler
    let a = x;
    let b = x + 1;
    let c = x + 2;
    let d = x + 3;
    let e = x + 4;
    let f = x + 5;
    let g = x + 6;
    let h = x + 7;
    let i = x + 8;
    let j = x + 9;
    let k = x + 10;
    let l = x + 11;
    for (let step = 0; step < PEAK_STEPS; step++) {
      a = a * x + x;
      b = b * x + x;
      c = c * x + x;
      d = d * x + x;
      e = e * x + x;
      f = f * x + x;
      g = g * x + x;
      h = h * x + x;
      i = i * x + x;
      j = j * x + x;
      k = k * x + x;
      l = l * x + x;
    }
    return a + b + c + d + e + f + g + h + i + j + k + l;
  },
};
