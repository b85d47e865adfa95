/** widenLoads: neighbouring numbers are lanes of one vector, wherever vectors begin at multiples of their size. */
import { expect, test } from "vitest";
import { widenLoads } from "../../src/codegen/passes/widenLoads.js";
import { DEFAULT_LIMITS, type Target, wgslTarget } from "../../src/codegen/target.js";
import { local, multiply, number, plus } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { alloc, at, buffer, declare, kernel, loop, set, store, vectorAt, when } from "../support/kernels.js";
import { after, VECTORS } from "../support/passes.js";

const GPU: Target = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
const BUFFERS = [
  buffer("x", [6, 8], "input"),
  buffer("odd", [4, 6], "input"),
  buffer("flat", [64], "input"),
  buffer("out", [64], "output"),
];
const pass = (body: readonly Stmt[], target = GPU) => after(widenLoads, kernel(BUFFERS, body), { target });

test("four neighbours in four statements", () => {
  const add = (column: string): Stmt => set("acc", plus(local("acc"), at("x", "i", column)));
  const terms = ["4*k", "4*k + 1", "4*k + 2", "4*k + 3"].map(add);
  const body = [
    loop("i", 6, [loop("k", 2, [declare("acc", number(0)), ...terms, store("out", ["2*i + k"], local("acc"))])]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, odd, flat, out) in f64
      for i < 6
        for k < 2
          local acc = 0
          acc = (acc + x[i, 4*k]:4.0)
          acc = (acc + x[i, 4*k]:4.1)
          acc = (acc + x[i, 4*k]:4.2)
          acc = (acc + x[i, 4*k]:4.3)
          out[2*i + k] = acc
    "
  `);
});

test("two of a vector are enough, in whatever order; the row makes another vector", () => {
  const body = [
    loop("i", 5, [
      store("out", ["i"], multiply(at("x", "i", "7"), at("x", "i", "4"))),
      store("out", ["i + 8"], plus(at("x", "i + 1", "5"), at("x", "i", "3"))),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, odd, flat, out) in f64
      for i < 5
        out[i] = (x[i, 4]:4.3 * x[i, 4]:4.0)
        out[i + 8] = (x[i + 1, 5] + x[i, 3])
    "
  `);
});

test("one number of a vector stays a number, however often it is read", () => {
  const body = [
    store("out", ["0"], multiply(at("x", "0", "1"), at("x", "0", "1"))),
    store("out", ["1"], at("x", "0", "1")),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, odd, flat, out) in f64
      out[0] = (x[0, 1] * x[0, 1])
      out[1] = x[0, 1]
    "
  `);
});

test("a constant below zero counts from the vector before", () => {
  const body = [
    loop("k", 2, [
      store("out", ["k"], plus(at("flat", "8*k + 8"), plus(at("flat", "8*k + 7"), at("flat", "8*k + 5")))),
    ]),
  ];
  const below = [
    loop("k", 3, [when(["k - 1"], [store("out", ["k"], plus(at("flat", "8*k - 1"), at("flat", "8*k - 3")))])]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, odd, flat, out) in f64
      for k < 2
        out[k] = (flat[8*k + 8] + (flat[8*k + 4]:4.3 + flat[8*k + 4]:4.1))
    "
  `);
  expect(pass(below)).toMatchInlineSnapshot(`
    "kernel tiny(x, odd, flat, out) in f64
      for k < 3
        if k - 1 >= 0
          out[k] = (flat[8*k - 4]:4.3 + flat[8*k - 4]:4.1)
    "
  `);
});

test("not where a vector has no fixed place: a step that is no multiple, a row of six", () => {
  const body = [
    loop("k", 3, [store("out", ["k"], plus(at("flat", "2*k"), at("flat", "2*k + 1")))]),
    store("out", ["8"], plus(at("odd", "1", "0"), at("odd", "1", "1"))),
    loop("k", 2, [store("out", ["k + 9"], plus(at("flat", "4*k"), at("flat", "5*k + 1")))]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, odd, flat, out) in f64
      for k < 3
        out[k] = (flat[2*k] + flat[2*k + 1])
      out[8] = (odd[1, 0] + odd[1, 1])
      for k < 2
        out[k + 9] = (flat[4*k] + flat[5*k + 1])
    "
  `);
});

test("a run ends at loops and guards: neighbours on either side stay numbers", () => {
  const body = [
    store("out", ["0"], at("flat", "0")),
    when(["0"], [store("out", ["1"], at("flat", "1"))]),
    store("out", ["2"], at("flat", "2")),
    loop("i", 2, [store("out", ["i + 3"], at("flat", "3"))]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, odd, flat, out) in f64
      out[0] = flat[0]
      if 0 >= 0
        out[1] = flat[1]
      out[2] = flat[2]
      for i < 2
        out[i + 3] = flat[3]
    "
  `);
});

test("what is stored in between is seen", () => {
  const body = [
    alloc("t", [4], "local", [
      ...[0, 1, 2, 3].map((i) => store("t", [String(i)], number(i))),
      store("out", ["0"], plus(at("t", "0"), at("t", "1"))),
      store("t", ["1"], number(10)),
      store("out", ["1"], plus(at("t", "0"), at("t", "1"))),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, odd, flat, out) in f64
      alloc t[4] local
        t[0] = 0
        t[1] = 1
        t[2] = 2
        t[3] = 3
        out[0] = (t[0]:4.0 + t[0]:4.1)
        t[1] = 10
        out[1] = (t[0]:4.0 + t[0]:4.1)
    "
  `);
});

test("vectors are vectors already", () => {
  const body = [
    store("out", ["0"], plus(vectorAt("flat", "4"), vectorAt("flat", "5"))),
    store("out", ["8"], at("flat", "5")),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, odd, flat, out) in f64
      out[0]:4 = (flat[4]:4 + flat[5]:4)
      out[8] = flat[5]
    "
  `);
});

test("targets without workgroups read numbers", () => {
  expect(pass([store("out", ["0"], plus(at("flat", "0"), at("flat", "1")))], VECTORS)).toMatchInlineSnapshot(`
    "kernel tiny(x, odd, flat, out) in f64
      out[0] = (flat[0] + flat[1])
    "
  `);
});
