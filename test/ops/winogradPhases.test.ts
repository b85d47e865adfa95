/** Winograd's algorithm for strided transposed convolutions whose phases are axes: they count as output channels. */
import fc from "fast-check";
import { compile, type FamilySpec } from "tilewright";
import { expect, test } from "vitest";
import { programOf } from "../../src/codegen/index.js";
import { accessOf, mainStage } from "../../src/ir/access.js";
import { elementCount } from "../../src/ir/program.js";
import { winogradSizes } from "../../src/ir/rewrites/winograd.js";
import { PAIRS, SEED } from "../support/effort.js";
import { FEATURES, needs } from "../support/needs.js";
import { smallIntegers } from "../support/run.js";
import { WAYS, type Way } from "../support/ways.js";
import { largest } from "../support/winograd.js";

interface Case {
  readonly spec: FamilySpec;
  readonly tile: readonly [number, number];
}

const IMAGES: readonly (readonly [height: number, width: number])[] = [
  [1, 9],
  [1, 130],
  [5, 7],
  [3, 70],
  [66, 2],
];

/** Along each axis all phases have as many taps, two or three, so that they are one stage. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.constantFrom(1, 1, 2),
    image: fc.constantFrom(...IMAGES),
    stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 4 })),
    taps: fc.tuple(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 3 })),
    cut: fc.integer({ min: 0, max: 3 }),
    inputs: fc.integer({ min: 1, max: 9 }),
    outputs: fc.integer({ min: 4, max: 9 }),
    bias: fc.boolean(),
    tile: fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 5 })),
  })
  .map(({ batch, image: [height, width], stride, taps, cut, inputs, outputs, bias, tile }): Case => {
    const isFlat = height === 1;
    const strides = isFlat ? ([1, stride[1]] as const) : stride;
    const kernel = isFlat ? [1, strides[1] * taps[1]] : [strides[0] * taps[0], strides[1] * taps[1]];
    // Only a long axis has one stage where its phases begin elsewhere.
    const side = width > 64 ? Math.min(cut, strides[1]) : 0;
    const spec = {
      ...{ op: "conv2dTranspose", value: [batch, height, width, inputs], strides, ...(bias ? { bias: true } : {}) },
      filters: [kernel[0] as number, kernel[1] as number, outputs, inputs],
      padding: [
        [0, 0],
        [side, 0],
      ],
    } as const satisfies FamilySpec;
    return { spec, tile: isFlat ? [1, tile[1]] : tile };
  })
  .filter(({ spec, tile }) => {
    const program = programOf(spec);
    return program.run.length === 1 && winogradSizes(accessOf(mainStage(program), program), tile) !== undefined;
  });

async function expectRight({ spec, tile }: Case, { options }: Way): Promise<void> {
  const [kernel, plain] = await Promise.all([
    compile(spec, { ...options, algorithm: { kind: "winograd", tile } }),
    compile(spec, { target: "plain" }),
  ]);
  const value = smallIntegers(elementCount(spec.value as readonly number[]), 1);
  const filters = smallIntegers(elementCount(spec.filters), 2);
  const bias = spec.bias ? smallIntegers(spec.filters[2] as number, 3) : undefined;
  const output = await kernel.run(value, kernel.prepare(filters, bias));
  const expected = await plain.run(value, plain.prepare(filters, bias));
  const sum = filters.reduce((all, weight) => all + Math.abs(weight), 0);
  const error = largest(output.map((x, i) => x - (expected[i] as number)));
  expect(error).toBeLessThanOrEqual(kernel.errorBound * largest(value) * sum);
  // The bound is far from what a wrong tap would give.
  expect(error).toBeLessThan(0.1);
}

for (const way of WAYS.filter(({ title }) => title !== "plain" && !title.includes("hoisted"))) {
  test(`is right: ${way.title}`, { ...needs({ [FEATURES]: way.runsHere }), timeout: 300_000 }, async () => {
    console.log(`seed ${SEED}`);
    const holds = fc.asyncProperty(cases, (one) => expectRight(one, way));
    await fc.assert(holds, { seed: SEED, numRuns: Math.ceil(PAIRS / 3) });
  });
}

test("is what fast takes where it pays", async () => {
  const spec = { op: "conv2dTranspose", value: [1, 1, 200, 64], filters: [1, 8, 64, 64], strides: [1, 4] } as const;
  expect((await compile(spec, { target: "wasm", accuracy: "fast" })).algorithm).toMatch(/^winograd F\(1x\d, 1x2\)$/);
  expect((await compile(spec, { target: "wasm" })).algorithm).toBe("direct");
});
