// @ts-check
/** A layer of a model as a problem: strided, dilated, grouped or depthwise, ordinary or transposed. */
import { randomFloats } from "./problem.js";

/**
 * @typedef {import("./problem.js").Convolution} Convolution
 * @typedef {import("./problem.js").Shape4} Shape4
 * @typedef {import("./problem.js").Pair} Pair
 *
 * @typedef {object} LayerSpec a spec as tilewright compiles it, with all attributes said
 * @property {"conv2d" | "conv2dTranspose"} op
 * @property {Shape4} value NHWC
 * @property {Shape4} filters [kh, kw, Ci / groups, Co]; transposed: [kh, kw, Co / groups, Ci]
 * @property {Pair} strides
 * @property {Pair} dilations
 * @property {number} groups
 * @property {readonly [Pair, Pair]} padding [before, after] of rows and of columns; transposed: what is cropped there
 * @property {Shape4} [outputShape] transposed alone: strides leave open how long the output is
 */

/** @param {LayerSpec} spec @returns {import("./problem.js").Problem} */
export function layerProblemOf(spec) {
  const stated = convolutionOf(spec);
  const count = (/** @type {Shape4} */ shape) => shape.reduce((a, b) => a * b, 1);
  return {
    spec,
    stated,
    valueShape: stated.valueShape,
    outputShape: stated.outputShape,
    value: randomFloats(count(spec.value), 1),
    filters: randomFloats(count(spec.filters), 2),
  };
}

/** Twice the products of all taps, padding included; of a transposed one, with each element of the value. @param {LayerSpec} spec */
export function layerFlopsOf(spec) {
  const { isTransposed, valueShape, outputShape, taps, groups } = convolutionOf(spec);
  const [batch, height, width] = isTransposed ? valueShape : outputShape;
  return (2 * batch * height * width * taps[0] * taps[1] * valueShape[3] * outputShape[3]) / groups;
}

/** @param {LayerSpec} spec @returns {Convolution} */
function convolutionOf({ op, value, filters, strides, dilations, groups, padding, outputShape }) {
  const [kh, kw] = filters;
  const isTransposed = op === "conv2dTranspose";
  const [batch, ...image] = value;
  const size = (/** @type {0 | 1} */ axis) => {
    const span = (filters[axis] - 1) * dilations[axis] + 1;
    return Math.floor((image[axis] + padding[axis][0] + padding[axis][1] - span) / strides[axis]) + 1;
  };
  return {
    isTransposed,
    valueShape: value,
    outputShape: outputShape ?? [batch, size(0), size(1), filters[3]],
    taps: [kh, kw],
    strides,
    dilations,
    groups,
    pads: padding,
  };
}
