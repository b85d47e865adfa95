/** hoistAddresses: what does not move in a loop is computed before it. */
import { expect, test } from "vitest";
import { hoistAddresses } from "../../src/codegen/passes/hoistAddresses.js";
import { multiply, plus } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { at, buffer, index, kernel, loop, store, when } from "../support/kernels.js";
import { after } from "../support/passes.js";

const pass = (body: readonly Stmt[]) =>
  after(hoistAddresses, kernel([buffer("x", [200], "input"), buffer("out", [200], "output")], body), {
    removed: ["subscript lists"],
  });
const copy = (to: string, from: string): Stmt => store("out", [to], at("x", from));

test("the still part of an offset, out of one loop after another", () => {
  const body = [loop("i", 3, [loop("j", 4, [loop("k", 5, [copy("40*i + 10*j + k", "20*i + 5*j + k + 7")])])])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        index at2 = 20*i
        index at3 = 40*i
        for j < 4
          index at0 = at2 + 5*j
          index at1 = at3 + 10*j
          for k < 5
            out[at1 + k] = x[at0 + k + 7]
    "
  `);
});

test("offsets that differ by a constant share a base", () => {
  const term = multiply(at("x", "20*i + 5*j + k"), at("x", "20*i + 5*j + k + 9"));
  const body = [
    loop("i", 3, [loop("j", 3, [loop("k", 2, [store("out", ["6*i + 2*j + k"], plus(term, at("x", "k + 20")))])])]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        index at2 = 20*i
        index at3 = 6*i
        for j < 3
          index at0 = at2 + 5*j
          index at1 = at3 + 2*j
          for k < 2
            out[at1 + k] = ((x[at0 + k] * x[at0 + k + 9]) + x[k + 20])
    "
  `);
});

test("one variable alone is as cheap as a base", () => {
  expect(pass([loop("i", 3, [loop("k", 2, [copy("i", "i + k")])])])).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        for k < 2
          out[i] = x[i + k]
    "
  `);
});

test("what is computed inside the loop stays inside", () => {
  const body = [loop("i", 3, [loop("f", 6, [index("q", "f", 3, 1), copy("20*i + 2*f + q", "7*i + 3*f + 2*q + 1")])])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        index at0 = 7*i
        index at1 = 20*i
        for f < 6
          index q = floor((f) / 3)
          out[at1 + 2*f + q] = x[at0 + 3*f + 2*q + 1]
    "
  `);
});

test("index values are hoisted like offsets", () => {
  const body = [loop("i", 3, [loop("j", 2, [loop("k", 4, [index("q", "8*i + 4*j + k", 3, 9), copy("q", "q")])])])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        index at1 = 8*i
        for j < 2
          index at0 = at1 + 4*j
          for k < 4
            index q = floor((at0 + k) / 3)
            out[q] = x[q]
    "
  `);
});

test("guards are left alone, and offsets beneath them hoisted past them", () => {
  const body = [
    loop("i", 3, [
      loop("j", 2, [loop("k", 4, [when(["8*i + 4*j + k - 5"], [copy("8*i + 4*j + k", "8*i + 4*j + k - 5")])])]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        index at1 = 8*i
        for j < 2
          index at0 = at1 + 4*j
          for k < 4
            if 8*i + 4*j + k - 5 >= 0
              out[at0 + k] = x[at0 + k - 5]
    "
  `);
});

test("the names of bases are those of no loop", () => {
  const body = [loop("at0", 3, [loop("at1", 4, [loop("k", 5, [copy("40*at0 + 10*at1 + k", "20*at0 + 5*at1 + k")])])])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for at0 < 3
        index at4 = 20*at0
        index at5 = 40*at0
        for at1 < 4
          index at2 = 5*at1 + at4
          index at3 = 10*at1 + at5
          for k < 5
            out[at3 + k] = x[at2 + k]
    "
  `);
});
