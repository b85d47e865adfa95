/** The transforms of minimal filtering are the correlation, exactly: in integers, without a tolerance. */
import { describe, expect, test } from "vitest";
import { cookToom, type Transforms } from "../../src/ir/rewrites/cookToom.js";

const UNIT = 60; // dyadic numbers become integers when multiplied by 2^60
const MAXIMUM = 16;

const sizes = Array.from({ length: MAXIMUM }, (_, m) => m + 1).flatMap((outputs) =>
  Array.from({ length: MAXIMUM + 1 - outputs }, (_, k) => [outputs, k + 1] as const),
);

function at<T>(list: readonly T[], index: number): T {
  if (index >= list.length) throw new RangeError(`${index} of ${list.length}`);
  return list[index] as T;
}

function dyadic(x: number): bigint {
  const scaled = x * 2 ** UNIT;
  expect(Number.isInteger(scaled)).toBe(true);
  return BigInt(scaled);
}

/** The fraction 2^t / n with the smallest t that rounds to the scale; such are all scales, and n is far below 2^53. */
function fraction(scale: number): { readonly over: bigint; readonly under: bigint } {
  for (let over = 1; over <= 2 ** UNIT; over *= 2) {
    const under = Math.round(over / scale);
    if (under > 0 && Math.abs(over / scale - under) <= under * 2 ** -52 && over / under === scale)
      return { over: BigInt(over), under: BigInt(under) };
  }
  throw new Error(`${scale} is no power of two over an integer`);
}

/** How often g[s] * d[i] occurs in y[j], all fractions over the one denominator `whole`. */
function exactly(transforms: Transforms) {
  const scales = transforms.scale.map(fraction);
  const whole = scales.reduce((product, { under }) => product * under, 1n) << BigInt(2 * UNIT);
  const output = transforms.output.map((row) => row.map(dyadic));
  const input = transforms.input.map((row) => row.map(dyadic));
  const weights = transforms.filter.map((row, e) => {
    const { over, under } = at(scales, e);
    return row.map((x) => (BigInt(x) * over * (whole >> BigInt(2 * UNIT))) / under);
  });
  const count = (j: number, s: number, i: number) =>
    weights.reduce((sum, row, e) => sum + at(at(output, j), e) * at(row, s) * at(at(input, e), i), 0n);
  return { whole, count };
}

/** Of each product, how often it adds g[s] * d[i] to y[j]: what is left of the matrices when rows may be rescaled. */
const parts = ({ input, filter, scale, output }: Omit<Transforms, "outputs" | "taps" | "products" | "growth">) =>
  input.map((row, e) =>
    output.map((column) => at(filter, e).map((g) => row.map((d) => at(column, e) * at(scale, e) * g * d || 0))),
  );

describe.each(sizes.filter(([m, k]) => m <= 8 && k <= 9 && m + k <= 13))("F(%i, %i)", (outputs, taps) => {
  const transforms = cookToom(outputs, taps);

  test("is the correlation, exactly", () => {
    const { whole, count } = exactly(transforms);
    for (let j = 0; j < outputs; j++)
      for (let s = 0; s < taps; s++)
        for (let i = 0; i < transforms.products; i++) {
          const expected = i === j + s ? whole : 0n;
          if (count(j, s, i) !== expected) expect.fail(`y[${j}] has the wrong share of g[${s}] * d[${i}]`);
        }
  });

  test("grows as its definition says", () => {
    const { input, filter, scale, output } = transforms;
    let growth = 0;
    for (let j = 0; j < outputs; j++)
      for (let s = 0; s < taps; s++) {
        let sum = 0;
        for (let e = 0; e < transforms.products; e++)
          for (const x of at(input, e)) sum += Math.abs(at(at(output, j), e) * at(scale, e) * at(at(filter, e), s) * x);
        growth = Math.max(growth, sum);
      }
    expect(transforms.growth / growth).toBeCloseTo(1, 12);
  });
});

test.each(sizes)("F(%i, %i) has the shapes and the numbers that it promises", (outputs, taps) => {
  const { products, input, filter, scale, output, ...rest } = cookToom(outputs, taps);
  expect([rest.outputs, rest.taps, products]).toEqual([outputs, taps, outputs + taps - 1]);
  expect(input.map((row) => row.length)).toEqual(new Array(products).fill(products));
  expect(filter.map((row) => row.length)).toEqual(new Array(products).fill(taps));
  expect(output.map((row) => row.length)).toEqual(new Array(outputs).fill(products));
  expect(scale).toHaveLength(products);
  const exact = [...input, ...output].flat();
  expect(exact.map(Math.fround)).toEqual(exact);
  expect(exact.some((x) => Object.is(x, -0))).toBe(false);
  expect(filter.flat().every(Number.isSafeInteger)).toBe(true);
  expect(scale.every((x) => x > 0 && Number.isFinite(x))).toBe(true);
});

test("one tap, or one output, takes each product once", () => {
  const identity = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const ones = [1, 1, 1];
  expect(cookToom(3, 1)).toEqual({
    outputs: 3,
    taps: 1,
    products: 3,
    input: identity,
    filter: [[1], [1], [1]],
    scale: ones,
    output: identity,
    growth: 1,
  });
  expect(cookToom(1, 3)).toEqual({
    outputs: 1,
    taps: 3,
    products: 3,
    input: identity,
    filter: identity,
    scale: ones,
    output: [ones],
    growth: 1,
  });
});

test("F(2, 3) is Winograd's, up to the scale of its rows", () => {
  const textbook = {
    input: [
      [1, 0, -1, 0],
      [0, 1, 1, 0],
      [0, -1, 1, 0],
      [0, 1, 0, -1],
    ],
    filter: [
      [1, 0, 0],
      [1 / 2, 1 / 2, 1 / 2],
      [1 / 2, -1 / 2, 1 / 2],
      [0, 0, 1],
    ],
    scale: [1, 1, 1, 1],
    output: [
      [1, 1, 1, 0],
      [0, 1, -1, -1],
    ],
  };
  expect(parts(cookToom(2, 3))).toEqual(parts(textbook));
});

test.each(sizes.filter(([m, k]) => m > 1 && k > 1))("F(%i, %i): p and -p differ in the signs of odd powers", (m, k) => {
  const { products, input, filter, output } = cookToom(m, k);
  const mirrored = (a: readonly number[], b: readonly number[]) => a.every((x, i) => (i % 2 ? -x : x) === b[i]);
  const pairs = input.filter((row, e) => {
    const next = e + 1;
    return (
      next < products &&
      mirrored(row, at(input, next)) &&
      mirrored(at(filter, e), at(filter, next)) &&
      output.every((column, j) => at(column, next) === at(column, e) * (-1) ** j)
    );
  });
  expect(pairs).toHaveLength(Math.floor((products - 1) / 2));
});

describe("the matrices", () => {
  const shown = ({ input, filter, scale, output, growth }: Transforms) =>
    [
      ...input.map((row) => `input  ${row.join(" ")}`),
      ...filter.map(
        (row, e) => `filter ${row.join(" ")} * ${fraction(at(scale, e)).over}/${fraction(at(scale, e)).under}`,
      ),
      ...output.map((row) => `output ${row.join(" ")}`),
      `growth ${growth.toFixed(2)}`,
    ].join("\n");
  test("F(2, 3)", () => {
    expect(shown(cookToom(2, 3))).toMatchInlineSnapshot(`
      "input  1 0 -1 0
      input  0 1 1 0
      input  0 -1 1 0
      input  0 -1 0 1
      filter 1 0 0 * 1/1
      filter 1 1 1 * 1/2
      filter 1 -1 1 * 1/2
      filter 0 0 1 * 1/1
      output 1 1 1 0
      output 0 1 -1 1
      growth 4.00"
    `);
  });
  test("F(4, 3)", () => {
    expect(shown(cookToom(4, 3))).toMatchInlineSnapshot(`
      "input  1.265625 0 -2.8125 0 1 0
      input  0 1.6875 2.25 -0.75 -1 0
      input  0 -1.6875 2.25 0.75 -1 0
      input  0 -0.84375 -0.5625 1.5 1 0
      input  0 0.84375 -0.5625 -1.5 1 0
      input  0 1.265625 0 -2.8125 0 1
      filter 1 0 0 * 64/81
      filter 16 12 9 * 8/243
      filter 16 -12 9 * 8/243
      filter 4 6 9 * 8/243
      filter 4 -6 9 * 8/243
      filter 0 0 1 * 1/1
      output 1 1 1 1 1 0
      output 0 0.75 -0.75 1.5 -1.5 0
      output 0 0.5625 0.5625 2.25 2.25 0
      output 0 0.421875 -0.421875 3.375 -3.375 1
      growth 14.31"
    `);
  });
});

test("the points of each size are those that grow little", () => {
  const growths = sizes.filter(([m, k]) => m > 1 && k === 3).map(([m]) => [m, Math.round(cookToom(m, 3).growth)]);
  expect(Object.fromEntries(growths)).toMatchInlineSnapshot(`
    {
      "10": 474,
      "11": 983,
      "12": 2703,
      "13": 4196,
      "14": 6113,
      "2": 4,
      "3": 7,
      "4": 14,
      "5": 23,
      "6": 40,
      "7": 89,
      "8": 141,
      "9": 256,
    }
  `);
});

test.each([
  [0, 3],
  [2, 0],
  [2.5, 3],
  [2, 2.5],
  [9, 9],
  [17, 1],
  [Number.NaN, 3],
])("F(%d, %d) is refused", (outputs, taps) => {
  expect(() => cookToom(outputs, taps)).toThrow(/tilewright bug: no transforms/);
});
