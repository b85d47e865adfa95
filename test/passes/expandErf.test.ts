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

test("the two polynomials, and a choice between them for each number", () => {
  const body = [loop("i", 8, [store("out", ["i"], unary("erf", plus(at("x", "i"), number(1))))])];
  const buffers = [buffer("x", [8], "input"), buffer("out", [8], "output")];
  expect(printKernel(expandErf(kernel(buffers, body, "f32")))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 8
        local erf0 = (x[i] + 1)
        local erf1 = abs(erf0)
        local erf2 = (erf0 * erf0)
        local erf3 = minimum(erf1, 4)
        out[i] = select(erf1 < 1, (erf0 + (erf0 * (0.128379158 + ((-0.37612606 + ((0.112834301 + ((-0.0268485913 + ((0.00517974959 + ((-0.000794235671 + (0.0000764711907 * erf2)) * erf2)) * erf2)) * erf2)) * erf2)) * erf2)))), (select(erf0 < 0, -1, 1) * (1 - exp((-0.000353719155 + ((-1.12704004 + ((-0.638225675 + ((-0.10303737 + ((0.021805319 + ((-0.00293960744 + (0.000185574022 * erf3)) * erf3)) * erf3)) * erf3)) * erf3)) * erf3))))))
    "
  `);
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
