// @ts-check
/**
 * WebAssembly kernels beside the peak of this engine and machine, measured in the same run: how much of it direct kernels
 * reach, what dead taps save, what a second thread and 256 bits bring, and what compiling and calling cost.
 * GFLOP/s count every tap, padding included.
 */
import { setFlagsFromString } from "node:v8";
import { compile, kernelCache } from "tilewright";
import { formatTime, measure, printTable } from "./measure.js";
import { peakTasks } from "./peak.js";
import { setUp } from "./setUp.js";

/**
 * @typedef {import("tilewright").OpSpec} OpSpec
 * @typedef {import("tilewright").CompileOptions} CompileOptions
 * @param {OpSpec["value"]} value @param {OpSpec["filters"]} filters @param {number} rate @param {OpSpec["padding"]} [padding]
 * @returns {OpSpec}
 */
const spec = (value, filters, rate, padding = "SAME") => ({
  op: "atrousConv2dTranspose",
  value,
  filters,
  rate,
  padding,
});

/** @param {number} rate */
const atRate = (rate) => spec([1, 33, 33, 256], [3, 3, 256, 256], rate);

const LARGE = {
  "24x24x256 -> 256 r1": spec([1, 24, 24, 256], [3, 3, 256, 256], 1),
  "33x33x256 -> 256 r2": atRate(2),
  "64x64x64 -> 32 r2": spec([1, 64, 64, 64], [3, 3, 32, 64], 2),
  "56x56x64 -> 64 r4 VALID": spec([1, 56, 56, 64], [3, 3, 64, 64], 4, "VALID"),
};
const TINY = spec([1, 8, 8, 8], [3, 3, 8, 8], 2);

export async function run() {
  await shareOfPeak("128 bits, one thread", {}, false);
  await shareOfPeak("128 bits, one thread, accuracy fast", { accuracy: "fast" }, false);
  printTable("33x33x256 -> 256 by rate", await measure(await tasksOf(rates(), {})), "rate 2");
  await threads();
  await compiling();
  await calling();
  // Last: the flag is for the whole process.
  if (Number.parseInt(process.versions.v8, 10) >= 12) {
    setFlagsFromString("--experimental-wasm-revectorize");
    await shareOfPeak("256 bits by V8's revectorizer, one thread", { revectorize: true }, true);
    await shareOfPeak("the same, accuracy fast", { revectorize: true, accuracy: "fast" }, true);
  }
}

const rates = () => Object.fromEntries([2, 6, 12, 18].map((rate) => [`rate ${rate}`, atRate(rate)]));

/** @param {Record<string, OpSpec>} shapes @param {CompileOptions} options */
async function tasksOf(shapes, options) {
  const tasks = [];
  for (const [name, shape] of Object.entries(shapes)) {
    const { kernel, weights, flops } = await setUp(shape, options);
    const title = options.accuracy ? `${name}, ${kernel.algorithm}` : name;
    tasks.push({ name: title, flops, run: () => kernel.runSync(kernel.value, weights, kernel.output) });
  }
  return tasks;
}

const PEAK_CALLS = 80;

/** @param {string} title @param {CompileOptions} options @param {boolean} revectorize */
async function shareOfPeak(title, options, revectorize) {
  // As long as a kernel's call: short ones slip through between the disturbances of a shared machine.
  const peaks = peakTasks(revectorize).map(({ name, tile, flops, run }) => ({
    name: `${name} ${tile}`,
    flops: PEAK_CALLS * flops,
    run: () => {
      for (let i = 0; i < PEAK_CALLS; i++) run();
    },
  }));
  const kernels = await tasksOf(LARGE, options);
  const results = await measure([...peaks, ...kernels], { rounds: 15, roundMs: 40 });
  printTable(title, results);
  const speed = (/** @type {{ ms: number, flops?: number | undefined }} */ { ms, flops = 0 }) => flops / ms / 1e6;
  const peak = results.slice(0, peaks.length).reduce((best, next) => (speed(next) > speed(best) ? next : best));
  console.log(`  the peak is ${peak.name}`);
  for (const kernel of results.slice(peaks.length)) {
    console.log(`  ${kernel.name.padEnd(42)} ${((100 * speed(kernel)) / speed(peak)).toFixed(0)} % of it`);
  }
}

async function threads() {
  for (const [name, shape] of Object.entries(LARGE)) {
    const tasks = [];
    for (const count of [1, 2]) {
      const { kernel, weights, flops } = await setUp(shape, { threads: count });
      const title = count === 1 ? "one thread" : `${count} threads`;
      tasks.push({ name: title, flops, run: () => kernel.run(kernel.value, weights, kernel.output) });
    }
    printTable(name, await measure(tasks), "one thread");
  }
}

async function compiling() {
  const tasks = Object.entries({ ...rates(), ...LARGE, "8x8x8 -> 8 r2": TINY }).map(([name, shape]) => ({
    name: `compile ${name}`,
    run: () => {
      kernelCache.clear();
      return compile(shape, { target: "wasm" });
    },
  }));
  printTable("from spec to kernel, nothing cached", await measure(tasks));
  for (const [name, shape] of Object.entries(LARGE)) {
    const { kernel } = await setUp(shape, {});
    console.log(`  ${name}: ${kernel.explain().match(/\d+ bytes of code/)?.[0]}`);
  }
}

/** Calls are shorter than a timer's step: many at once. */
const CALLS = 200;

async function calling() {
  const { kernel, weights } = await setUp(TINY, {});
  const empty = await setUp(spec([0, 8, 8, 8], [3, 3, 8, 8], 2), {});
  const often = (/** @type {() => void} */ call) => () => {
    for (let i = 0; i < CALLS; i++) call();
  };
  const results = await measure([
    { name: "8x8x8 -> 8", run: often(() => kernel.runSync(kernel.value, weights, kernel.output)) },
    {
      name: "0x8x8x8 -> 8: nothing but the call",
      run: often(() => empty.kernel.runSync(empty.kernel.value, empty.weights)),
    },
  ]);
  console.log("\none call");
  for (const { name, ms, best, spread } of results) {
    console.log(
      `  ${name.padEnd(42)} ${formatTime(ms / CALLS)} ±${(100 * spread).toFixed(0)} %, best ${formatTime(best / CALLS)}`,
    );
  }
}
