/** TensorFlow.js graph models: attributes, fused ops, free dimensions, and shapes that are followed. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readModel } from "../../src/models/index.js";
import { newFolder } from "../support/folder.js";
import {
  integers,
  type TfjsAttribute,
  type TfjsConstant,
  type TfjsFile,
  type TfjsTestNode,
  tfjsModel,
  WEIGHTS,
  writeTfjsModel,
} from "../support/tfjsModel.js";
import { fileOf, linesOf, readTfjsFile } from "./support.js";

const node = (
  op: string,
  inputs: string,
  name: string,
  attributes: Readonly<Record<string, TfjsAttribute>> = {},
): TfjsTestNode => ({
  ...{ op, name, attributes },
  inputs: inputs === "" ? [] : inputs.split(" "),
});
const SAME = { padding: "SAME", strides: { list: [1, 1, 1, 1] } };
const VALID = { ...SAME, padding: "VALID" };

const lines = async (model: Partial<TfjsFile>, dims = {}): Promise<string[]> =>
  linesOf(
    await readTfjsFile(
      {
        inputs: { x: [1, 8, 10, 4] },
        constants: { w: { shape: [3, 3, 4, 5] }, b: { shape: [5] }, ...model.constants },
        nodes: [],
        ...(model.inputs ? { inputs: model.inputs } : {}),
        ...(model.nodes ? { nodes: model.nodes } : {}),
        ...(model.functions ? { functions: model.functions } : {}),
      },
      dims,
    ),
  );

describe("convolutions", () => {
  const fused = (list: readonly string[], more = {}) =>
    node("_FusedConv2D", "x w b", "c", { ...SAME, fused_ops: { list }, ...more });
  const cases: readonly (readonly [string, TfjsTestNode, string])[] = [
    ["SAME", node("Conv2D", "x w", "c", SAME), "c: conv2d_1x8x10x4_3x3x5_r1_same"],
    [
      "VALID with dilations",
      node("Conv2D", "x w", "c", { ...VALID, dilations: { list: [1, 2, 2, 1] } }),
      "c: conv2d_1x8x10x4_3x3x5_r2_valid",
    ],
    [
      "explicit pads that are SAME",
      node("Conv2D", "x w", "c", { padding: "EXPLICIT", explicit_paddings: { list: [0, 0, 1, 1, 1, 1, 0, 0] } }),
      "c: conv2d_1x8x10x4_3x3x5_r1_same",
    ],
    [
      "explicit pads that are not",
      node("Conv2D", "x w", "c", { padding: "EXPLICIT", explicit_paddings: { list: [0, 0, 1, 0, 1, 1, 0, 0] } }),
      "c: conv2d 1x8x10x4 with 3x3x4x5, padding [[1,0],[1,1]]",
    ],
    [
      "strides",
      node("Conv2D", "x w", "c", { ...SAME, strides: { list: [1, 2, 2, 1] } }),
      "c: conv2d 1x8x10x4 with 3x3x4x5, strides [2,2], padding SAME",
    ],
    [
      "a transposed one, with the dilations that TensorFlow.js ignores",
      node("Conv2DBackpropInput", "s t x", "c", { ...SAME, dilations: { list: [1, 2, 2, 1] } }),
      "c: atrousConv2dTranspose_1x8x10x4_3x3x6_r2_same",
    ],
    [
      "a transposed VALID",
      node("Conv2DBackpropInput", "sv t x", "c", VALID),
      "c: atrousConv2dTranspose_1x8x10x4_3x3x6_r1_valid",
    ],
    ["a fused bias", fused(["BiasAdd"]), "c: conv2d_1x8x10x4_3x3x5_r1_same_bias"],
    ["a fused activation", fused(["BiasAdd", "Relu6"]), "c: conv2d_1x8x10x4_3x3x5_r1_same_bias_relu6"],
    [
      "a leaky one",
      fused(["BiasAdd", "LeakyRelu"], { leakyrelu_alpha: { float: 0.5 } }),
      "c: conv2d_1x8x10x4_3x3x5_r1_same_bias_leakyRelu_0p5",
    ],
    ["one that no kernel has", fused(["BiasAdd", "Elu"]), "c: conv2d_1x8x10x4_3x3x5_r1_same_bias"],
    ["one of an odd name", fused(["constructor"]), "c: conv2d_1x8x10x4_3x3x5_r1_same"],
    [
      "strides and dilations of one axis each",
      node("Conv2D", "x w", "c", { ...VALID, strides: { list: [1, 2, 1, 1] }, dilations: { list: [1, 1, 3, 1] } }),
      "c: conv2d 1x8x10x4 with 3x3x4x5, strides [2,1], dilations [1,3]",
    ],
    ["a word that TensorFlow does not have", node("Conv2D", "x w", "c", { padding: "FULL" }), 'c: padding "FULL"'],
    [
      "a stride of 0",
      node("Conv2D", "x w", "c", { ...SAME, strides: { list: [1, 0, 1, 1] } }),
      "c: strides must be an integer >= 1 for each of H, W; got [0,1]",
    ],
    [
      "negative pads",
      node("Conv2D", "x w", "c", { padding: "EXPLICIT", explicit_paddings: { list: [0, 0, -1, 0, 0, 0, 0, 0] } }),
      expect.stringMatching(/^c: padding in the convention tensorflow must be .*; got \[\[-1,0\],\[0,0\]\]$/),
    ],
    [
      "a strided transposed one",
      node("Conv2DBackpropInput", "s2 t x", "c", { ...SAME, strides: { list: [1, 2, 3, 1] } }),
      "c: conv2dTranspose 1x8x10x4 with 3x3x6x4, strides [2,3], padding SAME, outputShape [15,30]",
    ],
    [
      "one whose strides cannot make the size",
      node("Conv2DBackpropInput", "s2 t x", "c", { ...VALID, strides: { list: [1, 2, 2, 1] } }),
      "c: no output of 15x30 leads to value [1,8,10,4] with strides [2,2] and this padding; the output may be 17..18 x 21..22",
    ],
    [
      "one whose size is not known",
      node("Conv2DBackpropInput", "gone t x", "c", { ...SAME, strides: { list: [1, 2, 2, 1] } }),
      'c: the output\'s shape: the sizes that Conv2DBackpropInput "c" is given are not known',
    ],
    ["groups", node("Conv2D", "x g", "c", SAME), "c: conv2d 1x8x10x4 with 3x3x2x6, groups 2, padding SAME"],
    [
      "filters that read no part of the channels",
      node("Conv2D", "x g3", "c", SAME),
      "c: filters [3,3,3,6] in the order hwio must read 4 channels, as value [1,8,10,4] has 4; they read 3",
    ],
    [
      "depthwise",
      node("DepthwiseConv2dNative", "x d", "c", SAME),
      "c: depthwiseConv2d 1x8x10x4 with 3x3x4x2, padding SAME",
    ],
    [
      "depthwise with holes, strides, bias and activation",
      node("FusedDepthwiseConv2dNative", "x d b8", "c", {
        ...VALID,
        strides: { list: [1, 2, 2, 1] },
        dilations: { list: [1, 2, 1, 1] },
        fused_ops: { list: ["BiasAdd", "Relu6"] },
      }),
      'c: depthwiseConv2d 1x8x10x4 with 3x3x4x2, strides [2,2], dilations [2,1], bias, "relu6"',
    ],
    ["3-D filters that are none", node("Conv3D", "x w", "c", SAME), "c: filters of 4 dimensions"],
    ["other ops", node("Conv3DBackpropInputV2", "x w", "c", SAME), "c: the op Conv3DBackpropInputV2"],
  ];
  const constants: Record<string, TfjsConstant> = {
    ...{
      t: { shape: [3, 3, 6, 4] },
      g: { shape: [3, 3, 2, 6] },
      g3: { shape: [3, 3, 3, 6] },
      b8: { shape: [8] },
      s2: integers([1, 15, 30, 6]),
      d: { shape: [3, 3, 4, 2] },
      s: integers([1, 8, 10, 6]),
      sv: integers([1, 10, 12, 6]),
    },
  };

  it.each(cases)("%s", async (_, convolution, expected) => {
    expect(await lines({ constants, nodes: [convolution] })).toEqual([expected]);
  });

  it("of NCHW", async () => {
    const nchw = { ...SAME, data_format: "NCHW", dilations: { list: [1, 1, 3, 3] } };
    expect(await lines({ inputs: { x: [1, 4, 8, 10] }, nodes: [node("Conv2D", "x w", "c", nchw)] })).toEqual([
      "c: conv2d_1x8x10x4_3x3x5_r3_same",
    ]);
  });

  it("of NCHW, strided", async () => {
    const nchw = { ...VALID, data_format: "NCHW", strides: { list: [1, 1, 2, 3] } };
    expect(await lines({ inputs: { x: [1, 4, 8, 10] }, nodes: [node("Conv2D", "x w", "c", nchw)] })).toEqual([
      "c: conv2d 1x4x8x10 with 3x3x4x5, strides [2,3], layout NCHW",
    ]);
  });

  it("of three axes", async () => {
    const given = {
      inputs: { x: [1, 6, 8, 10, 4] },
      constants: { v: { shape: [3, 3, 3, 4, 5] }, last: { shape: [1, 1, 1, 5, 1] } },
    };
    const strided = { ...SAME, strides: { list: [1, 1, 2, 2, 1] } };
    const nodes = [node("Conv3D", "x v", "c", strided), node("Conv3D", "c last", "d", VALID)];
    expect(await lines({ ...given, nodes })).toEqual([
      "c: conv3d 1x6x8x10x4 with 3x3x3x4x5, strides [1,2,2], padding SAME",
      "d: conv3d 1x6x4x5x5 with 1x1x1x5x1",
    ]);
  });

  it("name their weights and how these lie", async () => {
    const nodes = [
      node("_FusedConv2D", "x w b", "first", { ...SAME, fused_ops: { list: ["BiasAdd"] } }),
      node("DepthwiseConv2dNative", "x d", "second", SAME),
      node("Conv2DBackpropInput", "s t x", "third", SAME),
    ];
    const model = {
      inputs: { x: [1, 8, 10, 4] },
      constants: { ...constants, w: { shape: [3, 3, 4, 5] }, b: { shape: [5] } },
      nodes,
    };
    const { convolutions } = await readTfjsFile(model);
    expect(convolutions.map(({ weights }) => weights)).toMatchObject([
      { filters: { name: "w", layout: "HWIO" }, bias: { name: "b", layout: "O" } },
      { filters: { name: "d", layout: "HWCM" } },
      { filters: { name: "t", layout: "HWOI" } },
    ]);
  });

  it("inside loops are named, and those behind them have lost their shape", async () => {
    const loop = [
      node("Enter", "x", "in", { frame_name: "rounds" }),
      node("Merge", "in next", "m"),
      node("Conv2D", "m w", "c", SAME),
      node("NextIteration", "c", "next"),
      node("Exit", "m", "out"),
      node("Conv2D", "out w", "d", SAME),
    ];
    expect(await lines({ nodes: loop })).toEqual([
      'c: it is inside the loop "rounds"; export the model without control flow',
      'd: the input\'s shape: it is lost at Exit "out"; state it by --shape out=1x2x3x4',
    ]);
  });

  it("inside functions are named", async () => {
    const [line] = await lines({ functions: [{ name: "body", nodes: [node("Conv2D", "x w", "c", SAME)] }] });
    expect(line).toMatch(/^c: it is part of the function "body", whose shapes/);
  });
});

describe("shapes are followed through", () => {
  const pooled = { ksize: { list: [1, 2, 2, 1] }, strides: { list: [1, 2, 2, 1] } };
  type Case = readonly [string, readonly TfjsTestNode[], string, Record<string, TfjsConstant>?];
  const cases: readonly Case[] = [
    [
      "elementwise ops",
      [node("Relu", "x", "p"), node("AddV2", "p bias", "q"), node("BiasAdd", "q bias", "a")],
      "1x8x10x4",
      { bias: { shape: [4] } },
    ],
    [
      "strides",
      [node("Conv2D", "x f", "a", { ...SAME, strides: { list: [1, 3, 3, 1] } })],
      "1x3x4x2",
      { f: { shape: [3, 3, 4, 2] } },
    ],
    [
      "VALID strides",
      [node("Conv2D", "x f", "a", { ...VALID, strides: { list: [1, 2, 2, 1] } })],
      "1x3x4x2",
      { f: { shape: [3, 3, 4, 2] } },
    ],
    [
      "depthwise",
      [node("DepthwiseConv2dNative", "x f", "a", { ...VALID, strides: { list: [1, 1, 1, 1] } })],
      "1x6x8x8",
      { f: { shape: [3, 3, 4, 2] } },
    ],
    [
      "pools",
      [
        node("MaxPool", "x", "p", { ...pooled, padding: "SAME" }),
        node("AvgPool", "p", "a", { ...pooled, padding: "VALID" }),
      ],
      "1x2x2x4",
    ],
    [
      "normalization, whose first output may be written :0",
      [node("FusedBatchNormV3", "x s s s s", "n"), node("Relu", "n:0", "a")],
      "1x8x10x4",
      { s: { shape: [4] } },
    ],
    ["padding", [node("Pad", "x p", "a")], "1x11x15x4", { p: integers([0, 0, 1, 2, 2, 3, 0, 0], 2) }],
    [
      "concatenation",
      [node("ConcatV2", "x x axis", "a")],
      "1x8x10x8",
      { axis: { shape: [], type: "int32", data: [-1] } },
    ],
    ["reshapes", [node("Reshape", "x to", "a")], "1x20x4x4", { to: integers([1, -1, 4, 4]) }],
    ["transposition", [node("Transpose", "x p", "a")], "1x10x8x4", { p: integers([0, 2, 1, 3]) }],
    [
      "squeezes",
      [node("ExpandDims", "x one", "p"), node("Squeeze", "p", "a", { squeeze_dims: { list: [1] } })],
      "1x8x10x4",
      { one: { shape: [], type: "int32", data: [1] } },
    ],
    ["means", [node("Mean", "x p", "a", { keep_dims: true })], "1x1x1x4", { p: integers([1, 2]) }],
    ["resizes", [node("ResizeBilinear", "x to", "a")], "1x16x5x4", { to: integers([16, 5]) }],
    ["depth to space", [node("DepthToSpace", "x", "a", { block_size: 2 })], "1x16x20x1"],
    [
      "space to depth, of blocks whose reciprocal is rounded",
      [node("Pad", "x p", "y"), node("SpaceToDepth", "y", "a", { block_size: 49 })],
      "1x1x1x9604",
      { p: integers([0, 0, 20, 21, 19, 20, 0, 0], 2) },
    ],
    [
      "blocks",
      [node("SpaceToBatchND", "x b2 p", "a")],
      "4x5x5x4",
      { b2: integers([2, 2]), p: integers([0, 2, 0, 0], 2) },
    ],
    [
      "Keras' way to say an output size",
      [
        node("Shape", "x", "shape"),
        node("StridedSlice", "shape zero one one", "n", { shrink_axis_mask: 1 }),
        node("Pack", "n h w c", "sizes", { axis: 0 }),
        node("Conv2DBackpropInput", "sizes f x", "a", { ...SAME, strides: { list: [1, 2, 2, 1] } }),
      ],
      "1x16x20x6",
      {
        ...{ zero: integers([0]), one: integers([1]), f: { shape: [3, 3, 6, 4] } },
        ...Object.fromEntries(
          Object.entries({ h: 16, w: 20, c: 6 }).map(([name, size]) => [
            name,
            { shape: [], type: "int32", data: [size] } as const,
          ]),
        ),
      },
    ],
  ];
  for (const [title, nodes, expected, constants = {}] of cases) {
    it(title, async () => {
      const channels = Number(expected.split("x")[3]);
      const found = await lines({
        constants: { ...constants, last: { shape: [1, 1, channels, 1] } },
        nodes: [...nodes, node("Conv2D", "a last", "out", SAME)],
      });
      expect(found.find((line) => line.startsWith("out: "))).toBe(`out: conv2d_${expected}_1x1x1_r1_same`);
    });
  }

  it("and a lost one names the op", async () => {
    const nodes = [node("Conv2D", "p w", "c", SAME), node("Relu", "m", "p"), node("Mystery", "x", "m")];
    expect(await lines({ nodes })).toEqual([
      'c: the input\'s shape: it is lost at Mystery "m"; state it by --shape m=1x2x3x4',
    ]);
  });
});

describe("a model", () => {
  const free: Partial<TfjsFile> = { inputs: { x: [-1, -1, 10, 4] }, nodes: [node("Conv2D", "x w", "c", SAME)] };

  it("has names for its free dimensions", async () => {
    expect(await lines(free)).toEqual([
      "c: the input's shape: dimension batch is free; give --dim batch=1 | the input's shape: dimension x.1 is free; give --dim x.1=1",
    ]);
    expect(await lines(free, { batch: 3, "x.1": 7 })).toEqual(["c: conv2d_3x7x10x4_3x3x5_r1_same"]);
    await expect(lines(free, { height: 7 })).rejects.toThrow(/has no free dimension height; it has batch, x\.1$/);
  });

  it("may have lost its weight files, and then says so", async () => {
    const path = writeTfjsModel(
      newFolder(),
      tfjsModel({
        inputs: { x: [1, 8, 10, 4] },
        constants: { w: { shape: [3, 3, 4, 5] }, p: integers([0, 0, 1, 1, 1, 1, 0, 0], 2) },
        nodes: [node("Pad", "x p", "a"), node("Conv2D", "a w", "c", SAME)],
      }),
    );
    expect(linesOf(await readModel(path))).toEqual(["c: conv2d_1x10x12x4_3x3x5_r1_same"]);
    rmSync(join(path, "..", WEIGHTS));
    expect(linesOf(await readModel(path))).toEqual([
      'c: the input\'s shape: a constant of Pad "a" is not known; the weight files must lie beside model.json, or state the shape by --shape a=1x2x3x4',
    ]);
  });

  it("names no files outside its folder", async () => {
    const { json, weights } = tfjsModel({
      inputs: { x: [1, 8, 8, 4] },
      constants: { p: integers([1, 1]) },
      nodes: [node("Reshape", "x p", "a"), node("Conv2D", "a w", "c", SAME)],
    });
    fileOf(weights, WEIGHTS);
    const manifest = (json as { weightsManifest: { paths: string[] }[] }).weightsManifest;
    (manifest[0] as { paths: string[] }).paths = [`../${WEIGHTS}`];
    const path = writeTfjsModel(newFolder(), { json, weights });
    expect(linesOf(await readModel(path))[0]).toMatch(/filters' shape/);
  });

  it("must have no cycle", async () => {
    const nodes = [
      node("Relu", "x", "before"),
      node("AddV2", "before far", "near"),
      node("Relu", "near", "far"),
      node("Relu", "far", "after"),
    ];
    await expect(lines({ nodes })).rejects.toThrow(/has a cycle: node "(near|far)" needs itself/);
    await expect(lines({ nodes: [node("Relu", "a", "a")] })).rejects.toThrow(/node "a" needs itself/);
    await expect(lines({ nodes: [node("Relu", "x", "a"), node("Relu", "x", "a")] })).rejects.toThrow(
      /two nodes of the name "a"/,
    );
  });
});
