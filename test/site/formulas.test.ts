/** Examples on the site's pages: every formula is compiled, and its kernels compute what it means. */
import { compile, type FormulaKernel } from "tilewright";
import { describe, expect, test } from "vitest";
import { CHAPTERS, FORMULA_EXAMPLES } from "../../site/data/formulas.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { programOf } from "../../src/ir/ops/index.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { givenFor } from "../support/run.js";

/** What float32 may be off by where a function rounds, as a share of the number. */
const BOUND = 1e-4;

test("each has a name of its own, and says what to look at", () => {
  expect(FORMULA_EXAMPLES.length).toBeGreaterThan(30);
  expect(new Set(FORMULA_EXAMPLES.map(({ title }) => title)).size).toBe(FORMULA_EXAMPLES.length);
  expect(FORMULA_EXAMPLES.filter(({ says }) => !/^\S.*[.]$/.test(says))).toEqual([]);
});

test("the extent of a padded axis is stated behind the line, or by the shape of the tensor of the line", () => {
  const formula = "output[t] = sum(k: x[t + 2*k - 4] * w[k])";
  const tensors = { x: [100], w: [3] };
  const outputOf = (spec: unknown) =>
    programOf(checkAnySpec(spec)).buffers.find(({ role }) => role === "output")?.shape;
  expect(() => outputOf({ formula, tensors })).toThrow(
    /the axis t follows from no shape; .* "for t < 3", or give the shape of output/,
  );
  expect(outputOf({ formula: `${formula} for t < 100`, tensors })).toEqual([100]);
  expect(outputOf({ formula, tensors: { ...tensors, output: [100] } })).toEqual([100]);
});

describe.each(CHAPTERS)("$title", ({ examples }) => {
  test.each(examples)("$title", async ({ formula, tensors, weights = [] }) => {
    const spec = { formula, tensors, weights };
    const program = programOf(checkAnySpec(spec));
    const given = givenFor(program, 1);
    const expected = interpretProgram(program, given).get("output") as Float64Array;
    const pick = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, given.get(name) as Float32Array]));
    for (const target of ["js", "wasm"] as const) {
      const kernel = (await compile(spec, { target })) as unknown as FormulaKernel;
      const result = await kernel.run(pick(kernel.inputNames), kernel.prepare(pick(kernel.weightNames)));
      kernel.dispose();
      const off = Array.from(
        expected,
        (one, i) => Math.abs(one - (result.output?.[i] as number)) / Math.max(1, Math.abs(one)),
      );
      expect(expected.length).toBeGreaterThan(0);
      expect(Math.max(...off), target).toBeLessThanOrEqual(BOUND);
    }
  });
});
