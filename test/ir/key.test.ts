/** Cache keys: equal data, equal text; different data, different text. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalKey } from "../../src/ir/key.js";
import { SEED } from "../support/effort.js";

test("the order of properties makes no difference, at any depth", () => {
  expect(canonicalKey({ b: { y: 1, x: [{ q: 1, p: 2 }] }, a: null })).toBe(
    canonicalKey({ a: null, b: { x: [{ p: 2, q: 1 }], y: 1 } }),
  );
  expect(canonicalKey({ b: 1, a: 2 })).toBe('{"a":2,"b":1}');
});

test("the order of a list does", () => {
  expect(canonicalKey([1, 2])).not.toBe(canonicalKey([2, 1]));
});

test("a property that is undefined is one that is not there", () => {
  expect(canonicalKey({ a: undefined, b: 1 })).toBe(canonicalKey({ b: 1 }));
});

test("numbers that JSON lacks keep apart", () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, "Infinity", "NaN", 0];
  expect(new Set(values.map((value) => canonicalKey({ value }))).size).toBe(values.length);
});

test("equal keys mean equal data", () => {
  const data = fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes("__proto__"));
  fc.assert(
    fc.property(data, (value) => {
      const text = canonicalKey(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed: SEED, numRuns: 300 },
  );
});
