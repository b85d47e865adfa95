/**
 * How far float32 results may be apart. Whatever the order of a sum of K products, each rounded, it differs from the exact
 * one by at most (K + 2) * 2^-24 * sum|v*w|.
 */
import { expect } from "vitest";

const HALF_ULP = 2 ** -24;

/** Per output: how many products were summed, and the sum of their magnitudes. */
export interface Magnitude {
  readonly products: ArrayLike<number>;
  readonly magnitudes: ArrayLike<number>;
}

/** Holds two results together; `roundedSides` counts those that were summed in float32. */
export function expectWithinRounding(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { products, magnitudes }: Magnitude,
  roundedSides: 1 | 2,
): void {
  expect(actual.length).toBe(expected.length);
  expect(products.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const bound = roundedSides * ((products[i] as number) + 2) * HALF_ULP * (magnitudes[i] as number);
    const error = Math.abs((actual[i] as number) - (expected[i] as number));
    // Not `error > bound`: NaN must fail too.
    if (!(error <= bound)) {
      expect.fail(`element ${i}: ${actual[i]} is not within ${bound} of ${expected[i]} (off by ${error})`);
    }
  }
}
