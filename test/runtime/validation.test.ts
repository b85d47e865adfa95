/**
 * Which calls are legal is TensorFlow's verdict, recorded by calling it; what a refusal says is ours. A refused call must
 * not have compiled or cached anything.
 */
import { atrousConv2dTranspose, compile, kernelCache, type Padding, type Tensor, TilewrightError } from "tilewright";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { generateJs, generateWasm } from "../../src/runtime/jit.js";
import { errorOf, rejectionOf } from "../support/errors.js";
import { recorded } from "../support/vectors.js";

vi.mock("../../src/runtime/jit.js", async (original) => {
  const actual = await original<typeof import("../../src/runtime/jit.js")>();
  return { ...actual, generateJs: vi.fn(actual.generateJs), generateWasm: vi.fn(actual.generateWasm) };
});

interface Verdict {
  readonly value: readonly number[];
  readonly filters: readonly number[];
  readonly outputShape: readonly number[];
  readonly rate: number;
  readonly padding: string;
  readonly legal: boolean;
  readonly resultShape?: readonly number[];
}

const cases = recorded<Verdict>("tf_atrous_validation.json");

const zeros = (shape: readonly number[]): Tensor => ({
  shape,
  data: new Float32Array(shape.reduce((count, size) => count * size, 1)),
});

type Target = "auto" | "js" | "plain";
const call = ({ value, filters, outputShape, rate, padding }: Omit<Verdict, "legal">, target: Target = "auto") =>
  atrousConv2dTranspose(zeros(value), zeros(filters), outputShape, rate, padding as Padding, { target });

/** TensorFlow takes a bare [H, W] as output_shape at rate 1; here there is one way to say it. */
const isRefusedHere = ({ outputShape, rate }: Verdict) => outputShape.length === 2 && rate === 1;

const titled = (list: readonly Verdict[]) =>
  list.map((verdict) => ({ ...verdict, title: JSON.stringify([verdict.value, verdict.filters, verdict.outputShape]) }));

beforeEach(() => {
  kernelCache.clear();
  vi.mocked(generateJs).mockClear();
  vi.mocked(generateWasm).mockClear();
});

afterEach(() => kernelCache.clear());

test("the recording holds both verdicts, and one form that is refused here", () => {
  expect(cases.filter(({ legal }) => legal).length).toBe(46);
  expect(cases.filter(({ legal }) => !legal).length).toBe(129);
  expect(cases.filter(isRefusedHere).length).toBe(1);
});

describe("legal", () => {
  const legal = cases.filter((verdict) => verdict.legal && !isRefusedHere(verdict));
  test.each(titled(legal))("$title rate $rate $padding", async (verdict) => {
    for (const target of ["plain", "js", "auto"] as const) {
      const { shape, data } = await call(verdict, target);
      expect(shape).toEqual(verdict.resultShape);
      expect(data.length).toBe(zeros(verdict.resultShape ?? []).data.length);
    }
    // So that the spies below are known to work.
    expect(generateJs).toHaveBeenCalledTimes(1);
    expect(generateWasm).toHaveBeenCalledTimes(1);
  });
});

describe("refused before anything is compiled", () => {
  const refused = cases.filter((verdict) => !verdict.legal || isRefusedHere(verdict));
  test.each(titled(refused))("$title rate $rate $padding", async (verdict) => {
    for (const target of ["auto", "js"] as const) {
      const error = await rejectionOf(call(verdict, target));
      expect(error).toBeInstanceOf(TilewrightError);
      expect(["invalid-spec", "invalid-shape"]).toContain((error as TilewrightError).code);
    }
    expect(generateJs).not.toHaveBeenCalled();
    expect(generateWasm).not.toHaveBeenCalled();
    expect(kernelCache.list()).toEqual([]);
  });
});

test("an explicit padding list, which TensorFlow takes at rate 1, is refused", async () => {
  const padding = [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ] as unknown as Padding;
  const error = await rejectionOf(
    atrousConv2dTranspose(zeros([1, 4, 4, 1]), zeros([3, 3, 1, 1]), [1, 4, 4, 1], 1, padding),
  );
  expect(error).toMatchObject({ code: "invalid-spec" });
});

describe("messages name the rule, what was given and what is legal", () => {
  const good = { value: [1, 5, 7, 2], filters: [3, 3, 4, 2], outputShape: [1, 9, 11, 4], rate: 2, padding: "VALID" };
  const messageOf = async (change: Partial<Record<keyof Verdict, unknown>>) =>
    errorOf(await rejectionOf(call({ ...good, ...change } as Verdict)));

  test("the call they vary is legal", async () => {
    expect((await call(good)).shape).toEqual(good.outputShape);
  });

  test("wrong output size", async () => {
    expect(await messageOf({ outputShape: [1, 8, 11, 4] })).toMatchInlineSnapshot(
      `"invalid-shape: atrousConv2dTranspose: VALID with rate 2 and a 3x3 kernel turns 5x7 into 9x11; output_shape asks for 8x11"`,
    );
  });
  test("SAME asked to change the size", async () => {
    expect(await messageOf({ padding: "SAME" })).toMatchInlineSnapshot(
      `"invalid-shape: atrousConv2dTranspose: SAME with rate 2 and a 3x3 kernel turns 5x7 into 5x7; output_shape asks for 9x11"`,
    );
  });
  test("a wildcard batch", async () => {
    expect(await messageOf({ outputShape: [-1, 9, 11, 4] })).toMatchInlineSnapshot(
      `"invalid-shape: atrousConv2dTranspose: output_shape must keep value's batch of 1 (-1 is no wildcard); it asks for -1"`,
    );
  });
  test("input channels in the place of output channels", async () => {
    expect(await messageOf({ outputShape: [1, 9, 11, 2] })).toMatchInlineSnapshot(
      `"invalid-shape: atrousConv2dTranspose: output_shape must end in filters' 4 output channels; it asks for 2"`,
    );
  });
  test("two entries", async () => {
    expect(await messageOf({ outputShape: [9, 11], rate: 1 })).toMatchInlineSnapshot(
      `"invalid-shape: atrousConv2dTranspose: output_shape must have 4 entries [N, OH, OW, Co], here [1,7,9,4]; got [9,11]"`,
    );
  });
  test("filters with their channels swapped", async () => {
    expect(await messageOf({ filters: [3, 3, 2, 4] })).toMatchInlineSnapshot(
      `"invalid-shape: atrousConv2dTranspose: filters [kh, kw, Co, Ci] must have as many input channels as value: value [1,5,7,2] has 2, filters [3,3,2,4] have 4"`,
    );
  });
  test("no output channels", async () => {
    expect(await messageOf({ filters: [3, 3, 0, 2] })).toMatchInlineSnapshot(
      `"invalid-shape: atrousConv2dTranspose: filters [kh, kw, Co, Ci] need Co >= 1; got [3,3,0,2]"`,
    );
  });
  test("an empty kernel", async () => {
    expect(await messageOf({ filters: [0, 3, 4, 2] })).toMatchInlineSnapshot(
      `"invalid-shape: atrousConv2dTranspose: filters [kh, kw, Co, Ci] need a kernel of at least 1x1; got 0x3"`,
    );
  });
  test("three dimensions", async () => {
    expect(await messageOf({ value: [5, 7, 2] })).toMatchInlineSnapshot(
      `"invalid-shape: atrousConv2dTranspose: value must have 4 dimensions [N, H, W, Ci]; got [5,7,2]"`,
    );
  });
  test("rate 0", async () => {
    expect(await messageOf({ rate: 0 })).toMatchInlineSnapshot(
      `"invalid-spec: atrousConv2dTranspose: rate must be an integer >= 1, one for both axes; got 0"`,
    );
  });
  test("a fractional rate", async () => {
    expect(await messageOf({ rate: 1.5 })).toMatchInlineSnapshot(
      `"invalid-spec: atrousConv2dTranspose: rate must be an integer >= 1, one for both axes; got 1.5"`,
    );
  });
  test("a rate per axis", async () => {
    expect(await messageOf({ rate: [2, 2] })).toMatchInlineSnapshot(
      `"invalid-spec: atrousConv2dTranspose: rate must be an integer >= 1, one for both axes; got [2,2]"`,
    );
  });
  test("lower case", async () => {
    expect(await messageOf({ padding: "valid" })).toMatchInlineSnapshot(
      `"invalid-spec: atrousConv2dTranspose: padding must be exactly "SAME" or "VALID"; got "valid"; did you mean "VALID"?"`,
    );
  });
  test("a padding list", async () => {
    expect(
      await messageOf({
        padding: [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ],
        rate: 1,
      }),
    ).toMatchInlineSnapshot(
      `"invalid-spec: atrousConv2dTranspose: padding must be exactly "SAME" or "VALID"; got [[0,0],[1,1],[1,1],[0,0]]; explicit padding lists are not supported"`,
    );
  });

  const spec = { op: "conv2d", value: [1, 3, 9, 2], filters: [3, 3, 2, 4], rate: 2, padding: "VALID" };
  const specMessage = async (change: Record<string, unknown>) =>
    errorOf(await rejectionOf(compile({ ...spec, ...change } as never)));

  test("an image too small for a forward kernel", async () => {
    expect(await specMessage({})).toMatchInlineSnapshot(
      `"invalid-shape: VALID with rate 2 and a 3x3 kernel needs an image of at least 4x4; value is 3x9"`,
    );
  });
  test("an unknown op", async () => {
    expect(await specMessage({ op: "conv4d" })).toMatchInlineSnapshot(
      `"invalid-spec: op must be one of atrousConv2dTranspose, conv2d, conv1d, conv3d, conv1dTranspose, conv2dTranspose, conv3dTranspose, depthwiseConv2d, matmul, dense, maxPool, averagePool, softmax, layerNorm, batchNorm, resize, pixelShuffle, pad, add, subtract, multiply, divide, maximum, minimum, activate, reduceSum, reduceMean, reduceMax, reduceMin; got "conv4d"; did you mean "conv2d"?"`,
    );
  });
  test("an unknown attribute", async () => {
    expect(await specMessage({ stride: 2 })).toMatchInlineSnapshot(
      `"invalid-spec: a conv2d with a "rate" has stride 1 and no "stride"; write dilations: [2, 2] in place of rate: 2, and strides in place of stride"`,
    );
  });
  test("a bias given as values", async () => {
    expect(await specMessage({ bias: [1, 2, 3, 4] })).toMatchInlineSnapshot(
      `"invalid-spec: bias says whether there is one (true or false); got [1,2,3,4]. Its values go to prepare()"`,
    );
  });
  test("an unknown activation", async () => {
    expect(await specMessage({ activation: "mish" })).toMatchInlineSnapshot(
      `"invalid-spec: activation must be "relu", "relu6", "sigmoid", "tanh", "silu", "gelu", "hardSwish", "softplus", { kind: "leakyRelu", "elu" or "snake", alpha } with an alpha that float32 can hold and, for snake, is not 0, or { kind: "clip", min, max } with min <= max; got "mish""`,
    );
  });
  test("a clip upside down", async () => {
    expect(await specMessage({ activation: { kind: "clip", min: 1, max: 0 } })).toMatchInlineSnapshot(
      `"invalid-spec: activation must be "relu", "relu6", "sigmoid", "tanh", "silu", "gelu", "hardSwish", "softplus", { kind: "leakyRelu", "elu" or "snake", alpha } with an alpha that float32 can hold and, for snake, is not 0, or { kind: "clip", min, max } with min <= max; got {"kind":"clip","min":1,"max":0}"`,
    );
  });
  test("no spec at all", async () => {
    expect(errorOf(await rejectionOf(compile(null as never)))).toMatchInlineSnapshot(
      `"invalid-spec: a spec is an object such as { op, value, filters, rate, padding }; got null"`,
    );
  });
});
