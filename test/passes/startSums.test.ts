/** startSums: a sum begins with its first term, unless it is stored as output. */
import { expect, test } from "vitest";
import { startSums } from "../../src/codegen/passes/startSums.js";
import { binary, local, multiply, number, plus, unary } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { at, buffer, declare, kernel, loop, set, store, when } from "../support/kernels.js";
import { after } from "../support/passes.js";

const BUFFERS = [buffer("x", [64], "input"), buffer("t", [64], "scratch"), buffer("out", [64], "output")];
const pass = (...body: readonly Stmt[]) => after(startSums, kernel(BUFFERS, body));
const sum = local("sum");

test("zero and the first term are one declaration; the rest is added as before", () => {
  const terms = [set("sum", plus(sum, at("x", "0"))), set("sum", plus(sum, at("x", "1")))];
  expect(pass(declare("sum", number(0)), ...terms, store("t", ["0"], sum))).toMatchInlineSnapshot(`
    "kernel tiny(x, t, out) in f64
      local sum = x[0]
      sum = (sum + x[1])
      t[0] = sum
    "
  `);
});

test("a first term that is taken away is negated", () => {
  const first = set("sum", binary("subtract", sum, at("x", "0")));
  expect(pass(declare("sum", number(0)), first, store("t", ["0"], sum))).toMatchInlineSnapshot(`
    "kernel tiny(x, t, out) in f64
      local sum = negate(x[0])
      t[0] = sum
    "
  `);
});

test("under a guard the sum keeps its zero, and its first term needs none", () => {
  const first = when(["3 - i"], [set("sum", plus(sum, at("x", "i")))]);
  expect(pass(loop("i", 8, [declare("sum", number(0)), first, store("t", ["i"], sum)]))).toMatchInlineSnapshot(`
    "kernel tiny(x, t, out) in f64
      for i < 8
        local sum = 0
        if -i + 3 >= 0
          sum = x[i]
        t[i] = sum
    "
  `);
});

test("a maximum begins with its first term as well, also as output; a zero or another operation is no beginning", () => {
  const lowest = declare("sum", number(Number.NEGATIVE_INFINITY));
  const terms = ["0", "1"].map((place) => set("sum", binary("maximum", sum, at("x", place))));
  expect(pass(lowest, ...terms, store("out", ["0"], sum))).toMatchInlineSnapshot(`
    "kernel tiny(x, t, out) in f64
      local sum = x[0]
      sum = maximum(sum, x[1])
      out[0] = sum
    "
  `);
  const zero = declare("sum", number(0));
  expect(pass(zero, ...terms, store("t", ["0"], sum))).toContain("sum = maximum(sum, x[0])");
  const highest = declare("sum", number(Number.POSITIVE_INFINITY));
  const least = set("sum", binary("minimum", sum, at("x", "0")));
  expect(pass(highest, least, store("t", ["0"], sum))).toContain("local sum = x[0]");
  expect(pass(highest, terms[0] as Stmt, least, store("t", ["0"], sum))).toContain("sum = maximum(sum, x[0])");
});

test("an assignment that adds nothing goes", () => {
  expect(pass(declare("sum", at("x", "0")), set("sum", sum), store("t", ["0"], sum))).toMatchInlineSnapshot(`
    "kernel tiny(x, t, out) in f64
      local sum = x[0]
      t[0] = sum
    "
  `);
});

test("a loop adds again and again, and a sum that was read is no longer at its beginning", () => {
  const inLoop = loop("i", 4, [set("sum", plus(sum, at("x", "i")))]);
  const read = [declare("sum", number(0)), store("t", ["1"], sum), set("sum", plus(sum, at("x", "5")))];
  const text = pass(declare("sum", number(0)), inLoop, store("t", ["0"], sum));
  expect(text).toContain("sum = (sum + x[i])");
  expect(pass(...read, store("t", ["2"], sum))).toContain("sum = (sum + x[5])");
});

test("a term made of the sum itself is no first term", () => {
  const odd = set("sum", plus(sum, multiply(sum, at("x", "0"))));
  expect(pass(declare("sum", number(0)), odd, store("t", ["0"], sum))).toContain("sum = (sum + (sum * x[0]))");
});

test("what is stored as output keeps its zero: 0 + -0 is 0", () => {
  const body = [declare("sum", number(0)), set("sum", plus(sum, unary("negate", at("x", "0"))))];
  expect(pass(...body, store("out", ["0"], sum))).toContain("sum = (sum + negate(x[0]))");
});
