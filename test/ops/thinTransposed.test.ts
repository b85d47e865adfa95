/**
 * Transposed convolutions of few outputs and large strides: random ones equal loops by the book, by every schedule that is offered
 * for them, and what is no number reaches the outputs that read it and no others.
 */
import fc from "fast-check";
import { compile } from "tilewright";
import { describe, expect, test } from "vitest";
import { chooseAlgorithm, spaceOf } from "../../src/codegen/compile.js";
import { definitionOf } from "../../src/ir/ops/index.js";
import { elementCount } from "../../src/ir/program.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { PAIRS, SEED } from "../support/effort.js";
import { EVERY_TARGET, expectRight } from "../support/everyTarget.js";
import { type NaiveCase, naiveOutput, specOfCase, thinCases } from "../support/naiveFamily.js";
import { FEATURES, needs } from "../support/needs.js";
import { smallIntegers } from "../support/run.js";
import { WAYS } from "../support/ways.js";

const programOfCase = (one: NaiveCase) => definitionOf(checkAnySpec(specOfCase(one))).program;

/** Integers in which one value is infinite, and no weight is zero. */
function dataOf(one: NaiveCase) {
  const spec = specOfCase(one);
  const value = smallIntegers(elementCount(spec.value), 1);
  value[Math.floor(value.length / 2)] = Number.POSITIVE_INFINITY;
  const filters = smallIntegers(elementCount(spec.filters), 2).map((x) => x || 1);
  const bias = spec.bias ? smallIntegers(one.groups * one.outputs, 3) : undefined;
  return { value, filters, ...(bias ? { bias } : {}) };
}

for (const { title, options, runsHere } of WAYS) {
  test(`${title}: random ones equal loops by the book`, {
    ...needs({ [FEATURES]: runsHere }),
    timeout: 120_000,
  }, async () => {
    console.log(`seed ${SEED}`);
    const holds = fc.asyncProperty(thinCases, async (one) => {
      const data = dataOf(one);
      const kernel = await compile(specOfCase(one), options);
      const output = await kernel.run(data.value, kernel.prepare(data.filters, data.bias));
      kernel.dispose();
      expect(Array.from(output, (x) => x + 0)).toEqual(Array.from(naiveOutput(one, data), (x) => x + 0));
    });
    await fc.assert(holds, { seed: SEED, numRuns: Math.ceil(0.4 * PAIRS) });
  });
}

describe.each(EVERY_TARGET)("%s", (_, target, runsHere) => {
  test("computes them by what is picked and by what else is offered", { timeout: 120_000 }, async () => {
    const holds = fc.asyncProperty(thinCases, fc.nat(), async (one, turn) => {
      const program = programOfCase(one);
      await expectRight(program, chooseAlgorithm(program, target, {}), target, runsHere);
      const points = [...spaceOf(program, target, {})];
      const point = points[turn % points.length];
      if (point) await expectRight(program, point, target, runsHere);
    });
    await fc.assert(holds, { seed: SEED, numRuns: Math.ceil(0.1 * PAIRS) });
    console.log(`${Math.ceil(0.1 * PAIRS)} stages, seed ${SEED}`);
  });
});

describe("stages", () => {
  const along = (kernel: number, stride: number, pad: number, more: Partial<NaiveCase> = {}): NaiveCase => {
    const axis = { size: 6, kernel, stride, dilation: 1, before: pad, after: pad, more: 0 };
    const sizes = { batch: 1, groups: 1, inputs: 8, outputs: 1 };
    return { kind: "transposed", ...sizes, axes: [axis], bias: false, layout: 0, filterLayout: 0, ...more };
  };
  const phasesOf = (one: NaiveCase): number[] =>
    programOfCase(one).run.map(({ space }) => space.find(({ name }) => name.startsWith("po"))?.extent ?? 1);

  test("have all phases with equally many taps and elements that follow one another", () => {
    expect(phasesOf(along(32, 16, 0))).toEqual([16]);
    // The first tap begins again half-way.
    expect(phasesOf(along(8, 4, 2))).toEqual([2, 2]);
    expect(phasesOf(along(5, 2, 0))).toEqual([1, 1]);
    expect(phasesOf(along(20, 16, 0))).toEqual([4, 12]);
    expect(phasesOf(along(20, 16, 3)).reduce((sum, count) => sum + count)).toBe(16);
    expect(phasesOf(along(20, 16, 3)).length).toBeLessThanOrEqual(4);
  });

  test("of a single output have the lanes along phases, and others of channels that are stored one by one", () => {
    const [, target] = EVERY_TARGET.find(([title]) => title === "wasm relaxed") as (typeof EVERY_TARGET)[number];
    const viewOf = (one: NaiveCase) => chooseAlgorithm(programOfCase(one), target, {}).knobs.view;
    expect(viewOf(along(32, 16, 0))).toBe("ox pox pox");
    expect(viewOf(along(4, 2, 1, { outputs: 8, inputs: 64, layout: 1 }))).toBe("ox oc oc");
  });
});
