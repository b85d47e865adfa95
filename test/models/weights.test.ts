/** Weights that `extract --weights` writes: the numbers of the model, in files whose names no model chooses. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readModel, WeightReader } from "../../src/models/index.js";
import { tilewright } from "../support/commands.js";
import { newFolder } from "../support/folder.js";
import { type OnnxTensor, onnxModel } from "../support/onnxModel.js";
import { tfjsModel, writeTfjsModel } from "../support/tfjsModel.js";

let folder: string;
beforeEach(() => {
  folder = newFolder();
});

const DATA = [0.5, -2, 0, 3.25, 65504, -(2 ** -24)];
const conv = (name: string, filters: string) => ({
  ...{ op: "Conv", name, inputs: ["x", filters], outputs: [name], attributes: { kernel_shape: [1] } },
});

/** Writes a model of a layer for each tensor, which are its filters; returns its path. */
function modelOf(tensors: Readonly<Record<string, OnnxTensor>>, nodes = Object.keys(tensors).map((w) => conv(w, w))) {
  const path = join(folder, "model.onnx");
  writeFileSync(path, onnxModel({ inputs: { x: [1, 2, 4] }, initializers: tensors, nodes }));
  return path;
}

interface Listed {
  readonly weights: Readonly<Record<string, { readonly name: string; file?: string; missing?: string }>>;
}

/** What the command says of all tensors, one after the other. */
async function extracted(path: string) {
  const { code, out, err } = await tilewright(["extract", path, "--weights", join(folder, "weights"), "--json"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const { convolutions } = JSON.parse(out) as { convolutions: readonly Listed[] };
  return convolutions.flatMap(({ weights }) => Object.values(weights));
}

const numbersIn = (file: string): number[] => {
  const view = new DataView(Uint8Array.from(readFileSync(file)).buffer);
  return Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
};

/** DATA as halves, and as bfloat16, whose 65504 is 65536. */
const HALVES = [0x3800, 0xc000, 0, 0x4280, 0x7bff, 0x8001];
const BRAINS = [0x3f00, 0xc000, 0, 0x4050, 0x4780, 0xb380];

describe("of a .onnx are the same numbers, in whatever form the file has them", () => {
  const dims = [3, 2, 1];
  const forms: readonly (readonly [string, OnnxTensor])[] = [
    ["raw floats", { dims, data: DATA }],
    ["listed floats", { dims, data: DATA, as: "list" }],
    ["raw halves", { dims, type: "float16", data: HALVES }],
    ["halves as listed integers", { dims, type: "float16", data: HALVES, as: "list" }],
    ["raw doubles", { dims, type: "double", data: DATA }],
    ["listed doubles", { dims, type: "double", data: DATA, as: "list" }],
  ];

  it.each(forms)("%s", async (_, tensor) => {
    const [weight] = await extracted(modelOf({ w: tensor }));
    expect(numbersIn(weight?.file ?? "")).toEqual(DATA);
  });

  it("of bfloat16, which are the upper halves of float32", async () => {
    const [weight] = await extracted(
      modelOf({
        w: { dims, type: "bfloat16", data: BRAINS },
      }),
    );
    expect(numbersIn(weight?.file ?? "")).toEqual([0.5, -2, 0, 3.25, 65536, -(2 ** -24)]);
  });

  it("of a constant in a node, behind an Identity, and in the body of an If that has a name of its own for it", async () => {
    const constant = {
      op: "Constant",
      inputs: [],
      outputs: ["c"],
      attributes: { value: { tensor: { dims, data: DATA } } },
    };
    const body = (data: readonly number[]) => ({
      graph: { initializers: { w: { dims, data } }, nodes: [conv("inside", "w")], outputs: { inside: null } },
    });
    const branches = { then_branch: body([6, 5, 4, 3, 2, 1]) };
    const path = modelOf({ w: { dims, data: [1, 2, 3, 4, 5, 6] } }, [
      constant as never,
      { op: "Identity", inputs: ["c"], outputs: ["i"] } as never,
      conv("one", "i"),
      { op: "If", inputs: ["q"], outputs: ["y"], attributes: branches } as never,
      conv("last", "w"),
    ]);
    const files = (await extracted(path)).map(({ file = "" }) => numbersIn(file));
    expect(files).toEqual([DATA, [6, 5, 4, 3, 2, 1], [1, 2, 3, 4, 5, 6]]);
  });
});

describe("that are not there as floats have a sentence and no file", () => {
  const refused: readonly (readonly [string, OnnxTensor, RegExp])[] = [
    ["integers", { dims: [3, 2, 1], type: "int64", data: [1, 2, 3, 4, 5, 6] }, /its elements are int64, .*unquantized/],
    ["too few", { dims: [3, 2, 1], data: [1, 2] }, /it has 8 bytes of data where its sizes ask for 24/],
    ["too many", { dims: [3, 2, 1], data: [...DATA, 1] }, /it has 28 bytes of data where its sizes ask for 24/],
    ["sizes of gigabytes", { dims: [200_000_000, 2, 1], data: DATA }, /where its sizes ask for 1600000000/],
  ];

  it.each(refused)("%s", async (_, tensor, why) => {
    const [weight] = await extracted(modelOf({ w: tensor }));
    expect(weight?.missing).toMatch(why);
    expect(weight).not.toHaveProperty("file");
    expect(readdirSync(join(folder, "weights"))).toEqual([]);
  });

  it("as nodes make them", async () => {
    const path = modelOf({ w: { dims: [3, 2, 1], data: DATA } }, [
      { op: "Neg", inputs: ["w"], outputs: ["n"] } as never,
      conv("c", "n"),
    ]);
    expect((await extracted(path))[0]?.missing).toMatch(
      /no file has the tensor "n" as it is, since inputs or nodes make/,
    );
    const { out } = await tilewright(["extract", path, "--weights", join(folder, "weights")]);
    expect(out).toMatch(/^NOT WRITTEN +TENSOR +WHY\nc +filters +no file has/m);
  });
});

describe("in a file beside the model", () => {
  const outside = (location: string, more = {}): OnnxTensor => ({
    ...{ dims: [3, 2, 1], data: DATA, as: "external", location, ...more },
  });
  const bytes = () => new Uint8Array(Float32Array.from([7, ...DATA]).buffer);

  it("are read from the place that the model says", async () => {
    writeFileSync(join(folder, "weights.bin"), bytes());
    const [weight] = await extracted(modelOf({ w: outside("weights.bin", { offset: 4 }) }));
    expect(numbersIn(weight?.file ?? "")).toEqual(DATA);
  });

  it.each([
    ["../secret.bin", /only files in the model's own folder are read/],
    ["/etc/passwd", /only files in the model's own folder are read/],
    ["C:\\secret.bin", /only files in the model's own folder are read/],
    ["link.bin", /is a link out of the model's folder, which is not followed/],
    ["short.bin", /ends at byte 4, before the tensor does/],
    ["none.bin", /there is no file/],
    ["", /is no file; give the path/],
  ])("are not read from %j", async (location, why) => {
    const secret = join(newFolder(), "secret.bin");
    writeFileSync(secret, bytes());
    symlinkSync(secret, join(folder, "link.bin"));
    writeFileSync(join(folder, "short.bin"), new Uint8Array(4));
    const [weight] = await extracted(modelOf({ w: outside(location) }));
    expect(weight?.missing).toMatch(why);
  });

  it("are not multiplied: many tensors cannot share the bytes of one file", async () => {
    writeFileSync(join(folder, "weights.bin"), bytes());
    const tensors = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`w${i}`, outside("weights.bin")]));
    const found = await extracted(modelOf(tensors));
    expect(found.map(({ file }) => file !== undefined)).toEqual([true, true, ...new Array(7).fill(false)]);
    expect(found[2]?.missing).toMatch(/asks for more than twice all that is in/);
  });

  it("are read through a cache that keeps model and weights in one place and links to both", async () => {
    const [cache, shown] = [join(folder, "blobs"), join(folder, "snapshot")];
    for (const one of [cache, shown]) mkdirSync(one);
    const path = modelOf({ w: outside("weights.bin", { offset: 4 }) });
    writeFileSync(join(cache, "a"), readFileSync(path));
    writeFileSync(join(cache, "b"), bytes());
    symlinkSync("../blobs/a", join(shown, "model.onnx"));
    symlinkSync("../blobs/b", join(shown, "weights.bin"));
    const [weight] = await extracted(join(shown, "model.onnx"));
    expect(numbersIn(weight?.file ?? "")).toEqual(DATA);
  });
});

describe("of a model.json", () => {
  const model = (type: object = {}) => {
    const { json, weights } = tfjsModel({
      inputs: { x: [1, 4, 4, 1] },
      constants: { text: { shape: [1] }, w: { shape: [1, 1, 1, 6], data: DATA } },
      nodes: [{ name: "c", op: "Conv2D", inputs: ["x", "w"], attributes: { strides: { list: [1, 1, 1, 1] } } }],
    });
    const { weightsManifest } = json as { weightsManifest: { weights: object[]; paths: string[] }[] };
    Object.assign(weightsManifest[0]?.weights[1] as object, type);
    return { json: json as { weightsManifest: { paths: string[] }[] }, weights };
  };

  it("are read over the ends of files", async () => {
    const { json, weights } = model();
    const path = writeTfjsModel(folder, { json, weights });
    for (const [i, at] of [0, 10, 11].entries())
      writeFileSync(join(folder, `shard${i}`), weights.slice(at, [10, 11, undefined][i]));
    (json.weightsManifest[0] as { paths: string[] }).paths = ["shard0", "./shard1", "shard2"];
    writeFileSync(path, JSON.stringify(json));
    expect(numbersIn((await extracted(path))[0]?.file ?? "")).toEqual(DATA);
  });

  it("are widened from halves", async () => {
    const { json, weights } = model({ quantization: { dtype: "float16" } });
    const halves = new Uint8Array(Uint16Array.from(HALVES).buffer);
    const path = writeTfjsModel(folder, { json, weights: Buffer.concat([weights.slice(0, 4), halves]) });
    expect(numbersIn((await extracted(path))[0]?.file ?? "")).toEqual(DATA);
  });

  it.each([
    ["quantized", { quantization: { dtype: "uint8", scale: 1, min: 0 } }, undefined, /its elements are uint8/],
    ["short of their files", {}, ["none.bin"], /there is no file/],
    ["in a file elsewhere", {}, ["../w.bin"], /only files in the model's own folder are read/],
  ] as const)("have a sentence where they are %s", async (_, type, paths, why) => {
    const { json, weights } = model(type);
    if (paths !== undefined) (json.weightsManifest[0] as { paths: readonly string[] }).paths = paths;
    expect((await extracted(writeTfjsModel(folder, { json, weights })))[0]?.missing).toMatch(why);
  });
});

describe("files", () => {
  const dims = [3, 2, 1];

  it("have safe names, one for each tensor, and layers that share a tensor share a file", async () => {
    const names = [
      ...["../../up", "/etc/passwd", "con", "AUX.weight", ".hidden", "-rf", "a/b", "A:B", "", "x".repeat(3000)],
      ...["nul\u0000", "ü", "model/conv/Conv2D;bias", "lpt1"],
    ];
    const filters = names.map((name) => name || "unnamed");
    const tensors = Object.fromEntries(filters.map((name) => [name, { dims, data: DATA }]));
    const path = modelOf(tensors, [...filters.map((name, i) => conv(`n${i}`, name)), conv("again", "a/b")]);
    const found = await extracted(path);
    const files = readdirSync(join(folder, "weights"));
    expect(files).toHaveLength(names.length);
    expect(files.filter((file) => !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,90}\.bin$/.test(file))).toEqual([]);
    expect(files.filter((file) => /^(con|prn|aux|nul|com\d|lpt\d)\./i.test(file))).toEqual([]);
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(files.length);
    expect(found.at(-1)?.file).toBe(found[6]?.file);
    expect(found.map(({ file = "" }) => dirname(file))).toEqual(found.map(() => join(folder, "weights")));
  });

  it("are refused in a sentence where they cannot be written, or where the folder has no name", async () => {
    const path = modelOf({ w: { dims, data: DATA } });
    const taken = await tilewright(["extract", path, "--weights", path]);
    expect([taken.code, taken.err]).toEqual([
      1,
      expect.stringMatching(/^tilewright: .* cannot be written \(EEXIST\); /),
    ]);
    const nameless = await tilewright(["extract", path, "--weights="]);
    expect([nameless.code, nameless.err]).toEqual([1, expect.stringContaining("--weights takes the path of a folder")]);
  });

  it("are named in the list", async () => {
    const path = modelOf({ "conv.weight": { dims, data: DATA } });
    const { out } = await tilewright(["extract", path, "--weights", folder]);
    expect(out).toContain(`conv.weight  filters  ${join(folder, "conv.weight.bin")}\n`);
    expect(out).toMatch(
      /\n\neach file is float32 .*; --json has the specs\n1 convolution, 1 covered by 1 distinct spec\n$/,
    );
  });
});

it("a file that shrank meanwhile is a sentence", async () => {
  const path = modelOf({ w: { dims: [3, 2, 1], data: DATA } });
  const { convolutions } = await readModel(path);
  writeFileSync(path, "no model");
  expect(() => new WeightReader(path).bytesOf(convolutions[0]?.weights.filters as never)).toThrow(
    /changed while it was read/,
  );
});
