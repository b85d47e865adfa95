// @ts-check
/**
 * One call as every contestant sees it: the sizes in the terms of the three ways to compute it, the same data for all, and
 * the check that each must pass before it is timed.
 */

/**
 * One axis of the image. Pads and crops are [before, after].
 * @typedef {object} Axis
 * @property {number} size of the value
 * @property {number} taps of the filters
 * @property {number} rate
 * @property {number} output
 * @property {number} crop what is cut off in front: pt or pl
 * @property {[number, number]} transposed crops of a transposed convolution
 * @property {[number, number]} convolution pads of an ordinary convolution with flipped filters
 * @property {Detour} detour
 *
 * @typedef {object} Detour TensorFlow's own lowering: one dense problem for each phase, rate x rate of them
 * @property {[number, number]} pads of spaceToBatchND, which make the size a multiple of the rate
 * @property {number} size of a phase, before the transposed convolution
 * @property {number} output of a phase, after it
 * @property {[number, number]} crops of batchToSpaceND
 *
 * @typedef {import("tilewright").OpSpec & { readonly rate: number }} DenseSpec with one rate for both axes
 *
 * @typedef {object} Problem
 * @property {DenseSpec} spec
 * @property {number} batch
 * @property {number} inputs
 * @property {number} outputs
 * @property {Axis} y
 * @property {Axis} x
 * @property {boolean} isEven the ordinary convolution pads as TensorFlow's SAME does: as much behind as in front
 * @property {readonly [number, number, number, number]} valueShape NHWC
 * @property {readonly [number, number, number, number]} outputShape NHWC
 * @property {Float32Array} value
 * @property {Float32Array} filters [kh, kw, Co, Ci]
 */

/** @param {DenseSpec} spec @returns {Problem} */
export function problemOf(spec) {
  const [batch, height, width, inputs] = spec.value;
  const [kh, kw, outputs] = spec.filters;
  const y = axisOf(height, kh, spec);
  const x = axisOf(width, kw, spec);
  return {
    spec,
    batch,
    inputs,
    outputs,
    y,
    x,
    isEven: spec.padding === "SAME" && [y, x].every(({ convolution: [before, after] }) => before === after),
    valueShape: spec.value,
    outputShape: [batch, y.output, x.output, outputs],
    value: randomFloats(batch * height * width * inputs, 1),
    filters: randomFloats(kh * kw * outputs * inputs, 2),
  };
}

/** Floating-point operations of a call. Every tap counts, padding included. @param {DenseSpec} spec */
export function flopsOf(spec) {
  const [batch, height, width, inputs] = spec.value;
  const [kh, kw, outputs] = spec.filters;
  return 2 * batch * axisOf(height, kh, spec).output * axisOf(width, kw, spec).output * kh * kw * inputs * outputs;
}

/** @param {number} size @param {number} taps @param {{ rate: number, padding: string }} attributes @returns {Axis} */
function axisOf(size, taps, { rate, padding }) {
  const reach = (taps - 1) * rate;
  const full = size + reach;
  const output = padding === "SAME" ? size : full;
  const crop = padding === "SAME" ? Math.floor(reach / 2) : 0;
  const after = full - crop - output;
  const filler = (rate - (full % rate)) % rate;
  return {
    size,
    taps,
    rate,
    output,
    crop,
    transposed: [crop, after],
    convolution: [reach - crop, reach - after],
    detour: {
      pads: [0, filler],
      size: (size + filler) / rate,
      output: (full + filler) / rate,
      crops: [crop, after + filler],
    },
  };
}

/** The same numbers in every process, in (-1, 1). @param {number} count @param {number} seed */
const randomFloats = (count, seed) =>
  Float32Array.from({ length: count }, (_, i) => (Math.sin((i + 1) * 12.9898 + seed) * 43758.5453) % 1);

/** How many products a check may cost; shapes with more are checked at evenly spread outputs. */
const CHECKED_PRODUCTS = 2e7;

/**
 * Compares with the definition, in float64. K products summed in any order are off by at most (K + 2) * 2^-24 * sum|v*w|.
 * @param {Problem} problem @param {Float32Array} output NHWC
 * @returns {number} the largest error as a share of that bound; above 1 is wrong
 */
export function worstError(problem, output) {
  const { batch, inputs, outputs, y, x } = problem;
  const count = batch * y.output * x.output * outputs;
  if (output.length !== count) throw new Error(`the output has ${output.length} elements instead of ${count}`);
  const products = y.taps * x.taps * inputs;
  const points = Math.min(count, Math.ceil(CHECKED_PRODUCTS / products));
  const epsilon = (products + 2) * 2 ** -24;
  let worst = 0;
  for (let i = 0; i < points; i++) {
    const at = Math.floor((i * count) / points);
    const { sum, magnitude } = definition(problem, at);
    const error = Math.abs((output[at] ?? Number.NaN) - sum);
    if (Number.isNaN(error)) return Number.POSITIVE_INFINITY;
    if (error > 0) worst = Math.max(worst, error / (epsilon * magnitude));
  }
  return worst;
}

/** One output by definition, and the sum of the magnitudes of its terms. @param {Problem} problem @param {number} at */
function definition({ value, filters, inputs, outputs, y, x }, at) {
  const oc = at % outputs;
  const ox = Math.floor(at / outputs) % x.output;
  const oy = Math.floor(at / (outputs * x.output)) % y.output;
  const n = Math.floor(at / (outputs * x.output * y.output));
  let sum = 0;
  let magnitude = 0;
  for (let ky = 0; ky < y.taps; ky++) {
    const iy = oy + y.crop - ky * y.rate;
    if (iy < 0 || iy >= y.size) continue;
    for (let kx = 0; kx < x.taps; kx++) {
      const ix = ox + x.crop - kx * x.rate;
      if (ix < 0 || ix >= x.size) continue;
      const v = ((n * y.size + iy) * x.size + ix) * inputs;
      const w = ((ky * x.taps + kx) * outputs + oc) * inputs;
      for (let i = 0; i < inputs; i++) {
        const product = (value[v + i] ?? 0) * (filters[w + i] ?? 0);
        sum += product;
        magnitude += Math.abs(product);
      }
    }
  }
  return { sum, magnitude };
}

/**
 * The same elements with the axes in another order, some of them back to front.
 * @param {Float32Array} data @param {readonly number[]} shape four sizes
 * @param {readonly number[]} order the old axes as the new shape has them: NHWC to NCHW is [0, 3, 1, 2]
 * @param {readonly number[]} [flipped] old axes
 */
export function permute(data, shape, order, flipped = []) {
  const steps = [0, 0, 0, 0];
  let start = 0;
  let step = 1;
  for (const axis of order.toReversed()) {
    const size = shape[axis] ?? 0;
    steps[axis] = flipped.includes(axis) ? -step : step;
    if (flipped.includes(axis)) start += (size - 1) * step;
    step *= size;
  }
  const [a = 0, b = 0, c = 0, d = 0] = shape;
  const [stepA = 0, stepB = 0, stepC = 0, stepD = 0] = steps;
  const result = new Float32Array(data.length);
  let from = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < c; k++)
        for (let l = 0; l < d; l++) result[start + i * stepA + j * stepB + k * stepC + l * stepD] = data[from++] ?? 0;
  return result;
}
