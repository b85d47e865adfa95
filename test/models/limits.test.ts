/** Files that ask for dimensions, tensors or convolutions without end: refused in one sentence, or followed in little memory. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TilewrightError } from "../../src/ir/errors.js";
import { readModel } from "../../src/models/index.js";
import { PAIRS, SEED } from "../support/effort.js";
import { newFolder } from "../support/folder.js";
import { type OnnxNode, onnxModel } from "../support/onnxModel.js";
import { integers, type TfjsTestNode, tfjsModel, WEIGHTS } from "../support/tfjsModel.js";
import { fileOf, readOnnxFile, readTfjsFile } from "./support.js";

const chain = (count: number, node: (from: string, to: string) => OnnxNode): OnnxNode[] =>
  Array.from({ length: count }, (_, i) => node(`t${i}`, `t${i + 1}`));
const ones = (count: number): number[] => new Array<number>(count).fill(1);
const many = (count: number, name: string): string[] => new Array<string>(count).fill(name);

describe("a small .onnx", () => {
  const TOO_MANY = /has more than 64 dimensions; export a part of the model alone$/;

  it("that doubles a rank 28 times", async () => {
    const nodes = chain(28, (from, to) => ({ op: "Gather", inputs: [from, from], outputs: [to] }));
    await expect(readOnnxFile({ inputs: { t0: [1, 1] }, nodes })).rejects.toThrow(TOO_MANY);
  });

  it.each([64, 20_000])("that splits a tensor of rank %d into 20,000", async (rank) => {
    const outputs = Array.from({ length: 20_000 }, (_, i) => `y${i}`);
    const read = readOnnxFile({ inputs: { x: ones(rank) }, nodes: [{ op: "Split", inputs: ["x"], outputs }] });
    await (rank > 64 ? expect(read).rejects.toThrow(TOO_MANY) : expect(read).resolves.toBeDefined());
  });

  it.each(["Sum", "Concat", "Max"])("with 200,000 inputs of %s", async (op) => {
    const nodes = [{ op, inputs: many(200_000, "x"), outputs: ["a"], attributes: { axis: 0 } }];
    const conv = { op: "Conv", name: "c", inputs: ["a", "w"], outputs: ["y"] };
    const size = op === "Concat" ? 200_000 : 1;
    const { convolutions } = await readOnnxFile({
      inputs: { x: [1, 2, 8] },
      initializers: { w: { dims: [3, 2, 3] } },
      nodes: [...nodes, conv],
    });
    expect(convolutions.map(({ spec }) => spec.value)).toEqual([[size, 2, 8]]);
  });

  it.each(["Flatten", "Reshape", "Unsqueeze"])("with a rank of 200,000 at %s", async (op) => {
    const attributes =
      op === "Reshape" ? { shape: ones(200_000) } : op === "Unsqueeze" ? { axes: [...ones(200_000).keys()] } : {};
    const inputs = { x: op === "Flatten" ? ones(200_000) : [1] };
    await expect(readOnnxFile({ inputs, nodes: [{ op, inputs: ["x"], outputs: ["y"], attributes }] })).rejects.toThrow(
      TOO_MANY,
    );
  });

  it("with convolutions whose filters come from one another", async () => {
    const nodes = chain(9_000, (from, to) => ({ op: "Conv", inputs: ["x", from], outputs: [to] }));
    const { uncovered } = await readOnnxFile({ inputs: { x: [1, 1, 8, 8] }, nodes });
    expect(uncovered.length).toBe(9_000);
    const longest = Math.max(...uncovered.flatMap(({ missing }) => missing.map(({ length }) => length)));
    expect(longest).toBeLessThan(350);
  });

  it("with more convolutions than any network", async () => {
    const nodes = chain(20_000, () => ({ op: "Conv", inputs: ["x", "w"], outputs: ["y"] }));
    await expect(readOnnxFile({ nodes })).rejects.toThrow(/has more than 10000 convolutions; export a part/);
  });

  it("whose tensors are large in all", async () => {
    const nodes = chain(40_000, (from, to) => ({ op: "Add", inputs: [from, from], outputs: [to] }));
    await expect(readOnnxFile({ inputs: { t0: ones(64) }, nodes })).rejects.toThrow(/more than 2000000 sizes in all/);
  });
});

describe("a small model.json", () => {
  it("with weights of rank 200,000", async () => {
    const read = readTfjsFile({ constants: { w: { shape: ones(200_000) } }, nodes: [] });
    await expect(read).rejects.toThrow(/weights\.0\.shape, more than 64 dimensions$/);
  });

  it("with an alpha that is no number", async () => {
    const { json } = tfjsModel({
      nodes: [{ name: "c", op: "_FusedConv2D", attributes: { leakyrelu_alpha: { float: 1 } } }],
    });
    const text = JSON.stringify(json).replace('"f":1', '"f":{"valueOf":1,"toString":1}');
    await expect(readModel(fileOf(text, "alpha.json"))).rejects.toThrow(/leakyrelu_alpha\.f, invalid type/);
  });

  it("with 20,000 constants in as many files reads each file once", async () => {
    const folder = newFolder();
    const count = 20_000;
    const { json } = tfjsModel({ inputs: { x: [1, 8, 8, 4] }, constants: {}, nodes: [] });
    const weights = Array.from({ length: count }, (_, i) => ({ name: `w${i}`, shape: [], dtype: "int32" }));
    writeFileSync(join(folder, WEIGHTS), new Uint8Array(4));
    const manifest = [{ paths: many(count, WEIGHTS), weights }];
    writeFileSync(join(folder, "model.json"), JSON.stringify({ ...json, weightsManifest: manifest }));
    expect((await readModel(join(folder, "model.json"))).uncovered).toEqual([]);
  });
});

/** Everything but a report or a refusal is thrown on. */
async function outcome(read: Promise<unknown>): Promise<"report" | "refused"> {
  try {
    await read;
    return "report";
  } catch (error) {
    if (!(error instanceof TilewrightError) || error.code === "internal") throw error;
    expect(error.message).not.toMatch(/\n/);
    expect(error.message.length).toBeLessThan(700);
    return "refused";
  }
}

describe("a model of ops and constants drawn by lot is a report or a refusal", () => {
  const odd = fc.constantFrom(-(2 ** 31), -65, -2, -1, 0, 1, 2, 3, 4, 64, 65, 2 ** 31 - 1);
  const list = fc.array(odd, { maxLength: 6 });
  const tensor = fc.nat(9).map((i) => `t${i}`);

  it("in .onnx", async () => {
    const op = fc.constantFrom(
      ...["Add", "ArgMax", "Concat", "ConstantOfShape", "Conv", "ConvTranspose", "DepthToSpace", "Einsum", "Expand"],
      ...["Flatten", "Gather", "GatherND", "Gemm", "GridSample", "LSTM", "MatMul", "MaxPool", "MaxUnpool", "OneHot"],
      ...["Pad", "Range", "ReduceProd", "Reshape", "Resize", "Shape", "Size", "Slice", "SpaceToDepth", "Split"],
      ...["Squeeze", "Tile", "TopK", "Transpose", "Unsqueeze", "Where"],
    );
    const names = ["axis", "axes", "perm", "pads", "strides", "dilations", "kernel_shape", "split", "group"] as const;
    const value = fc.oneof(odd, list, fc.constantFrom("ij,jk->ik", "...->a", "a,b,c", "SAME_LOWER"));
    const attributes = fc.dictionary(
      fc.constantFrom(...names, "equation", "blocksize", "output_shape", "output_padding", "auto_pad"),
      value,
    );
    const node = fc.record({ op, inputs: fc.array(tensor, { maxLength: 4 }), attributes });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(node, { maxLength: 12 }),
        fc.array(list, { maxLength: 5 }),
        async (nodes, constants) => {
          const made = nodes.map((one, i): OnnxNode => ({ ...one, outputs: [`t${(i + 5) % 10}`, `u${i}`] }));
          const initializers = Object.fromEntries(
            constants.map((data, i) => [`t${i}`, { dims: [data.length], type: "int64" as const, data }]),
          );
          const bytes = onnxModel({ inputs: { t8: [1, 4, 8, 8], t9: ["n", 4] }, initializers, nodes: made });
          if ((await outcome(readModel(fileOf(bytes, "drawn.onnx")))) === "refused") refused++;
        },
      ),
      { seed: SEED, numRuns: Math.max(500, PAIRS) },
    );
    console.log(`drawn .onnx: ${refused} refused, seed ${SEED}`);
  });

  it("in model.json", async () => {
    const op = fc.constantFrom(
      ...[
        "AddV2",
        "AvgPool",
        "BatchToSpaceND",
        "BroadcastTo",
        "ConcatV2",
        "Conv2D",
        "Conv2DBackpropInput",
        "DepthToSpace",
      ],
      ...[
        "DepthwiseConv2dNative",
        "Einsum",
        "ExpandDims",
        "Fill",
        "GatherV2",
        "MatMul",
        "Merge",
        "Pack",
        "Pad",
        "Prod",
      ],
      ...[
        "Range",
        "Reshape",
        "ResizeBilinear",
        "Slice",
        "SpaceToBatchND",
        "Split",
        "SplitV",
        "Squeeze",
        "StridedSlice",
      ],
      ...["Switch", "Tile", "Transpose", "Unpack", "_FusedConv2D"],
    );
    const names = ["axis", "strides", "dilations", "ksize", "squeeze_dims", "num", "num_split", "block_size"] as const;
    const masks = ["begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"] as const;
    const attributes = fc.dictionary(
      fc.constantFrom(...names, ...masks),
      fc.oneof(
        odd,
        list.filter(({ length }) => length > 0).map((numbers) => ({ list: numbers })),
      ),
    );
    const node = fc.record({ op, inputs: fc.array(fc.nat(20), { maxLength: 4 }), attributes });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(node, { maxLength: 12 }),
        fc.array(list, { maxLength: 5 }),
        async (nodes, constants) => {
          const known = ["x", ...constants.map((_, i) => `k${i}`), ...nodes.map((_, i) => `n${i}`)];
          const made = nodes.map((one, i): TfjsTestNode => {
            const before = known.slice(0, known.length - nodes.length + i);
            return { ...one, name: `n${i}`, inputs: one.inputs.map((at) => before[at % before.length] as string) };
          });
          const read = readTfjsFile({
            inputs: { x: [1, 8, 8, 4] },
            constants: Object.fromEntries(constants.map((data, i) => [`k${i}`, integers(data)])),
            nodes: made,
          });
          if ((await outcome(read)) === "refused") refused++;
        },
      ),
      { seed: SEED, numRuns: Math.max(500, PAIRS) },
    );
    console.log(`drawn model.json: ${refused} refused, seed ${SEED}`);
  });
});
