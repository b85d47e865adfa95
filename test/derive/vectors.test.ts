/**
 * Recorded gradients of real frameworks. A transposed convolution is the derived gradient of a convolution, and its own
 * gradients are derived once more.
 */

import { describe, expect, test } from "vitest";
import { variable } from "../../src/ir/affine.js";
import { gradient } from "../../src/ir/derive/gradient.js";
import { load, local, plus } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import type { PhasesAs } from "../../src/ir/phases.js";
import { type Axis, type Program, SUM } from "../../src/ir/program.js";
import { convolutionOf, type GradientCall } from "../support/convolutions.js";
import { needs } from "../support/needs.js";
import { expectWithinRounding } from "../support/rounding.js";
import { type RecordedTensor, recorded, sharedCases } from "../support/vectors.js";

/** Recordings beside this tree, and how many cases each holds. */
const FILES = [
  ["tf_conv2d_transpose", 42],
  ["tf_conv2d_depthwise", 36],
  ["torch", 69],
  ["ort", 56],
] as const;

const FORMS: readonly PhasesAs[] = ["stages", "axis"];

type Tensors = Readonly<Record<string, RecordedTensor | null | undefined>>;

/** The program computes the recorded tensor, as far as float32 says what that is. */
function expectRecorded(program: Program, tensors: Tensors, expected: RecordedTensor): void {
  const run = (f: (x: number) => number) => {
    const given = Object.entries(tensors).flatMap(([name, tensor]) =>
      tensor ? [[name, tensor.data.map(f)] as const] : [],
    );
    return interpretProgram(program, new Map(given)).get("output") as Float64Array;
  };
  const magnitude = { products: run(() => 1), magnitudes: run(Math.abs) };
  expect(program.buffers.find(({ name }) => name === "output")?.shape).toEqual(expected.shape);
  expectWithinRounding(
    run((x) => x),
    expected.data,
    magnitude,
    1,
  );
}

/** The program and a bias for each channel of its output. */
function withBias(program: Program, channels: number): Program {
  const output = program.buffers.find(({ name }) => name === "output") as Program["buffers"][number];
  const space = output.shape.map((extent, i): Axis => ({ name: `d${i}`, extent }));
  const at = space.map(({ name }) => variable(name));
  const moved = program.run.map((stage) =>
    stage.output.buffer === output.name ? { ...stage, output: { ...stage.output, buffer: "sums" } } : stage,
  );
  return {
    ...program,
    buffers: [
      ...program.buffers,
      { ...output, name: "sums", role: "scratch" },
      { name: "bias", shape: [output.shape[channels] as number], dtype: "f32", role: "weights" },
    ],
    run: [
      ...moved,
      {
        name: "biased",
        space,
        reduce: [],
        domain: [],
        term: load("sums", at),
        finish: plus(local(SUM), load("bias", at.slice(channels, channels + 1))),
        output: { buffer: "output", at },
      },
    ],
  };
}

/** Holds the result of a call and all its recorded gradients to what is derived; says how many gradients there were. */
function check(call: GradientCall, phases: PhasesAs): number {
  const { op, input, filter, bias, expected, gradOutput } = call;
  const convolution = convolutionOf(call);
  const isTransposed = op.includes("transpose");
  const plain = isTransposed ? gradient(convolution, "value", { phases }) : convolution;
  const whole = bias ? withBias(plain, call.attrs.inputLayout === "nhwc" ? 3 : 1) : plain;
  const value = isTransposed ? "upstream" : "value";
  expectRecorded(whole, { [value]: input, filters: filter, bias }, expected);
  const gradients = [
    [value, call.expectedGradInput],
    ["filters", call.expectedGradFilter],
    ["bias", call.expectedGradBias],
  ] as const;
  const recordedOnes = gradients.flatMap(([name, tensor]) => (tensor ? [[name, tensor] as const] : []));
  for (const [name, tensor] of recordedOnes) {
    const derived = gradient(whole, name, { phases });
    const own = isTransposed ? { upstream1: input } : { value: input };
    expectRecorded(derived, { upstream: gradOutput, filters: filter, ...own }, tensor);
  }
  return recordedOnes.length;
}

describe.each(FORMS)("phases as %s", (phases) => {
  test.each(recorded<GradientCall>("tf_atrous_conv2d_transpose.json"))("$name", (call) => {
    expect(check(call, phases)).toBe(2);
  });

  // Results without gradients, of which most are transposed convolutions: gradients themselves.
  test.each(recorded<GradientCall>("family.json"))("family: $name", (call) => {
    expect(check(call, phases)).toBe(0);
  });

  for (const [file, count] of FILES) {
    const calls = sharedCases<GradientCall>(`live/${file}.json`);
    describe(`live/${file}.json`, needs({ "recordings beside the repository": calls }), () => {
      test("is there", () => {
        expect(calls?.length).toBe(count);
      });
      test.each(calls ?? [])("$name", (call) => {
        expect(check(call, phases)).toBe(call.expectedGradBias ? 3 : call.gradOutput ? 2 : 0);
      });
    });
  }
});
