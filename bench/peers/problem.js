// @ts-check
/**
 * One call as every contestant sees it: the convolution that it is, and the same data for all. Of tilewright's own op also the
 * sizes in the terms of TensorFlow's lowering.
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
 * @typedef {import("./layer.js").LayerSpec} LayerSpec
 * @typedef {readonly [number, number, number, number]} Shape4
 * @typedef {readonly [number, number]} Pair of rows and columns
 *
 * @typedef {object} Convolution in numbers for each axis, without data
 * @property {boolean} isTransposed
 * @property {Shape4} valueShape NHWC
 * @property {Shape4} outputShape NHWC
 * @property {Pair} taps
 * @property {Pair} strides
 * @property {Pair} dilations
 * @property {number} groups
 * @property {readonly [Pair, Pair]} pads [before, after] of rows and of columns; transposed: what is cropped there
 *
 * @typedef {object} Problem
 * @property {DenseSpec | LayerSpec} spec
 * @property {Convolution} stated
 * @property {Shape4} valueShape NHWC
 * @property {Shape4} outputShape NHWC
 * @property {Float32Array} value
 * @property {Float32Array} filters [kh, kw, Ci / groups, Co]; transposed: [kh, kw, Co / groups, Ci]
 *
 * @typedef {object} AtrousFields
 * @property {DenseSpec} spec
 * @property {number} batch
 * @property {number} inputs
 * @property {number} outputs
 * @property {Axis} y
 * @property {Axis} x
 * @property {boolean} isEven the ordinary convolution pads as TensorFlow's SAME does: as much behind as in front
 *
 * @typedef {Problem & AtrousFields} AtrousProblem
 */

/** @param {DenseSpec} spec @returns {AtrousProblem} */
export function problemOf(spec) {
  const [batch, height, width, inputs] = spec.value;
  const [kh, kw, outputs] = spec.filters;
  const y = axisOf(height, kh, spec);
  const x = axisOf(width, kw, spec);
  /** @type {Shape4} */
  const outputShape = [batch, y.output, x.output, outputs];
  return {
    spec,
    stated: {
      isTransposed: true,
      valueShape: spec.value,
      outputShape,
      taps: [kh, kw],
      strides: [1, 1],
      dilations: [spec.rate, spec.rate],
      groups: 1,
      pads: [y.transposed, x.transposed],
    },
    batch,
    inputs,
    outputs,
    y,
    x,
    isEven: spec.padding === "SAME" && [y, x].every(({ convolution: [before, after] }) => before === after),
    valueShape: spec.value,
    outputShape,
    value: randomFloats(batch * height * width * inputs, 1),
    filters: randomFloats(kh * kw * outputs * inputs, 2),
  };
}

/** A problem that TensorFlow's lowering is for; it knows no other. @param {Problem} problem @returns {AtrousProblem} */
export function atrous(problem) {
  if (!("y" in problem)) throw new Error(`${problem.spec.op} is not lowered to three ops`);
  return /** @type {AtrousProblem} */ (problem);
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
export const randomFloats = (count, seed) =>
  Float32Array.from({ length: count }, (_, i) => (Math.sin((i + 1) * 12.9898 + seed) * 43758.5453) % 1);

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
