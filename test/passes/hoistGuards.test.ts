/** hoistGuards: what a loop does not change is decided before it, as a flag. */
import { expect, test } from "vitest";
import { hoistGuards } from "../../src/codegen/passes/hoistGuards.js";
import { DEFAULT_LIMITS, type Target, wgslTarget } from "../../src/codegen/target.js";
import { number } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { at, buffer, declare, form, index, kernel, loop, store, when } from "../support/kernels.js";
import { after, VECTORS } from "../support/passes.js";

const GPU: Target = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
const pass = (body: readonly Stmt[], target = GPU) =>
  after(hoistGuards, kernel([buffer("x", [64], "input"), buffer("out", [64], "output")], body), { target });
const copy = (position: string): Stmt => store("out", [position], at("x", position));

test("out of a loop that it does not depend on, and of the next", () => {
  const body = [loop("i", 3, [loop("j", 2, [loop("k", 2, [when(["i - 1", "1 - i"], [copy("4*i + 2*j + k")])])])])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        flag live0 = i - 1 >= 0 and -i + 1 >= 0
        for j < 2
          for k < 2
            if live0 >= 0
              out[4*i + 2*j + k] = x[4*i + 2*j + k]
    "
  `);
});

test("not out of one that it depends on, by itself or through an index", () => {
  const body = [
    loop("i", 3, [
      loop("j", 2, [when(["i + j - 1"], [copy("2*i + j")])]),
      loop("k", 4, [index("q", "i + k", 2, 2), when(["q - 1"], [copy("4*i + k + 8")])]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        for j < 2
          if i + j - 1 >= 0
            out[2*i + j] = x[2*i + j]
        for k < 4
          index q = floor((i + k) / 2)
          if q - 1 >= 0
            out[4*i + k + 8] = x[4*i + k + 8]
    "
  `);
});

test("of a guard of several forms, those that stand still leave; a flag of several does the same one loop further out", () => {
  const body = [
    loop("i", 3, [loop("j", 3, [loop("k", 2, [when(["i - 1", "j - 1", "k + i - 2"], [copy("9*i + 3*j + k")])])])]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        flag live1 = i - 1 >= 0
        for j < 3
          flag live0 = live1 >= 0 and j - 1 >= 0
          for k < 2
            if live0 >= 0 and i + k - 2 >= 0
              out[9*i + 3*j + k] = x[9*i + 3*j + k]
    "
  `);
});

test("one flag for equal guards, in whatever order their forms are", () => {
  const body = [
    loop("i", 4, [
      loop("k", 2, [
        when(["i - 1", "2 - i"], [copy("8*i + k")]),
        copy("8*i + k + 2"),
        when(["2 - i", "i - 1"], [copy("8*i + k + 4")]),
      ]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        flag live0 = i - 1 >= 0 and -i + 2 >= 0
        for k < 2
          if live0 >= 0
            out[8*i + k] = x[8*i + k]
          out[8*i + k + 2] = x[8*i + k + 2]
          if live0 >= 0
            out[8*i + k + 4] = x[8*i + k + 4]
    "
  `);
});

test("one flag for equal guards of loops side by side, where both of them leave a loop around", () => {
  const body = [
    loop("i", 3, [
      loop("o", 2, [
        loop("a", 2, [when(["i - 1"], [copy("8*i + 4*o + a")])]),
        loop("b", 2, [when(["i - 1"], [copy("8*i + 4*o + b + 2")])]),
      ]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        flag live0 = i - 1 >= 0
        for o < 2
          for a < 2
            if live0 >= 0
              out[a + 8*i + 4*o] = x[a + 8*i + 4*o]
          for b < 2
            if live0 >= 0
              out[b + 8*i + 4*o + 2] = x[b + 8*i + 4*o + 2]
    "
  `);
});

test("different guards are different flags", () => {
  const body = [
    loop("i", 4, [loop("k", 2, [when(["i - 1"], [copy("4*i + k")]), when(["i - 2"], [copy("4*i + k + 2")])])]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        flag live0 = i - 1 >= 0
        flag live1 = i - 2 >= 0
        for k < 2
          if live0 >= 0
            out[4*i + k] = x[4*i + k]
          if live1 >= 0
            out[4*i + k + 2] = x[4*i + k + 2]
    "
  `);
});

test("both branches ask the same flag", () => {
  const body = [
    loop("i", 3, [loop("k", 2, [when(["i - 1"], [copy("2*i + k")], [store("out", ["2*i + k"], number(7))])])]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        flag live0 = i - 1 >= 0
        for k < 2
          if live0 >= 0
            out[2*i + k] = x[2*i + k]
          else
            out[2*i + k] = 7
    "
  `);
});

test("two guards with nothing between them are one, unless there is something for the other case", () => {
  const nested = (otherwise: readonly Stmt[]) => [
    loop("i", 4, [loop("k", 2, [when(["i - 1"], [when(["2 - i"], [copy("2*i + k")], otherwise)])])]),
  ];
  expect(pass(nested([]))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        flag live0 = i - 1 >= 0 and -i + 2 >= 0
        for k < 2
          if live0 >= 0
            out[2*i + k] = x[2*i + k]
    "
  `);
  expect(pass(nested([store("out", ["2*i + k"], number(7))]))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        flag live0 = -i + 2 >= 0
        flag live1 = i - 1 >= 0
        for k < 2
          if live1 >= 0
            if live0 >= 0
              out[2*i + k] = x[2*i + k]
            else
              out[2*i + k] = 7
    "
  `);
});

test("a guard around more than a guard keeps its own flag", () => {
  const inner = when(["2 - i"], [copy("4*i + k + 2")]);
  const around = (...body: readonly Stmt[]) => [loop("i", 4, [loop("k", 2, [when(["i - 1"], body)])])];
  expect(pass(around(inner, copy("4*i + k")))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        flag live0 = -i + 2 >= 0
        flag live1 = i - 1 >= 0
        for k < 2
          if live1 >= 0
            if live0 >= 0
              out[4*i + k + 2] = x[4*i + k + 2]
            out[4*i + k] = x[4*i + k]
    "
  `);
  expect(pass(around(copy("4*i + k"), inner))).toContain("if live1 >= 0");
});

test("invocations have no loop to leave: their guards stay where they are", () => {
  const body = [loop("i", 3, [loop("k", 4, [when(["i - 1"], [copy("4*i + k")])], "invocation.x")], "workgroup.x")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3 workgroup.x
        for k < 4 invocation.x
          if i - 1 >= 0
            out[4*i + k] = x[4*i + k]
    "
  `);
});

test("a flag that is there already is taken along, and is asked like any other form", () => {
  const flag: Stmt = { kind: "flag", name: "live0", guard: [form("i - 1")] };
  const body = [
    loop("i", 3, [
      loop("j", 2, [
        flag,
        loop("k", 2, [when(["live0"], [copy("4*i + 2*j + k")]), when(["1 - i"], [copy("4*i + 2*j + k + 16")])]),
      ]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        flag live0 = i - 1 >= 0
        flag live2 = -i + 1 >= 0
        for j < 2
          flag live1 = live0 >= 0
          for k < 2
            if live1 >= 0
              out[4*i + 2*j + k] = x[4*i + 2*j + k]
            if live2 >= 0
              out[4*i + 2*j + k + 16] = x[4*i + 2*j + k + 16]
    "
  `);
});

test("names of flags are those of nobody else", () => {
  const body = [
    loop("live0", 3, [declare("live1", number(1)), loop("k", 2, [when(["live0 - 1"], [copy("2*live0 + k")])])]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for live0 < 3
        local live1 = 1
        flag live2 = live0 - 1 >= 0
        for k < 2
          if live2 >= 0
            out[k + 2*live0] = x[k + 2*live0]
    "
  `);
});

test("targets without workgroups decide guards where they stand", () => {
  const body = [loop("i", 3, [loop("k", 2, [when(["i - 1"], [copy("2*i + k")])])])];
  expect(pass(body, VECTORS)).toContain("for k < 2\n      if i - 1 >= 0");
});
