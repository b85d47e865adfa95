// @ts-check
/**
 * The op as a TFLite model: as CONV_2D with the filters flipped and their channels swapped, or as the three ops that
 * TensorFlow turns it into. Field numbers are those of TensorFlow's schema.fbs, version 3.
 */
import { permute } from "../problem.js";
import { Flatbuffer } from "./flatbuffer.js";

/** Codes of BuiltinOperator; the kind of its options in the union BuiltinOptions; the op's version. */
const OPS = {
  CONV_2D: { code: 3, options: 1, version: 1 },
  PAD: { code: 34, options: 22, version: 1 },
  BATCH_TO_SPACE_ND: { code: 37, options: 24, version: 1 },
  SPACE_TO_BATCH_ND: { code: 38, options: 25, version: 1 },
  TRANSPOSE_CONV: { code: 67, options: 49, version: 3 },
};
const SCHEMA_VERSION = 3;
const FLOAT32 = 0;
const INT32 = 2;
const SAME = 0;
const VALID = 1;

/**
 * @typedef {import("../problem.js").Problem} Problem
 * @typedef {import("./flatbuffer.js").Field} Field
 * @typedef {{ shape: readonly number[], data?: Float32Array | Int32Array }} Tensor
 * @typedef {{ op: keyof typeof OPS, inputs: readonly Tensor[], output: Tensor, options?: readonly Field[] }} Operator
 */

/** @param {Problem} problem @returns {Uint8Array} */
export function asConv2d(problem) {
  const { batch, inputs, isEven, y, x } = problem;
  const value = { shape: problem.valueShape };
  const output = { shape: problem.outputShape };
  // CONV_2D pads as TensorFlow does, evenly, or not at all; other pads are an op of their own.
  const [height, width] = [y, x].map(({ size, convolution: [before, after] }) => before + size + after);
  const padded = isEven ? value : { shape: [batch, height ?? 0, width ?? 0, inputs] };
  const pads = ints([0, 0, ...y.convolution, ...x.convolution, 0, 0], [4, 2]);
  /** @type {Operator[]} */
  const operators = isEven ? [] : [{ op: "PAD", inputs: [value, pads], output: padded }];
  operators.push({
    op: "CONV_2D",
    inputs: [padded, filtersOf(problem, [0, 1]), biasOf(problem)],
    output,
    // padding, strides, activation, dilations
    options: [
      ["Int8", isEven ? SAME : VALID],
      ["Int32", 1],
      ["Int32", 1],
      ["Int8", 0],
      ["Int32", x.rate],
      ["Int32", y.rate],
    ],
  });
  return encode(value, operators);
}

/** @param {Problem} problem @returns {Uint8Array} */
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
    {
      op: "TRANSPOSE_CONV",
      inputs: [ints(result.shape, [4]), filtersOf(problem, []), apart, biasOf(problem)],
      output: result,
      // padding, strides
      options: [
        ["Int8", VALID],
        ["Int32", 1],
        ["Int32", 1],
      ],
    },
    { op: "BATCH_TO_SPACE_ND", inputs: [result, block, crops], output: { shape: problem.outputShape } },
  ]);
}

/** In TFLite's order [Co, kh, kw, Ci]. @param {Problem} problem @param {readonly number[]} flipped axes @returns {Tensor} */
const filtersOf = ({ outputs, inputs, y, x, filters, spec }, flipped) => ({
  shape: [outputs, y.taps, x.taps, inputs],
  data: permute(filters, spec.filters, [2, 0, 1, 3], flipped),
});

/** @param {Problem} problem @returns {Tensor} */
const biasOf = ({ outputs }) => ({ shape: [outputs], data: new Float32Array(outputs) });

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
