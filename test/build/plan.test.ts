/** Plans: what a configuration, its models and its recordings come to. */
import { compile, recordShapes } from "tilewright";
import { describe, expect, test } from "vitest";
import type { BuildTarget, KernelConfig } from "../../src/build/defineConfig.js";
import { variantsOf } from "../../src/build/plan.js";
import type { Spec } from "../../src/ir/ops/spec.js";
import { kernelName } from "../../src/ir/ops/specName.js";
import { programWithin } from "../../src/ir/ops/specWithProgram.js";
import { requestKey } from "../../src/runtime/keys.js";
import { loadSpec } from "../../src/runtime/specs.js";
import { newFolder } from "../support/folder.js";
import { type OnnxFile, onnxModel } from "../support/onnxModel.js";
import { planOf, refusalOf, tiny, writeFiles } from "./support.js";

const EXACT = { accuracy: "exact", algorithm: "auto" } as const;
const namesOf = async (...given: Parameters<typeof planOf>) => (await planOf(...given)).map(({ name }) => name);

describe("variants", () => {
  const large = tiny({ value: [1, 32, 32, 32], filters: [3, 3, 32, 32] });
  const CASES: readonly (readonly [readonly BuildTarget[], KernelConfig, readonly string[]])[] = [
    [["js"], large, ["js"]],
    [["wasm"], large, ["wasm-relaxed", "wasm-simd128"]],
    [["wasm-threads"], large, ["wasm-relaxed", "wasm-simd128", "wasm-relaxed-threads", "wasm-simd128-threads"]],
    [["wasm-threads"], tiny(), ["wasm-relaxed", "wasm-simd128"]],
    [["webgpu-f16", "webgpu", "js", "js"], tiny(), ["js", "webgpu", "webgpu-f16"]],
  ];

  test.each(CASES)("of %j", (targets, { targets: _, accuracy: __, algorithm: ___, ...spec }, variants) => {
    expect(variantsOf(targets, spec as Spec)).toEqual(variants);
  });
});

describe("kernels of the configuration", () => {
  test("come in its order, with targets of their own where they have some", async () => {
    const kernels = { z: tiny({ targets: ["js"] }), a: tiny({ accuracy: "fast" }), constructor: tiny({ rate: 2 }) };
    expect(await planOf({ targets: ["webgpu"], kernels })).toEqual([
      { name: "z", spec: tiny(), wanted: EXACT, variants: ["js"], tuned: { points: {}, kinds: [] } },
      {
        name: "a",
        spec: tiny(),
        wanted: { accuracy: "fast", algorithm: "auto" },
        variants: ["webgpu"],
        tuned: { points: {}, kinds: [] },
      },
      {
        name: "constructor",
        spec: tiny({ rate: 2 }),
        wanted: EXACT,
        variants: ["webgpu"],
        tuned: { points: {}, kinds: [] },
      },
    ]);
  });

  test("are refused where two are the same", async () => {
    const kernels = { a: tiny(), b: tiny({ bias: false, accuracy: "exact" }) };
    expect(await refusalOf(() => planOf({ kernels }))).toBe(
      "kernels.b is the same kernel as kernels.a; keep one of them",
    );
  });

  test("are refused where names differ in case alone", async () => {
    const kernels = { head: tiny(), Head: tiny({ rate: 2 }) };
    expect(await refusalOf(() => planOf({ kernels }))).toMatch(/^kernels\.Head and kernels\.head differ only in case/);
  });
});

describe("kernels of models", () => {
  const model = (names: readonly string[]): OnnxFile => ({
    inputs: { x: [1, 3, 8, "width"] },
    initializers: { w: { dims: [5, 3, 3, 3] } },
    nodes: names.map((name) => ({ op: "Conv", name, inputs: ["x", "w"], outputs: [name], attributes: {} })),
  });
  const conv = {
    ...{
      op: "conv2d",
      value: [1, 3, 8, 10],
      filters: [5, 3, 3, 3],
      padding: [
        [0, 0],
        [0, 0],
      ],
      convention: "onnx",
    },
  } as const satisfies KernelConfig;

  test("are named after their specs, once each; a name of the configuration wins", async () => {
    const root = newFolder();
    writeFiles(root, { "models/a.onnx": onnxModel(model(["one", "other"])) });
    const models = [10, 12].map((width) => ({ path: "models/a.onnx", dims: { width } }));
    const named = await Promise.all(
      [10, 12].map(async (width) => kernelName(await loadSpec({ ...conv, value: [1, 3, 8, width] }))),
    );
    expect(await namesOf({ models: [...models, ...models] }, root)).toEqual(named);
    expect(await namesOf({ models, kernels: { mine: conv } }, root)).toEqual(["mine", named[1]]);
  });

  test("of the family come with their programs, and are those that a configuration would name", async () => {
    const root = newFolder();
    const node = { op: "Conv", name: "c", inputs: ["x", "w"], outputs: ["y"], attributes: { strides: [2, 2] } };
    writeFiles(root, { "strided.onnx": onnxModel({ ...model([]), nodes: [node] }) });
    const models = [{ path: "strided.onnx", dims: { width: 10 } }];
    const spec: KernelConfig = {
      ...{ op: "conv2d", value: [1, 3, 8, 10], filters: [5, 3, 3, 3], strides: [2, 2], convention: "onnx" },
    };
    const [plan, ...more] = await planOf({ models, targets: ["js"] }, root);
    expect(more).toEqual([]);
    expect(programWithin(plan?.spec)).toBeDefined();
    expect(plan?.name).toMatch(/^conv2d_1x3x8x10_5x3x3x3_/);
    expect(await namesOf({ models, kernels: { mine: spec } }, root)).toEqual(["mine"]);
  });

  test("without any convolution that is covered are an error that says what helps", async () => {
    const root = newFolder();
    const negative = {
      ...model([]),
      nodes: [{ op: "Conv", name: "c", inputs: ["x", "w"], outputs: ["y"], attributes: { pads: [-1, 0, 0, 0] } }],
    };
    writeFiles(root, {
      "free.onnx": onnxModel(model(["one"])),
      "none.onnx": onnxModel(model([])),
      "negative.onnx": onnxModel({ ...negative, inputs: { x: [1, 3, 8, 8] } }),
    });
    const of = (path: string) => namesOf({ models: [path] }, root);
    await expect(of("free.onnx")).rejects.toThrow(
      /free\.onnx gives no kernel: its free dimensions need sizes, such as dims: \{ "width": 1 \}$/,
    );
    await expect(of("none.onnx")).rejects.toThrow(/none\.onnx gives no kernel: it has no convolutions; leave it out$/);
    await expect(of("negative.onnx")).rejects.toThrow(/"c" is not covered \(pads \[-1,0,0,0\]; no kernel has/);
  });

  test("get another name where the configuration has given theirs away", async () => {
    const root = newFolder();
    writeFiles(root, { "a.onnx": onnxModel(model(["one"])) });
    const models = [{ path: "a.onnx", dims: { width: 10 } }];
    const [name = ""] = await namesOf({ models }, root);
    const taken = name.replace("conv2d", "Conv2d");
    expect(await namesOf({ models, kernels: { [taken]: tiny() } }, root)).toEqual([taken, `${name}_2`]);
  });

  test("that are not there are refused by their path", async () => {
    expect(await refusalOf(() => planOf({ models: ["gone.onnx"] }, newFolder()))).toMatch(/gone\.onnx/);
  });
});

describe("kernels of recordings", () => {
  test("are what an app has asked for, each way of asking once", async () => {
    const infinite = tiny({ activation: { kind: "clip", min: 0, max: Number.POSITIVE_INFINITY } });
    const square = tiny({ value: [1, 12, 12, 8], filters: [3, 3, 8, 8] });
    const recording = recordShapes();
    await compile(tiny(), { target: "plain" });
    await compile(tiny(), { target: "js" });
    await compile(infinite, { target: "plain" });
    await compile(square, { target: "plain", algorithm: "winograd" });
    await compile(square, { target: "plain", algorithm: { kind: "winograd", tile: [2, 2] } });
    await compile(square, { target: "plain", accuracy: "fast" });
    recording.stop();
    const root = newFolder();
    writeFiles(root, { "shapes.json": recording.text() });
    const plans = await planOf({ recorded: ["shapes.json"], kernels: { mine: tiny() } }, root);
    expect(plans.map(({ name }) => name)).toEqual([
      "mine",
      "atrousConv2dTranspose_1x4x5x2_3x3x3_r1_same_clip_0_Infinity",
      "atrousConv2dTranspose_1x12x12x8_3x3x8_r1_same_winograd",
      "atrousConv2dTranspose_1x12x12x8_3x3x8_r1_same_winograd2x2",
      "atrousConv2dTranspose_1x12x12x8_3x3x8_r1_same_fast",
    ]);
    expect(plans[1]?.spec).toEqual(infinite);
    // Under what it was recorded with, `compile` finds it again.
    const requests = recording
      .toJSON()
      .kernels.map(({ spec, accuracy, algorithm }) => requestKey(spec, { accuracy, algorithm }));
    expect(plans.map(({ spec, wanted }) => requestKey(spec, wanted))).toEqual(requests);
  });

  const start = '"format": "tilewright-shapes", "version": 1';
  const asked = '"accuracy": "exact", "algorithm": "auto"';
  const BROKEN: readonly (readonly [string, RegExp])[] = [
    ["", /^shapes\.json is not JSON: /],
    ["[]", /^shapes\.json is no recording of recordShapes\(\)/],
    ['{ "format": "tilewright-shapes", "version": 2, "kernels": [] }', /^shapes\.json is no recording/],
    [`{ ${start}, "kernels": [{ ${asked} }] }`, /^shapes\.json is no recording/],
    [`{ ${start}, "kernels": [{ "spec": {}, ${asked} }] }`, /^shapes\.json: kernels\[0\]: op must be one of/],
    [
      `{ ${start}, "kernels": [{ "spec": ${JSON.stringify(tiny())}, "accuracy": "exact", "algorithm": "none" }] }`,
      /^shapes\.json: kernels\[0\]: algorithm must be/,
    ],
  ];

  test.each(BROKEN)("are refused in one sentence: %s", async (text, sentence) => {
    const root = newFolder();
    writeFiles(root, { "shapes.json": text });
    expect(await refusalOf(() => planOf({ recorded: ["shapes.json"] }, root))).toMatch(sentence);
  });

  test("that are not there are refused by their path", async () => {
    const sentence = await refusalOf(() => planOf({ recorded: ["gone.json"] }, newFolder()));
    expect(sentence).toMatch(/^the recording .*gone\.json cannot be read \(ENOENT\)/);
  });
});
