// @ts-check
/**
 * Reads the spec of a convolution as its owner means it, by code that shares nothing with the library: sizes, paddings,
 * groups and orders of dimensions in plain numbers. The answer is a problem, "illegal", or "unknown".
 */
import { forwardAxis, transposedAxis } from "./sizes.js";

/**
 * @typedef {object} Problem
 * @property {boolean} isTransposed
 * @property {number} batch
 * @property {number} groups
 * @property {number} inputs of a group
 * @property {number} outputs of a group
 * @property {readonly (import("./sizes.js").Axis & import("./sizes.js").Place)[]} axes
 * @property {string} layout
 * @property {string} filterLayout
 * @property {readonly number[]} value
 * @property {readonly number[]} filters
 * @property {readonly number[]} output
 * @property {boolean} bias
 * @property {any} activation
 */

/** @param {any} spec of a legal form @returns {Problem | "illegal" | "unknown"} */
export function problemOf(spec) {
  return spec.op === "atrousConv2dTranspose" || spec.rate !== undefined ? ratedProblem(spec) : familyProblem(spec);
}

/** The op of the library's name, and the convolution that is its gradient. @param {any} spec @returns {Problem | "illegal"} */
function ratedProblem({ op, value, filters, rate, padding, bias = false, activation }) {
  const isTransposed = op === "atrousConv2dTranspose";
  const rates = Array.isArray(rate) ? rate : [rate, rate];
  const axes = [1, 2].map((at) => {
    const [size, kernel, dilation] = [value[at], filters[at - 1], rates[at - 1]];
    const reach = (kernel - 1) * dilation;
    const output = padding === "SAME" ? size : isTransposed ? size + reach : size - reach;
    return { size, kernel, stride: 1, dilation, output, pad: padding === "SAME" ? Math.floor(reach / 2) : 0 };
  });
  const [inputs, outputs] = isTransposed ? [filters[3], filters[2]] : [filters[2], filters[3]];
  if (axes.some(({ output, kernel }) => output < 0 || kernel < 1) || inputs !== value[3] || outputs < 1)
    return "illegal";
  const output = [value[0], ...axes.map((axis) => axis.output), outputs];
  const orders = { layout: "NHWC", filterLayout: isTransposed ? "hwoi" : "hwio" };
  return {
    isTransposed,
    batch: value[0],
    groups: 1,
    inputs,
    outputs,
    axes,
    ...orders,
    value,
    filters,
    output,
    bias,
    activation,
  };
}

/** @param {any} spec @returns {Problem | "illegal" | "unknown"} */
function familyProblem(spec) {
  const { op, value, filters, convention = "tensorflow", groups: given = 1, padding, bias = false, activation } = spec;
  const image = "DHW".slice(-Number(/\d/.exec(op)?.[0]));
  const [isTransposed, isDepthwise] = [op.endsWith("Transpose"), op === "depthwiseConv2d"];
  const isFirst = !["tensorflow", "keras"].includes(convention);
  const layout = spec.layout ?? (isFirst ? `NC${image}` : `N${image}C`);
  const filterLayout = spec.filterLayout ?? filterOrder(image.toLowerCase(), { isFirst, isTransposed, isDepthwise });
  const at = (/** @type {readonly number[]} */ shape, /** @type {string} */ order, /** @type {string} */ letter) =>
    /** @type {number} */ (shape[order.indexOf(letter)]);
  const channels = at(value, layout, "C");
  const groups = isDepthwise ? channels : given;
  const inputs = channels / groups;
  const made = at(filters, filterLayout, isDepthwise ? "m" : "o");
  const outputs = isDepthwise || isTransposed ? made : made / groups;
  const read = at(filters, filterLayout, isDepthwise ? "c" : "i");
  if (!Number.isInteger(inputs) && groups > 0) return "illegal";
  if (!Number.isInteger(outputs) || read !== (isDepthwise || isTransposed ? channels : inputs)) return "illegal";
  if (outputs * groups < 1) return "illegal";
  if (convention === "pytorch" && padding === "SAME" && spec.strides?.some((/** @type {number} */ s) => s > 1))
    return "illegal";
  const places = [...image].map((letter, i) => {
    const axis = {
      size: at(value, layout, letter),
      kernel: at(filters, filterLayout, letter.toLowerCase()),
      stride: spec.strides?.[i] ?? 1,
      dilation: spec.dilations?.[i] ?? 1,
    };
    if (axis.kernel < 1) return undefined;
    const own = Array.isArray(padding) ? padding[i] : padding;
    const wish = { convention, padding: own, size: askedAt(spec, image, layout, i), more: spec.outputPadding?.[i] };
    const place = isTransposed ? transposedAxis(axis, wish) : forwardAxis(axis, own);
    return typeof place === "object" ? { ...axis, ...place } : place;
  });
  if (places.includes(undefined) || !isFitting(spec, places)) return "illegal";
  if (places.includes("unknown")) return "unknown";
  const axes = /** @type {Problem["axes"]} */ (places);
  const batch = at(value, layout, "N");
  const sizes = {
    N: batch,
    C: groups * outputs,
    ...Object.fromEntries(axes.map(({ output }, i) => [image[i], output])),
  };
  const output = [...layout].map((letter) => /** @type {Record<string, number>} */ (sizes)[letter] ?? 0);
  const asked = spec.outputShape;
  if (
    asked?.length === layout.length &&
    asked.some((/** @type {number} */ size, /** @type {number} */ i) => size !== output[i])
  )
    return "illegal";
  return {
    isTransposed,
    batch,
    groups,
    inputs,
    outputs,
    axes,
    layout,
    filterLayout,
    value,
    filters,
    output,
    bias,
    activation,
  };
}

/** @param {string} taps @param {{ isFirst: boolean, isTransposed: boolean, isDepthwise: boolean }} kind */
function filterOrder(taps, { isFirst, isTransposed, isDepthwise }) {
  if (isDepthwise) return `${taps}cm`;
  const last = isTransposed ? `${taps}oi` : `${taps}io`;
  const first = isTransposed ? `io${taps}` : `oi${taps}`;
  return isFirst ? first : last;
}

/** The size that is asked for, along one axis. @param {any} spec @param {string} image @param {string} layout @param {number} i */
function askedAt({ outputShape }, image, layout, i) {
  if (outputShape === undefined || outputShape.length === image.length) return outputShape?.[i];
  return outputShape[layout.indexOf(image[i] ?? "")];
}

/** Rules on what may stand beside what. @param {any} spec @param {readonly any[]} places */
function isFitting({ convention, outputShape, outputPadding, padding }, places) {
  if (outputShape && (outputPadding || convention === "keras")) return false;
  if (outputPadding && (convention === undefined || convention === "tensorflow")) return false;
  if (outputShape && convention === "onnx" && Array.isArray(padding)) return false;
  const limit = ({ stride = 1, dilation = 1 }) =>
    convention === "onnx" || convention === "pytorch" ? Math.max(stride, dilation) : stride;
  return !outputPadding?.some(
    (/** @type {number} */ rows, /** @type {number} */ i) => rows >= limit(Object(places[i])),
  );
}
