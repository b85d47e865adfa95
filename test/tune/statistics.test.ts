/** Statistics of the tuner: intervals that hold the median as often as they say, and orders that agree as much as they do. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { geometricMean, intervalOf, rankCorrelation } from "../../src/tune/statistics.js";
import { PAIRS, SEED } from "../support/effort.js";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 });
const some = fc.array(finite, { minLength: 1, maxLength: 60 });

/** From 0 to 1; the same numbers in every run. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe("an interval", () => {
  test("holds the median, between bounds that are values themselves, whatever their order", () => {
    fc.assert(
      fc.property(some, fc.nat(), (values, turn) => {
        const { low, median, high } = intervalOf(values);
        expect(low).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(high);
        expect(values).toContain(low);
        expect(values).toContain(high);
        const at = turn % values.length;
        expect(intervalOf([...values.slice(at), ...values.slice(0, at)].reverse())).toEqual({ low, median, high });
      }),
      { seed: SEED, numRuns: PAIRS },
    );
  });

  test("has as many values below its median as above", () => {
    expect(intervalOf([3, 1, 2]).median).toBe(2);
    expect(intervalOf([4, 1, 3, 2]).median).toBe(2.5);
    expect(intervalOf([7]).median).toBe(7);
  });

  test("leaves what it was given in its order", () => {
    const values = [3, 1, 2];
    intervalOf(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test.each([1, 2, 3, 4, 5, 6, 7])("is all there is of %i values", (count) => {
    const values = Array.from({ length: count }, (_, i) => (i * 5) % 7);
    expect(intervalOf(values)).toMatchObject({ low: Math.min(...values), high: Math.max(...values) });
  });

  test.each([9, 15, 31, 101])("is not moved by one outlier among %i values", (count) => {
    const values = Array.from({ length: count }, (_, i) => 1 + i / 1000);
    const { low, high } = intervalOf([...values.slice(1), 1e9]);
    expect(low).toBeGreaterThanOrEqual(1);
    expect(high).toBeLessThan(2);
  });

  test.each([6, 7, 8, 9, 10, 12, 15, 20, 31, 50, 100])(
    "of %i skewed values holds the true median about 95 times in 100",
    (count) => {
      const random = uniform(count);
      const runs = 4000;
      let held = 0;
      for (let run = 0; run < runs; run++) {
        // Log-normal would do; a cubed exponential has a longer tail, as noise of a shared machine does.
        const values = Array.from({ length: count }, () => (-Math.log(random())) ** 3);
        const { low, high } = intervalOf(values);
        if (low <= Math.log(2) ** 3 && Math.log(2) ** 3 <= high) held++;
      }
      expect(held / runs).toBeGreaterThan(0.91);
      expect(held / runs).toBeLessThan(0.995);
    },
  );

  test("gets narrower with more values", () => {
    const random = uniform(5);
    const widths = [10, 100, 1000].map((count) => {
      const { low, high } = intervalOf(Array.from({ length: count }, random));
      return high - low;
    });
    expect(widths[1]).toBeLessThan(widths[0] as number);
    expect(widths[2]).toBeLessThan(widths[1] as number);
  });
});

describe("a rank correlation", () => {
  const of = (a: readonly number[], b: readonly number[]) =>
    rankCorrelation(a.map((value, i) => [value, b[i] as number] as const));

  test("is 1 for the same order, whatever the distances, and -1 for the reverse", () => {
    expect(of([1, 2, 3, 4], [1, 10, 100, 1e9])).toBeCloseTo(1, 12);
    expect(of([1, 2, 3, 4], [8, 7, 0, -5])).toBeCloseTo(-1, 12);
  });

  test("is what the textbooks have", () => {
    // 1 - 6 sum d^2 / (n (n^2 - 1)): hours before a television and intelligence, of ten people.
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    expect(of(iq, hours)).toBeCloseTo(-29 / 165, 12);
    expect(of([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])).toBeCloseTo(0.8, 12);
  });

  test("gives equal values the mean of their ranks", () => {
    // Ranks 0, 1.5, 1.5, 3 and 0, 1, 2, 3: 4.5 / sqrt(4.5 * 5).
    expect(of([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
    expect(of([1, 1, 2, 2], [5, 5, 9, 9])).toBeCloseTo(1, 12);
  });

  test("is undefined where there is no order", () => {
    expect(rankCorrelation([])).toBeUndefined();
    expect(of([1], [2])).toBeUndefined();
    expect(of([1, 2, 3], [5, 5, 5])).toBeUndefined();
    expect(of([5, 5, 5], [1, 2, 3])).toBeUndefined();
  });

  test("lies between -1 and 1, and is the same from both sides and for any growing scale", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }))), (pairs) => {
        const one = rankCorrelation(pairs);
        const swapped = rankCorrelation(pairs.map(([a, b]) => [b, a] as const));
        const scaled = rankCorrelation(pairs.map(([a, b]) => [a ** 3 + 1, Math.exp(b)] as const));
        if (one === undefined) {
          expect(swapped).toBeUndefined();
          expect(scaled).toBeUndefined();
        } else {
          expect(Math.abs(one)).toBeLessThanOrEqual(1 + 1e-9);
          expect(swapped).toBeCloseTo(one, 9);
          expect(scaled).toBeCloseTo(one, 9);
        }
      }),
      { seed: SEED, numRuns: PAIRS },
    );
  });
});

describe("a geometric mean", () => {
  test("is what all values would be for the same product", () => {
    expect(geometricMean([2, 8])).toBeCloseTo(4, 12);
    expect(geometricMean([5])).toBeCloseTo(5, 12);
    expect(geometricMean([1, 10, 100])).toBeCloseTo(10, 12);
  });

  test("undoes gains and losses of the same factor, and does not overflow", () => {
    expect(geometricMean([3, 1 / 3])).toBeCloseTo(1, 12);
    expect(geometricMean([1e300, 1e300, 1e300]) / 1e300).toBeCloseTo(1, 9);
  });
});
