// @ts-check
/**
 * A convolution as a TFLite model: as CONV_2D or DEPTHWISE_CONV_2D, of a transposed one with the filters flipped and their channels
 * swapped; as TRANSPOSE_CONV; or as the three ops that TensorFlow turns its own op into. Field numbers are those of TensorFlow's
 * schema.fbs, version 3.
 */
import { hasPads, isDepthwise, ordinaryOf, padsAsSame } from "../ordinary.js";
import { permute } from "../problem.js";
import { Flatbuffer } from "./flatbuffer.js";

/** Codes of BuiltinOperator; the kind of its options in the union BuiltinOptions; the op's version. */
const OPS = {
  CONV_2D: { code: 3, options: 1, version: 1 },
  DEPTHWISE_CONV_2D: { code: 4, options: 2, version: 2 },
  RESHAPE: { code: 22, options: 17, version: 1 },
  PAD: { code: 34, options: 22, version: 1 },
  BATCH_TO_SPACE_ND: { code: 37, options: 24, version: 1 },
  SPACE_TO_BATCH_ND: { code: 38, options: 25, version: 1 },
  TRANSPOSE: { code: 39, options: 26, version: 1 },
  SLICE: { code: 65, options: 48, version: 1 },
  TRANSPOSE_CONV: { code: 67, options: 49, version: 3 },
};
const SCHEMA_VERSION = 3;
const FLOAT32 = 0;
const INT32 = 2;
const SAME = 0;
const VALID = 1;

/**
 * @typedef {import("../problem.js").Problem} Problem
 * @typedef {import("../problem.js").AtrousProblem} AtrousProblem
 * @typedef {import("../problem.js").Convolution} Convolution
 * @typedef {import("./flatbuffer.js").Field} Field
 * @typedef {{ shape: readonly number[], data?: Float32Array | Int32Array }} Tensor
 * @typedef {{ op: keyof typeof OPS, inputs: readonly Tensor[], output: Tensor, options?: readonly Field[] }} Operator
 */

/** @param {Problem} problem @returns {Uint8Array} */
export function asConv2d(problem) {
  const { convolution, filters, interleaving } = ordinaryOf(problem);
  const { valueShape, pads } = convolution;
  const isSame = padsAsSame(convolution);
  const value = { shape: valueShape };
  /** @type {Operator[]} */
  const operators = [];
  let padded = value;
  // They pad as TensorFlow does or not at all; other pads are an op of their own.
  if (!isSame && hasPads(convolution)) {
    const [[top, bottom], [left, right]] = pads;
    const [batch, height, width, channels] = valueShape;
    padded = { shape: [batch, top + height + bottom, left + width + right, channels] };
    const sizes = ints([0, 0, top, bottom, left, right, 0, 0], [4, 2]);
    operators.push({ op: "PAD", inputs: [value, sizes], output: padded });
  }
  const output = { shape: convolution.outputShape };
  operators.push(convOperator(convolution, filters, isSame, padded, output));
  if (interleaving) operators.push(...interleavingOperators(interleaving, output));
  return encode(value, operators);
}

/** @param {Convolution} convolution @param {Float32Array} filters @param {boolean} isSame @param {Tensor} value @param {Tensor} output @returns {Operator} */
function convOperator(convolution, filters, isSame, value, output) {
  const { taps, strides, dilations, groups, valueShape, outputShape } = convolution;
  const [read, outputs] = [valueShape[3] / groups, outputShape[3]];
  const shared = /** @type {Field[]} */ ([
    ["Int8", isSame ? SAME : VALID],
    ["Int32", strides[1]],
    ["Int32", strides[0]],
  ]);
  const rates = /** @type {Field[]} */ ([
    ["Int32", dilations[1]],
    ["Int32", dilations[0]],
  ]);
  const bias = biasOf(outputs);
  if (isDepthwise(convolution)) {
    const weights = { shape: [1, ...taps, outputs], data: filters };
    // padding, strides, outputs for each input, activation, dilations
    const options = /** @type {Field[]} */ ([...shared, ["Int32", outputs / groups], ["Int8", 0], ...rates]);
    return { op: "DEPTHWISE_CONV_2D", inputs: [value, weights, bias], output, options };
  }
  const weights = {
    shape: [outputs, ...taps, read],
    data: permute(filters, [...taps, read, outputs], [3, 0, 1, 2]),
  };
  // padding, strides, activation, dilations
  return { op: "CONV_2D", inputs: [value, weights, bias], output, options: [...shared, ["Int8", 0], ...rates] };
}

/** @param {import("../ordinary.js").Interleaving} interleaving @param {Tensor} phases @returns {Operator[]} */
function interleavingOperators({ apart, whole, crops }, phases) {
  const reshape = (/** @type {Tensor} */ input, /** @type {Tensor} */ output) =>
    /** @type {Operator} */ ({ op: "RESHAPE", inputs: [input, ints(output.shape, [4])], output });
  const result = { shape: whole };
  if (!apart) return [reshape(phases, result), ...sliceOf(result, crops)];
  const [a, b, c, d] = apart;
  const [before, after] = [{ shape: apart }, { shape: [a, c, b, d] }];
  return [
    reshape(phases, before),
    { op: "TRANSPOSE", inputs: [before, ints([0, 2, 1, 3], [4])], output: after },
    reshape(after, result),
    ...sliceOf(result, crops),
  ];
}

/** Nothing where nothing is cropped. @param {Tensor} whole @param {Convolution["pads"]} crops @returns {Operator[]} */
function sliceOf(whole, [[top, bottom], [left, right]]) {
  if (top + bottom + left + right === 0) return [];
  const [batch = 0, height = 0, width = 0, channels = 0] = whole.shape;
  const shape = [batch, height - top - bottom, width - left - right, channels];
  return [{ op: "SLICE", inputs: [whole, ints([0, top, left, 0], [4]), ints(shape, [4])], output: { shape } }];
}

/** @param {Problem} problem @returns {Uint8Array} */
export function asTransposeConv({ stated, filters }) {
  const { valueShape, outputShape, taps, strides, dilations, groups, pads } = stated;
  if (groups > 1) throw new Error("TRANSPOSE_CONV has no groups");
  if (dilations[0] > 1 || dilations[1] > 1) throw new Error("TRANSPOSE_CONV has no dilations");
  const isSame = padsAsSame(stated);
  const [[top, bottom], [left, right]] = pads;
  const [batch, height, width, outputs] = outputShape;
  const value = { shape: valueShape };
  // It crops as TensorFlow does or not at all; other crops are an op of their own.
  const result = { shape: isSame ? outputShape : [batch, top + height + bottom, left + width + right, outputs] };
  const operator = transposeOperator(isSame, strides, value, weightsOf(filters, taps, outputs, valueShape[3]), result);
  return encode(value, [operator, ...(isSame ? [] : sliceOf(result, pads))]);
}

/** @param {boolean} isSame @param {import("../problem.js").Pair} strides @param {Tensor} value @param {Tensor} weights @param {Tensor} output @returns {Operator} */
const transposeOperator = (isSame, strides, value, weights, output) => ({
  op: "TRANSPOSE_CONV",
  inputs: [ints(output.shape, [4]), weights, value, biasOf(output.shape[3] ?? 0)],
  output,
  // padding, strides
  options: [
    ["Int8", isSame ? SAME : VALID],
    ["Int32", strides[1]],
    ["Int32", strides[0]],
  ],
});

/** @param {AtrousProblem} problem @returns {Uint8Array} */
export function asDetour(problem) {
  const { batch, inputs, outputs, y, x } = problem;
  const value = { shape: problem.valueShape };
  const phases = batch * y.rate * x.rate;
  const apart = { shape: [phases, y.detour.size, x.detour.size, inputs] };
  const result = { shape: [phases, y.detour.output, x.detour.output, outputs] };
  const block = ints([y.rate, x.rate], [2]);
  const pads = ints([...y.detour.pads, ...x.detour.pads], [2, 2]);
  const crops = ints([...y.detour.crops, ...x.detour.crops], [2, 2]);
  return encode(value, [
    { op: "SPACE_TO_BATCH_ND", inputs: [value, block, pads], output: apart },
    transposeOperator(false, [1, 1], apart, weightsOf(problem.filters, [y.taps, x.taps], outputs, inputs), result),
    { op: "BATCH_TO_SPACE_ND", inputs: [result, block, crops], output: { shape: problem.outputShape } },
  ]);
}

/**
 * In TFLite's order [Co, kh, kw, Ci].
 * @param {Float32Array} filters [kh, kw, Co, Ci] @param {import("../problem.js").Pair} taps @param {number} outputs @param {number} inputs
 * @returns {Tensor}
 */
const weightsOf = (filters, taps, outputs, inputs) => ({
  shape: [outputs, ...taps, inputs],
  data: permute(filters, [...taps, outputs, inputs], [2, 0, 1, 3]),
});

/** @param {number} outputs @returns {Tensor} */
const biasOf = (outputs) => ({ shape: [outputs], data: new Float32Array(outputs) });

/** @param {readonly number[]} data @param {readonly number[]} shape @returns {Tensor} */
const ints = (data, shape) => ({ shape, data: Int32Array.from(data) });

/** @param {Tensor} input @param {readonly Operator[]} operators the last one's output is the model's */
function encode(input, operators) {
  const file = new Flatbuffer();
  const tensors = [...new Set([input, ...operators.flatMap(({ inputs, output }) => [...inputs, output])])];
  const kinds = [...new Set(operators.map(({ op }) => op))];
  const numbers = (/** @type {readonly Tensor[]} */ list) => file.ints(list.map((tensor) => tensors.indexOf(tensor)));

  const codes = kinds.map((kind) => {
    const { code, version } = OPS[kind];
    return file.table([["Int8", code], undefined, ["Int32", version], ["Int32", code]]);
  });
  const graph = file.table([
    ["Offset", file.offsets(tensors.map((tensor, i) => tensorTable(file, tensor, i)))],
    ["Offset", numbers([input])],
    ["Offset", numbers(operators.slice(-1).map(({ output }) => output))],
    [
      "Offset",
      file.offsets(
        operators.map(({ op, inputs, output, options = [] }) =>
          file.table([
            ["Int32", kinds.indexOf(op)],
            ["Offset", numbers(inputs)],
            ["Offset", numbers([output])],
            ["Int8", OPS[op].options],
            ["Offset", file.table(options)],
          ]),
        ),
      ),
    ],
  ]);
  // One buffer for each tensor, after an empty one that the format wants in front.
  const buffers = [undefined, ...tensors.map(({ data }) => data)].map((data) =>
    file.table([data && ["Offset", file.data(data)]]),
  );
  const model = file.table([
    ["Int32", SCHEMA_VERSION],
    ["Offset", file.offsets(codes)],
    ["Offset", file.offsets([graph])],
    undefined,
    ["Offset", file.offsets(buffers)],
  ]);
  return file.finish(model, "TFL3");
}

/** @param {Flatbuffer} file @param {Tensor} tensor @param {number} number */
function tensorTable(file, { shape, data }, number) {
  const type = data instanceof Int32Array ? INT32 : FLOAT32;
  return file.table([
    ["Offset", file.ints(shape)],
    ["Int8", type],
    ["Int32", number + 1],
    ["Offset", file.text(`tensor${number}`)],
  ]);
}
