// @ts-check
/**
 * The starlet transform, the "à trous" wavelets of astronomers, on a photograph by the Hubble Space Telescope
 * (a crop of the eXtreme Deep Field, NASA/ESA, public domain).
 *
 * Smooth a picture again and again with one small filter whose taps spread twice as far each time: that is
 * atrousConv2dTranspose at rates 1, 2, 4, 8, 16. What a smoothing takes away is a wavelet plane: it holds the
 * structures of one size. All planes together are the picture again, and in them stars and galaxies stand out from
 * the noise.
 *
 *     node examples/starlet/starlet.js        then open examples/starlet/out/index.html
 */
import { fileURLToPath } from "node:url";
import { compile } from "tilewright";
import { detect, median } from "./detect.js";
import { publish } from "./page.js";
import { readGrey } from "./png.js";
import { compare } from "./tensorflow.js";

const { width, height, data: photograph } = readGrey(new URL("hubble_512.png", import.meta.url));

// 1. One kernel for each scale, and one filter for all: a B3 spline in both directions, which adds up to 1.
const spline = [1, 4, 6, 4, 1].map((weight) => weight / 16);
const filters = { shape: [5, 5, 1, 1], data: Float32Array.from(spline.flatMap((a) => spline.map((b) => a * b))) };

/** @param {number} rate */
async function smoother(rate) {
  const start = performance.now();
  const kernel = await compile({
    op: "atrousConv2dTranspose",
    value: [1, height, width, 1],
    filters: [5, 5, 1, 1],
    rate,
    padding: "SAME",
  });
  const compileMs = performance.now() - start;
  return { rate, kernel, weights: kernel.prepare(filters), compileMs };
}

/** @type {Awaited<ReturnType<typeof smoother>>[]} */
const scales = [];
for (const rate of [1, 2, 4, 8, 16]) scales.push(await smoother(rate));

/**
 * The transform: each step smooths once more, and keeps what that took away.
 * @param {Float32Array} picture
 */
async function starlet(picture) {
  const steps = [];
  let current = picture;
  for (const scale of scales) {
    const start = performance.now();
    const smoothed = await scale.kernel.run(current, scale.weights);
    const runMs = performance.now() - start;
    steps.push({ ...scale, smoothed, plane: minus(current, smoothed), runMs });
    current = smoothed;
  }
  return steps;
}

/** @param {Float32Array} a @param {Float32Array} b */
function plus(a, b) {
  return a.map((value, index) => value + Number(b[index]));
}

/** @param {Float32Array} a @param {Float32Array} b */
function minus(a, b) {
  return a.map((value, index) => value - Number(b[index]));
}

// 2. Beyond the frame a SAME kernel sees zeros. The sky comes off first, then zero *is* the sky and the frame casts
// no shadow. Grey levels are whole numbers, so nothing is lost.
const sky = median(photograph);
const steps = await starlet(photograph.map((value) => value - sky));
const planes = steps.map(({ plane }) => plane);

// 3. Back again: what the last smoothing left, plus all planes. Planes and sums are rounded to float32, which keeps
// this far below half a grey level of the photograph: rounded to 8 bits it is the photograph.
const rest = steps.at(-1)?.smoothed ?? photograph;
const rebuilt = planes.reduceRight(plus, rest).map((value) => value + sky);
const deviation = minus(rebuilt, photograph).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const exact = rebuilt.every((value, index) => Math.round(value) === photograph[index]);

// 4. Stars and galaxies.
const objects = detect(planes, width);

// 5. Is it right? TensorFlow recorded what it makes of the photograph as it is, sky and all.
const checks = (await starlet(photograph)).map((step) => ({ ...step, ...compare(step.rate, step.smoothed, width) }));

console.log(`Starlet transform of ${width}x${height} pixels, target ${scales[0]?.kernel.target}\n`);
console.log("scale  rate  compile ms  run ms  largest difference from TensorFlow  verdict");
for (const [index, { rate, compileMs, runMs, difference, verdict }] of checks.entries()) {
  const cells = [index + 1, rate, compileMs.toFixed(1), runMs.toFixed(1), difference.toPrecision(2)];
  const widths = [5, 4, 10, 6, 34];
  console.log([...cells.map((cell, column) => `${cell}`.padStart(widths[column] ?? 0)), verdict].join("  "));
}

const wrong = checks
  .filter(({ correct }) => !correct)
  .map(({ rate }) => `At rate ${rate} we differ from TensorFlow by more than rounding explains.`);
if (!exact) wrong.push(`The rebuilt picture is off by up to ${deviation} grey levels: it is not the photograph.`);
if (wrong.length > 0) {
  console.error(`\n${wrong.join("\n")}`);
  process.exit(1);
}

// 6. The pictures, side by side.
const engine = `Node ${process.versions.node} (${scales[0]?.kernel.target})`;
const results = { width, photograph, rebuilt, deviation, sky, steps, checks, objects, engine };
const file = publish(new URL("out/", import.meta.url), results);
console.log(`
Rebuilt from its planes, the photograph is off by ${deviation.toPrecision(2)} grey levels at most; rounded to 8 bits, it is equal.
${objects.length} objects found: open ${fileURLToPath(file)}`);

for (const { kernel } of scales) kernel.dispose();
