/** Results on the GPU: TensorFlow's recordings, floats within the bound of a float32 sum, Winograd within its own, and f16. */
import { type CompileOptions, compile, interpret, type OpSpec, type Tensor } from "tilewright";
import { describe, expect, test } from "vitest";
import { round } from "../../src/ir/dtype.js";
import { elementCount } from "../../src/ir/program.js";
import { specWith } from "../support/calls.js";
import { DRIVER, HALF, needs } from "../support/needs.js";
import { expectWithinRounding, type Magnitude } from "../support/rounding.js";
import { smallIntegers } from "../support/run.js";
import { type RecordedCall, type RecordedTensor, recorded, shape4, tensorOf } from "../support/vectors.js";
import { gpuDevice } from "../support/webgpu.js";
import { beyond, boundsOf, normal } from "../support/winograd.js";

const device = await gpuDevice();
const onGpu = needs({ [DRIVER]: device });

type Wanted = Pick<CompileOptions, "accuracy" | "algorithm"> & { readonly storage?: "f32" | "f16" };

async function resultOf(spec: OpSpec, value: Tensor, filters: Tensor, wanted: Wanted = {}) {
  const kernel = await compile(spec, { target: "webgpu", device: device as GPUDevice, ...wanted });
  const result = await kernel.run(value, await kernel.prepare(filters));
  kernel.dispose();
  return { kernel, ...result };
}

const map = (tensor: Tensor, f: (x: number) => number): Tensor => ({ ...tensor, data: tensor.data.map(f) });

function magnitudeOf(spec: OpSpec, value: Tensor, filters: Tensor): Magnitude {
  const by = (f: (x: number) => number) => interpret(spec, map(value, f), map(filters, f)).data;
  return { products: by(() => 1), magnitudes: by(Math.abs) };
}

interface AtrousCall extends RecordedCall<{ readonly rate: number; readonly padding: "SAME" | "VALID" }> {
  readonly gradOutput: RecordedTensor;
  readonly expectedGradInput: RecordedTensor;
}

interface Conv2dCall
  extends RecordedCall<{ readonly dilations: readonly number[]; readonly padding: "SAME" | "VALID" }> {}

describe("TensorFlow's recordings", onGpu, () => {
  const expectRecorded = async (spec: OpSpec, value: Tensor, filters: Tensor, expected: RecordedTensor) => {
    const { shape, data } = await resultOf(spec, value, filters);
    expect(shape).toEqual(expected.shape);
    expectWithinRounding(data, expected.data, magnitudeOf(spec, value, filters), 2);
  };
  test.each(recorded<AtrousCall>("tf_atrous_conv2d_transpose.json"))("$name, and its gradient", async (call) => {
    const { input, filter, attrs, expected, gradOutput, expectedGradInput } = call;
    const [filters, filterShape] = [tensorOf(filter), shape4(filter)];
    const { rate, padding } = attrs;
    const spec: OpSpec = { op: "atrousConv2dTranspose", value: shape4(input), filters: filterShape, rate, padding };
    await expectRecorded(spec, tensorOf(input), filters, expected);
    const backward: OpSpec = { ...spec, op: "conv2d", value: shape4(gradOutput) };
    await expectRecorded(backward, tensorOf(gradOutput), filters, expectedGradInput);
  });
  test.each(recorded<Conv2dCall>("tf_conv2d.json"))("$name", async ({ input, filter, attrs, expected }) => {
    const { dilations, padding } = attrs;
    const spec: OpSpec = {
      op: "conv2d",
      value: shape4(input),
      filters: shape4(filter),
      rate: dilations[0] as number,
      padding,
    };
    await expectRecorded(spec, tensorOf(input), tensorOf(filter), expected);
  });
});

const LARGE = specWith({ value: [1, 19, 23, 48], filters: [3, 3, 40, 48], rate: 2 });
const ODD = specWith({ value: [2, 7, 11, 21], filters: [2, 4, 21, 21], rate: 3, padding: "VALID" });
const THIN = specWith({ value: [1, 40, 41, 16], filters: [3, 3, 3, 16], rate: 2 });

const floats = (spec: OpSpec): [Tensor, Tensor] => [
  { shape: spec.value, data: normal(elementCount(spec.value), 1) },
  { shape: spec.filters, data: normal(elementCount(spec.filters), 2) },
];

describe("floats", onGpu, () => {
  test.each([LARGE, ODD, THIN])("$value with $filters", async (spec) => {
    const [value, filters] = floats(spec);
    const { data } = await resultOf(spec, value, filters);
    expectWithinRounding(data, interpret(spec, value, filters).data, magnitudeOf(spec, value, filters), 1);
  });

  const ACTIVATIONS = ["relu", "relu6", "sigmoid", "tanh", { kind: "leakyRelu", alpha: 0.1 }] as const;
  const open = { kind: "clip", min: Number.NEGATIVE_INFINITY, max: 2 } as const;
  test.each([...ACTIVATIONS, open])("followed by %j", async (activation) => {
    const spec = { ...specWith({ value: [1, 6, 7, 5] }), filters: [3, 3, 6, 5] as const, bias: true, activation };
    const kernel = await compile(spec, { target: "webgpu", device: device as GPUDevice });
    const [value, filters] = floats(spec);
    // From where tanh is 1 to where its exponentials overflow.
    const bias = Float32Array.from([-200, -20, -1, 1, 20, 200]);
    const { data } = await kernel.run(value, await kernel.prepare(filters, bias));
    const expected = interpret(spec, value, filters, { shape: [6], data: bias }).data;
    // WGSL allows tanh and exp to be off by some 1e-5 of one.
    for (let i = 0; i < data.length; i++)
      expect(Math.abs((data[i] as number) - (expected[i] as number))).toBeLessThan(4e-5);
  });
});

describe("Winograd", onGpu, () => {
  const tiles = [
    [2, 2],
    [4, 4],
    [3, 5],
  ] as const;
  const cases = [LARGE, ODD].flatMap((spec) => tiles.map((tile) => ({ spec, tile })));
  test.each(cases)("$tile on $spec.value with $spec.filters", async ({ spec, tile }) => {
    const [value, filters] = floats(spec);
    const { kernel, data } = await resultOf(spec, value, filters, { algorithm: { kind: "winograd", tile } });
    expect(kernel.algorithm).toContain(`F(${tile.join("x")}`);
    const expected = interpret(spec, value, filters).data;
    expect(beyond(data, expected, boundsOf(kernel, value.data, filters.data)).wrong).toBeUndefined();
  });
});

const hasHalf = device?.features.has("shader-f16") ?? false;

describe("f16 in memory, sums in float32", needs({ [HALF]: hasHalf }), () => {
  test.each([LARGE, ODD, THIN])("integers are exact: $value with $filters", async (spec) => {
    const value = { shape: spec.value, data: smallIntegers(elementCount(spec.value), 1) };
    // Sums below 2048, which f16 holds exactly.
    const filters = { shape: spec.filters, data: smallIntegers(elementCount(spec.filters), 2).map(Math.sign) };
    const { data } = await resultOf(spec, value, filters, { storage: "f16" });
    expect(data).toEqual(Float32Array.from(interpret(spec, value, filters).data));
  });

  test("floats are rounded when they are stored, and only then", async () => {
    const [value, filters] = floats(LARGE).map((tensor) => map(tensor, round.f16)) as [Tensor, Tensor];
    const { data } = await resultOf(LARGE, value, filters, { storage: "f16" });
    const expected = interpret(LARGE, value, filters).data;
    // Half a unit of 11 bits, and what summing adds.
    for (let i = 0; i < data.length; i++) {
      const exact = expected[i] as number;
      expect(Math.abs((data[i] as number) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 2 ** -11 * 1.01 + 1e-3);
    }
  });
});
