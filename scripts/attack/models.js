// @ts-check
/** Small models of both formats, written by hand: the bytes of an .onnx file, and the JSON of a model.json. */

const encoder = new TextEncoder();

/** @param {number} value @returns {number[]} */
const varint = (value) => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);

/** A field of a protocol buffer. @param {number} field @param {number | string | readonly number[]} value @returns {number[]} */
function entry(field, value) {
  if (typeof value === "number") return [...varint(field * 8), ...varint(value)];
  const bytes = typeof value === "string" ? [...encoder.encode(value)] : value;
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
}

/** @param {string} name @param {readonly (number | string)[]} shape */
const info = (name, shape) => {
  const dims = shape.flatMap((size) => entry(1, typeof size === "number" ? entry(1, size) : entry(2, size)));
  return [...entry(1, name), ...entry(2, entry(1, [...entry(1, 1), ...entry(2, dims)]))];
};

/** @param {string} op @param {readonly string[]} inputs @param {string} output @param {Record<string, readonly number[]>} attributes */
const node = (op, inputs, output, attributes = {}) => [
  ...inputs.flatMap((name) => entry(1, name)),
  ...entry(2, output),
  ...entry(4, op),
  ...Object.entries(attributes).flatMap(([name, list]) =>
    entry(5, [...entry(1, name), ...list.flatMap((value) => entry(8, value)), ...entry(20, 7)]),
  ),
];

/** @param {string} name @param {readonly number[]} dims */
const tensor = (name, dims) => [
  ...dims.flatMap((size) => entry(1, size)),
  ...entry(2, 1),
  ...entry(8, name),
  ...entry(9, new Array(4 * dims.reduce((a, b) => a * b, 1)).fill(0)),
];

export const onnxModel = () =>
  Uint8Array.from([
    ...entry(1, 8),
    ...entry(8, [...entry(1, ""), ...entry(2, 17)]),
    ...entry(7, [
      ...entry(1, node("Conv", ["x", "w"], "a", { pads: [1, 1, 1, 1], dilations: [1, 1] })),
      ...entry(1, node("Relu", ["a"], "b")),
      ...entry(1, node("ConvTranspose", ["b", "v"], "y", { strides: [2, 2] })),
      ...entry(2, "graph"),
      ...entry(5, tensor("w", [4, 3, 3, 3])),
      ...entry(5, tensor("v", [4, 2, 3, 3])),
      ...entry(11, info("x", ["batch", 3, 8, 8])),
      ...entry(12, info("y", ["batch", 2, 17, 17])),
    ]),
  ]);

export const WEIGHTS = "group1-shard1of1.bin";

/** @param {string} name @param {string} op @param {readonly string[]} input @param {object} attr */
const tfNode = (name, op, input = [], attr = {}) => ({ name, op, input, attr });

export const tfjsModel = () => ({
  format: "graph-model",
  generatedBy: "2.21.0",
  convertedBy: "TensorFlow.js Converter v4.22.0",
  modelTopology: {
    node: [
      tfNode("x", "Placeholder", [], {
        dtype: { type: "DT_FLOAT" },
        shape: { shape: { dim: [-1, 8, 8, 4].map((n) => ({ size: String(n) })) } },
      }),
      tfNode("w", "Const"),
      tfNode("c", "Conv2D", ["x", "w"], {
        strides: { list: { i: ["1", "1", "1", "1"] } },
        dilations: { list: { i: ["1", "2", "2", "1"] } },
        padding: { s: "U0FNRQ==" },
        data_format: { s: "TkhXQw==" },
      }),
      tfNode("y", "Relu", ["c"]),
    ],
    versions: { producer: 2 },
  },
  weightsManifest: [{ paths: [WEIGHTS], weights: [{ name: "w", shape: [3, 3, 4, 5], dtype: "float32" }] }],
});

export const tfjsWeights = () => new Uint8Array(4 * 3 * 3 * 4 * 5);
