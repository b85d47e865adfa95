/** Ops that nobody has taught the compiler: each is compiled as it is picked, and called as users call it, on every target. */
import { compileProgram } from "tilewright/compiler";
import { loadKernel } from "tilewright/runtime";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, JS, wgslTarget } from "../../src/codegen/target.js";
import type { Program } from "../../src/ir/program.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { at, buffer } from "../support/kernels.js";
import { definitionOf } from "../support/namedPrograms.js";
import { FEATURES, needs } from "../support/needs.js";
import { OPS, type Op } from "../support/ops.js";
import { programWith, stageOf } from "../support/programs.js";
import { PROGRAM_WAYS } from "../support/programWays.js";
import { givenFor } from "../support/run.js";
import { gpuDevice, validate } from "../support/webgpu.js";

const device = await gpuDevice();

type Arrays = Readonly<Record<string, Float32Array>>;
const pick = (all: Arrays, names: readonly string[]): Record<string, Float32Array> =>
  Object.fromEntries(names.map((name) => [name, all[name] as Float32Array]));

/** Equal where the op leaves no choice; equal zeros of either sign are. */
function expectRight(actual: Float32Array, { program, bound }: Op, given: Arrays): void {
  const { output: expected } = definitionOf(program, given) as { output: Float32Array };
  expect(actual.length).toBe(expected.length);
  const wrong = actual.findIndex((value, i) => !(Math.abs(value - (expected[i] as number)) <= bound));
  if (wrong >= 0) throw new Error(`element ${wrong} is ${actual[wrong]} instead of ${expected[wrong]}`);
}

const dataOf = (program: Program): Arrays => Object.fromEntries(givenFor(program, 1));

for (const [title, load, runsHere] of PROGRAM_WAYS) {
  describe(title, needs({ [FEATURES]: runsHere }), () => {
    test.each(OPS)("$name", async (op) => {
      const data = dataOf(op.program);
      const kernel = await load(op.program);
      const weights = kernel.prepare(pick(data, kernel.weightNames));
      const inputs = pick(data, kernel.inputNames);
      const target = { output: new Float32Array(kernel.outputs.output?.length ?? 0) };
      // A second call finds what the first has left in memory.
      for (let call = 0; call < 2; call++) {
        target.output.fill(Number.NaN);
        expectRight((await kernel.run(inputs, weights, target)).output as Float32Array, op, data);
      }
      kernel.dispose();
    });
  });
}

test.each([
  ["value", "a buffer is called so"],
  ["acc", "code has the word for itself"],
  ["for", "code has the word for itself"],
])("no axis is called %s", (axis, why) => {
  const program = programWith(
    [buffer("value", [4], "input"), buffer("output", [4], "output")],
    [stageOf("copy", { space: `${axis}<4`, term: at("value", axis), to: ["output", axis] })],
  );
  expect(errorOf(thrownBy(() => compileProgram(program, { target: JS })))).toBe(
    `invalid-argument: copy: no axis may be called ${axis}, as ${why}; give it another name`,
  );
});

describe(device ? "on a GPU" : "on a GPU (validated, not run)", () => {
  test.each(OPS)("$name", async (op) => {
    const module = compileProgram(op.program, { target: wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" }) });
    expect(await validate(module)).toEqual([]);
    if (!device) return;
    const data = dataOf(op.program);
    const kernel = await loadKernel(module, { device });
    const weights = await kernel.prepare(pick(data, kernel.weightNames));
    expectRight((await kernel.run(pick(data, kernel.inputNames), weights)).output as Float32Array, op, data);
    kernel.dispose();
  });
});
