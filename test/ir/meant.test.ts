/** Misspelt names: wherever there are names to choose from, a refusal says which one was meant. */
import { type CompileOptions, compile, type GivenSpec, type OpSpec } from "tilewright";
import { describe, expect, test } from "vitest";
import { checkSchedule } from "../../src/codegen/checkSchedule.js";
import { meant, meantValue, nearest } from "../../src/ir/meant.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";

const refusal = async (spec: object, options: object = {}): Promise<string> =>
  errorOf(await rejectionOf(compile(spec as GivenSpec, options as CompileOptions)));

const RATED = { op: "conv2d", value: [1, 9, 9, 4], filters: [3, 3, 4, 8], rate: 2, padding: "SAME" };
const FAMILY = { op: "conv2d", value: [1, 9, 9, 4], filters: [3, 3, 4, 8] };
const TRANSPOSED = { ...RATED, op: "atrousConv2dTranspose", filters: [3, 3, 8, 4] };
const FORMULA = { formula: "y[i] = x[i]", tensors: { x: [4] } };

describe("the nearest name", () => {
  test("is one with a letter more, less, another or in another place", () => {
    const known = ["strides", "dilations", "groups"];
    expect(["stride", "stridess", "strodes", "stirdes"].map((name) => nearest(name, known))).toEqual(
      new Array(4).fill("strides"),
    );
  });

  test("is there whatever the capitals", () => expect(meantValue("ReLU", ["tanh", "relu"])).toContain('"relu"'));

  test("of a short word is at most a letter away", () => {
    expect(nearest("smid", ["simd", "hoistsLoads"])).toBe("simd");
    expect(nearest("best", ["exact", "fast"])).toBeUndefined();
    expect(nearest("x", ["y"])).toBeUndefined();
  });

  test("is none where none is near, nor for what is no name", () => {
    expect(meant("kernel", ["strides"])).toBe("");
    expect(meantValue(3, ["strides"])).toBe("");
    expect(meant("s".repeat(1e6), ["s".repeat(1e6)])).toBe("");
  });
});

test.each<readonly [what: string, spec: object, options: object, end: string]>([
  ["a field of the family", { ...FAMILY, stride: [2, 2] }, {}, "; did you mean strides?"],
  ["another one", { ...FAMILY, dilation: [2, 2] }, {}, "; did you mean dilations?"],
  ["a field of an op with a rate", { ...RATED, biass: true }, {}, "; did you mean bias?"],
  [
    "a field of a shorthand",
    { op: "matmul", a: [2, 2], b: [2, 2], activaton: "relu" },
    {},
    "; did you mean activation?",
  ],
  ["a field of a formula", { ...FORMULA, tensor: {} }, {}, "; did you mean tensors?"],
  ["an op", { ...FAMILY, op: "conv2D" }, {}, '; did you mean "conv2d"?'],
  ["an op that is a formula", { op: "softMax", value: [2] }, {}, '; did you mean "softmax"?'],
  ["an activation", { ...FAMILY, activation: "ReLU" }, {}, '; did you mean "relu"?'],
  ["a padding", { ...RATED, padding: "same" }, {}, '; did you mean "SAME"?'],
  ["a padding of the family", { ...FAMILY, padding: "same" }, {}, '; did you mean "SAME"?'],
  ["a layout", { ...FAMILY, layout: "nchw" }, {}, '; did you mean "NCHW"?'],
  ["a convention", { ...FAMILY, convention: "PyTorch" }, {}, '; did you mean "pytorch"?'],
  ["an option", FAMILY, { acuracy: "fast" }, "; did you mean accuracy?"],
  ["the value of one", FAMILY, { accuracy: "Fast" }, '; did you mean "fast"?'],
  ["a target", FAMILY, { target: "WASM" }, '; did you mean "wasm"?'],
  ["an algorithm", FAMILY, { algorithm: "winogard" }, '; did you mean "winograd"?'],
  ["a feature", FAMILY, { target: "wasm", features: { simd: "simd-128" } }, '; did you mean "simd128"?'],
])("%s", async (_, spec, options, end) => {
  const message = await refusal(spec, options);
  expect(message.slice(-end.length)).toBe(end);
});

test("a directive and its fields", () => {
  const said = (directive: object) => errorOf(thrownBy(() => checkSchedule({ conv: [directive] })));
  expect(said({ do: "unrol", axis: "x" })).toContain('; did you mean "unroll"?');
  expect(said({ do: "unroll", axis: "x", axes: "y" })).toContain("; did you mean axis?");
});

describe("attributes of the family, of an op with a rate", () => {
  test.each<readonly [spec: object, sentence: string]>([
    [
      { ...RATED, strides: [2, 2] },
      'a conv2d with a "rate" has stride 1 and no "strides"; write dilations: [2, 2] in place of rate: 2',
    ],
    [
      { ...RATED, rate: [2, 3], groups: 2 },
      'a conv2d with a "rate" has no "groups"; write dilations: [2, 3] in place of rate: [2,3]',
    ],
    [
      { ...RATED, stride: 2 },
      'a conv2d with a "rate" has stride 1 and no "stride"; write dilations: [2, 2] in place of rate: 2, ' +
        "and strides in place of stride",
    ],
    [
      { ...TRANSPOSED, outputPadding: [1, 1] },
      'an atrousConv2dTranspose has no "outputPadding"; ' +
        'write op: "conv2dTranspose" with dilations: [2, 2] in place of rate: 2',
    ],
  ])("%o", async (spec, sentence) => expect(await refusal(spec)).toBe(`invalid-spec: ${sentence}`));

  test.each([
    [RATED, { ...FAMILY, padding: "SAME", dilations: [2, 2] }],
    [TRANSPOSED, { ...TRANSPOSED, op: "conv2dTranspose", rate: undefined, dilations: [2, 2] }],
    [
      { ...TRANSPOSED, padding: "VALID" },
      { ...TRANSPOSED, op: "conv2dTranspose", padding: "VALID", rate: undefined, dilations: [2, 2] },
    ],
  ])("%o means what the remedy says", async (spec, remedy) => {
    const run = async (given: object): Promise<Float32Array> => {
      const kernel = await compile(given as OpSpec, { target: "js" });
      const noise = (count: number, seed: number) =>
        Float32Array.from({ length: count }, (_, i) => (((i + seed) * 7919) % 17) - 8);
      return kernel.run(noise(9 * 9 * 4, 1), kernel.prepare(noise(3 * 3 * 4 * 8, 5)));
    };
    expect(await run(remedy)).toEqual(await run(spec));
  });

  test("a rate of the family", async () => {
    const message = await refusal({ op: "conv1d", value: [1, 9, 4], filters: [3, 4, 8], rate: 2 });
    expect(message).toBe('invalid-spec: conv1d has no "rate"; write dilations: [2]');
  });
});
