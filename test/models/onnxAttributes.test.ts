/** Conv and ConvTranspose of ONNX: what becomes of each attribute, and what is said of those that cannot be. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalKey } from "../../src/ir/key.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { PAIRS, SEED } from "../support/effort.js";
import type { OnnxAttribute } from "../support/onnxModel.js";
import { onlyOne, readOnnxFile, textOf } from "./support.js";

type Attributes = Readonly<Record<string, OnnxAttribute>>;

/** One convolution of 8x10 pixels, from 3 channels to 5. */
async function single(op: string, attributes: Attributes, kernel: readonly number[] = [3, 3]) {
  const spatial = [4, 6, 8, 10].slice(-kernel.length);
  const filters = op === "Conv" ? [5, 3, ...kernel] : [3, 5, ...kernel];
  return onlyOne(
    await readOnnxFile({
      inputs: { x: [1, 3, ...spatial] },
      initializers: { w: { dims: filters } },
      nodes: [{ op, name: "it", inputs: ["x", "w"], outputs: ["y"], attributes }],
    }),
  );
}

async function lineOf(op: string, attributes: Attributes, kernel: readonly number[]): Promise<string> {
  const found = await single(op, attributes, kernel);
  return "op" in found ? textOf(found) : found.join(" | ");
}

const onnx = ", convention onnx";
const row = (kernel: string): string => `conv2d 1x3x8x10 with 5x3x${kernel}`;
const transposed = (kernel: string): string => `conv2dTranspose 1x3x8x10 with 3x5x${kernel}`;

describe("Conv", () => {
  const cases: readonly (readonly [string, Attributes, readonly number[], string])[] = [
    ["nothing is VALID", {}, [3, 3], "conv2d_1x8x10x3_3x3x5_r1_valid"],
    ["pads of half the reach are SAME", { pads: [1, 1, 1, 1] }, [3, 3], "conv2d_1x8x10x3_3x3x5_r1_same"],
    ["dilated", { pads: [2, 2, 2, 2], dilations: [2, 2] }, [3, 3], "conv2d_1x8x10x3_3x3x5_r2_same"],
    ["the odd pixel belongs to the end", { pads: [0, 0, 1, 1] }, [2, 2], "conv2d_1x8x10x3_2x2x5_r1_same"],
    ["and not to the beginning", { pads: [1, 1, 0, 0] }, [2, 2], `${row("2x2")}, padding [[1,0],[1,0]]${onnx}`],
    ["more than SAME", { pads: [2, 2, 2, 2] }, [3, 3], `${row("3x3")}, padding [[2,2],[2,2]]${onnx}`],
    ["SAME of rows, VALID of columns", { pads: [1, 0, 1, 0] }, [3, 3], `${row("3x3")}, padding [[1,1],[0,0]]${onnx}`],
    ["one tap is both, hence SAME", {}, [1, 1], "conv2d_1x8x10x3_1x1x5_r1_same"],
    ["one tap has no rate", { dilations: [4, 4] }, [1, 1], "conv2d_1x8x10x3_1x1x5_r1_same"],
    ["one row of taps", { dilations: [7, 2], pads: [0, 2, 0, 2] }, [1, 3], "conv2d_1x8x10x3_1x3x5_r2_same"],
    ["VALID of one row", { dilations: [7, 2] }, [1, 3], "conv2d_1x8x10x3_1x3x5_r2_valid"],
    [
      "auto_pad VALID ignores pads",
      { auto_pad: "VALID", pads: [1, 1, 1, 1] },
      [3, 3],
      "conv2d_1x8x10x3_3x3x5_r1_valid",
    ],
    ["auto_pad SAME_UPPER", { auto_pad: "SAME_UPPER" }, [2, 2], "conv2d_1x8x10x3_2x2x5_r1_same"],
    [
      "auto_pad SAME_LOWER of an even kernel",
      { auto_pad: "SAME_LOWER" },
      [2, 2],
      `${row("2x2")}, padding SAME_LOWER${onnx}`,
    ],
    ["auto_pad SAME_LOWER of an odd kernel", { auto_pad: "SAME_LOWER" }, [3, 3], "conv2d_1x8x10x3_3x3x5_r1_same"],
    ["a signal is an image of one row", { pads: [2, 2], dilations: [2] }, [3], "conv2d_1x1x10x3_1x3x5_r2_same"],
    [
      "strides",
      { strides: [2, 2], pads: [1, 1, 1, 1] },
      [3, 3],
      `${row("3x3")}, strides [2,2], padding [[1,1],[1,1]]${onnx}`,
    ],
    [
      "strided SAME",
      { strides: [2, 1], auto_pad: "SAME_UPPER" },
      [3, 3],
      `${row("3x3")}, strides [2,1], padding SAME_UPPER${onnx}`,
    ],
    ["strided VALID", { strides: [1, 3], auto_pad: "VALID" }, [3, 3], `${row("3x3")}, strides [1,3]${onnx}`],
    ["rates that differ", { dilations: [1, 2] }, [3, 3], "conv2d_1x8x10x3_3x3x5_r1x2_valid"],
    [
      "groups",
      { group: 3 },
      [3, 3],
      "filters [5,3,3,3] in the order oihw must read 1 channels, as value [1,3,8,10] has 3 in 3 groups; they read 3",
    ],
    ["group 0", { group: 0 }, [3, 3], "groups must be an integer >= 1; got 0"],
    ["stride 0", { strides: [0, 1] }, [3, 3], "strides must be an integer >= 1 for each of H, W; got [0,1]"],
    ["dilation 0", { dilations: [1, 0] }, [3, 3], "dilations must be an integer >= 1 for each of H, W; got [1,0]"],
    [
      "a huge dilation",
      { dilations: [2 ** 53 - 1, 1] },
      [3, 3],
      "3 taps at dilation 9007199254740991 and stride 1 span more than can be counted",
    ],
    ["negative pads", { pads: [0, -1, 0, 0] }, [3, 3], "pads [0,-1,0,0]; no kernel has negative ones"],
    ["pads of one axis", { pads: [1, 1] }, [3, 3], "pads [1,1] for 2 axes"],
    [
      "a strided signal",
      { strides: [4], dilations: [2], pads: [2, 1] },
      [3],
      `conv1d 1x3x10 with 5x3x3, strides [4], dilations [2], padding [[2,1]]${onnx}`,
    ],
    [
      "a kernel of another shape",
      { kernel_shape: [5, 5] },
      [3, 3],
      "the filters' shape: kernel_shape [5,5] with filters [5,3,3,3]",
    ],
    [
      "too small an image",
      { dilations: [9, 9] },
      [3, 3],
      "the taps span 19x19, more than value [1,3,8,10] with its padding has",
    ],
    [
      "3-D",
      { strides: [1, 2, 1], pads: [1, 0, 0, 1, 0, 0], dilations: [1, 1, 2] },
      [3, 3, 3],
      `conv3d 1x3x6x8x10 with 5x3x3x3x3, strides [1,2,1], dilations [1,1,2], padding [[1,1],[0,0],[0,0]]${onnx}`,
    ],
    ["4-D", {}, [3, 3, 3, 3], "a 4-D kernel [3,3,3,3]; 1-D to 3-D are compiled"],
  ];

  it.each(cases)("%s", async (_, attributes, kernel, expected) => {
    expect(await lineOf("Conv", attributes, kernel)).toEqual(expected);
  });
});

describe("ConvTranspose", () => {
  const cases: readonly (readonly [string, Attributes, readonly number[], string])[] = [
    ["nothing is VALID", {}, [3, 3], "atrousConv2dTranspose_1x8x10x3_3x3x5_r1_valid"],
    ["pads crop", { pads: [2, 2, 2, 2], dilations: [2, 2] }, [3, 3], "atrousConv2dTranspose_1x8x10x3_3x3x5_r2_same"],
    [
      "even kernels crop less at the beginning",
      { pads: [0, 0, 1, 1] },
      [2, 2],
      "atrousConv2dTranspose_1x8x10x3_2x2x5_r1_same",
    ],
    ["and not more", { pads: [1, 1, 0, 0] }, [2, 2], `${transposed("2x2")}, padding [[1,0],[1,0]]${onnx}`],
    [
      "output_padding makes up for pads at the end",
      { dilations: [2, 2], pads: [2, 2, 3, 3], output_padding: [1, 1] },
      [3, 3],
      "atrousConv2dTranspose_1x8x10x3_3x3x5_r2_same",
    ],
    [
      "output_padding",
      { dilations: [2, 2], output_padding: [1, 1] },
      [3, 3],
      `${transposed("3x3")}, dilations [2,2], outputPadding [1,1]${onnx}`,
    ],
    ["output_shape", { output_shape: [8, 10] }, [3, 3], "atrousConv2dTranspose_1x8x10x3_3x3x5_r1_same"],
    [
      "output_shape of an even kernel",
      { output_shape: [8, 10] },
      [2, 2],
      `${transposed("2x2")}, outputShape [8,10]${onnx}`,
    ],
    [
      "the odd pixel at the end",
      { output_shape: [8, 10], auto_pad: "SAME_UPPER" },
      [2, 2],
      "atrousConv2dTranspose_1x8x10x3_2x2x5_r1_same",
    ],
    ["output_shape in full", { output_shape: [10, 12] }, [3, 3], "atrousConv2dTranspose_1x8x10x3_3x3x5_r1_valid"],
    ["strides", { strides: [2, 1] }, [3, 3], `${transposed("3x3")}, strides [2,1]${onnx}`],
    [
      "strided SAME",
      { strides: [2, 2], auto_pad: "SAME_LOWER" },
      [3, 3],
      `${transposed("3x3")}, strides [2,2], padding SAME_LOWER${onnx}`,
    ],
    [
      "output_shape, whatever the pads are",
      { strides: [2, 2], output_shape: [1, 5, 16, 21], pads: [9, 9, 9, 9] },
      [3, 3],
      `${transposed("3x3")}, strides [2,2], outputShape [16,21]${onnx}`,
    ],
    [
      "output_shape and output_padding, which moves the crop",
      { strides: [3, 2], output_shape: [24, 20], output_padding: [2, 1] },
      [3, 3],
      `${transposed("3x3")}, strides [3,2], padding [[1,0],[1,0]], outputPadding [1,0]${onnx}`,
    ],
    [
      "a size that is none",
      { strides: [2, 2], output_shape: [-1, 20] },
      [3, 3],
      "outputShape must be the sizes [H, W] or the whole shape [N, C, H, W], in integers >= 0; got [-1,20]",
    ],
    [
      "one size for two axes",
      { output_shape: [8] },
      [3, 3],
      "outputShape must be the sizes [H, W] or the whole shape [N, C, H, W], in integers >= 0; got [8]",
    ],
    [
      "an output_padding that strides do not leave",
      { strides: [2, 2], output_padding: [2, 0] },
      [3, 3],
      "outputPadding must be less than the stride or dilation, here [2,2]; got [2,0]",
    ],
    ["groups", { group: 3 }, [3, 3], `${transposed("3x3")}, groups 3${onnx}`],
    [
      "groups that do not divide",
      { group: 2 },
      [3, 3],
      "groups must divide the channels of value, of which there are 3; got 2",
    ],
    ["group -1", { group: -1 }, [3, 3], "groups must be an integer >= 1; got -1"],
    ["negative pads", { pads: [0, 0, 0, -1] }, [3, 3], "pads [0,0,0,-1]; no kernel has negative ones"],
    [
      "more is cropped than there is",
      { pads: [9, 9, 9, 9] },
      [3, 3],
      expect.stringMatching(/^no output of -8x-6 leads to value/),
    ],
    [
      "huge strides",
      { strides: [2 ** 31, 2 ** 31] },
      [3, 3],
      expect.stringMatching(/^(filters|value|strides|the output) [^\n]+$/),
    ],
    [
      "a stride of many phases",
      { strides: [1, 4097], dilations: [1, 2] },
      [3, 3],
      "strides [1,4097] with dilations [1,2] make 4097 stages; there may be 4096",
    ],
    ["3-D", { strides: [1, 1, 2] }, [3, 3, 3], `conv3dTranspose 1x3x6x8x10 with 3x5x3x3x3, strides [1,1,2]${onnx}`],
    [
      "a strided signal",
      { strides: [2], pads: [1, 1], output_padding: [1] },
      [3],
      `conv1dTranspose 1x3x10 with 3x5x3, strides [2], padding [[1,1]], outputPadding [1]${onnx}`,
    ],
    ["a signal", { pads: [1, 1] }, [3], "atrousConv2dTranspose_1x1x10x3_1x3x5_r1_same"],
  ];

  it.each(cases)("%s", async (_, attributes, kernel, expected) => {
    expect(await lineOf("ConvTranspose", attributes, kernel)).toEqual(expected);
  });
});

describe("attributes drawn by lot", () => {
  const odd = fc.constantFrom(-(2 ** 53) + 1, -(2 ** 31), -1, 0, 1, 1, 1, 2, 2, 3, 9, 2 ** 31, 2 ** 53 - 1);
  const lists = ["strides", "dilations", "pads", "output_padding", "output_shape", "kernel_shape"];
  const list = fc.oneof(fc.array(odd, { maxLength: 6 }), fc.array(fc.nat(3), { minLength: 2, maxLength: 2 }));
  const attributes = fc.tuple(
    fc.dictionary(fc.constantFrom(...lists), list, { maxKeys: 3 }),
    fc.record(
      { group: odd, auto_pad: fc.constantFrom("SAME_UPPER", "SAME_LOWER", "VALID", "x") },
      { requiredKeys: [] },
    ),
  );

  it("make a spec that can be compiled, or sentences", async () => {
    const counts = { specs: 0, sentences: 0 };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("Conv", "ConvTranspose"), attributes, async (op, [some, more]) => {
        const found = await single(op, { ...some, ...more });
        if ("op" in found) {
          counts.specs++;
          expect(canonicalKey(checkAnySpec(found))).toBe(canonicalKey(found));
          return;
        }
        counts.sentences++;
        for (const why of found) expect(why).toMatch(/^[^\n]{5,303}$/);
      }),
      { seed: SEED, numRuns: Math.max(500, PAIRS) },
    );
    console.log(`attributes of ONNX: ${JSON.stringify(counts)}, seed ${SEED}`);
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(25);
  });
});
