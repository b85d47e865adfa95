/** hoistIndices: divisions happen as far outside as what they divide is known, and once. */
import { expect, test } from "vitest";
import { hoistIndices } from "../../src/codegen/passes/hoistIndices.js";
import { DEFAULT_LIMITS, type Target, wgslTarget } from "../../src/codegen/target.js";
import { number } from "../../src/ir/expr.js";
import type { LoopKernel, Stmt } from "../../src/ir/stmt.js";
import { alloc, at, buffer, declare, index, kernel, loop, store, when } from "../support/kernels.js";
import { after, VECTORS } from "../support/passes.js";

const GPU: Target = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
const tiny = (body: readonly Stmt[]): LoopKernel =>
  kernel([buffer("x", [64], "input"), buffer("out", [64], "output")], body);
const pass = (body: readonly Stmt[], target = GPU) => after(hoistIndices, tiny(body), { target });
const copy = (to: string, from: string): Stmt => store("out", [to], at("x", from));

test("out of loops that it does not depend on, to where it is known", () => {
  const body = [
    loop("f", 6, [loop("k", 2, [loop("c", 2, [index("row", "f", 3, 1), copy("4*f + 2*k + c", "8*row + c")])])]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for f < 6
        index row = floor((f) / 3)
        for k < 2
          for c < 2
            out[c + 4*f + 2*k] = x[c + 8*row]
    "
  `);
});

test("not out of the loop that it depends on", () => {
  const body = [loop("k", 2, [loop("f", 6, [index("row", "f + k", 3, 2), copy("6*k + f", "row")])])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for k < 2
        for f < 6
          index row = floor((f + k) / 3)
          out[f + 6*k] = x[row]
    "
  `);
});

test("out of a guard, where it may take values beyond its range that nobody uses", () => {
  const body = [
    loop("f", 8, [when(["5 - f"], [loop("k", 2, [index("row", "f", 3, 1), copy("2*f + k", "8*row + k")])])]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for f < 8
        index row = floor((f) / 3)
        if -f + 5 >= 0
          for k < 2
            out[2*f + k] = x[k + 8*row]
    "
  `);
  // Row 2, which the guard had kept out, is in the range that is stated now: the interpreter would object to another.
  const loops = hoistIndices(tiny(body), GPU).body;
  const [outermost] = loops;
  const hoisted = outermost?.kind === "for" ? outermost.body[0] : undefined;
  expect(hoisted).toMatchObject({ kind: "index", name: "row", min: 0, max: 2 });
});

test("one that divides nothing becomes part of what names it", () => {
  const body = [
    loop("f", 6, [
      index("row", "f", 3, 1),
      index("column", "f - 3*row", 1, 2),
      index("next", "column + 1", 1, 3),
      when(["1 - column"], [copy("f", "8*row + next")]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for f < 6
        index row = floor((f) / 3)
        if -f + 3*row + 1 >= 0
          out[f] = x[f + 5*row + 1]
    "
  `);
});

test("one of another goes with it", () => {
  const body = [
    loop("f", 12, [
      loop("k", 2, [index("row", "f", 3, 3), index("image", "row", 2, 1), copy("2*f + k", "8*image + row + k")]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for f < 12
        index row = floor((f) / 3)
        index image = floor((row) / 2)
        for k < 2
          out[2*f + k] = x[8*image + k + row]
    "
  `);
});

test("of equal ones in one place a single one is left", () => {
  const body = [
    loop("f", 6, [
      loop("k", 2, [index("a", "f", 3, 1), copy("4*f + k", "a")]),
      loop("j", 2, [index("b", "f", 3, 1), copy("4*f + j + 2", "b + j")]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for f < 6
        index a = floor((f) / 3)
        for k < 2
          out[4*f + k] = x[a]
        for j < 2
          out[4*f + j + 2] = x[a + j]
    "
  `);
});

test("equal ones in places that do not see each other are both left, and so are different ones", () => {
  const apart = [
    loop("f", 6, [index("a", "f", 3, 1), copy("f", "a")]),
    loop("f", 6, [index("b", "f", 3, 1), index("c", "f", 2, 2), copy("f + 8", "8*b + c")]),
  ];
  expect(pass(apart)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for f < 6
        index a = floor((f) / 3)
        out[f] = x[a]
      for f < 6
        index b = floor((f) / 3)
        index c = floor((f) / 2)
        out[f + 8] = x[8*b + c]
    "
  `);
});

test("an inner one uses what stands outside already", () => {
  const body = [
    loop("f", 6, [
      index("a", "f", 3, 1),
      copy("f", "a"),
      loop("k", 2, [index("b", "f", 3, 1), copy("2*f + k + 8", "b + k")]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for f < 6
        index a = floor((f) / 3)
        out[f] = x[a]
        for k < 2
          out[2*f + k + 8] = x[a + k]
    "
  `);
});

test("out of an allocation, and out of both branches", () => {
  const body = [
    loop("f", 6, [
      alloc("t", [1], "local", [
        when(
          ["f - 2"],
          [index("a", "f", 2, 2), store("t", ["0"], at("x", "a"))],
          [index("b", "f + 1", 2, 1), store("t", ["0"], at("x", "b"))],
        ),
        store("out", ["f"], at("t", "0")),
      ]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for f < 6
        index a = floor((f) / 2)
        index b = floor((f + 1) / 2)
        alloc t[1] local
          if f - 2 >= 0
            t[0] = x[a]
          else
            t[0] = x[b]
          out[f] = t[0]
    "
  `);
});

test("one that nobody names is dropped, and then those that only it named", () => {
  const body = [
    loop("f", 6, [index("a", "f", 3, 1), index("b", "a + f", 2, 3), declare("one", number(1)), copy("f", "f")]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for f < 6
        local one = 1
        out[f] = x[f]
    "
  `);
});

test("targets without workgroups compute them where they are used", () => {
  const body = [loop("f", 6, [loop("k", 2, [index("row", "f", 3, 1), copy("2*f + k", "row")])])];
  expect(pass(body, VECTORS)).toContain("for k < 2\n      index row = floor((f) / 3)");
});
