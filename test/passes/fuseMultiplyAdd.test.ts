/** fuseMultiplyAdd: `c + a*b` in one operation, where the target has it. */
import { expect, test } from "vitest";
import { fuseMultiplyAdd } from "../../src/codegen/passes/fuseMultiplyAdd.js";
import { JS } from "../../src/codegen/target.js";
import { binary, multiply, number, plus, unary } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { at, buffer, kernel, store } from "../support/kernels.js";
import { after, VECTORS } from "../support/passes.js";

const [a, b, c] = [at("x", "0"), at("x", "1"), at("x", "2")];
const BODY: readonly Stmt[] = [
  store("out", ["0"], plus(c, multiply(a, b))),
  store("out", ["1"], plus(plus(c, multiply(a, b)), multiply(b, b))),
  store("out", ["2"], plus(multiply(a, b), c)),
  store("out", ["3"], binary("subtract", c, multiply(a, b))),
  store("out", ["4"], unary("negate", plus(number(1), multiply(plus(a, multiply(b, c)), c)))),
];
const tiny = kernel([buffer("x", [3], "input"), buffer("out", [5], "output")], BODY, "f32");

test("at any depth", () => {
  expect(after(fuseMultiplyAdd, tiny, { target: VECTORS })).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      out[0] = fma(x[0], x[1], x[2])
      out[1] = fma(x[1], x[1], fma(x[0], x[1], x[2]))
      out[2] = ((x[0] * x[1]) + x[2])
      out[3] = (x[2] - (x[0] * x[1]))
      out[4] = negate(fma(fma(x[1], x[2], x[0]), x[2], 1))
    "
  `);
});

test("a target without it keeps both operations", () => {
  expect(fuseMultiplyAdd(tiny, JS)).toBe(tiny);
});
