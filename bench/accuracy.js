// @ts-check
/**
 * Errors as they are met, beside the bound that kernels state: tiles of Winograd's algorithm and the direct one, by number of
 * channels and kind of data, against sums in float64. Sums of a channel are off in units of 2^-24 * max |value| * the sum of
 * its |filters|, in which the bound is stated, and relative to the largest of all outputs.
 */
import { compile, interpret } from "tilewright";

/**
 * @typedef {import("tilewright").OpSpec} OpSpec
 * @typedef {NonNullable<import("tilewright").CompileOptions["algorithm"]>} Algorithm
 * @typedef {() => number} Random
 */

/**
 * Filters, and the tiles for them.
 * @type {readonly { rows: number, columns: number, tiles: readonly (readonly [rows: number, columns: number])[] }[]}
 */
const FILTERS = [
  { rows: 3, columns: 3, tiles: [2, 3, 4, 6].map((size) => [size, size]) },
  { rows: 5, columns: 5, tiles: [2, 4].map((size) => [size, size]) },
  { rows: 1, columns: 3, tiles: [[1, 4]] },
];

const CHANNELS = [16, 64, 256];

/** Input values from normal ones. @type {Readonly<Record<string, (normal: Random, uniform: Random) => number>>} */
const DATA = {
  "normal (0, 1)": (normal) => normal(),
  "the same after relu": (normal) => Math.max(0, normal()),
  "uniform in 0 .. 1": (_, uniform) => uniform(),
};

/** Of all tiles a multiple. */
const PIXELS = 24;
const OUTPUTS = 16;

export async function run() {
  console.log(
    `${PIXELS}x${PIXELS} pixels, ${OUTPUTS} output channels, filters normal (0, 1); ` +
      "units of 2^-24 * max |value| * sum of |filters|; then relative to max |output|",
  );
  for (const [name, pick] of Object.entries(DATA)) {
    console.log(`\nvalues ${name}`);
    console.log(row("", "channels", "median", "maximum", "bound", "median", "maximum"));
    for (const { rows, columns, tiles } of FILTERS) {
      /** @type {readonly Algorithm[]} */
      const algorithms = ["direct", ...tiles.map((tile) => /** @type {const} */ ({ kind: "winograd", tile }))];
      const calls = CHANNELS.map((channels) => callOf(specOf(rows, columns, channels), pick));
      for (const algorithm of algorithms) {
        for (const call of calls) await printErrors(`${rows}x${columns}`, call, algorithm);
      }
    }
  }
}

/** @param {number} rows @param {number} columns @param {number} channels @returns {OpSpec} */
const specOf = (rows, columns, channels) => ({
  op: "conv2d",
  value: [1, PIXELS, PIXELS, channels],
  filters: [rows, columns, channels, OUTPUTS],
  rate: 1,
  padding: "SAME",
});

/** @param {OpSpec} spec @param {(normal: Random, uniform: Random) => number} pick */
function callOf(spec, pick) {
  const count = (/** @type {readonly number[]} */ sizes) => sizes.reduce((a, b) => a * b, 1);
  const uniform = uniforms();
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const value = Float32Array.from({ length: count(spec.value) }, () => pick(normal, uniform));
  const filters = Float32Array.from({ length: count(spec.filters) }, normal);
  const sums = new Float64Array(OUTPUTS); // output channels come last in the filters, and in the output
  filters.forEach((x, i) => {
    sums[i % OUTPUTS] = /** @type {number} */ (sums[i % OUTPUTS]) + Math.abs(x);
  });
  const units = sums.map((sum) => 2 ** -24 * largest(value) * sum);
  return { spec, value, filters, units, expected: interpret(spec, value, filters) };
}

/** @param {string} size @param {ReturnType<typeof callOf>} call @param {Algorithm} algorithm */
async function printErrors(size, { spec, value, filters, units, expected }, algorithm) {
  const kernel = await compile(spec, { algorithm });
  const output = kernel.runSync(value, kernel.prepare(filters));
  const bound = kernel.errorBound * 2 ** 24;
  const errors = expected.map((x, i) => Math.abs(x - /** @type {number} */ (output[i])));
  const inUnits = errors.map((error, i) => error / /** @type {number} */ (units[i % OUTPUTS]));
  const highest = largest(expected);
  const relative = errors.map((error) => error / highest);
  const name = kernel.algorithm === "direct" ? `direct, ${size}` : kernel.algorithm;
  kernel.dispose();
  const fixed = (/** @type {number} */ x) => x.toFixed(x < 10 ? 2 : 0);
  const cells = [median(inUnits), largest(inUnits), bound].map(fixed);
  const shares = [median(relative), largest(relative)].map((x) => x.toExponential(1));
  console.log(row(name, String(spec.value[3]), ...cells, ...shares));
  if (!(largest(inUnits) <= bound)) throw new Error(`${name} is further off than its bound of ${fixed(bound)}`);
}

/** @param {string} name @param {readonly string[]} cells */
const row = (name, ...cells) => `  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(10)).join("")}`;

/** @param {Float64Array} numbers */
const median = (numbers) => numbers.toSorted()[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** @param {Float64Array | Float32Array} numbers NaN where one of them is */
const largest = (numbers) => {
  let max = 0;
  for (const x of numbers) max = Math.max(max, Math.abs(x));
  return max;
};

/** The same numbers from 0 up to 1 on every run. @returns {Random} */
function uniforms() {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
