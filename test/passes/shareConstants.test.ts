/** shareConstants: vector constants of an innermost loop stand before it. */
import { describe, expect, test } from "vitest";
import { shareConstants } from "../../src/codegen/passes/shareConstants.js";
import { binary, type Expr, multiply, number, plus } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { buffer, declare, kernel, loop, set, store, vectorAt, when } from "../support/kernels.js";
import { after, VECTORS } from "../support/passes.js";

const BUFFERS = [buffer("x", [64], "input"), buffer("out", [64], "output")];
const pass = (...body: readonly Stmt[]) => after(shareConstants, kernel(BUFFERS, body, "f32"), { target: VECTORS });

const vector = (value: number) => number(value, 4);
const scaled = (by: number, position: string) => multiply(vector(by), vectorAt("x", position));
const out = (position: string, value: Expr): Stmt => store("out", [position], value);

test("a constant that stands there twice is made once, before the loop", () => {
  const body = [out("8*i", scaled(0.75, "8*i")), out("8*i + 4", plus(vectorAt("x", "8*i + 4"), vector(0.75)))];
  expect(pass(loop("i", 4, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      local constant0:4 = 0.75:4
      for i < 4
        out[8*i]:4 = (constant0:4 * x[8*i]:4)
        out[8*i + 4]:4 = (x[8*i + 4]:4 + constant0:4)
    "
  `);
});

test("twice in one expression, or under a guard, as well; each number by itself", () => {
  const body = [
    out("4*i", plus(multiply(vector(3), scaled(3, "4*i")), vector(-0.5))),
    when(["2 - i"], [out("4*i + 32", scaled(-0.5, "4*i"))], [out("4*i + 32", scaled(0.5, "4*i"))]),
  ];
  expect(pass(loop("i", 4, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      local constant0:4 = 3:4
      local constant1:4 = -0.5:4
      for i < 4
        out[4*i]:4 = ((constant0:4 * (constant0:4 * x[4*i]:4)) + constant1:4)
        if -i + 2 >= 0
          out[4*i + 32]:4 = (constant1:4 * x[4*i]:4)
        else
          out[4*i + 32]:4 = (0.5:4 * x[4*i]:4)
    "
  `);
});

test("declarations and assignments count, too", () => {
  const sum: Expr = { kind: "local", name: "sum", lanes: 4 };
  const body = [
    declare("sum", scaled(2, "4*i")),
    set("sum", plus(sum, vector(2))),
    out("4*i", binary("maximum", sum, vector(2))),
  ];
  expect(pass(loop("i", 2, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      local constant0:4 = 2:4
      for i < 2
        local sum:4 = (constant0:4 * x[4*i]:4)
        sum = (sum:4 + constant0:4)
        out[4*i]:4 = maximum(sum:4, constant0:4)
    "
  `);
});

test("only innermost loops: others would keep registers from them", () => {
  const inner = loop("j", 2, [out("8*i + 4*j", plus(scaled(2, "4*j"), vector(2)))]);
  const body = [inner, out("8*i + 32", scaled(2, "8*i")), out("8*i + 36", scaled(2, "8*i + 4"))];
  expect(pass(loop("i", 2, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 2
        local constant0:4 = 2:4
        for j < 2
          out[8*i + 4*j]:4 = ((constant0:4 * x[4*j]:4) + constant0:4)
        out[8*i + 32]:4 = (2:4 * x[8*i]:4)
        out[8*i + 36]:4 = (2:4 * x[8*i + 4]:4)
    "
  `);
});

test("each loop has its own, by names that are free", () => {
  const body = (offset: number) => [out(`4*i + ${offset}`, plus(scaled(2, "4*i"), vector(2)))];
  const taken = [declare("constant0", number(1)), loop("constant2", 1, [])];
  expect(pass(...taken, loop("i", 2, body(0)), loop("i", 2, body(32)))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      local constant0 = 1
      for constant2 < 1
      local constant1:4 = 2:4
      for i < 2
        out[4*i]:4 = ((constant1:4 * x[4*i]:4) + constant1:4)
      local constant3:4 = 2:4
      for i < 2
        out[4*i + 32]:4 = ((constant3:4 * x[4*i]:4) + constant3:4)
    "
  `);
});

describe("nothing changes", () => {
  const unchanged = (...body: readonly Stmt[]) => {
    expect(pass(...body)).not.toContain("local");
  };

  test("for a constant that stands there once", () => {
    unchanged(loop("i", 4, [out("8*i", scaled(2, "8*i")), out("8*i + 4", scaled(3, "8*i + 4"))]));
  });
  test("for zeros, which one instruction makes", () => {
    unchanged(
      loop("i", 4, [out("8*i", vector(0)), out("8*i + 4", binary("maximum", vectorAt("x", "8*i"), vector(0)))]),
    );
    unchanged(loop("i", 4, [out("8*i", vector(-0)), out("8*i + 4", vector(-0))]));
  });
  test("for single numbers, and for vectors of another length", () => {
    unchanged(loop("i", 4, [store("out", ["2*i"], number(2)), store("out", ["2*i + 1"], number(2))]));
    unchanged(loop("i", 4, [out("8*i", vector(2)), store("out", ["8*i + 4"], number(2, 2))]));
  });
  test("before a loop that threads share, which must stay the only one", () => {
    unchanged(loop("i", 4, [out("4*i", plus(scaled(2, "4*i"), vector(2)))], "parallel"));
  });
  test("outside any loop", () => {
    unchanged(out("0", vector(2)), out("4", vector(2)));
  });
});
