/** partitionLoops: a body without guards wherever none can fail. */
import { expect, test } from "vitest";
import { partitionLoops } from "../../src/codegen/passes/partitionLoops.js";
import { plus } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { at, barrier, buffer, kernel, loop, store, when } from "../support/kernels.js";
import { after } from "../support/passes.js";

const pass = (body: readonly Stmt[]) =>
  after(partitionLoops, kernel([buffer("x", [40], "input"), buffer("out", [40], "output")], body));
const copy = (position: string, from = position): Stmt => store("out", [position], at("x", from));

test("head, steady state and tail, where guards depend on the loop alone", () => {
  const body = [loop("i", 9, [when(["i - 2", "5 - i"], [copy("i", "i - 2")])], "partition")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 2
        if i - 2 >= 0 and -i + 5 >= 0
          out[i] = x[i - 2]
      for i < 4
        out[i + 2] = x[i]
      for i < 3
        if i + 4 >= 0 and -i - 1 >= 0
          out[i + 6] = x[i + 4]
    "
  `);
});

test("guards over inner loops hold at their worst inner point", () => {
  const body = [loop("o", 4, [loop("i", 3, [when(["3*o + i - 1", "9 - 3*o - i"], [copy("3*o + i")])])], "partition")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for o < 1
        for i < 3
          if i + 3*o - 1 >= 0 and -i - 3*o + 9 >= 0
            out[i + 3*o] = x[i + 3*o]
      for o < 2
        for i < 3
          out[i + 3*o + 3] = x[i + 3*o + 3]
      for o < 1
        for i < 3
          if i + 3*o + 8 >= 0 and -i - 3*o >= 0
            out[i + 3*o + 9] = x[i + 3*o + 9]
    "
  `);
});

test("guards over outer loops too: the body is doubled behind one test", () => {
  const body = [loop("y", 4, [loop("x", 4, [when(["x + y - 2", "4 - x"], [copy("4*y + x")])], "partition")])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for y < 4
        for x < 4
          if x + y - 2 >= 0
            if -x + 4 >= 0
              out[x + 4*y] = x[x + 4*y]
          else
            if x + y - 2 >= 0 and -x + 4 >= 0
              out[x + 4*y] = x[x + 4*y]
    "
  `);
});

test("what happens otherwise is kept", () => {
  const body = [loop("i", 4, [when(["2 - i"], [copy("i")], [copy("i", "0")])], "partition")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        out[i] = x[i]
      for i < 1
        if -i - 1 >= 0
          out[i + 3] = x[i + 3]
        else
          out[i + 3] = x[0]
    "
  `);
});

test("a slope is rounded to the first and last whole iteration", () => {
  const body = [loop("i", 6, [when(["3*i - 4", "11 - 2*i"], [copy("i")])], "partition")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 2
        if 3*i - 4 >= 0 and -2*i + 11 >= 0
          out[i] = x[i]
      for i < 4
        if -2*i + 7 >= 0
          out[i + 2] = x[i + 2]
    "
  `);
});

test("nothing to gain: the mark goes, the loop stays", () => {
  const certain = [loop("i", 4, [when(["i"], [copy("i")])], "partition")];
  expect(pass(certain)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        if i >= 0
          out[i] = x[i]
    "
  `);
  const hopeless = [loop("i", 4, [when(["i - 3", "2 - i"], [copy("i")]), copy("i")], "partition")];
  expect(pass(hopeless)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        if i - 3 >= 0 and -i + 2 >= 0
          out[i] = x[i]
        out[i] = x[i]
    "
  `);
});

test("guards that do not move with the loop are left to those they move with", () => {
  const body = [loop("y", 3, [loop("x", 3, [when(["y - 1", "x - 1"], [copy("3*y + x")])], "partition")])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for y < 3
        for x < 1
          if y - 1 >= 0 and x - 1 >= 0
            out[x + 3*y] = x[x + 3*y]
        for x < 2
          if y - 1 >= 0
            out[x + 3*y + 1] = x[x + 3*y + 1]
    "
  `);
});

test("nor is a loop doubled for guards that do not move with it", () => {
  const body = [loop("y", 3, [loop("x", 3, [when(["y - 1", "x"], [copy("3*y + x")])], "partition")])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for y < 3
        for x < 3
          if y - 1 >= 0 and x >= 0
            out[x + 3*y] = x[x + 3*y]
    "
  `);
});

test("a loop with a barrier stays one loop, so that all meet at the same one", () => {
  const body = [
    loop("t", 2, [loop("i", 3, [when(["i - 1"], [copy("3*t + i")]), barrier], "partition")], "invocation.x"),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for t < 2 invocation.x
        for i < 3
          if i - 1 >= 0
            out[i + 3*t] = x[i + 3*t]
          barrier
    "
  `);
});

test("one form over two inner loops of one name holds at the worse of the two", () => {
  // At o = 1 the second inner loop is certain and the first is not.
  const guarded = (extent: number, position: string) =>
    loop("i", extent, [when(["5 - 4*o - i"], [store("out", [position], plus(at("x", position), at("x", "0")))])]);
  const body = [loop("o", 3, [guarded(4, "4*o + i"), guarded(2, "4*o + i + 20")], "partition")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for o < 1
        for i < 4
          out[i + 4*o] = (x[i + 4*o] + x[0])
        for i < 2
          out[i + 4*o + 20] = (x[i + 4*o + 20] + x[0])
      for o < 2
        for i < 4
          if -i - 4*o + 1 >= 0
            out[i + 4*o + 4] = (x[i + 4*o + 4] + x[0])
        for i < 2
          if -i - 4*o + 1 >= 0
            out[i + 4*o + 24] = (x[i + 4*o + 24] + x[0])
    "
  `);
  const swapped = [loop("o", 3, [guarded(2, "4*o + i + 20"), guarded(4, "4*o + i")], "partition")];
  expect(pass(swapped)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for o < 1
        for i < 2
          out[i + 4*o + 20] = (x[i + 4*o + 20] + x[0])
        for i < 4
          out[i + 4*o] = (x[i + 4*o] + x[0])
      for o < 2
        for i < 2
          if -i - 4*o + 1 >= 0
            out[i + 4*o + 24] = (x[i + 4*o + 24] + x[0])
        for i < 4
          if -i - 4*o + 1 >= 0
            out[i + 4*o + 4] = (x[i + 4*o + 4] + x[0])
    "
  `);
});

test("nor may a form be dropped where it never holds throughout", () => {
  const guarded = (extent: number, position: string) => loop("i", extent, [when(["1 - o - i"], [copy(position)])]);
  const body = [loop("o", 3, [guarded(3, "4*o + i"), guarded(1, "4*o + i + 20")], "partition")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for o < 3
        for i < 3
          if -i - o + 1 >= 0
            out[i + 4*o] = x[i + 4*o]
        for i < 1
          if -i - o + 1 >= 0
            out[i + 4*o + 20] = x[i + 4*o + 20]
    "
  `);
});

test("peeled: the same cut, with head and tail written out and the steady state a loop", () => {
  const body = [loop("i", 9, [when(["i - 2", "5 - i"], [copy("i", "i - 2")])], "peeled")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 2 unrolled
        if i - 2 >= 0 and -i + 5 >= 0
          out[i] = x[i - 2]
      for i < 4
        out[i + 2] = x[i]
      for i < 3 unrolled
        if i + 4 >= 0 and -i - 1 >= 0
          out[i + 6] = x[i + 4]
    "
  `);
});

test("peeled: a loop that never has all guards is written out", () => {
  const body = [loop("i", 4, [when(["i - 3"], [copy("i")]), when(["1 - i"], [copy("i + 4")])], "peeled")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4 unrolled
        if i - 3 >= 0
          out[i] = x[i]
        if -i + 1 >= 0
          out[i + 4] = x[i + 4]
    "
  `);
});

test("peeled: with nothing to tell apart it is a loop", () => {
  expect(pass([loop("i", 4, [when(["i"], [copy("i")])], "peeled")])).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        if i >= 0
          out[i] = x[i]
    "
  `);
});

test("peeled: where other loops decide too, the body is doubled behind one test", () => {
  const body = [loop("y", 2, [loop("x", 3, [when(["x + y - 1"], [copy("3*y + x")])], "peeled")])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for y < 2
        for x < 3
          if x + y - 1 >= 0
            out[x + 3*y] = x[x + 3*y]
          else
            if x + y - 1 >= 0
              out[x + 3*y] = x[x + 3*y]
    "
  `);
});

test("peeled: guards over inner loops hold at their worst inner point", () => {
  const body = [loop("o", 4, [loop("i", 3, [when(["3*o + i - 1", "9 - 3*o - i"], [copy("3*o + i")])])], "peeled")];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for o < 1 unrolled
        for i < 3
          if i + 3*o - 1 >= 0 and -i - 3*o + 9 >= 0
            out[i + 3*o] = x[i + 3*o]
      for o < 2
        for i < 3
          out[i + 3*o + 3] = x[i + 3*o + 3]
      for o < 1 unrolled
        for i < 3
          if i + 3*o + 8 >= 0 and -i - 3*o >= 0
            out[i + 3*o + 9] = x[i + 3*o + 9]
    "
  `);
});

test("peeled: outer loops that move an end by less than an iteration leave it to head and tail", () => {
  const inner = loop("x", 5, [when(["3*x + p - 1", "13 - 3*x - p"], [copy("3*x + p + 1")])], "peeled");
  expect(pass([loop("p", 3, [inner])])).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for p < 3
        for x < 1 unrolled
          if p + 3*x - 1 >= 0 and -p - 3*x + 13 >= 0
            out[p + 3*x + 1] = x[p + 3*x + 1]
        for x < 3
          out[p + 3*x + 4] = x[p + 3*x + 4]
        for x < 1 unrolled
          if p + 3*x + 11 >= 0 and -p - 3*x + 1 >= 0
            out[p + 3*x + 13] = x[p + 3*x + 13]
    "
  `);
});
