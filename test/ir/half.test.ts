/** Numbers of 16 bits: which of them a number becomes, and where kernels round to them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrayOf, BYTES, round } from "../../src/ir/dtype.js";
import { fma, number, plus } from "../../src/ir/expr.js";
import { interpretKernel } from "../../src/ir/interpretKernel.js";
import { SEED } from "../support/effort.js";
import { alloc, at, buffer, bytewise, kernel, loop, run, store } from "../support/kernels.js";

const INFINITY = Number.POSITIVE_INFINITY;

describe("round.f16", () => {
  const LEAST = 2 ** -24; // the smallest above zero
  const NORMAL = 2 ** -14; // the smallest of full precision
  const TABLE: readonly (readonly [string, number, number])[] = [
    ["zero", 0, 0],
    ["one", 1, 1],
    ["a third", 1 / 3, 0.333251953125],
    ["a tenth", 0.1, 0.0999755859375],
    ["the next after one", 1 + 2 ** -10, 1 + 2 ** -10],
    ["a tie, down to even", 1 + 2 ** -11, 1],
    ["just above it", 1 + 2 ** -11 + 2 ** -40, 1 + 2 ** -10],
    ["a tie, up to even", 1 + 3 * 2 ** -11, 1 + 2 ** -9],
    ["just below it", 1 + 3 * 2 ** -11 - 2 ** -40, 1 + 2 ** -10],
    ["a tie that carries into the next power of two", 2 - 2 ** -11, 2],
    ["the largest float32 below two", 2 - 2 ** -23, 2],
    ["the last odd integer", 2047, 2047],
    ["the first integer that is none", 2049, 2048],
    ["and the next", 2051, 2052],
    ["the largest", 65_504, 65_504],
    ["the last that rounds to it", 65_519.996, 65_504],
    ["the first that is too large", 65_520, INFINITY],
    ["more", 1e30, INFINITY],
    ["infinity", INFINITY, INFINITY],
    ["the smallest of full precision", NORMAL, NORMAL],
    ["the largest below that", NORMAL - LEAST, NORMAL - LEAST],
    ["between the two, a tie up to even", NORMAL - LEAST / 2, NORMAL],
    ["just below one of full precision", NORMAL * (1 - 2 ** -30), NORMAL],
    ["the smallest", LEAST, LEAST],
    ["two and a half of it, a tie down", 2.5 * LEAST, 2 * LEAST],
    ["one and a half of it, a tie up", 1.5 * LEAST, 2 * LEAST],
    ["half of it, a tie down to nothing", LEAST / 2, 0],
    ["a little more than half", LEAST * 0.51, LEAST],
    ["less than half", LEAST * 0.49, 0],
    ["the smallest float64", Number.MIN_VALUE, 0],
  ];
  test.each(TABLE)("%s: %d is %d", (_, value, expected) => {
    expect(round.f16(value)).toBe(expected);
    // A zero has whichever sign.
    expect(round.f16(-value) + 0).toBe(-expected + 0);
  });
  test("of NaN there is NaN, and of -0 there is -0", () => {
    expect(round.f16(Number.NaN)).toBeNaN();
    expect(round.f16(-0)).toBe(-0);
  });

  /** All of the type that are not below zero, in order: sign, 5 bits of exponent, 10 of fraction. */
  const ALL = Array.from({ length: 0x7c00 }, (_, bits) => {
    const [exponent, fraction] = [bits >> 10, bits & 1023];
    return exponent === 0 ? fraction * LEAST : (1024 + fraction) * 2 ** (exponent - 25);
  });

  test("every number of the type is itself", () => {
    for (const value of ALL) if (round.f16(value) !== value || round.f16(-value) !== -value) expect.fail(`${value}`);
  });
  test("every other one becomes the nearer of its neighbours, halfway the even one", () => {
    ALL.slice(0, -1).forEach((below, i) => {
      const above = ALL[i + 1] as number;
      const middle = (below + above) / 2;
      const even = i % 2 === 0 ? below : above;
      const nudge = (above - below) / 1024;
      for (const [value, expected] of [
        [middle, even],
        [middle - nudge, below],
        [middle + nudge, above],
      ] as const)
        if (round.f16(value) !== expected || round.f16(-value) + 0 !== -expected + 0) expect.fail(`${value}`);
    });
  });
  test("it never turns an order around, and rounding twice is rounding once", () => {
    const finite = fc.float({ noNaN: true });
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(round.f16(low)).toBeLessThanOrEqual(round.f16(high));
        expect(round.f16(round.f16(a))).toBe(round.f16(a));
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});

test("they take two bytes, and are kept where all of them are exact", () => {
  expect(BYTES.f16).toBe(2);
  expect(arrayOf("f16", 3)).toEqual(new Float32Array(3));
});

describe("kernels", () => {
  const BUFFERS = [buffer("x", [4], "input", "f16"), buffer("out", [4], "output", "f16")];

  test("round where they store, and compute in their own type", () => {
    // 1 + 2^-11 rounds to 1; that it was kept until the sum is shown by the result.
    const sum = plus(plus(number(1), number(2 ** -11)), number(2 ** -11));
    const body = [
      store("out", ["0"], sum),
      store("out", ["1"], plus(number(1), number(2 ** -11))),
      store("out", ["2"], number(70_000)),
    ];
    expect(run(kernel(BUFFERS, body, "f32")).out?.slice(0, 3)).toEqual([1 + 2 ** -10, 1, INFINITY]);
  });
  test("read what was rounded before", () => {
    const body = [store("out", ["0"], number(2049)), store("out", ["1"], plus(at("out", "0"), number(1)))];
    expect(run(kernel(BUFFERS, body, "f32")).out?.slice(0, 2)).toEqual([2048, 2048]);
  });
  test("keep what they allocate in their arithmetic", () => {
    const body = [
      alloc("t", [1], "local", [
        store("t", ["0"], number(2049)),
        store("out", ["0"], fma(at("t", "0"), number(1), number(-2048))),
      ]),
    ];
    expect(run(kernel(BUFFERS, body, "f32")).out?.[0]).toBe(1);
  });
  test("round every lane of a vector", () => {
    const body = [loop("i", 1, [store("out", ["i"], number(2049, 4))])];
    expect(run(kernel(BUFFERS, body, "f32")).out).toEqual([2048, 2048, 2048, 2048]);
  });
  test("count bytes by twos", () => {
    const body = [loop("i", 4, [store("out", ["2*i"], at("x", "6 - 2*i"))])];
    const arrays = new Map([
      ["x", Float32Array.of(1, 2, 3, 4)],
      ["out", new Float32Array(4)],
    ]);
    interpretKernel(bytewise(BUFFERS, body), arrays);
    expect(arrays.get("out")).toEqual(Float32Array.of(4, 3, 2, 1));
  });
});
