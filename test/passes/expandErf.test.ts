/** expandErf: erf in arithmetic and `exp`, as exact as float32 is. */
import { expect, test } from "vitest";
import { expandErf } from "../../src/codegen/passes/expandErf.js";
import { fuseMultiplyAdd } from "../../src/codegen/passes/fuseMultiplyAdd.js";
import { erf } from "../../src/ir/erf.js";
import { multiply, number, plus, select, unary } from "../../src/ir/expr.js";
import { interpretKernel } from "../../src/ir/interpretKernel.js";
import { printKernel } from "../../src/ir/print.js";
import { verify } from "../../src/ir/verify.js";
import { at, buffer, kernel, loop, store, vectorAt } from "../support/kernels.js";
import { VECTORS } from "../support/passes.js";

const ENDS = [0, -0, 1e-45, -1e-40, 1e-20, 0.9999999, 1, -1.0000001, 3.9999998, 4, 4.1, 9, -1e19, 3.4e38];
const SPECIAL = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const NUMBERS = Float32Array.from([...ENDS, ...SPECIAL, ...Array.from({ length: 9001 }, (_, i) => (i - 4500) / 997)]);

const elementwise = kernel(
  [buffer("x", [NUMBERS.length], "input"), buffer("out", [NUMBERS.length], "output")],
  [loop("i", NUMBERS.length, [store("out", ["i"], unary("erf", at("x", "i")))])],
  "f32",
);

test.each([
  ["each operation rounded", expandErf(elementwise)],
  ["with fused multiply-adds", fuseMultiplyAdd(expandErf(elementwise), VECTORS)],
])("%s, it is within 1e-7, and odd", (_, expanded) => {
  verify(expanded, new Set(["erf"]));
  const resultOf = (x: Float32Array): Float32Array => {
    const out = new Float32Array(x.length);
    interpretKernel(expanded, new Map(Object.entries({ x, out })));
    return out;
  };
  const result = resultOf(NUMBERS);
  const furthest = NUMBERS.reduce((most, x, i) => Math.max(most, Math.abs((result[i] as number) - erf(x)) || 0), 0);
  expect(furthest).toBeLessThan(1e-7);
  expect(resultOf(NUMBERS.map((x) => -x))).toEqual(result.map((y) => -y));
  expect([...result.slice(0, 2)]).toEqual([0, -0]);
  expect([...result.slice(ENDS.length - 3, ENDS.length + SPECIAL.length)]).toEqual([1, -1, 1, Number.NaN, 1, -1]);
});

test("the argument and what is made of it are computed once, before the statement", () => {
  const nested = unary("erf", plus(unary("erf", at("x", "0")), number(1)));
  const body = [
    store("out", ["0"], multiply(at("x", "1"), nested)),
    store(
      "out",
      ["4"],
      select("less", vectorAt("x", "4"), number(0, 4), unary("erf", vectorAt("x", "0")), number(0, 4)),
    ),
  ];
  const buffers = [buffer("x", [8], "input"), buffer("out", [8], "output"), buffer("erf0", [1], "input")];
  const text = printKernel(expandErf(kernel(buffers, body, "f32")));
  expect(text.match(/local erf\d+/g)?.length).toBe(12);
  expect(text.match(/x\[0\]/g)?.length).toBe(2);
  expect(text).not.toMatch(/erf\(|local erf0\b/);
});

test("a kernel without erf stays as it is", () => {
  const other = kernel([buffer("out", [1], "output")], [store("out", ["0"], unary("exp", number(2)))]);
  expect(printKernel(expandErf(other))).toBe(printKernel(other));
});
