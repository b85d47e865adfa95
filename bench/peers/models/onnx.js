// @ts-check
/**
 * A convolution as an ONNX model in ONNX's own layout (NCHW): as Conv, of a transposed one with the filters flipped and their
 * channels swapped, or as ConvTranspose.
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { ordinaryOf } from "../ordinary.js";
import { permute } from "../problem.js";

const FLOAT = 1;
const INT64 = 7;
const INT = 2;
const INTS = 7;
const IR_VERSION = 8;
const OPSET = 17;

/**
 * @typedef {import("../problem.js").Problem} Problem
 * @typedef {import("../problem.js").Convolution} Convolution
 * @typedef {{ bytes: Uint8Array, inputShape: number[], outputShape: number[] }} OnnxModel with `value` and `output` in NCHW
 * @typedef {{ name: string, dims: readonly number[], data: Float32Array | BigInt64Array }} Initializer
 * @typedef {{ op: string, given: readonly Initializer[], attributes?: Record<string, readonly number[] | number> }} Node
 *   it reads the result of the node before it, then what is given
 */

/** @param {Problem} problem */
export function asConv(problem) {
  const { convolution, filters, interleaving } = ordinaryOf(problem);
  const { taps, groups, valueShape, outputShape } = convolution;
  const [read, outputs] = [valueShape[3] / groups, outputShape[3]];
  const conv = convNode("Conv", convolution, {
    name: "filters",
    dims: [outputs, read, ...taps],
    data: permute(filters, [...taps, read, outputs], [3, 2, 0, 1]),
  });
  return modelOf(problem, interleaving ? [conv, ...interleavingNodes(interleaving, convolution)] : [conv]);
}

/** @param {Problem} problem */
export function asConvTranspose(problem) {
  const { taps, groups, valueShape, outputShape } = problem.stated;
  const [inputs, written] = [valueShape[3], outputShape[3] / groups];
  const filters = {
    name: "filters",
    dims: [inputs, written, ...taps],
    data: permute(problem.filters, [...taps, written, inputs], [3, 2, 0, 1]),
  };
  return modelOf(problem, [convNode("ConvTranspose", problem.stated, filters)]);
}

/** @param {string} op @param {Convolution} convolution @param {Initializer} filters @returns {Node} */
const convNode = (op, { taps, strides, dilations, groups, pads: [y, x] }, filters) => ({
  op,
  given: [filters],
  attributes: { kernel_shape: taps, strides, dilations, group: groups, pads: [y[0], x[0], y[1], x[1]] },
});

/** @param {import("../ordinary.js").Interleaving} interleaving @param {Convolution} convolution @returns {Node[]} */
function interleavingNodes({ steps: [sy, sx], whole, crops: [y, x] }, { outputShape, groups }) {
  const [batch, height, width] = outputShape;
  const [, wholeHeight, wholeWidth, outputs] = whole;
  /** @type {Node[]} */
  const nodes = [
    { op: "Reshape", given: [integers("phases", [batch, groups, sy, sx, outputs / groups, height, width])] },
    { op: "Transpose", given: [], attributes: { perm: [0, 1, 4, 5, 2, 6, 3] } },
    { op: "Reshape", given: [integers("whole", [batch, outputs, wholeHeight, wholeWidth])] },
  ];
  if ([...y, ...x].some((crop) => crop > 0)) {
    const ends = integers("ends", [wholeHeight - y[1], wholeWidth - x[1]]);
    nodes.push({ op: "Slice", given: [integers("starts", [y[0], x[0]]), ends, integers("axes", [2, 3])] });
  }
  return nodes;
}

/** @param {string} name @param {readonly number[]} numbers @returns {Initializer} */
const integers = (name, numbers) => ({ name, dims: [numbers.length], data: BigInt64Array.from(numbers, BigInt) });

/** @param {Problem} problem @param {readonly Node[]} nodes @returns {OnnxModel} */
function modelOf({ valueShape, outputShape }, nodes) {
  const [inputShape, resultShape] = [channelsFirst(valueShape), channelsFirst(outputShape)];
  const result = (/** @type {number} */ i) => (i === nodes.length - 1 ? "output" : `result${i}`);
  const graph = {
    name: "call",
    node: nodes.map(({ op, given, attributes = {} }, i) => ({
      op_type: op,
      input: [i === 0 ? "value" : result(i - 1), ...given.map(({ name }) => name)],
      output: [result(i)],
      attribute: Object.entries(attributes).map(([name, value]) =>
        typeof value === "number" ? { name, i: value, type: INT } : { name, ints: value, type: INTS },
      ),
    })),
    initializer: nodes.flatMap(({ given }) =>
      given.map(({ name, dims, data }) => ({
        name,
        dims,
        data_type: data instanceof Float32Array ? FLOAT : INT64,
        raw_data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      })),
    ),
    input: [tensorInfo("value", inputShape)],
    output: [tensorInfo("output", resultShape)],
  };
  return {
    bytes: encode({ ir_version: IR_VERSION, opset_import: [{ version: OPSET }], graph }),
    inputShape,
    outputShape: resultShape,
  };
}

/** @param {import("../problem.js").Shape4} shape NHWC */
const channelsFirst = ([batch, height, width, channels]) => [batch, channels, height, width];

/** @param {string} name @param {number[]} shape */
const tensorInfo = (name, shape) => ({
  name,
  type: { tensor_type: { elem_type: FLOAT, shape: { dim: shape.map((size) => ({ dim_value: size })) } } },
});

/** @param {object} model @returns {Uint8Array} */
function encode(model) {
  const { Root } = createRequire(import.meta.url)("protobufjs");
  const schema = new Root().loadSync(fileURLToPath(new URL("onnx.proto", import.meta.url)), { keepCase: true });
  return schema.lookupType("ModelProto").encode(model).finish();
}
