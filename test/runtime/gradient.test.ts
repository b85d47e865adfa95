/** Gradients of specs, as users get them: specs that compile, run and have gradients themselves. */
import { compile, type FormulaSpec, gradient, interpret, type OpSpec } from "tilewright";
import { describe, expect, test } from "vitest";
import { elementCount } from "../../src/ir/shape.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { specWith } from "../support/calls.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { FEATURES, needs } from "../support/needs.js";
import { smallIntegers } from "../support/run.js";
import { WAYS } from "../support/ways.js";

const CONV: OpSpec = { op: "conv2d", value: [2, 7, 6, 3], filters: [3, 2, 3, 4], rate: 2, padding: "SAME" };
const LINE = {
  formula: "output[i] = sum(j: m[i, j] * x[j])",
  tensors: { m: [3, 4], x: [4] },
} as const satisfies FormulaSpec;

for (const { title, options, runsHere } of WAYS) {
  test(
    `a convolution's gradient is the transposed convolution: ${title}`,
    needs({ [FEATURES]: runsHere }),
    async () => {
      const spec = gradient(CONV, "value");
      const kernel = await compile(spec, options);
      expect([kernel.inputNames.toSorted(), kernel.weightNames]).toEqual([["filters", "upstream"], []]);
      expect(kernel.outputShape).toEqual(CONV.value);
      const upstream = smallIntegers(2 * 7 * 6 * 4, 1);
      const filters = smallIntegers(elementCount(CONV.filters), 2);
      // The filters of a transposed convolution have the channels of its output before those of its input.
      const transposed: OpSpec = { ...CONV, op: "atrousConv2dTranspose", value: [2, 7, 6, 4], filters: [3, 2, 3, 4] };
      const { output } = await kernel.run({ upstream, filters });
      expect(output).toEqual(Float32Array.from(interpret(transposed, upstream, filters)));
    },
  );
}

/** <f(x), y>, by a kernel. */
async function inner(spec: FormulaSpec, given: Readonly<Record<string, Float32Array>>, with_: Float32Array) {
  const { output } = await (await compile(spec)).run(given);
  return (output as Float32Array).reduce((sum, y, i) => sum + y * (with_[i] as number), 0);
}

test("the gradient of a linear op is its adjoint", async () => {
  const [m, x, y] = [smallIntegers(12, 1), smallIntegers(4, 2), smallIntegers(3, 3)];
  const forward = await inner(LINE, { m, x }, y);
  expect(await inner(gradient(LINE, "x"), { m, upstream: y }, x)).toBe(forward);
  expect(await inner(gradient(LINE, "m"), { x, upstream: y }, m)).toBe(forward);
});

describe("a spec like any other", () => {
  test("its text and shapes are all of it", () => {
    for (const tensor of ["value", "filters", "bias"]) {
      const spec = gradient(specWith({ bias: true, activation: "relu" }), tensor);
      expect(checkAnySpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
    }
  });

  test("it has gradients: of a square, twice", async () => {
    const square: FormulaSpec = { formula: "output[i] = x[i] * x[i] * x[i]", tensors: { x: [3] } };
    const second = gradient(gradient(square, "x"), "x");
    const kernel = await compile(second);
    const given = {
      x: Float32Array.of(1, 2, -3),
      upstream: Float32Array.of(1, 1, 1),
      upstream1: Float32Array.of(1, 1, 2),
    };
    const { output } = await kernel.run(
      Object.fromEntries(kernel.inputNames.map((name) => [name, given[name as "x"]])),
    );
    expect(output).toEqual(Float32Array.of(6, 12, -36));
  });
});

test("what has no gradient is refused with the reason", () => {
  expect(errorOf(thrownBy(() => gradient(LINE, "y")))).toMatch(
    /^invalid-argument: .* has no tensor called y; it has m, x$/,
  );
  expect(errorOf(thrownBy(() => gradient(LINE, "y".repeat(1e5)))).length).toBeLessThan(300);
  expect(errorOf(thrownBy(() => gradient(LINE, 7 as unknown as string)))).toMatch(
    /^invalid-argument: gradient takes the name/,
  );
});
