/** unrollLoops: one copy of the body per iteration. */
import { expect, test } from "vitest";
import { unrollLoops } from "../../src/codegen/passes/unrollLoops.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { alloc, at, buffer, index, kernel, loop, store, when } from "../support/kernels.js";
import { after } from "../support/passes.js";

const tiny = (body: readonly Stmt[]) => kernel([buffer("x", [40], "input"), buffer("out", [40], "output")], body);
const pass = (body: readonly Stmt[]) => after(unrollLoops, tiny(body));

test("subscripts, guards and indices become constants", () => {
  const body = [
    loop("i", 2, [index("q", "2*i + 1", 2, 5), when(["i - 1"], [store("out", ["q + i"], at("x", "3*i"))])], "unrolled"),
    store("out", ["9"], at("x", "0")),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      index q = floor((1) / 2)
      index q = floor((3) / 2)
      out[q + 1] = x[3]
      out[9] = x[0]
    "
  `);
});

test("inner copies lie inside outer ones, in the order of the loops", () => {
  const body = [loop("i", 2, [loop("j", 2, [store("out", ["2*i + j"], at("x", "2*j + i"))], "unrolled")], "unrolled")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      out[0] = x[0]
      out[1] = x[2]
      out[2] = x[1]
      out[3] = x[3]
    "
  `);
});

test("loops of one iteration are their bodies", () => {
  const body = [loop("i", 3, [loop("j", 1, [store("out", ["3*j + i"], at("x", "j + 2"))])])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        out[i] = x[2]
    "
  `);
});

test("every copy allocates for itself", () => {
  const body = [
    loop(
      "i",
      2,
      [alloc("a", [1], "register", [store("a", ["0"], at("x", "i")), store("out", ["i"], at("a", "0"))])],
      "unrolled",
    ),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      alloc a[1] register
        a[0] = x[0]
        out[0] = a[0]
      alloc a[1] register
        a[0] = x[1]
        out[1] = a[0]
    "
  `);
});

test("loops of other sorts are left alone", () => {
  const body = [loop("i", 4, [loop("j", 2, [store("out", ["2*i + j"], at("x", "i"))], "parallel")], "vectorized")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4 vectorized
        for j < 2 parallel
          out[2*i + j] = x[i]
    "
  `);
});

test("what a guard that is decided keeps from running is not written out in its turn", () => {
  const inner = loop("j", 3, [when(["j - 1"], [store("out", ["4*i + j"], at("x", "i"))])], "unrolled");
  const body = [loop("i", 3, [when(["i - 1", "1 - i"], [inner], [store("out", ["4*i"], at("x", "0"))])], "unrolled")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      out[0] = x[0]
      out[5] = x[1]
      out[6] = x[1]
      out[8] = x[0]
    "
  `);
});

test("a guard that is open stays, without its decided part", () => {
  const body = loop("i", 2, [when(["i", "k - i"], [store("out", ["k + 4*i"], at("x", "k"))])], "unrolled");
  expect(pass([loop("k", 3, [body])])).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for k < 3
        if k >= 0
          out[k] = x[k]
        if k - 1 >= 0
          out[k + 4] = x[k]
    "
  `);
});

test("no loop, nothing", () => {
  const body = [loop("i", 0, [store("out", ["i"], at("x", "i"))], "unrolled"), store("out", ["0"], at("x", "0"))];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      out[0] = x[0]
    "
  `);
});

test("code beyond all use is refused before it is made", () => {
  const nested = loop("i", 300, [loop("j", 300, [store("out", ["0"], at("x", "0"))], "unrolled")], "unrolled");
  expect(errorOf(thrownBy(() => unrollLoops(tiny([nested]))))).toMatchInlineSnapshot(
    `"invalid-schedule: unrolling i makes 90000 statements; at most 40000. Split it first"`,
  );
  const huge = loop("i", 2 ** 31, [store("out", ["0"], at("x", "0"))], "unrolled");
  expect(errorOf(thrownBy(() => unrollLoops(tiny([huge]))))).toContain(
    "invalid-schedule: unrolling i makes 2147483648",
  );
});
