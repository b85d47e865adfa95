/** shareLoads: one load per element and straight run of statements. */
import { expect, test } from "vitest";
import { shareLoads } from "../../src/codegen/passes/shareLoads.js";
import { load, local, multiply, number, plus, splat } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { at, buffer, declare, form, kernel, loop, set, store, when } from "../support/kernels.js";
import { after } from "../support/passes.js";

const BUFFERS = [buffer("x", [64], "input"), buffer("y", [64], "input"), buffer("out", [64], "output")];
const pass = (body: readonly Stmt[]) => after(shareLoads, kernel(BUFFERS, body));

test("a tile of two pixels by two channels reads four numbers", () => {
  const term = (pixel: string, channel: string) => multiply(at("x", `k + ${pixel}`), at("y", `2*k + ${channel}`));
  const names = ["acc_0_0", "acc_0_1", "acc_1_0", "acc_1_1"];
  const body = [
    ...names.map((name) => declare(name, number(0))),
    loop(
      "k",
      3,
      names.map((name) => set(name, plus(local(name), term(name[4] ?? "", name[6] ?? "")))),
    ),
    ...names.map((name, i) => store("out", [String(i)], local(name))),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out) in f64
      local acc_0_0 = 0
      local acc_0_1 = 0
      local acc_1_0 = 0
      local acc_1_1 = 0
      for k < 3
        local x_0 = x[k]
        local y_1 = y[2*k]
        acc_0_0 = (acc_0_0 + (x_0 * y_1))
        local y_2 = y[2*k + 1]
        acc_0_1 = (acc_0_1 + (x_0 * y_2))
        local x_3 = x[k + 1]
        acc_1_0 = (acc_1_0 + (x_3 * y_1))
        acc_1_1 = (acc_1_1 + (x_3 * y_2))
      out[0] = acc_0_0
      out[1] = acc_0_1
      out[2] = acc_1_0
      out[3] = acc_1_1
    "
  `);
});

test("twice in one expression is sharing too; once is not", () => {
  const square = plus(multiply(at("x", "0"), at("x", "0")), at("x", "1"));
  expect(pass([store("out", ["0"], square)])).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out) in f64
      local x_0 = x[0]
      out[0] = ((x_0 * x_0) + x[1])
    "
  `);
});

test("what is loaded as a vector, and what is spread over one, is shared as a whole", () => {
  const vector = load("x", [form("4")], 4);
  const spread = splat(at("y", "1"), 4);
  const body = [
    declare("a", multiply(vector, spread)),
    declare("b", plus(vector, spread)),
    store("out", ["0"], plus(local("a", 4), local("b", 4))),
    store("out", ["9"], at("y", "1")),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out) in f64
      local x_0:4 = x[4]:4
      local y_1:4 = splat(y[1])
      local a:4 = (x_0:4 * y_1:4)
      local b:4 = (x_0:4 + y_1:4)
      out[0]:4 = (a:4 + b:4)
      out[9] = y[1]
    "
  `);
});

test("a store makes what was read before it stale, in its own buffer only", () => {
  const body = [
    store("out", ["0"], plus(at("x", "0"), number(1))),
    store("out", ["1"], plus(at("out", "0"), at("x", "0"))),
    store("out", ["0"], plus(at("out", "0"), at("x", "0"))),
    store("out", ["2"], plus(at("out", "0"), at("x", "0"))),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out) in f64
      local x_0 = x[0]
      out[0] = (x_0 + 1)
      local out_1 = out[0]
      out[1] = (out_1 + x_0)
      local out_2 = out[0]
      out[0] = (out_2 + x_0)
      local out_3 = out[0]
      out[2] = (out_3 + x_0)
    "
  `);
});

test("a run ends where loops and guards begin", () => {
  const body = [
    declare("a", at("x", "0")),
    when(["0"], [set("a", plus(local("a"), at("x", "0")))]),
    loop("i", 2, [set("a", plus(local("a"), plus(at("x", "0"), at("x", "0"))))]),
    store("out", ["0"], plus(local("a"), at("x", "0"))),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out) in f64
      local a = x[0]
      if 0 >= 0
        a = (a + x[0])
      for i < 2
        local x_0 = x[0]
        a = (a + (x_0 + x_0))
      out[0] = (a + x[0])
    "
  `);
});

test("the names of shared values are those of no local in sight", () => {
  const body = [
    declare("x_0", number(100)),
    store("out", ["0"], plus(multiply(at("x", "0"), at("x", "0")), local("x_0"))),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out) in f64
      local x_0 = 100
      local x_1 = x[0]
      out[0] = ((x_1 * x_1) + x_0)
    "
  `);
});
