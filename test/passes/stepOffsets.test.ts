/** stepOffsets: innermost loops carry their byte offsets along. */
import { expect, test } from "vitest";
import { stepOffsets } from "../../src/codegen/passes/stepOffsets.js";
import { JS } from "../../src/codegen/target.js";
import { plus } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { at, buffer, bytewise, declare, index, kernel, loop, store, when } from "../support/kernels.js";
import { after, BYTEWISE } from "../support/passes.js";

const BUFFERS = [buffer("x", [64], "input"), buffer("out", [64], "output")];
const pass = (...body: readonly Stmt[]) => after(stepOffsets, bytewise(BUFFERS, body), { target: BYTEWISE });

test("offsets that differ by a constant share a step", () => {
  const body = store("out", ["32*i + 8*k"], plus(at("x", "32*i + 8*k + 4"), at("x", "16*i + 8*k")));
  expect(pass(loop("i", 3, [loop("k", 4, [body])]))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 3
        for k < 4, step0 from &x + 32*i by 8, step1 from &x + 16*i by 8, step2 from &out + 32*i by 8
          out[step2] = (x[step0 + 4] + x[step1])
    "
  `);
});

test("a step for each way to move: other bases, other strides, backwards", () => {
  const body = store("out", ["base + 4*k"], plus(at("x", "base - 4*k + 16"), plus(at("x", "4*k"), at("x", "8*k"))));
  expect(pass(index("base", "8", 1, 8), loop("k", 4, [body]))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      index base = 8
      for k < 4, step0 from &x + base by -4, step1 from &x by 4, step2 from &x by 8, step3 from &out + base by 4
        out[step3] = (x[step0 + 16] + (x[step1] + x[step2]))
    "
  `);
});

test("what stands still, and what an inner index moves, is left alone", () => {
  const body = [
    index("q", "k + 1", 2, 2),
    store("out", ["4*k"], plus(at("x", "12"), plus(at("x", "4*q"), at("x", "4*k + 8*q")))),
  ];
  expect(pass(loop("k", 4, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for k < 4, step0 from &out by 4
        index q = floor((k + 1) / 2)
        out[step0] = (x[&x + 12] + (x[&x + 4*q] + x[&x + 4*k + 8*q]))
    "
  `);
});

test("accesses behind guards and in locals are carried as well", () => {
  const body = [declare("a", at("x", "4*k + 8"), false), when(["k - 1"], [store("out", ["4*k"], at("x", "4*k"))])];
  expect(pass(loop("k", 4, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for k < 4, step0 from &x by 4, step1 from &out by 4
        local a = x[step0 + 8]
        if k - 1 >= 0
          out[step1] = x[step0]
    "
  `);
});

test("guards go on counting the loop itself", () => {
  const body = when(["2 - k"], [store("out", ["4*k"], at("x", "8*k"))]);
  expect(pass(loop("k", 4, [body]))).toContain("if -k + 2 >= 0");
});

test("only innermost loops, and only serial ones", () => {
  const inner = loop("k", 2, [store("out", ["16*i + 4*k"], at("x", "16*i + 4*k"))], "parallel");
  expect(pass(loop("i", 3, [inner]))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 3
        for k < 2 parallel
          out[&out + 16*i + 4*k] = x[&x + 16*i + 4*k]
    "
  `);
});

test("names that are taken are passed over", () => {
  const taken = index("step0", "4", 1, 4);
  const other = loop("step1", 2, [store("out", ["4*step1 + step0"], at("x", "8*step1"))]);
  expect(pass(taken, other)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      index step0 = 4
      for step1 < 2, step2 from &x by 8, step3 from &out + step0 by 4
        out[step3] = x[step2]
    "
  `);
});

test("where offsets count elements, the language's own indexing does it", () => {
  const tiny = kernel(BUFFERS, [loop("k", 4, [store("out", ["k"], at("x", "k + 1"))])]);
  expect(stepOffsets(tiny, JS)).toBe(tiny);
});
