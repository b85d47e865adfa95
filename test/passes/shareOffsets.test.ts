/** shareOffsets: one computation per offset and body. */
import { expect, test } from "vitest";
import { shareOffsets } from "../../src/codegen/passes/shareOffsets.js";
import { JS } from "../../src/codegen/target.js";
import { plus } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { at, buffer, bytewise, index, kernel, loop, store, when } from "../support/kernels.js";
import { after, BYTEWISE } from "../support/passes.js";

const BUFFERS = [buffer("x", [64], "input"), buffer("out", [64], "output")];
const pass = (...body: readonly Stmt[]) => after(shareOffsets, bytewise(BUFFERS, body), { target: BYTEWISE });

test("offsets that differ by a constant are computed once", () => {
  const body = [
    store("out", ["32*i + 8*j"], at("x", "8*j")),
    store("out", ["32*i + 8*j + 4"], plus(at("x", "32*i + 8*j + 16"), at("x", "4*j"))),
  ];
  expect(pass(loop("i", 3, [loop("j", 4, body)]))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 3
        for j < 4
          index offset0 = &out + 32*i + 8*j
          out[offset0] = x[&x + 8*j]
          out[offset0 + 4] = (x[&x + 32*i + 8*j + 16] + x[&x + 4*j])
    "
  `);
});

test("one that is used once stays where it is; so do constants and single names", () => {
  const body = [
    index("a", "8*i", 1, 16),
    store("out", ["a"], at("x", "a + 4")),
    store("out", ["32"], plus(at("x", "0"), at("x", "4*i"))),
  ];
  expect(pass(loop("i", 3, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 3
        index a = 8*i
        out[&out + a] = x[&x + a + 4]
        out[&out + 32] = (x[&x] + x[&x + 4*i])
    "
  `);
});

test("each body for itself: what one branch computes, the other does not know", () => {
  const branch = (shift: number): Stmt[] => [
    store("out", [`8*i + ${shift}`], at("x", `16*i + ${shift}`)),
    store("out", [`8*i + ${shift + 4}`], at("x", `16*i + ${shift + 8}`)),
  ];
  expect(pass(loop("i", 3, [when(["i - 1"], branch(0), branch(32))]))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 3
        if i - 1 >= 0
          index offset0 = &x + 16*i
          index offset1 = &out + 8*i
          out[offset1] = x[offset0]
          out[offset1 + 4] = x[offset0 + 8]
        else
          index offset2 = &x + 16*i
          index offset3 = &out + 8*i
          out[offset3 + 32] = x[offset2 + 32]
          out[offset3 + 36] = x[offset2 + 40]
    "
  `);
});

test("the integer is declared where the names it is made of are known", () => {
  const body = [store("out", ["0"], at("x", "0")), index("q", "i", 2, 1), store("out", ["8*q + 4"], at("x", "8*q"))];
  expect(pass(loop("i", 4, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 4
        out[&out] = x[&x]
        index q = floor((i) / 2)
        out[&out + 8*q + 4] = x[&x + 8*q]
    "
  `);
});

test("where offsets count elements, the language's own indexing does it", () => {
  const tiny = kernel(BUFFERS, [loop("k", 4, [store("out", ["2*k"], at("x", "2*k"))])]);
  expect(shareOffsets(tiny, JS)).toBe(tiny);
});
