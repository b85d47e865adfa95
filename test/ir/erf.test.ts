/** The error function, against numbers that were computed with 40 digits, and what is known of its ends. */
import { expect, test } from "vitest";
import { erf } from "../../src/ir/erf.js";

test.each([
  [1e-10, 1.1283791670955126e-10],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [1.5, 0.9661051464753108],
  [1.9990234375, 0.9953020429519791],
  [2, 0.9953222650189527],
  [2.0009765625, 0.9953424082475711],
  [2.5, 0.999593047982555],
  [3, 0.9999779095030014],
  [4, 0.9999999845827421],
  [5, 0.9999999999984626],
])("of %d", (x, expected) => {
  expect(Math.abs(erf(x) / expected - 1)).toBeLessThan(1e-14);
  expect(erf(-x)).toBe(-erf(x));
});

test("at the ends of the number line", () => {
  const ends = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, -7];
  expect(ends.map(erf)).toEqual([0, -0, Number.NaN, 1, -1, 1, -1]);
  expect(erf(Number.MIN_VALUE)).toBeGreaterThan(0);
});
