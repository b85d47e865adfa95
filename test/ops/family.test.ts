/**
 * The gather form carries the whole family: recorded convolutions and transposed convolutions with strides, dilations,
 * groups, output padding and lopsided pads, each from stages that the library's own ops are made of.
 */
import { describe, expect, test } from "vitest";
import { lowerProgram } from "../../src/codegen/lowerProgram.js";
import { renderWasm } from "../../src/codegen/module/wasm.js";
import { affine, variable, within } from "../../src/ir/affine.js";
import { load, local, multiply } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { geometryOf, type OpSpec } from "../../src/ir/ops/spec.js";
import { elementCount, type Program, SUM } from "../../src/ir/program.js";
import { channelsLast, type FamilyCall, familyProgram } from "../support/family.js";
import { expectWithinRounding } from "../support/rounding.js";
import { type RecordedCall, type RecordedTensor, recorded, shape4 } from "../support/vectors.js";
import { machine, runPartOn } from "../support/wasm.js";

const calls = recorded<FamilyCall>("family.json");

/** Values and bias laid out for the program; `f` is applied to every number. */
function givenFor({ input, filter, bias, expected }: FamilyCall, f: (x: number) => number) {
  const noBias = new Array<number>(shape4(expected)[1]).fill(0);
  return new Map<string, ArrayLike<number>>([
    ["value", channelsLast(input.data, input.shape).map(f)],
    ["filters", filter.data.map(f)],
    ["bias", bias ? bias.data.map(f) : noBias],
  ]);
}

const outputOf = (program: Program, given: ReadonlyMap<string, ArrayLike<number>>) =>
  interpretProgram(program, given).get("output") as Float64Array;

describe("what the recording covers", () => {
  const covers: Readonly<Record<string, (call: FamilyCall) => boolean>> = {
    "strides that differ": ({ attrs }) => attrs.strides[0] !== attrs.strides[1],
    "dilations that differ": ({ attrs }) => attrs.dilations[0] !== attrs.dilations[1],
    "stride and dilation with a common factor": ({ attrs }) =>
      attrs.strides[0] > 1 && attrs.strides[0] === attrs.dilations[0],
    groups: ({ attrs }) => attrs.group > 1,
    bias: ({ bias }) => bias !== null,
    "lopsided pads": ({ attrs }) => attrs.pads[0] !== attrs.pads[2] || attrs.pads[1] !== attrs.pads[3],
    "an image above 1x1 per group and batch": ({ input }) => shape4(input)[0] > 1,
  };
  test.each(Object.entries(covers))("%s", (_, holds) => {
    expect(calls.filter((call) => call.op === "conv_transpose2d").some(holds)).toBe(true);
  });
  test("forward convolutions with strides, dilations and groups", () => {
    const forward = calls.filter((call) => call.op === "conv2d");
    expect(forward.some(({ attrs }) => attrs.strides[0] > 1 && attrs.dilations[0] > 1 && attrs.group > 1)).toBe(true);
  });
});

describe.each(calls)("$name", (call) => {
  const program = familyProgram(call);
  const given = givenFor(call, (x) => x);
  const expected = channelsLast(call.expected.data, call.expected.shape);
  const ones = givenFor(call, () => 1);
  const magnitude = {
    products: outputOf(program, ones),
    magnitudes: outputOf(program, givenFor(call, Math.abs)),
  };

  test("definition", () => {
    const output = outputOf(program, given);
    // Every output belongs to exactly one phase: one that none writes would still be NaN.
    expectWithinRounding(output, expected, magnitude, 1);
    const points = program.run.reduce((sum, { space }) => sum + elementCount(space.map((axis) => axis.extent)), 0);
    expect(points).toBe(output.length);
  });

  // A function for each phase, over one memory.
  test.each([false, true])("WebAssembly, threads: %s", (threads) => {
    const parallel = Object.fromEntries(
      program.run.map(({ name }) => [name, [{ do: "parallel", axis: "oy" } as const]]),
    );
    const target = machine({ threads });
    const { run } = lowerProgram(program, threads ? parallel : {}, target);
    const part = renderWasm(program.name, run, threads);
    expect(part.entries.length).toBe(program.run.length);
    expectWithinRounding(runPartOn(part, given).output ?? [], expected, magnitude, 2);
  });
});

test("outputs that no tap of their phase reaches stay at the bias", () => {
  // Stride 3 and a 1-row kernel: rows 1 and 2 of every three lie between the taps.
  const tensor = (shape: number[], data: number[]): RecordedTensor => ({ shape, data, dtype: "float32" });
  const program = familyProgram({
    name: "gaps",
    op: "conv_transpose2d",
    attrs: { strides: [3, 1], dilations: [1, 1], pads: [0, 0, 0, 0], group: 1 },
    input: tensor([1, 1, 2, 1], [5, 7]),
    filter: tensor([1, 1, 1, 1], [10]),
    bias: tensor([1], [1]),
    expected: tensor([1, 1, 5, 1], []),
  });
  const given = new Map([
    ["value", [5, 7]],
    ["filters", [10]],
    ["bias", [1]],
  ]);
  expect([...outputOf(program, given)]).toEqual([51, 1, 1, 71, 1]);
});

interface FilterGradient extends RecordedCall<{ readonly rate: number; readonly padding: "SAME" | "VALID" }> {
  readonly gradOutput: RecordedTensor;
  readonly expectedGradFilter: RecordedTensor;
}

/** The gradient with respect to the filters sums over the image: the same IR with the axes' parts swapped. */
function filterGradient(spec: OpSpec): Program {
  const { batch, inputChannels, outputChannels, y, x, outputShape } = geometryOf(spec);
  const row = affine(-y.pad, { iy: 1, ky: y.dilation });
  const column = affine(-x.pad, { ix: 1, kx: x.dilation });
  return {
    name: "filterGradient",
    buffers: [
      { name: "value", shape: spec.value, dtype: "f32", role: "input" },
      { name: "gradient", shape: outputShape, dtype: "f32", role: "input" },
      { name: "output", shape: spec.filters, dtype: "f32", role: "output" },
    ],
    prepare: [],
    run: [
      {
        name: "filterGradient",
        space: [
          { name: "ky", extent: y.kernel },
          { name: "kx", extent: x.kernel },
          { name: "oc", extent: outputChannels },
          { name: "ic", extent: inputChannels },
        ],
        reduce: [
          { name: "n", extent: batch },
          { name: "iy", extent: y.input },
          { name: "ix", extent: x.input },
        ],
        domain: [...within(row, y.output), ...within(column, x.output)],
        term: multiply(
          load(
            "value",
            ["n", "iy", "ix", "ic"].map((name) => variable(name)),
          ),
          load("gradient", [variable("n"), row, column, variable("oc")]),
        ),
        finish: local(SUM),
        output: { buffer: "output", at: ["ky", "kx", "oc", "ic"].map((name) => variable(name)) },
      },
    ],
  };
}

describe("gradients with respect to the filters", () => {
  test.each(recorded<FilterGradient>("tf_atrous_conv2d_transpose.json"))("$name", (call) => {
    const { rate, padding } = call.attrs;
    const spec: OpSpec = {
      op: "atrousConv2dTranspose",
      value: shape4(call.input),
      filters: shape4(call.filter),
      rate,
      padding,
    };
    const run = (f: (x: number) => number) =>
      outputOf(
        filterGradient(spec),
        new Map([
          ["value", call.input.data.map(f)],
          ["gradient", call.gradOutput.data.map(f)],
        ]),
      );
    const magnitude = { products: run(() => 1), magnitudes: run(Math.abs) };
    expectWithinRounding(
      run((x) => x),
      call.expectedGradFilter.data,
      magnitude,
      1,
    );
  });
});
