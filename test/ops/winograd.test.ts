/** Winograd's algorithm as a program: what the definition says, whatever the spec and the tile, with nothing left out. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { interpretProgram } from "../../src/ir/interpret.js";
import { programOf } from "../../src/ir/ops/index.js";
import { geometryOf, type OpSpec } from "../../src/ir/ops/spec.js";
import type { WinogradTile } from "../../src/ir/rewrites/rewrite.js";
import {
  type Algorithm,
  DIRECT,
  errorBound,
  printAlgorithm,
  programWith,
  winogradSizesOf,
} from "../support/algorithms.js";
import { specWith } from "../support/calls.js";
import { SEED } from "../support/effort.js";
import { givenFor } from "../support/run.js";
import { boundsOf, type WinogradCase, winogradCases, writesOf } from "../support/winograd.js";

const winograd = (rows: number, columns: number): Algorithm => ({ kind: "winograd", tile: [rows, columns] });

/** The program beside the direct one, in float64; memory that no stage writes is NaN. */
function expectDefinition({ spec, tile }: WinogradCase): void {
  const given = givenFor(programOf(spec), 7);
  const outputOf = (algorithm: Algorithm) =>
    interpretProgram(programWith(spec, algorithm), given).get("output") as Float64Array;
  const [actual, expected] = [outputOf(winograd(...tile)), outputOf(DIRECT)];
  // By rounding alone the two could be some 1e-12 of this apart.
  const [value, filters] = [given.get("value") as Float32Array, given.get("filters") as Float32Array];
  const bounds = boundsOf({ spec, errorBound: 1e-9 }, value, filters);
  expect(actual.length).toBe(expected.length);
  actual.forEach((x, i) => {
    const isClose = Math.abs(x - (expected[i] as number)) <= (bounds[i % bounds.length] as number);
    if (!isClose) expect.fail(`element ${i} is ${x} instead of ${expected[i]}: ${JSON.stringify({ spec, tile })}`);
  });
}

describe("the program is the definition", () => {
  test("for random specs in random tiles", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(winogradCases, (drawn) => {
        const { spec, tile } = drawn;
        expectDefinition(drawn);
        seen.add(spec.op).add(spec.padding).add(`rate ${spec.rate}`).add(`tile ${tile[0]}`).add(`tile ${tile[1]}`);
        const { outputShape, y } = geometryOf(spec);
        if (y.dilation > spec.value[1]) seen.add("more phases than rows");
        if (spec.value[0] > 1) seen.add("images");
        for (const kernel of spec.filters.slice(0, 2)) seen.add(kernel % 2 ? "odd kernel" : "even kernel");
        if (outputShape[1] % (tile[0] * y.dilation) !== 0) seen.add("ragged");
        const sizes = winogradSizesOf(spec, tile);
        if (sizes && sizes.y.taps < spec.filters[0]) seen.add("trimmed");
      }),
      { seed: SEED, numRuns: 300 },
    );
    console.log(`seed ${SEED}`);
    const rates = [1, 2, 3, 4, 5].map((rate) => `rate ${rate}`);
    const tiles = [1, 2, 3, 4, 5, 6].map((size) => `tile ${size}`);
    const kinds = ["more phases than rows", "images", "odd kernel", "even kernel", "ragged", "trimmed"];
    for (const what of ["conv2d", "atrousConv2dTranspose", "SAME", "VALID", ...rates, ...tiles, ...kinds])
      expect(seen).toContain(what);
  });

  const CASES: readonly (readonly [string, Partial<OpSpec>, WinogradTile])[] = [
    ["one pixel", { value: [1, 1, 1, 2] }, [4, 4]],
    ["one pixel, VALID", { value: [1, 1, 1, 2], padding: "VALID" }, [2, 4]],
    [
      "one pixel of an even kernel at an odd rate, VALID",
      { value: [1, 1, 1, 2], filters: [2, 4, 3, 2], rate: 3, padding: "VALID" },
      [3, 2],
    ],
    ["an even kernel at an odd rate", { value: [1, 7, 8, 2], filters: [4, 2, 3, 2], rate: 3 }, [2, 4]],
    ["an even kernel, forward", { op: "conv2d", value: [2, 7, 8, 2], filters: [2, 4, 2, 3], rate: 1 }, [5, 3]],
    ["more phases than rows", { value: [1, 3, 9, 2], rate: 5, padding: "VALID" }, [2, 2]],
    ["tiles larger than the image", { value: [1, 2, 3, 2] }, [6, 6]],
    ["taps that never meet the image", { value: [1, 3, 3, 2], filters: [9, 9, 3, 2] }, [3, 3]],
    ["only the centre tap of nine", { value: [1, 4, 5, 2], rate: 9 }, [4, 2]],
    ["taps trimmed on one axis alone", { value: [1, 3, 20, 2], rate: 4 }, [6, 4]],
    ["a trimmed even kernel, lopsided", { value: [1, 2, 2, 2], filters: [4, 4, 3, 2], rate: 2 }, [2, 2]],
    ["tiles of one output", { value: [1, 5, 6, 2] }, [1, 1]],
    ["no zero among the points", { value: [1, 9, 9, 1], filters: [5, 5, 1, 1] }, [3, 3]],
    ["bias and activation", { value: [2, 5, 5, 3], filters: [3, 3, 4, 3], bias: true, activation: "relu6" }, [4, 4]],
  ];
  test.each(CASES)("%s", (_, change, tile) => expectDefinition({ spec: specWith(change), tile }));
});

describe("what exists", () => {
  test("every output, and every number on the way, is written exactly once", () => {
    fc.assert(
      fc.property(winogradCases, ({ spec, tile }) => {
        const program = programWith(spec, winograd(...tile));
        for (const stage of [...program.prepare, ...program.run]) {
          const counts = new Set(writesOf(program, stage));
          if (counts.size !== 1 || !counts.has(1)) {
            expect.fail(`${stage.name} writes ${[...counts].join(" or ")} times: ${JSON.stringify({ spec, tile })}`);
          }
        }
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  test("tiles are as many as phases need, and none begins outside the output", () => {
    fc.assert(
      fc.property(winogradCases, ({ spec, tile }) => {
        const sizes = winogradSizesOf(spec, tile);
        const { outputShape, y, x } = geometryOf(spec);
        const along = (axis: 0 | 1) => {
          const [points, outputs] = [outputShape[1 + axis] as number, tile[axis]];
          const { taps } = axis === 0 ? (sizes?.y ?? { taps: 0 }) : (sizes?.x ?? { taps: 0 });
          const phases = taps > 1 ? (axis === 0 ? y : x).dilation : 1;
          let tiles = 0;
          for (let phase = 0; phase < Math.min(phases, points); phase++) {
            tiles += Math.ceil(Math.ceil((points - phase) / phases) / outputs);
          }
          return tiles;
        };
        expect(sizes?.tiles).toBe(spec.value[0] * along(0) * along(1));
        expect([sizes?.y.outputs, sizes?.x.outputs]).toEqual(tile);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe("specs without such an algorithm", () => {
  const CASES: readonly (readonly [string, Partial<OpSpec>])[] = [
    ["no images", { value: [0, 4, 5, 2] }],
    ["no rows", { value: [1, 0, 5, 2] }],
    ["no columns, VALID", { value: [1, 4, 0, 2], padding: "VALID" }],
    ["no input channels", { value: [1, 4, 5, 0], filters: [3, 3, 3, 0] }],
    ["no outputs", { op: "conv2d", value: [1, 2, 5, 2], filters: [3, 3, 2, 3], padding: "VALID" }],
    ["no tap that meets the image", { rate: 9, filters: [2, 2, 3, 2] }],
    ["none along one axis", { rate: 9, filters: [2, 3, 3, 2] }],
    ["kernels of seventeen", { value: [1, 40, 40, 2], filters: [17, 17, 3, 2] }],
    ["seventeen columns", { value: [1, 40, 40, 2], filters: [1, 17, 3, 2] }],
  ];
  test.each(CASES)("%s", (_, change) => {
    for (const tile of [
      [1, 1],
      [2, 2],
      [1, 4],
    ] as const) {
      expect(winogradSizesOf(specWith(change), tile)).toBeUndefined();
    }
  });

  // The numbers on the way may be larger than the data, but not by any factor.
  test.each([
    [[6, 6], [3, 3], true],
    [[4, 4], [5, 5], true],
    [[1, 4], [1, 9], true],
    [[1, 1], [9, 9], true],
    [[7, 7], [3, 3], false],
    [[6, 6], [5, 5], false],
    [[2, 2], [9, 9], false],
    [[1, 5], [1, 9], false],
    [[1, 9], [1, 9], false],
    [[1, 1000], [1, 3], false],
  ] as const)("tiles of %j for filters of %j: %s", (tile, [rows, columns], fits) => {
    const spec = specWith({ value: [1, 20, 20, 2], filters: [rows, columns, 3, 2] });
    expect(winogradSizesOf(spec, tile) !== undefined).toBe(fits);
  });

  test("only taps that meet the image count", () => {
    const far = specWith({ value: [1, 3, 3, 2], filters: [9, 9, 3, 2] });
    const sizes = winogradSizesOf(far, [4, 4]);
    expect([sizes?.y.taps, sizes?.x.taps, sizes?.tiles]).toEqual([5, 5, 1]);
    expect(winogradSizesOf(far, [5, 4])).toBeUndefined();
  });
});

test("algorithms have names", () => {
  const spec = specWith({ value: [1, 20, 20, 2] });
  expect(printAlgorithm(spec, DIRECT)).toBe("direct");
  expect(printAlgorithm(spec, winograd(4, 2))).toBe("winograd F(4x2, 3x3)");
  expect(printAlgorithm(specWith({ filters: [1, 3, 3, 2] }), winograd(1, 4))).toBe("winograd F(1x4, 1x3)");
  // Of filters 3x3, one row meets an image of four.
  expect(printAlgorithm(specWith({ value: [1, 4, 20, 2], rate: 5 }), winograd(2, 4))).toBe("winograd F(2x4, 1x3)");
  expect(() => printAlgorithm(specWith({ value: [0, 4, 5, 2] }), winograd(2, 2))).toThrow("tilewright bug");
});

describe("the error bound", () => {
  const UNIT = 2 ** -24;
  const spec = (channels: number, kernel = 3): OpSpec =>
    specWith({ value: [1, 20, 20, channels], filters: [kernel, kernel, 4, channels] });

  test("of the direct algorithm is that of sums", () => {
    for (const channels of [1, 16, 256]) {
      const bound = errorBound(spec(channels), DIRECT) / UNIT;
      expect(bound).toBeGreaterThanOrEqual(9 * channels + 2);
      expect(bound).toBeLessThan((9 * channels + 2) * 1.001);
    }
  });

  test("grows with channels, taps and tiles", () => {
    const rising = (bounds: readonly number[]) => {
      for (const [i, bound] of bounds.entries()) {
        expect(bound).toBeGreaterThan(i === 0 ? 0 : (bounds[i - 1] as number));
        expect(bound).toBeLessThan(0.1);
      }
    };
    rising([1, 2, 4, 6].map((size) => errorBound(spec(16), winograd(size, size))));
    rising([1, 2, 4, 6].map((size) => errorBound(spec(16), winograd(1, size))));
    rising([1, 2, 3, 16, 256, 1024].map((channels) => errorBound(spec(channels), winograd(4, 4))));
    rising([1, 2, 3, 5].map((kernel) => errorBound(spec(16, kernel), winograd(2, 2))));
    rising([DIRECT, winograd(2, 2)].map((algorithm) => errorBound(spec(16), algorithm)));
  });

  test("is there for all that has sizes", () => {
    fc.assert(
      fc.property(winogradCases, ({ spec, tile }) => {
        const bound = errorBound(spec, winograd(...tile));
        expect(bound).toBeGreaterThan(0);
        expect(bound).toBeLessThan(1);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
