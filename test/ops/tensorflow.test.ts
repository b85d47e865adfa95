/** TensorFlow's own results for its own op: every recorded call, by definition and on every target of this build. */
import { atrousConv2dTranspose, compile, interpret, type OpSpec, type Padding, type Tensor } from "tilewright";
import { describe, expect, test } from "vitest";
import { FEATURES, needs } from "../support/needs.js";
import { expectWithinRounding, type Magnitude } from "../support/rounding.js";
import { type RecordedCall, type RecordedTensor, recorded, shape4, tensorOf } from "../support/vectors.js";
import { WAYS } from "../support/ways.js";

interface Attributes {
  readonly rate: number;
  readonly padding: Padding;
  readonly outputShape: readonly number[];
}

interface AtrousCall extends RecordedCall<Attributes> {
  readonly gradOutput: RecordedTensor;
  readonly expectedGradInput: RecordedTensor;
}

interface Conv2dCall
  extends RecordedCall<{
    readonly strides: readonly number[];
    readonly dilations: readonly number[];
    padding: Padding;
  }> {}

const map = (tensor: Tensor, f: (x: number) => number): Tensor => ({ ...tensor, data: tensor.data.map(f) });

/** By definition: the call on ones counts the products, on magnitudes it sums them. */
function magnitudeOf(spec: OpSpec, value: Tensor, filters: Tensor): Magnitude {
  const by = (f: (x: number) => number) => interpret(spec, map(value, f), map(filters, f)).data;
  return { products: by(() => 1), magnitudes: by(Math.abs) };
}

/** The recorded result on every target, and again into memory that is full of NaN. */
function everyWay(spec: OpSpec, value: Tensor, filters: Tensor, expected: RecordedTensor, magnitude: Magnitude): void {
  for (const { title, options, runsHere } of WAYS) {
    test(title, needs({ [FEATURES]: runsHere }), async () => {
      const kernel = await compile(spec, options);
      const weights = kernel.prepare(filters);
      const { shape, data } = await kernel.run(value, weights);
      expect(shape).toEqual(expected.shape);
      expectWithinRounding(data, expected.data, magnitude, 2);
      kernel.output.fill(Number.NaN);
      expect(kernel.runSync(value.data, weights, kernel.output)).toEqual(data);
    });
  }
}

const calls = recorded<AtrousCall>("tf_atrous_conv2d_transpose.json");

test("the recording covers what is easy to get wrong", () => {
  const reach = ({ filter, attrs }: AtrousCall) =>
    shape4(filter)
      .slice(0, 2)
      .map((k) => (k - 1) * attrs.rate);
  const has = (what: (call: AtrousCall) => boolean) => expect(calls.some(what)).toBe(true);
  for (const padding of ["SAME", "VALID"]) {
    has((call) => call.attrs.padding === padding && call.attrs.rate > 1);
    has((call) => call.attrs.padding === padding && shape4(call.filter)[0] !== shape4(call.filter)[1]);
  }
  has((call) => call.attrs.padding === "SAME" && reach(call).some((pixels) => pixels % 2 === 1));
  has((call) => reach(call).some((pixels, axis) => pixels >= 2 * (shape4(call.input)[axis + 1] as number)));
});

describe.each(calls)("$name", ({ input, filter, attrs, expected, gradOutput, expectedGradInput }) => {
  const { rate, padding, outputShape } = attrs;
  const value = tensorOf(input);
  const filters = tensorOf(filter);
  const spec: OpSpec = {
    op: "atrousConv2dTranspose",
    value: shape4(input),
    filters: shape4(filter),
    rate,
    padding,
  };
  const magnitude = magnitudeOf(spec, value, filters);

  test("definition", () => {
    const { shape, data } = interpret(spec, value, filters);
    expect(shape).toEqual(expected.shape);
    expectWithinRounding(data, expected.data, magnitude, 1);
  });

  test("in TensorFlow's words", async () => {
    const { shape, data } = await atrousConv2dTranspose(value, filters, outputShape, rate, padding);
    expect(shape).toEqual(expected.shape);
    expectWithinRounding(data, expected.data, magnitude, 2);
  });

  everyWay(spec, value, filters, expected, magnitude);

  // The filters [kh, kw, Co, Ci] are read as conv2d's [kh, kw, Ci, Co] just as they stand, and SAME pads floor(reach / 2)
  // before, odd or even: no asymmetry is left to correct.
  test("its gradient is conv2d of the upstream gradient with the same filters", () => {
    const gradient = tensorOf(gradOutput);
    const backward: OpSpec = { ...spec, op: "conv2d", value: shape4(gradOutput) };
    const { shape, data } = interpret(backward, gradient, filters);
    expect(shape).toEqual(expectedGradInput.shape);
    expectWithinRounding(data, expectedGradInput.data, magnitudeOf(backward, gradient, filters), 1);
  });

  describe("its gradient", () => {
    const gradient = tensorOf(gradOutput);
    const backward: OpSpec = { ...spec, op: "conv2d", value: shape4(gradOutput) };
    everyWay(backward, gradient, filters, expectedGradInput, magnitudeOf(backward, gradient, filters));
  });
});

describe.each(recorded<Conv2dCall>("tf_conv2d.json"))("$name", ({ input, filter, attrs, expected }) => {
  const [rate = 0, otherRate] = attrs.dilations;
  const [value, filters] = [tensorOf(input), tensorOf(filter)];
  const spec: OpSpec = {
    op: "conv2d",
    value: shape4(input),
    filters: shape4(filter),
    rate,
    padding: attrs.padding,
  };
  const magnitude = magnitudeOf(spec, value, filters);

  test("definition of conv2d", () => {
    expect([...attrs.strides, otherRate]).toEqual([1, 1, rate]); // the call this op can express
    const { shape, data } = interpret(spec, value, filters);
    expect(shape).toEqual(expected.shape);
    expectWithinRounding(data, expected.data, magnitude, 1);
  });

  everyWay(spec, value, filters, expected, magnitude);
});
