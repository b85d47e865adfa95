/** Transposed convolutions along axes so long that phases are one stage, and images so large that bands cut them. */
import fc from "fast-check";
import { compile } from "tilewright";
import { describe, expect, test } from "vitest";
import { programOf } from "../../src/codegen/index.js";
import { elementCount } from "../../src/ir/program.js";
import { PAIRS, SEED } from "../support/effort.js";
import { type NaiveCase, naiveOutput, specOfCase } from "../support/naiveFamily.js";
import { FEATURES, needs } from "../support/needs.js";
import { smallIntegers } from "../support/run.js";
import { OWN, WAYS, type Way } from "../support/ways.js";

const ALONE = { size: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, more: 0 };

const longCases: fc.Arbitrary<NaiveCase> = fc
  .record({
    size: fc.integer({ min: 100, max: 140 }),
    kernel: fc.integer({ min: 1, max: 9 }),
    stride: fc.integer({ min: 2, max: 5 }),
    before: fc.integer({ min: 0, max: 5 }),
    after: fc.integer({ min: 0, max: 5 }),
    inputs: fc.constantFrom(1, 3, 4, 8),
    outputs: fc.constantFrom(1, 3, 4, 9),
    isDown: fc.boolean(),
  })
  .map(({ inputs, outputs, isDown, ...long }): NaiveCase => {
    const axis = { ...long, dilation: 1, more: 0 };
    const few = { ...ALONE, size: 2 };
    return {
      kind: "transposed",
      ...{ batch: 1, groups: 1, inputs, outputs, bias: false, layout: 0, filterLayout: 0 },
      axes: isDown ? [axis, few] : [few, axis],
    };
  });

async function expectRight(one: NaiveCase, { options }: Way): Promise<void> {
  const spec = specOfCase(one);
  const value = smallIntegers(elementCount(spec.value), 1);
  const filters = smallIntegers(elementCount(spec.filters), 2);
  const kernel = await compile(spec, options);
  const output = await kernel.run(value, kernel.prepare(filters));
  expect(Array.from(output, (x) => x + 0)).toEqual(Array.from(naiveOutput(one, { value, filters }), (x) => x + 0));
}

describe("phases of a long axis", () => {
  const stagesOf = (size: number, kernel: number, before: number) => {
    const axes = [ALONE, { ...ALONE, size, kernel, stride: 4, before }];
    const one = { kind: "transposed", batch: 1, groups: 1, inputs: 2, outputs: 3, bias: false } as const;
    return programOf(specOfCase({ ...one, axes, layout: 0, filterLayout: 0 })).run.length;
  };
  test("are one stage if each has as many taps, wherever the axis begins", () => {
    expect(stagesOf(200, 8, 0)).toBe(1);
    expect(stagesOf(200, 8, 3)).toBe(1);
  });
  test("are two if some have a tap more, and those of a short axis are more", () => {
    expect(stagesOf(200, 9, 3)).toBe(2);
    expect(stagesOf(10, 8, 3)).toBe(2);
  });

  for (const way of WAYS.filter(({ title }) => !title.includes("hoisted"))) {
    test(`are right: ${way.title}`, { ...needs({ [FEATURES]: way.runsHere }), timeout: 120_000 }, async () => {
      console.log(`seed ${SEED}`);
      const holds = fc.asyncProperty(longCases, (one) => expectRight(one, way));
      await fc.assert(holds, { seed: SEED, numRuns: Math.ceil(PAIRS / 3) });
    });
  }
});

describe("bands", () => {
  const transposed = (axes: NaiveCase["axes"], inputs: number, outputs: number): NaiveCase => {
    return { kind: "transposed", batch: 1, groups: 1, inputs, outputs, axes, bias: false, layout: 0, filterLayout: 0 };
  };
  const cases: readonly (readonly [what: string, loop: string, one: NaiveCase])[] = [
    ["of tiles", "oxb", transposed([ALONE, { ...ALONE, size: 5003, kernel: 2, stride: 2 }], 64, 64)],
    [
      "of rows",
      "oyb",
      transposed(
        [70, 71].map((size) => ({ ...ALONE, size, kernel: 2, stride: 2 })),
        64,
        8,
      ),
    ],
  ];
  test.each(cases)("%s are cut where the image leaves the cache, and are right", async (_, loop, one) => {
    const spec = specOfCase(one);
    const value = smallIntegers(elementCount(spec.value), 1);
    const filters = smallIntegers(elementCount(spec.filters), 2);
    const [kernel, plain] = await Promise.all([compile(spec, OWN.options), compile(spec, { target: "plain" })]);
    expect(kernel.schedule).toMatch(new RegExp(`order\\(.*${loop}.* oc`));
    const expected = await plain.run(value, plain.prepare(filters));
    expect(await kernel.run(value, kernel.prepare(filters))).toEqual(expected);
  });
});
