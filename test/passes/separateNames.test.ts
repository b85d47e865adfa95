/** separateNames: each declaration has a name that no other has. */
import { expect, test } from "vitest";
import { separateNames } from "../../src/codegen/passes/separateNames.js";
import { local, number, plus } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { at, buffer, declare, index, kernel, loop, set, store, when } from "../support/kernels.js";
import { after } from "../support/passes.js";

const pass = (body: readonly Stmt[]) =>
  after(separateNames, kernel([buffer("x", [24], "input"), buffer("out", [24], "output")], body));

test("copies side by side", () => {
  const copy = (i: string): Stmt[] => [
    declare("acc", at("x", i)),
    loop("k", 2, [set("acc", plus(local("acc"), at("x", "k")))]),
    store("out", [i], local("acc")),
  ];
  expect(pass([...copy("0"), ...copy("1"), ...copy("2")])).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      local acc = x[0]
      for k < 2
        acc = (acc + x[k])
      out[0] = acc
      local accc1 = x[1]
      for k < 2
        accc1 = (accc1 + x[k])
      out[1] = accc1
      local accc2 = x[2]
      for k < 2
        accc2 = (accc2 + x[k])
      out[2] = accc2
    "
  `);
});

test("an index is renamed in subscripts, guards and other indices", () => {
  const copy = (p: string): Stmt[] => [
    index("q", p, 4, 5),
    index("r", "q + 1", 2, 3),
    when(["q - 1"], [store("out", ["q + 6*r"], plus(at("x", "q"), at("x", "r")))]),
  ];
  expect(pass([loop("i", 3, [...copy("i + 3"), ...copy("2*i + 8")])])).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        index q = floor((i + 3) / 4)
        index r = floor((q + 1) / 2)
        if q - 1 >= 0
          out[q + 6*r] = (x[q] + x[r])
        index qc1 = floor((2*i + 8) / 4)
        index rc1 = floor((qc1 + 1) / 2)
        if qc1 - 1 >= 0
          out[qc1 + 6*rc1] = (x[qc1] + x[rc1])
    "
  `);
});

test("a name may come back in an inner body, and the outer one is meant again after it", () => {
  const body = [
    declare("a", number(1)),
    loop("i", 2, [declare("a", at("x", "i")), store("out", ["i"], local("a"))]),
    store("out", ["5"], local("a")),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      local a = 1
      for i < 2
        local ac1 = x[i]
        out[i] = ac1
      out[5] = a
    "
  `);
});

test("a declaration may use the name it replaces", () => {
  const body = [declare("a", number(1)), declare("a", plus(local("a"), number(2))), store("out", ["0"], local("a"))];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      local a = 1
      local ac1 = (a + 2)
      out[0] = ac1
    "
  `);
});

test("a fresh name is none that somebody has already", () => {
  const body = [
    declare("ac1", number(7)),
    declare("a", number(1)),
    declare("a", number(2)),
    store("out", ["0"], plus(local("a"), local("ac1"))),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      local ac1 = 7
      local a = 1
      local ac2 = 2
      out[0] = (ac2 + ac1)
    "
  `);
});

test("nor one that somebody declares later", () => {
  const body = [
    declare("a", number(1)),
    declare("a", number(2)),
    declare("ac1", number(7)),
    store("out", ["0"], plus(local("a"), local("ac1"))),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      local a = 1
      local ac1 = 2
      local ac1c1 = 7
      out[0] = (ac1 + ac1c1)
    "
  `);
});

test("nor one that a loop has", () => {
  const body = [
    index("q", "5", 1, 9),
    loop("qc1", 2, [index("q", "qc1 + 1", 1, 9), store("out", ["q + 3*qc1"], at("x", "q"))]),
    store("out", ["q"], at("x", "q")),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      index q = 5
      for qc1 < 2
        index qc2 = qc1 + 1
        out[3*qc1 + qc2] = x[qc2]
      out[q] = x[q]
    "
  `);
});
