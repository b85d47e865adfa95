// @ts-check
/**
 * The op as an ONNX model of one node, in ONNX's own layout (NCHW): as Conv with the filters flipped and their channels
 * swapped, or as ConvTranspose with dilations.
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { permute } from "../problem.js";

const FLOAT = 1;
const INTS = 7;
const IR_VERSION = 8;
const OPSET = 17;

/**
 * @typedef {import("../problem.js").Problem} Problem
 * @typedef {{ bytes: Uint8Array, inputShape: number[], outputShape: number[] }} OnnxModel with `value` and `output` in NCHW
 */

/** @param {Problem} problem */
export function asConv(problem) {
  const filters = permute(problem.filters, problem.spec.filters, [2, 3, 0, 1], [0, 1]);
  const { outputs, inputs, y, x } = problem;
  return modelOf(problem, "Conv", [outputs, inputs, y.taps, x.taps], filters, [y.convolution, x.convolution]);
}

/** @param {Problem} problem */
export function asConvTranspose(problem) {
  const filters = permute(problem.filters, problem.spec.filters, [3, 2, 0, 1]);
  const { outputs, inputs, y, x } = problem;
  return modelOf(problem, "ConvTranspose", [inputs, outputs, y.taps, x.taps], filters, [y.transposed, x.transposed]);
}

/**
 * @param {Problem} problem @param {string} opType @param {number[]} dims of the filters @param {Float32Array} filters
 * @param {[number, number][]} pads of rows and columns
 * @returns {OnnxModel}
 */
function modelOf({ batch, inputs, outputs, y, x }, opType, dims, filters, pads) {
  const inputShape = [batch, inputs, y.size, x.size];
  const outputShape = [batch, outputs, y.output, x.output];
  const attribute = Object.entries({
    dilations: [y.rate, x.rate],
    kernel_shape: [y.taps, x.taps],
    pads: [0, 1].flatMap((end) => pads.map((pad) => pad[end])),
  }).map(([name, ints]) => ({ name, ints, type: INTS }));
  const graph = {
    name: "call",
    node: [{ op_type: opType, input: ["value", "filters"], output: ["output"], attribute }],
    initializer: [{ name: "filters", dims, data_type: FLOAT, raw_data: new Uint8Array(filters.buffer) }],
    input: [tensorInfo("value", inputShape)],
    output: [tensorInfo("output", outputShape)],
  };
  return {
    bytes: encode({ ir_version: IR_VERSION, opset_import: [{ version: OPSET }], graph }),
    inputShape,
    outputShape,
  };
}

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
