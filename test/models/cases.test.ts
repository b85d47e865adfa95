/** Small files that are easily read wrongly or refused badly, each with what must come of it. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readModel } from "../../src/models/index.js";
import { linesOf } from "./support.js";

const pathOf = (name: string): string =>
  fileURLToPath(new URL(`cases/${name}${name.includes(".") ? "" : "/model.json"}`, import.meta.url));

describe("is read right", () => {
  const cases: readonly (readonly [string, Readonly<Record<string, number>>, readonly string[]])[] = [
    ["dims_minus1.onnx", { "x.0": 1 }, ["conv: conv2d_1x8x8x3_3x3x2_r1_same"]],
    ["dims_unnamed.onnx", { "x.0": 1 }, ["conv: conv2d_1x8x8x3_3x3x2_r1_same"]],
    ["dims_zero.onnx", { "x.0": 1 }, ["conv: conv2d_1x8x8x3_3x3x2_r1_same"]],
    ["dims_zero.onnx", {}, ["conv: the input's shape: dimension x.0 is free; give --dim x.0=1"]],
    ["fusedconv.onnx", {}, ["fc: conv2d_1x8x8x3_3x3x2_r1_same_relu"]],
    [
      "gan_gemm.onnx",
      { batch: 1 },
      ["deconv1: atrousConv2dTranspose_1x7x7x3_3x3x4_r1_same", "conv2: conv2d_1x7x7x4_3x3x2_r1_same"],
    ],
    [
      "if_body.onnx",
      {},
      [
        "conv1: conv2d_1x8x8x3_3x3x2_r1_same",
        "conv2: conv2d_1x8x8x3_3x3x2_r2_same",
        "after: conv2d_1x8x8x2_1x1x1_r1_same",
      ],
    ],
    ["long_ints.onnx", {}, ["conv: conv2d_1x8x8x3_3x3x2_r1_same"]],
    ["long_list.onnx", {}, ["conv: conv2d_1x8x8x3_3x3x2_r1_same"]],
    [
      "stale_value_info_dyn.onnx",
      { batch: 2, h: 16, w: 16 },
      ["first: conv2d_2x16x16x3_3x3x4_r1_same", "second: conv2d_2x16x16x4_3x3x2_r1_same"],
    ],
    ["torch_pad_chain.onnx", {}, ["causal: conv2d_1x1x48x3_1x3x5_r4_valid"]],
    ["via_einsum.onnx", {}, ["conv: conv2d_1x8x8x3_3x3x2_r1_same"]],
    ["via_expand.onnx", {}, ["conv: conv2d_1x8x8x3_3x3x2_r1_same"]],
    ["via_gridsample.onnx", {}, ["conv: conv2d_1x5x6x3_3x3x2_r1_same"]],
    ["via_lstm_rest.onnx", {}, ["conv: conv2d_1x8x8x3_3x3x2_r1_same"]],
    ["via_maxunpool.onnx", {}, ["conv: conv2d_1x8x8x3_3x3x2_r1_same"]],
    ["via_scatter.onnx", {}, ["conv: conv2d_1x8x8x3_3x3x2_r1_same"]],
    ["tfjs_addn", {}, ["a: conv2d_1x8x8x4_3x3x4_r1_same", "b: conv2d_1x8x8x4_3x3x4_r1_same"]],
    [
      "tfjs_backprop_dynamic",
      { batch: 2, "x.1": 5, "x.2": 6 },
      ["y: no output of 5x6 leads to value [2,5,6,4] with strides [1,1] and this padding; the output may be 7 x 8"],
    ],
    ["tfjs_bn_between", {}, ["conv: conv2d_1x12x12x4_3x3x4_r2_same"]],
    ["tfjs_computed_pads", {}, ["b: conv2d_1x8x8x4_3x3x4_r1_valid"]],
    ["tfjs_fused_elu", { batch: 1 }, ["y: conv2d_1x12x12x4_3x3x6_r1_same_bias"]],
    ["tfjs_fused_prelu", { batch: 1 }, ["y: conv2d_1x12x12x4_3x3x6_r1_same_bias"]],
    ["tfjs_loop", {}, ["a: conv2d_1x8x8x4_3x3x4_r1_same", "b: conv2d_1x8x8x4_3x3x4_r1_same"]],
    ["tfjs_newaxis", {}, ["b: conv2d_1x8x8x4_3x3x4_r1_same"]],
    ["tfjs_relu_between", {}, ["conv: conv2d_1x12x12x4_3x3x4_r2_same"]],
    ["tfjs_tcn", {}, ["conv: conv2d_1x1x72x4_1x3x6_r4_valid"]],
  ];

  it.each(cases)("%s with %j", async (name, dims, expected) => {
    expect(linesOf(await readModel(pathOf(name), dims))).toEqual(expected);
  });
});

describe("is refused by its name, with what helps", () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ["bad_crlf.onnx", /its line ends were changed; copy it again as binary$/],
    ["bad_h5.h5", /is an HDF5 file, .*tensorflowjs_converter/],
    ["bad_html.onnx", /is a web page, not the model; download the file/],
    ["bad_layers.json", /is a layers model; .*--input_format=tfjs_layers_model/],
    ["bad_lfs.json", /is a pointer of Git LFS, not the model; fetch the model with git lfs pull$/],
    ["bad_lfs.onnx", /is a pointer of Git LFS, not the model; fetch the model with git lfs pull$/],
    ["bad_manifest.json", /a manifest of weights; give the model.json/],
    ["bad_ort.ort", /ONNX Runtime's own format; give the .onnx file/],
    ["bad_tflite.tflite", /is a TensorFlow Lite model; convert/],
    ["bad_utf16.json", /is text in UTF-16; save it as UTF-8$/],
  ];

  it.each(refused)("%s", async (name, sentence) => {
    await expect(readModel(pathOf(name))).rejects.toThrow(sentence);
  });
});

describe("says what the kernel does otherwise", () => {
  const notes: readonly (readonly [string, string])[] = [
    ["fp16.onnx", "the model computes in float16, the kernel in float32"],
    ["fp64.onnx", "the model computes in float64, the kernel in float32"],
    ["tfjs_fused_elu", "Elu of _FusedConv2D: apply it to the output"],
    ["tfjs_fused_prelu", "Prelu of _FusedConv2D: apply it to the output"],
  ];

  it.each(notes)("%s", async (name, note) => {
    const { convolutions } = await readModel(pathOf(name), name.startsWith("tfjs") ? { batch: 1 } : {});
    expect(convolutions.map(({ notes }) => notes)).toEqual([[note]]);
  });
});

it("warns about shapes that exporters left behind", async () => {
  const { warnings } = await readModel(pathOf("stale_value_info_dyn.onnx"), { batch: 2, h: 16, w: 16 });
  expect(warnings).toEqual([
    'the shape that the model states for "t", 1x4x8x8 where it is 2x4x16x16, does not follow from its nodes, ' +
      "nor does that of 1 more; what follows is used",
  ]);
});

describe("a shape that is lost", () => {
  const custom = pathOf("via_celu_custom.onnx");

  it("can be stated", async () => {
    expect(linesOf(await readModel(custom, {}, { t: [1, 3, 8, 8] }))).toEqual(["conv: conv2d_1x8x8x3_3x3x2_r1_same"]);
    expect(linesOf(await readModel(custom))).toEqual([
      'conv: the input\'s shape: it is lost at CustomRelu "cr"; state it by --shape t=1x2x3x4',
    ]);
  });

  it("is stated for a tensor that there is, and does not contradict it", async () => {
    await expect(readModel(custom, {}, { u: [1, 3, 8, 8] })).rejects.toThrow(/has no tensor u; it has x, t, y$/);
    await expect(readModel(custom, {}, { x: [1, 3, 9, 8] })).rejects.toThrow(
      /^--shape x=1x3x9x8: tensor "x" is 1x3x8x8; correct or drop the shape$/,
    );
    await expect(readModel(custom, {}, { t: [1, 0] })).rejects.toThrow(/the shape of t takes up to 64 integers >= 1/);
  });
});
