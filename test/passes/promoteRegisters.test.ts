/** promoteRegisters: accumulators whose every subscript is a constant become locals. */
import { expect, test } from "vitest";
import { promoteRegisters } from "../../src/codegen/passes/promoteRegisters.js";
import { load, number, plus } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { alloc, at, buffer, form, kernel, loop, store, vectorAt, when } from "../support/kernels.js";
import { after } from "../support/passes.js";

const pass = (body: readonly Stmt[]) =>
  after(promoteRegisters, kernel([buffer("x", [12], "input"), buffer("out", [12], "output")], body, "f32"));

test("a sum: the first assignment becomes the declaration", () => {
  const body = [
    loop("i", 3, [
      alloc("acc", [2], "register", [
        store("acc", ["0"], number(0)),
        store("acc", ["1"], number(0)),
        loop("k", 2, [
          store("acc", ["0"], plus(at("acc", "0"), at("x", "i + k"))),
          store("acc", ["1"], plus(at("acc", "1"), at("x", "i + 2*k"))),
        ]),
        store("out", ["2*i"], at("acc", "0")),
        store("out", ["2*i + 1"], at("acc", "1")),
      ]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 3
        local acc_0 = 0
        local acc_1 = 0
        for k < 2
          acc_0 = (acc_0 + x[i + k])
          acc_1 = (acc_1 + x[i + 2*k])
        out[2*i] = acc_0
        out[2*i + 1] = acc_1
    "
  `);
});

test("elements first set deeper down are declared above", () => {
  const body = [
    alloc("acc", [2, 2], "register", [
      when(["0"], [store("acc", ["1", "0"], at("x", "3"))], [store("acc", ["1", "0"], at("x", "4"))]),
      store("out", ["0"], at("acc", "1", "0")),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      local acc_1_0 = 0
      if 0 >= 0
        acc_1_0 = x[3]
      else
        acc_1_0 = x[4]
      out[0] = acc_1_0
    "
  `);
});

test("vectors become locals of as many lanes", () => {
  const acc = (first: string) => load("acc", [form(first)], 4);
  const vector = (first: string): Stmt => ({
    kind: "store",
    buffer: "acc",
    at: [form(first)],
    value: load("x", [form(first)], 4),
  });
  const body = [
    alloc("acc", [8], "register", [
      vector("0"),
      vector("4"),
      { kind: "store", buffer: "out", at: [form("2")], value: plus(acc("0"), acc("4")) } as const,
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      local acc_0:4 = x[0]:4
      local acc_4:4 = x[4]:4
      out[2]:4 = (acc_0:4 + acc_4:4)
    "
  `);
});

test("one that a loop subscripts stays in memory", () => {
  const body = [
    alloc("acc", [2], "register", [
      loop("i", 2, [store("acc", ["i"], at("x", "i"))]),
      store("out", ["0"], at("acc", "1")),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      alloc acc[2] local
        for i < 2
          acc[i] = x[i]
        out[0] = acc[1]
    "
  `);
});

const put = (first: string): Stmt => store("acc", [first], vectorAt("x", first));

test("single elements that are read of a vector become lanes", () => {
  const body = [
    alloc("acc", [8], "register", [
      put("0"),
      put("4"),
      { kind: "store", buffer: "out", at: [form("0")], value: load("acc", [form("0")], 4) } as const,
      ...["4", "5", "7"].map((place) => store("out", [place], at("acc", place))),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      local acc_0:4 = x[0]:4
      local acc_4:4 = x[4]:4
      out[0]:4 = acc_0:4
      out[4] = acc_4:4.0
      out[5] = acc_4:4.1
      out[7] = acc_4:4.3
    "
  `);
});

test("so do those of a tile, whose last subscript counts the lanes", () => {
  const row = (first: string): Stmt => ({
    kind: "store",
    buffer: "acc",
    at: [form(first), form("4")],
    value: load("x", [form(first)], 4),
  });
  const body = [alloc("acc", [2, 8], "register", [row("0"), row("1"), store("out", ["0"], at("acc", "1", "6"))])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      local acc_0_4:4 = x[0]:4
      local acc_1_4:4 = x[1]:4
      out[0] = acc_1_4:4.2
    "
  `);
});

test("one that is written in vectors and in single elements stays in memory", () => {
  const body = [
    alloc("acc", [4], "register", [
      put("0"),
      store("acc", ["2"], at("x", "9")),
      store("out", ["0"], at("acc", "2")),
      store("out", ["1"], at("acc", "3")),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      alloc acc[4] local
        acc[0]:4 = x[0]:4
        acc[2] = x[9]
        out[0] = acc[2]
        out[1] = acc[3]
    "
  `);
});

test("so does one whose vectors overlap", () => {
  const body = [
    alloc("acc", [8], "register", [
      put("0"),
      put("4"),
      { kind: "store", buffer: "out", at: [form("0")], value: load("acc", [form("2")], 4) } as const,
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      alloc acc[8] local
        acc[0]:4 = x[0]:4
        acc[4]:4 = x[4]:4
        out[0]:4 = acc[2]:4
    "
  `);
});

test("buffers of other sorts are left alone", () => {
  const body = [alloc("t", [1], "local", [store("t", ["0"], at("x", "0")), store("out", ["0"], at("t", "0"))])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      alloc t[1] local
        t[0] = x[0]
        out[0] = t[0]
    "
  `);
});
