/** ONNX models: how shapes are followed to a convolution, and why there may be none. */
import { describe, expect, it } from "vitest";
import type { OnnxAttribute, OnnxFile, OnnxNode, OnnxTensor } from "../support/onnxModel.js";
import { linesOf, readOnnxFile } from "./support.js";

type Attributes = Readonly<Record<string, OnnxAttribute>>;

const conv = (input: string, extra: Partial<OnnxNode> = {}): OnnxNode => ({
  ...{ op: "Conv", name: "conv", inputs: [input, "w"], outputs: ["y"] },
  ...extra,
});
const ints = (...data: readonly number[]): OnnxTensor => ({ dims: [data.length], type: "int64", data });

describe("what is not covered says why", () => {
  const cases: readonly (readonly [string, Partial<OnnxFile>, string])[] = [
    [
      "groups",
      { initializers: { w: { dims: [4, 1, 3, 3] } } },
      "conv: conv2d 1x4x8x8 with 4x1x3x3, groups 4, convention onnx",
    ],
    [
      "filters from elsewhere",
      { initializers: {} },
      'conv: the filters\' shape: nothing before "conv" makes its input "w"',
    ],
    [
      "quantized ops",
      { nodes: [conv("x", { op: "QLinearConv" })] },
      "conv: quantized arithmetic; kernels compute in floats",
    ],
    [
      "ops of others",
      { nodes: [conv("x", { domain: "com.example", op: "FusedConv" })] },
      "conv: the op FusedConv of com.example, which is none of ONNX's own",
    ],
    [
      "unnamed nodes, by their output",
      { nodes: [conv("x", { name: "", inputs: ["x"] })] },
      "y: filters, the second input",
    ],
    [
      "free dimensions",
      { inputs: { x: ["batch", 4, 8, "w"] } },
      "conv: the input's shape: dimension batch is free; give --dim batch=1 | the input's shape: dimension w is free; give --dim w=1",
    ],
    [
      "dimensions without a name",
      { inputs: { x: [null, 4, 8, 8] } },
      "conv: the input's shape: dimension x.0 is free; give --dim x.0=1",
    ],
    [
      "inputs without a shape",
      { inputs: { x: null } },
      'conv: the input\'s shape: input "x" of the model has no shape; state it by --shape x=1x2x3x4',
    ],
    [
      "the op at which a shape was lost",
      {
        nodes: [
          { op: "Mystery", name: "m", inputs: ["x"], outputs: ["a"] },
          { op: "Relu", inputs: ["a"], outputs: ["b"] },
          conv("b"),
        ],
      },
      'conv: the input\'s shape: it is lost at Mystery "m"; run onnx.shape_inference on the model first, or state it by --shape a=1x2x3x4',
    ],
    [
      "functions of the model",
      { nodes: [], functions: [{ name: "Block", nodes: [conv("x")] }] },
      'conv: it is part of the model\'s own function "Block"; run onnx.inliner on the model first',
    ],
  ];

  it.each(cases)("%s", async (_, model, expected) => {
    const group = model.initializers?.w?.dims[1] === 1 ? { group: 4 } : {};
    const report = await readOnnxFile({
      inputs: { x: [1, 4, 8, 8] },
      initializers: { w: { dims: [4, 4, 3, 3] } },
      nodes: [conv("x", { attributes: group })],
      ...model,
    });
    expect(linesOf(report)).toEqual([expected]);
  });
});

describe("shapes are followed through", () => {
  /** Nodes from x to a, and the shape [N, H, W, C] that a convolution of a then has. */
  const cases: readonly (readonly [string, readonly OnnxNode[], string, Readonly<Record<string, OnnxTensor>>?])[] = [
    [
      "elementwise ops",
      [
        ["Relu", "x", "p"],
        ["Add", "p x", "q"],
        ["Clip", "q", "a"],
      ].map(short),
      "1x8x10x4",
    ],
    ["broadcasts", [node("Mul", ["x", "row"], "a")], "1x8x10x4", { row: { dims: [1, 10] } }],
    [
      "strided convolutions",
      [node("Conv", ["x", "w4"], "a", { strides: [2, 2], pads: [1, 1, 1, 1] })],
      "1x4x5x4",
      { w4: { dims: [4, 4, 3, 3] } },
    ],
    [
      "strided SAME",
      [node("Conv", ["x", "w4"], "a", { strides: [3, 3], auto_pad: "SAME_LOWER" })],
      "1x3x4x4",
      { w4: { dims: [4, 4, 3, 3] } },
    ],
    ["groups", [node("Conv", ["x", "w4"], "a", { group: 4 })], "1x6x8x8", { w4: { dims: [8, 1, 3, 3] } }],
    [
      "strided transposed convolutions",
      [node("ConvTranspose", ["x", "w4"], "a", { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 0] })],
      "1x16x19x4",
      { w4: { dims: [4, 4, 3, 3] } },
    ],
    [
      "transposed SAME",
      [node("ConvTranspose", ["x", "w4"], "a", { strides: [2, 2], auto_pad: "SAME_UPPER" })],
      "1x16x20x4",
      { w4: { dims: [4, 4, 3, 3] } },
    ],
    ["pools", [node("MaxPool", ["x"], "a", { kernel_shape: [3, 3], strides: [2, 2] })], "1x3x4x4"],
    [
      "pools that round up",
      [node("MaxPool", ["x"], "a", { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 })],
      "1x4x5x4",
    ],
    [
      "no window in the padding alone",
      [node("AveragePool", ["x"], "a", { kernel_shape: [2, 2], strides: [3, 3], pads: [0, 0, 1, 2], ceil_mode: 1 })],
      "1x3x4x4",
    ],
    ["global pools", [node("GlobalAveragePool", ["x"], "a")], "1x1x1x4"],
    ["concatenation", [node("Concat", ["x", "x"], "a", { axis: 1 })], "1x8x10x8"],
    ["concatenation from the end", [node("Concat", ["x", "x"], "a", { axis: -1 })], "1x8x20x4"],
    ["transposition", [node("Transpose", ["x"], "a", { perm: [0, 3, 1, 2] })], "1x4x8x10"],
    ["padding", [node("Pad", ["x", "by"], "a")], "1x11x14x4", { by: ints(0, 0, 1, 2, 0, 0, 2, 2) }],
    ["padding of some axes", [node("Pad", ["x", "by", "", "on"], "a")], "1x8x13x4", { by: ints(1, 2), on: ints(-1) }],
    ["reshapes", [node("Reshape", ["x", "to"], "a")], "1x5x16x4", { to: ints(0, 0, -1, 16) }],
    ["squeezes", [node("Unsqueeze", ["x", "at"], "p"), node("Squeeze", ["p", "at"], "a")], "1x8x10x4", { at: ints(2) }],
    [
      "old squeezes",
      [node("Unsqueeze", ["x"], "p", { axes: [0] }), node("Squeeze", ["p"], "a", { axes: [0] })],
      "1x8x10x4",
    ],
    [
      "flattening",
      [node("Flatten", ["x"], "p"), node("Reshape", ["p", "to"], "a")],
      "1x8x10x4",
      { to: ints(1, 4, 8, 10) },
    ],
    [
      "resizes by scales",
      [node("Resize", ["x", "", "by"], "a")],
      "1x20x25x4",
      { by: { dims: [4], data: [1, 1, 2.5, 2.5] } },
    ],
    ["resizes to sizes", [node("Resize", ["x", "", "", "to"], "a")], "1x9x7x4", { to: ints(1, 4, 9, 7) }],
    [
      "old upsampling",
      [node("Upsample", ["x", "by"], "a")],
      "1x16x20x4",
      { by: { dims: [4], data: [1, 1, 2, 2], as: "list" } },
    ],
    [
      "casts, dropout, identity",
      [
        ["Cast", "x", "p"],
        ["Dropout", "p", "q"],
        ["Identity", "q", "a"],
      ].map(short),
      "1x8x10x4",
    ],
    ["normalization", [node("BatchNormalization", ["x", "s", "s", "s", "s"], "a")], "1x8x10x4", { s: { dims: [4] } }],
    ["splits", [{ op: "Split", inputs: ["x"], outputs: ["a", "b"], attributes: { axis: 1 } }], "1x8x10x2"],
    [
      "slices",
      [node("Slice", ["x", "from", "to", "axes", "by"], "a")],
      "1x8x5x4",
      { from: ints(-1), to: ints(-9007199254740991), axes: ints(3), by: ints(-2) },
    ],
    ["depth to space", [node("DepthToSpace", ["x"], "a", { blocksize: 2 })], "1x16x20x1"],
    ["reductions", [node("ReduceMean", ["x"], "a", { axes: [2, 3], keepdims: 1 })], "1x1x1x4"],
    [
      "sizes that are computed from shapes",
      [
        node("Shape", ["x"], "shape"),
        node("Slice", ["shape", "two", "four"], "sides"),
        node("Mul", ["sides", "double"], "larger"),
        node("Constant", [], "front", { value: { tensor: ints(1, 4) } }),
        node("Concat", ["front", "larger"], "to", { axis: 0 }),
        node("Resize", ["x", "", "", "to"], "a"),
      ],
      "1x16x20x4",
      { two: ints(2), four: ints(4), double: ints(2) },
    ],
    [
      "a batch gathered from a shape",
      [
        node("Shape", ["x"], "shape"),
        node("Gather", ["shape", "zero"], "n", { axis: 0 }),
        node("Unsqueeze", ["n", "front"], "n1"),
        node("Concat", ["n1", "rest"], "to", { axis: 0 }),
        node("Reshape", ["x", "to"], "a"),
      ],
      "1x10x8x4",
      { zero: { dims: [], type: "int64", data: [0] }, front: ints(0), rest: ints(-1, 10, 8) },
    ],
  ];

  function node(op: string, inputs: readonly string[], output: string, attributes: Attributes = {}): OnnxNode {
    return { op, inputs, outputs: [output], attributes };
  }
  function short([op = "", inputs = "", output = ""]: readonly string[]): OnnxNode {
    return node(op, inputs.split(" "), output);
  }

  for (const [title, nodes, expected, initializers = {}] of cases) {
    it(title, async () => {
      const channels = Number(expected.split("x")[3]);
      const report = await readOnnxFile({
        inputs: { x: [1, 4, 8, 10] },
        initializers: { ...initializers, last: { dims: [1, channels, 1, 1] } },
        nodes: [...nodes, { op: "Conv", name: "last", inputs: ["a", "last"], outputs: ["y"] }],
      });
      expect(linesOf(report).find((line) => line.startsWith("last: "))).toBe(`last: conv2d_${expected}_1x1x1_r1_same`);
    });
  }
});

describe("a model", () => {
  const model: OnnxFile = {
    inputs: { x: ["batch", 3, "height", 8] },
    initializers: { w: { dims: [4, 3, 3, 3], as: "external" }, b: { dims: [4] } },
    nodes: [
      conv("x", { inputs: ["x", "w", "b"], attributes: { pads: [1, 1, 1, 1] } }),
      { op: "Relu", inputs: ["y"], outputs: ["z"] },
    ],
  };

  it("binds free dimensions by name, reads no external data and fuses nothing", async () => {
    const report = await readOnnxFile(model, { batch: 2, height: 6 });
    expect(report.convolutions).toEqual([
      {
        node: "conv",
        type: "Conv",
        spec: expect.objectContaining({ value: [2, 3, 6, 8], filters: [4, 3, 3, 3], bias: true, convention: "onnx" }),
        weights: {
          filters: { name: "w", layout: "OIHW", stored: expect.anything() },
          bias: { name: "b", layout: "O", stored: expect.anything() },
        },
        notes: [],
      },
    ]);
    expect(report.format).toBe("onnx");
  });

  it("refuses names that it has not, and sizes that are none", async () => {
    await expect(readOnnxFile(model, { batches: 2 })).rejects.toThrow(
      /has no free dimension batches; it has batch, height$/,
    );
    await expect(readOnnxFile(model, { batch: 0 })).rejects.toThrow(/dimension batch takes an integer >= 1; got 0/);
    await expect(readOnnxFile({ ...model, inputs: { x: [1, 3, 8, 8] } }, { n: 1 })).rejects.toThrow(
      /all its sizes are fixed/,
    );
  });

  it("is taken at its word about shapes in between", async () => {
    const nodes: OnnxNode[] = [{ op: "Mystery", inputs: ["x"], outputs: ["a"] }, conv("a")];
    expect(linesOf(await readOnnxFile({ ...model, nodes, inside: { a: ["batch", 3, 7, 5] } }, { batch: 1 }))).toEqual([
      "conv: conv2d_1x7x5x3_3x3x4_r1_valid",
    ]);
    // A name that follows from a known size needs no binding.
    const relu: OnnxNode[] = [{ op: "Relu", inputs: ["x"], outputs: ["a"] }, conv("a")];
    const named = { ...model, nodes: relu, inside: { a: ["n", 3, "h", 8] } };
    expect(linesOf(await readOnnxFile(named, { batch: 1, height: 8 }))).toEqual([
      "conv: conv2d_1x8x8x3_3x3x4_r1_valid",
    ]);
  });

  it("has bodies that are walked", async () => {
    const body = { nodes: [conv("x", { name: "inner" })], outputs: { y: null } };
    const nodes: OnnxNode[] = [
      {
        op: "If",
        name: "if",
        inputs: ["c"],
        outputs: ["a"],
        attributes: { then_branch: { graph: body }, else_branch: { graph: { nodes: [] } } },
      },
      conv("a"),
    ];
    expect(linesOf(await readOnnxFile({ ...model, nodes }, { batch: 1, height: 8 }))).toEqual([
      "inner: conv2d_1x8x8x3_3x3x4_r1_valid",
      'conv: the input\'s shape: it is lost at If "if"; run onnx.shape_inference on the model first, or state it by --shape a=1x2x3x4',
    ]);
  });

  it("may list its weights among its inputs", async () => {
    const old = { ...model, inputs: { x: [1, 3, 8, 8], w: [4, 3, 3, 3] }, nodes: [conv("x")] };
    expect(linesOf(await readOnnxFile(old))).toEqual(["conv: conv2d_1x8x8x3_3x3x4_r1_valid"]);
  });
});
