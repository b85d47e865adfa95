/** Kernel objects as users hold them: what goes in, what comes out, and whose memory it is. */
import { atrousConv2dTranspose, availableTargets, compile, interpret, type Tensor } from "tilewright";
import { describe, expect, test } from "vitest";
import { callOf, specWith, TARGETS } from "../support/calls.js";
import { errorOf, thrownBy } from "../support/errors.js";

test("this machine runs what it says", async () => {
  expect(await availableTargets()).toEqual(TARGETS);
  for (const target of TARGETS) expect((await compile(specWith(), { target })).target).toBe(target);
  expect((await compile(specWith())).target).toBe("wasm");
});

describe.each(TARGETS)("%s", (target) => {
  test("a Float32Array gives a Float32Array", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith(), { target });
    const result = await kernel.run(value, weights);
    expect(result).toBeInstanceOf(Float32Array);
    expect(result).toEqual(expected);
  });

  test("a tensor gives a tensor", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith({ padding: "VALID", rate: 2 }), { target });
    const result: Tensor = await kernel.run({ shape: [1, 4, 5, 2], data: value }, weights);
    expect(result).toEqual({ shape: [1, 8, 9, 3], data: expected });
    expect(result.shape).toEqual(kernel.outputShape);
  });

  test("runSync gives the same without a promise", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith(), { target });
    expect(kernel.runSync(value, weights)).toEqual(expected);
  });

  test("writes every element of `out`, and returns that very object", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith({ padding: "VALID", rate: 3 }), { target });
    const out = new Float32Array(expected.length).fill(Number.NaN);
    expect(await kernel.run(value, weights, out)).toBe(out);
    expect(out).toEqual(expected);
    const tensor: Tensor = { shape: kernel.outputShape, data: out.fill(Number.NaN) };
    expect(kernel.runSync({ shape: kernel.spec.value, data: value }, weights, tensor)).toBe(tensor);
    expect(out).toEqual(expected);
  });

  test("a second call with other values does not see the first", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith(), { target });
    const out = new Float32Array(expected.length);
    kernel.runSync(value, weights, out);
    kernel.runSync(
      value.map((x) => 2 * x),
      weights,
      out,
    );
    expect(out).toEqual(expected.map((x) => 2 * x));
  });

  test("without `out`, every call gives memory of its own", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith(), { target });
    const first = kernel.runSync(value, weights);
    kernel.runSync(
      value.map(() => 0),
      weights,
    );
    expect(first).toEqual(expected);
  });

  test("reads a subarray in place, and writes one", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith(), { target });
    const padded = new Float32Array(value.length + 10).fill(99);
    padded.set(value, 7);
    const memory = new Float32Array(expected.length + 4).fill(-1);
    kernel.runSync(padded.subarray(7, 7 + value.length), weights, memory.subarray(3, 3 + expected.length));
    expect(memory.subarray(3, -1)).toEqual(expected);
    expect([...memory.subarray(0, 3), memory.at(-1)]).toEqual([-1, -1, -1, -1]);
  });

  test("out may lie right beside the value in one buffer", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith(), { target });
    const memory = new Float32Array(value.length + expected.length);
    memory.set(value);
    kernel.runSync(memory.subarray(0, value.length), weights, memory.subarray(value.length));
    expect(memory.subarray(value.length)).toEqual(expected);
    expect(memory.subarray(0, value.length)).toEqual(value);
  });

  test("kernel.value is one array, zero at first, to be filled in place", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith(), { target });
    expect(kernel.value).toEqual(new Float32Array(value.length));
    kernel.value.set(value);
    expect(kernel.runSync(kernel.value, weights)).toEqual(expected);
    expect(kernel.value).toEqual(value);
    const other = await compile(specWith(), { target });
    expect(other.value).not.toBe(kernel.value);
    expect(other.value[0]).toBe(0);
  });

  test("weights are a snapshot", async () => {
    const { kernel, value, filters, bias } = await callOf(specWith({ bias: true }), { target });
    const weights = kernel.prepare(filters, bias);
    const before = kernel.runSync(value, weights);
    filters.fill(1000);
    bias?.fill(1000);
    expect(kernel.runSync(value, weights)).toEqual(before);
  });

  test("one kernel serves several sets of weights", async () => {
    const { kernel, weights, value, filters, expected } = await callOf(specWith(), { target });
    const doubled = kernel.prepare({ shape: [3, 3, 3, 2], data: filters.map((x) => 2 * x) });
    expect(kernel.runSync(value, doubled)).toEqual(expected.map((x) => 2 * x));
    expect(kernel.runSync(value, weights)).toEqual(expected);
  });

  test("batches", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith({ value: [3, 4, 5, 2], rate: 2 }), { target });
    expect(kernel.runSync(value, weights)).toEqual(expected);
  });

  test("bias", async () => {
    const plain = await callOf(specWith(), { target });
    const { kernel, weights, value, bias } = await callOf(specWith({ bias: true }), { target });
    const expected = plain.expected.map((sum, i) => sum + (bias?.[i % 3] as number));
    expect(kernel.runSync(value, weights)).toEqual(expected);
  });
});

describe("explain", () => {
  test("says what the kernel is", async () => {
    const kernel = await compile(specWith({ bias: true, activation: "relu" }), { target: "js", schedule: {} });
    expect(kernel.explain().replace(/[\d]+ bytes of code/, "some code")).toMatchInlineSnapshot(`
      "atrousConv2dTranspose 1x4x5x2 with 3x3x3x2, rate 1, SAME, bias, "relu"
      tier      js: JavaScript compiled for this shape, no vectors, one thread, some code
      algorithm direct
      error     at most 1.2e-6 * max |value| * (sum of |filters| over the output channel)
      schedule  in order
      work      0.00 MFLOP counting all taps, of which 72 % meet the image
      memory    628 bytes of inputs, weights and outputs"
    `);
  });

  test("names the plain tier", async () => {
    const kernel = await compile(specWith(), { target: "plain" });
    expect(kernel.schedule).toBe("by definition");
    expect(kernel.explain()).toContain("plain: ");
  });
});

describe("calls in TensorFlow's shape", () => {
  const value: Tensor = { shape: [1, 1, 2, 1], data: Float32Array.of(1, 2) };
  const filters: Tensor = { shape: [1, 2, 2, 1], data: Float32Array.of(1, 10, 100, 1000) };

  test("output channels come before input channels in the filters", async () => {
    const { shape, data } = await atrousConv2dTranspose(value, filters, [1, 1, 3, 2], 1, "VALID");
    expect(shape).toEqual([1, 1, 3, 2]);
    expect([...data]).toEqual([1, 10, 2 + 100, 20 + 1000, 200, 2000]);
  });

  test("bias and activation", async () => {
    const bias = Float32Array.of(-150, 0.5);
    const options = { bias, activation: "relu" } as const;
    const { data } = await atrousConv2dTranspose(value, filters, [1, 1, 3, 2], 1, "VALID", options);
    expect([...data]).toEqual([0, 10.5, 0, 1020.5, 50, 2000.5]);
  });

  test("interpret gives float64 in the form of its value", () => {
    const spec = specWith({ value: [1, 1, 2, 1], filters: [1, 2, 2, 1], padding: "VALID" });
    const bare = interpret(spec, value.data, filters);
    expect(bare).toBeInstanceOf(Float64Array);
    expect(interpret(spec, value, filters)).toEqual({ shape: [1, 1, 3, 2], data: bare });
  });
});

describe.each(TARGETS)("%s: by name", (target) => {
  test("what a spec's kernel takes and gives", async () => {
    const { kernel, value, filters, bias, expected } = await callOf(specWith({ bias: true }), { target });
    expect([kernel.inputNames, kernel.weightNames, kernel.outputNames]).toEqual([
      ["value"],
      ["filters", "bias"],
      ["output"],
    ]);
    const weights = kernel.prepare({ bias: bias as Float32Array, filters });
    expect(await kernel.run({ value }, weights)).toEqual({ output: expected });
    expect(await kernel.run(value, weights)).toEqual(expected);
    const output = new Float32Array(expected.length);
    const result = kernel.runSync({ value }, weights, { output });
    expect(result.output).toBe(output);
    expect(output).toEqual(expected);
    const tensor = kernel.runSync({ value: { shape: kernel.spec.value, data: value } }, weights);
    expect(tensor).toEqual({ output: { shape: kernel.outputShape, data: expected } });
  });

  test("its memory", async () => {
    const { kernel, weights, value, expected } = await callOf(specWith(), { target });
    expect(kernel.inputs).toEqual({ value: new Float32Array(value.length) });
    expect(kernel.inputs.value?.buffer).toBe(kernel.value.buffer);
    expect(kernel.outputs.output?.buffer).toBe(kernel.output.buffer);
    kernel.value.set(value);
    await kernel.run(kernel.inputs, weights, kernel.outputs);
    expect(kernel.output).toEqual(expected);
  });

  test("of one form, in both ways to call", async () => {
    const { kernel, weights, value, filters } = await callOf(specWith(), { target });
    const cases: readonly (readonly [() => unknown, string])[] = [
      [
        () => kernel.runSync({ values: value }, weights),
        'there is no input "values"; its inputs are value; did you mean value?',
      ],
      [
        () => kernel.runSync({}, weights),
        "value must be a Float32Array or a tensor { shape, data } of one with shape [1, 4, 5, 2]; got undefined",
      ],
      [
        () => kernel.runSync({ value }, weights, new Float32Array(60) as never),
        "the outputs go by name, too; its outputs are output",
      ],
      [
        () => kernel.runSync(value, weights, { output: new Float32Array(60) } as never),
        "out must be a Float32Array or a tensor { shape, data } of one with shape [1, 4, 5, 3]; got Object",
      ],
      [
        () => kernel.runSync({ value }, weights, { output: value.subarray() }),
        "output [1, 4, 5, 3] needs 60 elements; got 40",
      ],
      [
        () => kernel.runSync({ value }),
        "weights must come from prepare() of this very kernel object, as in run(value, kernel.prepare(filters))",
      ],
      [
        () => kernel.prepare({ filters, bias: new Float32Array(3) }),
        'there is no weight "bias"; its weights are filters',
      ],
      [
        () => kernel.prepare({}),
        "filters must be a Float32Array or a tensor { shape, data } of one with shape [3, 3, 3, 2]; got undefined",
      ],
    ];
    for (const [attempt, message] of cases) expect(errorOf(thrownBy(attempt))).toBe(`invalid-argument: ${message}`);
  });
});
