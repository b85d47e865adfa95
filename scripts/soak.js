// @ts-check
/**
 * `npm run soak -- [CYCLES]`: compiles, runs and disposes kernels of random shapes, 10,000 by default, checks every result
 * against the definition, and fails if memory keeps growing. A third of the kernels is left to the garbage collector. Prints
 * what the process holds as it goes.
 */
import { compile, interpret, kernelCache } from "tilewright";

const cycles = Number(process.argv[2] ?? 10_000);
const REPORTS = 20;
/** Growth that a garbage collector's mood explains, in bytes. */
const ALLOWED = 64 * 2 ** 20;

let state = 1;
/** A whole number below `limit`. @param {number} limit */
function random(limit) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

/** @returns {import("tilewright").OpSpec} */
function randomSpec() {
  // Now and then one that is large enough for threads.
  const scale = random(50) === 0 ? 6 : 1;
  const [inputs, outputs] = [scale * (1 + random(12)), scale * (1 + random(12))];
  return {
    op: "atrousConv2dTranspose",
    value: [1 + random(2), 1 + random(10), 1 + random(14), inputs],
    filters: [1 + random(4), 1 + random(4), outputs, inputs],
    rate: 1 + random(4),
    padding: random(2) === 0 ? "SAME" : "VALID",
    bias: random(2) === 0,
  };
}

/** Small integers, on which sums in any order are exact. @param {number} length */
const integers = (length) => Float32Array.from({ length }, () => random(9) - 4);
const count = (/** @type {readonly number[]} */ shape) => shape.reduce((a, b) => a * b, 1);

/** @param {import("tilewright").OpSpec} spec */
async function cycle(spec) {
  const kernel = await compile(spec, { threads: 2 });
  const value = integers(count(spec.value));
  const filters = integers(count(spec.filters));
  const bias = spec.bias ? integers(spec.filters[2]) : undefined;
  const weights = kernel.prepare(filters, bias);
  const actual = random(2) === 0 ? await kernel.run(value, weights) : kernel.runSync(value, weights);
  const expected = interpret(spec, value, filters, bias);
  if (random(3) > 0) kernel.dispose();
  const wrong = expected.findIndex((element, i) => element !== actual[i]);
  if (wrong >= 0)
    throw new Error(`element ${wrong} is ${actual[wrong]}, not ${expected[wrong]}: ${JSON.stringify(spec)}`);
}

const held = () => {
  const { rss, heapUsed, arrayBuffers, external } = process.memoryUsage();
  return { rss, heapUsed, arrayBuffers, external };
};
/** @param {number} bytes */
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

const samples = [];
for (let done = 0; done < cycles; done++) {
  await cycle(randomSpec());
  if ((done + 1) % Math.ceil(cycles / REPORTS) === 0) {
    const now = held();
    samples.push(now);
    const parts = Object.entries(now).map(([name, bytes]) => `${name} ${mebibytes(bytes)}`);
    console.log(
      `${String(done + 1).padStart(6)} cycles: ${parts.join(", ")}, ${kernelCache.list().length} kernels cached`,
    );
  }
}

// The first quarter fills the caches; from then on the middle must not be below the end.
const middle = samples[Math.floor(samples.length / 2)];
const last = samples.at(-1);
if (middle && last && last.rss > middle.rss + ALLOWED) {
  console.error(`memory grew from ${mebibytes(middle.rss)} to ${mebibytes(last.rss)} in the second half`);
  process.exit(1);
}
console.log(`${cycles} results equal to the definition; memory is flat`);
