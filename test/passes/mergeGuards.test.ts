/** mergeGuards: one test for neighbours under one guard, outside the loops that it does not depend on. */
import { expect, test } from "vitest";
import { mergeGuards } from "../../src/codegen/passes/mergeGuards.js";
import { type Expr, local, multiply, number, plus } from "../../src/ir/expr.js";
import type { LoopKind, Stmt } from "../../src/ir/stmt.js";
import { alloc, at, buffer, declare, index, kernel, loop, set, store, when } from "../support/kernels.js";
import { after } from "../support/passes.js";

const pass = (body: readonly Stmt[]) =>
  after(mergeGuards, kernel([buffer("x", [64], "input"), buffer("out", [64], "output")], body));
const copy = (position: string): Stmt => store("out", [position], at("x", position));
const more = (name: string, value: Expr): Stmt => set(name, plus(local(name), value));

test("neighbours", () => {
  const body = [
    loop("i", 4, [
      when(["i - 1"], [copy("i")]),
      when(["i - 1"], [copy("i + 4")]),
      when(["i - 2"], [copy("i + 8")]),
      copy("i + 12"),
      when(["i - 2"], [copy("i + 16")]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        if i - 1 >= 0
          out[i] = x[i]
          out[i + 4] = x[i + 4]
        if i - 2 >= 0
          out[i + 8] = x[i + 8]
        out[i + 12] = x[i + 12]
        if i - 2 >= 0
          out[i + 16] = x[i + 16]
    "
  `);
});

test("the order of a guard's forms makes no difference, and inner guards merge too", () => {
  const both = (position: string) => when(["i - 1"], [when(["2 - i", "j - 1"], [copy(position)])]);
  const other = (position: string) => when(["i - 1"], [when(["j - 1", "2 - i"], [copy(position)])]);
  expect(pass([loop("i", 4, [loop("j", 2, [both("2*i + j"), other("2*i + j + 8")])])])).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        if i - 1 >= 0
          for j < 2
            if -i + 2 >= 0 and j - 1 >= 0
              out[2*i + j] = x[2*i + j]
              out[2*i + j + 8] = x[2*i + j + 8]
    "
  `);
});

test("branches are left as they are", () => {
  const either = (position: string) => when(["i - 1"], [copy(position)], [copy("0")]);
  expect(pass([loop("i", 3, [either("i"), either("i + 3")])])).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        if i - 1 >= 0
          out[i] = x[i]
        else
          out[0] = x[0]
        if i - 1 >= 0
          out[i + 3] = x[i + 3]
        else
          out[0] = x[0]
    "
  `);
});

test("out of a loop that it does not depend on, and of the next", () => {
  const body = [loop("i", 3, [loop("j", 2, [loop("k", 2, [when(["i - 1"], [copy("4*i + 2*j + k")])])])])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        if i - 1 >= 0
          for j < 2
            for k < 2
              out[4*i + 2*j + k] = x[4*i + 2*j + k]
    "
  `);
});

test("not out of one that it depends on, through an index neither", () => {
  const body = [
    loop("i", 3, [loop("j", 2, [when(["i + j - 1"], [copy("2*i + j")])])]),
    loop("i", 3, [index("q", "i + 1", 2, 1), when(["q - 1"], [copy("q + 9")])]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        for j < 2
          if i + j - 1 >= 0
            out[2*i + j] = x[2*i + j]
      for i < 3
        index q = floor((i + 1) / 2)
        if q - 1 >= 0
          out[q + 9] = x[q + 9]
    "
  `);
});

const pixels = (kind: LoopKind = "serial", second = "b"): Stmt[] => [
  declare("a", number(0)),
  declare("b", number(0)),
  loop("y", 3, [
    loop(
      "c",
      2,
      [
        when(["y - 1"], [more("a", multiply(at("x", "y + c"), at("x", "c")))]),
        when(["1 - y"], [more(second, multiply(at("x", "y + c + 1"), at("x", "c")))]),
      ],
      kind,
    ),
  ]),
  store("out", ["0"], local("a")),
  store("out", ["1"], local("b")),
];

test("a row of guarded sums that do not touch: the loop is distributed over them", () => {
  expect(pass(pixels())).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      local a = 0
      local b = 0
      for y < 3
        if y - 1 >= 0
          for c < 2
            a = (a + (x[c + y] * x[c]))
        if -y + 1 >= 0
          for c < 2
            b = (b + (x[c + y + 1] * x[c]))
      out[0] = a
      out[1] = b
    "
  `);
});

test("sums that touch stay together: between their terms the order would change", () => {
  expect(pass(pixels("serial", "a"))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      local a = 0
      local b = 0
      for y < 3
        for c < 2
          if y - 1 >= 0
            a = (a + (x[c + y] * x[c]))
          if -y + 1 >= 0
            a = (a + (x[c + y + 1] * x[c]))
      out[0] = a
      out[1] = b
    "
  `);
});

test("so do stores, and loops that are not serial", () => {
  const stores = loop("y", 3, [loop("c", 2, [when(["y - 1"], [copy("c")]), when(["1 - y"], [copy("c + 1")])])]);
  expect(pass([stores])).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for y < 3
        for c < 2
          if y - 1 >= 0
            out[c] = x[c]
          if -y + 1 >= 0
            out[c + 1] = x[c + 1]
    "
  `);
  expect(pass(pixels("unrolled"))).toContain("for c < 2 unrolled\n      if ");
});

test("a sum that reads what another writes", () => {
  const body = [
    declare("a", number(1)),
    declare("b", number(1)),
    loop("c", 3, [when(["0"], [more("a", local("b"))]), when(["1"], [more("b", number(1))])]),
    store("out", ["0"], local("a")),
    store("out", ["1"], local("b")),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      local a = 1
      local b = 1
      for c < 3
        if 0 >= 0
          a = (a + b)
        if 1 >= 0
          b = (b + 1)
      out[0] = a
      out[1] = b
    "
  `);
});

test("an allocation is nobody's sum", () => {
  const scratch = (position: string) =>
    alloc("t", [1], "local", [store("t", ["0"], at("x", "c")), store("out", [position], at("t", "0"))]);
  const body = [loop("c", 2, [when(["0"], [scratch("c")]), when(["1"], [scratch("c + 2")])])];
  expect(pass(body)).toContain("for c < 2\n    if 0 >= 0");
});
