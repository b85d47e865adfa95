/** What no member of the convolution family may be: each refusal is a sentence, and comes before anything is compiled. */
import { compile, type FamilySpec } from "tilewright";
import { describe, expect, test } from "vitest";
import { specFacts } from "../../src/ir/ops/index.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { needs } from "../support/needs.js";
import { familyVector, type RecordedVector } from "../support/recordedFamily.js";
import { sharedCases } from "../support/vectors.js";

const FORWARD = { op: "conv2d", value: [1, 5, 7, 4], filters: [3, 3, 4, 6] };
const TRANSPOSED = { op: "conv2dTranspose", value: [1, 5, 7, 4], filters: [3, 3, 6, 4], strides: [2, 2] };
const ONNX = { ...TRANSPOSED, convention: "onnx", value: [1, 4, 5, 7], filters: [4, 6, 3, 3] };
const PYTORCH = { ...ONNX, convention: "pytorch" };
const WEBNN = { ...ONNX, convention: "webnn" };
const KERAS = { ...TRANSPOSED, convention: "keras" };

const REFUSALS: readonly (readonly [object, string])[] = [
  [{ ...FORWARD, op: "conv4d" }, "invalid-spec: op must be one of"],
  [
    { ...FORWARD, convention: "jax" },
    "invalid-spec: convention must be one of tensorflow, keras, onnx, pytorch, webnn; got",
  ],
  [
    { ...FORWARD, stride: 2 },
    'invalid-spec: conv2d has no "stride"; it may have op, value, filters, strides, dilations',
  ],
  [{ ...FORWARD, outputShape: [3, 5] }, 'invalid-spec: conv2d has no "outputShape"; it may have'],
  [{ ...TRANSPOSED, rate: 2 }, 'invalid-spec: conv2dTranspose has no "rate"; write dilations: [2,2]'],
  [{ ...FORWARD, value: [5, 7, 4] }, "invalid-shape: value must be 4 integers >= 0, [N, H, W, C]; got [5,7,4]"],
  [{ ...FORWARD, value: [1, 5, -7, 4] }, "invalid-shape: value must be 4 integers >= 0, [N, H, W, C]; got [1,5,-7,4]"],
  [{ ...FORWARD, value: new Array(4) }, "invalid-shape: value must be 4 integers >= 0, [N, H, W, C]; got [null,null"],
  [{ ...FORWARD, strides: new Array(2) }, "invalid-spec: strides must be an integer >= 1 for each of H, W; got [null"],
  [{ ...FORWARD, filters: [3, 3, 4] }, "invalid-shape: filters must be 4 integers >= 0, [h, w, i, o]; got [3,3,4]"],
  [
    { ...FORWARD, filters: [0, 3, 4, 6] },
    "invalid-shape: filters need a tap along each axis; got [0,3,4,6] in the order hwio",
  ],
  [{ ...FORWARD, layout: "NWC" }, 'invalid-spec: layout must be one of NHWC, NCHW; got "NWC"'],
  [
    { ...FORWARD, filterLayout: "hiwo" },
    "invalid-spec: filterLayout must be one of hwio, hwoi, iohw, oihw, ihwo, ohwi; got",
  ],
  [{ ...FORWARD, strides: [2] }, "invalid-spec: strides must be an integer >= 1 for each of H, W; got [2]"],
  [{ ...FORWARD, strides: [0, 1] }, "invalid-spec: strides must be an integer >= 1 for each of H, W; got [0,1]"],
  [
    { ...FORWARD, dilations: 2 },
    "invalid-spec: dilations must be an integer >= 1 for each of H, W; got 2; write [2, 2]",
  ],
  [{ ...FORWARD, groups: 0 }, "invalid-spec: groups must be an integer >= 1; got 0"],
  [{ ...FORWARD, groups: 3 }, "invalid-shape: groups must divide the channels of value, of which there are 4; got 3"],
  [
    { ...FORWARD, groups: 4, filters: [3, 3, 1, 6] },
    "invalid-shape: groups must divide the output channels of filters, of which there are 6; got 4",
  ],
  [
    { ...FORWARD, filters: [3, 3, 5, 6] },
    "invalid-shape: filters [3,3,5,6] in the order hwio must read 4 channels, as value [1,5,7,4] has 4; they read 5",
  ],
  [
    { ...TRANSPOSED, filters: [3, 3, 4, 6] },
    "invalid-shape: filters [3,3,4,6] in the order hwoi must read 4 channels, as value [1,5,7,4] has 4; they read 6",
  ],
  [{ ...FORWARD, filters: [3, 3, 4, 0] }, "invalid-shape: conv2d needs at least one output channel"],
  [
    { ...FORWARD, filters: [9, 3, 4, 6] },
    "invalid-shape: the taps span 9x3, more than value [1,5,7,4] with its padding has",
  ],
  [
    { ...FORWARD, padding: "same" },
    'invalid-spec: padding in the convention tensorflow must be "SAME", or "VALID", or [before,',
  ],
  [
    { ...FORWARD, padding: "SAME_UPPER" },
    'invalid-spec: padding in the convention tensorflow must be "SAME", or "VALID"',
  ],
  [{ ...FORWARD, padding: [1, 1] }, 'invalid-spec: padding in the convention tensorflow must be "SAME", or "VALID"'],
  [
    { ...ONNX, padding: "SAME" },
    'invalid-spec: padding in the convention onnx must be "SAME_UPPER", or "SAME_LOWER", or',
  ],
  [
    { ...PYTORCH, padding: "SAME" },
    "invalid-spec: padding in the convention pytorch must be [before, after], both alike",
  ],
  [
    {
      ...PYTORCH,
      padding: [
        [1, 0],
        [1, 1],
      ],
    },
    "invalid-spec: padding in the convention pytorch must be [before, after], both",
  ],
  [{ ...WEBNN, padding: "SAME_UPPER" }, "invalid-spec: padding in the convention webnn must be [before, after] with"],
  [
    {
      ...KERAS,
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
    'invalid-spec: padding in the convention keras must be "SAME", or "VALID"; got',
  ],
  [
    { ...TRANSPOSED, padding: "SAME", outputShape: [10, 12] },
    "invalid-shape: no output of 10x12 leads to value [1,5,7,4] with strides [2,2] and this padding; the output may be 9..10 x 13..14",
  ],
  [
    { ...TRANSPOSED, outputShape: [2, 11, 15, 6] },
    "invalid-shape: outputShape must have the batch of value and the channels of filters, as [1,11,15,6]; got [2,11,15,6]",
  ],
  [
    { ...TRANSPOSED, outputShape: [11] },
    "invalid-shape: outputShape must be the sizes [H, W] or the whole shape [N, H, W, C],",
  ],
  [
    { ...TRANSPOSED, outputPadding: [1, 1] },
    "invalid-spec: tensorflow has no outputPadding; say the outputShape instead",
  ],
  [
    { ...KERAS, outputShape: [11, 15] },
    "invalid-spec: keras computes the output's size; leave outputShape out, and say",
  ],
  [
    { ...KERAS, outputPadding: [2, 0] },
    "invalid-spec: outputPadding must be less than the stride, here [2,2]; got [2,0]",
  ],
  [
    { ...ONNX, outputPadding: [2, 0] },
    "invalid-spec: outputPadding must be less than the stride or dilation, here [2,2]",
  ],
  [{ ...WEBNN, outputPadding: [1] }, "invalid-spec: outputPadding must be an integer >= 0 for each of H, W; got [1]"],
  [
    { ...PYTORCH, outputPadding: [1, 1], outputShape: [12, 16] },
    "invalid-spec: outputShape and outputPadding both say the output's size; leave one of them out",
  ],
  [
    {
      ...ONNX,
      padding: [
        [1, 1],
        [1, 1],
      ],
      outputShape: [9, 13],
    },
    "invalid-spec: with an outputShape, the convention onnx computes the padding; leave one of them out",
  ],
  [
    {
      ...PYTORCH,
      padding: [
        [9, 9],
        [0, 0],
      ],
    },
    "invalid-shape: no output of -7x15 leads to value [1,4,5,7] with strides [2,2] and this padding; the output may be nothing x 15..16",
  ],
  [
    { ...PYTORCH, op: "conv2d", filters: [6, 4, 3, 3], padding: "SAME" },
    'invalid-spec: padding "SAME" in the convention pytorch takes strides of 1; got [2,2]',
  ],
  [
    { ...FORWARD, op: "depthwiseConv2d", convention: "onnx" },
    "invalid-spec: onnx has no depthwiseConv2d; write conv2d with a group for each channel",
  ],
  [{ ...FORWARD, op: "depthwiseConv2d", groups: 4 }, 'invalid-spec: depthwiseConv2d has no "groups"; it may have'],
  [{ ...FORWARD, bias: [1] }, "invalid-spec: bias says whether there is one (true or false); got [1]"],
  [{ ...FORWARD, activation: "mish" }, 'invalid-spec: activation must be "relu", "relu6"'],
  [
    { ...TRANSPOSED, strides: [99, 99], dilations: [2, 2], padding: "SAME" },
    "too-large: strides [99,99] with dilations [2,2] make 9801 stages; there may be 4096",
  ],
  [{ ...FORWARD, value: [1, 65536, 65536, 4], padding: "SAME" }, "too-large: value [1,65536,65536,4] has"],
  [
    { ...TRANSPOSED, value: [1, 30000, 30000, 1], filters: [1, 1, 1, 1] },
    "too-large: the output [1,59999,59999,1] has",
  ],
  [
    { ...FORWARD, filters: [2 ** 26, 1, 4, 1], dilations: [2 ** 30, 1] },
    "too-large: 67108864 taps at dilation 1073741824",
  ],
];

describe("refused", () => {
  test.each(REFUSALS)("%j", async (spec, sentence) => {
    const refusal = errorOf(thrownBy(() => checkAnySpec(spec)));
    expect(refusal.slice(0, sentence.length)).toBe(sentence);
    expect(errorOf(await rejectionOf(compile(spec as unknown as FamilySpec)))).toBe(refusal);
  });
});

/** Shapes that a framework refuses, or what it makes of them. */
interface ShapeCase {
  readonly input: readonly number[];
  readonly filter: readonly number[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly output: readonly number[] | null;
  readonly note?: string;
}

const shapes = sharedCases<ShapeCase>("published/webnn_shape_validation.json");

describe("WebNN's own cases", needs({ "published/webnn_shape_validation.json": shapes }), () => {
  // Values of a bias are no part of a spec.
  const ours = shapes?.filter(({ options }) => !options.biasShape) ?? [];
  test.each(ours)("$input, $filter, $options", ({ input, filter, options, output }) => {
    const { padding, strides, outputPadding, outputSizes, inputLayout, ...rest } = options;
    const isWrong = Array.isArray(padding) && padding.length !== 4;
    const [top, bottom, left, right] = (padding as readonly number[] | undefined) ?? [];
    const spec = {
      ...{ op: "conv2dTranspose", convention: "webnn", value: input, filters: filter, strides, ...rest },
      padding: isWrong
        ? padding
        : padding && [
            [top, bottom],
            [left, right],
          ],
      ...(outputSizes ? { outputShape: outputSizes } : { outputPadding }),
      layout: (inputLayout as string | undefined)?.toUpperCase(),
    };
    if (output) expect(specFacts(checkAnySpec(spec)).outputShape).toEqual(output);
    else expect(errorOf(thrownBy(() => checkAnySpec(spec)))).toMatch(/^(invalid-spec|invalid-shape|too-large): /);
  });
});

interface NegativeCase extends Omit<RecordedVector, "input" | "filter"> {
  readonly inputShapes: readonly (readonly number[])[];
  readonly pads?: readonly number[];
  readonly expectError: string;
}

const negative = sharedCases<NegativeCase>("published/ort_cpp_negative.json");

describe("ONNX Runtime's own cases", needs({ "published/ort_cpp_negative.json": negative }), () => {
  // A bias comes with `prepare`; `kernel_shape` follows from the filters; a size that is merely declared is no argument.
  const ours = negative?.filter(({ name }) => !/KernelShape|BiasShape|Conv1D_Invalid_Input/.test(name)) ?? [];
  test.each(ours)("$name", ({ inputShapes, pads, attrs, ...rest }) => {
    const tensor = (shape: readonly number[] = []) => ({ shape, dtype: "float32", data: [] });
    const [value, filters] = inputShapes.map(tensor);
    const vector = { ...rest, rank: 2, attrs: { ...attrs, ...(pads ? { pads } : {}) }, input: value, filter: filters };
    const read = () => checkAnySpec(familyVector(vector as RecordedVector).spec);
    expect(errorOf(thrownBy(read))).toMatch(/^(invalid-spec|invalid-shape): /);
  });
});
