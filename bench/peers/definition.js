// @ts-check
/** The check that each contestant must pass before it is timed: outputs by definition, in float64. */

/**
 * @typedef {import("./problem.js").Problem} Problem
 * @typedef {import("./problem.js").Convolution} Convolution
 */

/** How many products a check may cost; shapes with more are checked at evenly spread outputs. */
const CHECKED_PRODUCTS = 2e7;

/**
 * Compares with the definition. K products summed in any order are off by at most (K + 2) * 2^-24 * sum|v*w|.
 * @param {Problem} problem @param {Float32Array} output NHWC
 * @returns {number} the largest error as a share of that bound; above 1 is wrong
 */
export function worstError(problem, output) {
  const { valueShape, outputShape, groups } = problem.stated;
  const count = outputShape.reduce((a, b) => a * b, 1);
  if (output.length !== count) throw new Error(`the output has ${output.length} elements instead of ${count}`);
  const products = (tapsOf(problem.stated, 0) * tapsOf(problem.stated, 1) * valueShape[3]) / groups;
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

/** How many taps an output can have: strides of a transposed one share them out. @param {Convolution} stated @param {0 | 1} axis */
const tapsOf = ({ isTransposed, taps, strides, dilations }, axis) =>
  isTransposed && dilations[axis] === 1 ? Math.ceil(taps[axis] / strides[axis]) : taps[axis];

/** One output by definition, and the sum of the magnitudes of its terms. @param {Problem} problem @param {number} at */
export function definition({ value, filters, stated }, at) {
  const { isTransposed, taps, groups } = stated;
  const [, height, width, inputs] = stated.valueShape;
  const [, outputHeight, outputWidth, outputs] = stated.outputShape;
  const oc = at % outputs;
  const ox = Math.floor(at / outputs) % outputWidth;
  const oy = Math.floor(at / (outputs * outputWidth)) % outputHeight;
  const n = Math.floor(at / (outputs * outputWidth * outputHeight));
  const [read, written] = [inputs / groups, outputs / groups];
  const first = Math.floor(oc / written) * read;
  let sum = 0;
  let magnitude = 0;
  for (let ky = 0; ky < taps[0]; ky++) {
    const iy = placeOf(stated, 0, oy, ky);
    if (!Number.isInteger(iy) || iy < 0 || iy >= height) continue;
    for (let kx = 0; kx < taps[1]; kx++) {
      const ix = placeOf(stated, 1, ox, kx);
      if (!Number.isInteger(ix) || ix < 0 || ix >= width) continue;
      const v = ((n * height + iy) * width + ix) * inputs + first;
      const tap = ky * taps[1] + kx;
      const w = isTransposed ? (tap * written + (oc % written)) * inputs + first : tap * read * outputs + oc;
      const step = isTransposed ? 1 : outputs;
      for (let i = 0; i < read; i++) {
        const product = (value[v + i] ?? 0) * (filters[w + i * step] ?? 0);
        sum += product;
        magnitude += Math.abs(product);
      }
    }
  }
  return { sum, magnitude };
}

/**
 * The row or column of the value that a tap meets; no integer where it meets none.
 * @param {Convolution} stated @param {0 | 1} axis @param {number} to of the output @param {number} tap
 */
function placeOf({ isTransposed, strides, dilations, pads }, axis, to, tap) {
  const before = pads[axis][0];
  const reach = tap * dilations[axis];
  return isTransposed ? (to + before - reach) / strides[axis] : to * strides[axis] + reach - before;
}
