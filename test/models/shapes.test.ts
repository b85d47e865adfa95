/** Shapes of which some sizes are not known: what follows all the same, and what must not. */
import { describe, expect, it } from "vitest";
import {
  broadcast,
  concat,
  gap,
  reshape,
  type Shape,
  sizeFrom,
  squeeze,
  windowOutput,
} from "../../src/models/shapes.js";

const batch = gap("batch is free");
const other = gap("other is free");

describe("reshaping", () => {
  const cases: readonly (readonly [string, Shape, readonly (number | typeof batch)[], Shape])[] = [
    ["cancels what is unknown on both sides", [batch, 3, 4], [batch, -1], [batch, 12]],
    ["but only once", [batch, 4, 8], [batch, batch, -1], [batch, batch, batch]],
    ["and only the same", [batch, 4, 8], [other, -1], [other, batch]],
    ["takes zeros for the input's own sizes", [batch, 4, 8], [0, 0, -1], [batch, 4, 8]],
    ["needs no shape where sizes are given", other, [2, 3], [2, 3]],
    ["needs one where they are not", other, [2, -1], [2, other]],
    ["refuses what does not divide", [5], [2, -1], [2, gap(expect.stringMatching(/a size comes to 2\.5/))]],
  ];
  it.each(cases)("%s", (_, shape, sizes, expected) => {
    expect(reshape(shape, sizes, true)).toEqual(expected);
  });
});

it("broadcasting knows a size from the side that knows it", () => {
  expect(
    broadcast([
      [batch, 1, 8],
      [4, 1],
    ]),
  ).toEqual([batch, 4, 8]);
  expect(broadcast([[batch], [4]])).toEqual([4]);
  expect(broadcast([[3], [4]])).toEqual([gap(expect.stringMatching(/sizes 3 and 4 do not broadcast/))]);
});

it("joining adds sizes along one axis and knows the others from any", () => {
  expect(
    concat(
      [
        [batch, 2],
        [1, 3],
      ],
      1,
    ),
  ).toEqual([1, 5]);
  expect(
    concat(
      [
        [1, batch],
        [1, 3],
      ],
      -1,
    ),
  ).toEqual([1, batch]);
});

it("a negative size is nobody's, and an unknown one stays unknown", () => {
  const window = { kernel: 5, stride: 1, dilation: 1, pads: [0, 0] } as const;
  expect(windowOutput(3, window)).toEqual(gap(expect.stringMatching(/a size comes to -1/)));
  expect(windowOutput(batch, window)).toBe(batch);
  expect(sizeFrom([2, other], (a, b) => a * b)).toBe(other);
  expect(squeeze([1, batch, 1], undefined)).toEqual([batch]);
});
