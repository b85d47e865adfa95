/** liftBases: integers of which byte offsets are made stay at zero or above. */
import { expect, test } from "vitest";
import { liftBases } from "../../src/codegen/passes/liftBases.js";
import { JS } from "../../src/codegen/target.js";
import { plus } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { at, buffer, bytewise, carrying, index, kernel, loop, store, when } from "../support/kernels.js";
import { after, BYTEWISE } from "../support/passes.js";

const BUFFERS = [buffer("x", [32], "input"), buffer("out", [32], "output")];
const pass = (...body: readonly Stmt[]) => after(liftBases, bytewise(BUFFERS, body), { target: BYTEWISE });
/** An index that may be as low as `min`. */
const below = (name: string, value: string, min: number, max: number, divisor = 1): Stmt => ({
  ...(index(name, value, divisor, max) as Extract<Stmt, { kind: "index" }>),
  min,
});

test("a base below zero gives its lowest value to its uses", () => {
  const body = [below("a", "8*i - 20", -20, 4), store("out", ["4*i"], plus(at("x", "a + 20"), at("x", "a + 24")))];
  expect(pass(loop("i", 4, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 4
        index a = 8*i
        out[&out + 4*i] = (x[&x + a] + x[&x + a + 4])
    "
  `);
});

test("one made of a lifted one is lifted in its turn", () => {
  const body = [
    below("a", "8*i - 20", -20, 4),
    below("b", "a - 4*i", -20, -8),
    store("out", ["4*i"], at("x", "a + b + 40")),
  ];
  expect(pass(loop("i", 4, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 4
        index a = 8*i
        index b = a - 4*i
        out[&out + 4*i] = x[&x + a + b]
    "
  `);
});

test("guards see what the name stood for", () => {
  const body = [below("a", "8*i - 20", -20, 4), when(["a"], [store("out", ["4*i"], at("x", "a"))])];
  expect(pass(loop("i", 4, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 4
        index a = 8*i
        if a - 20 >= 0
          out[&out + 4*i] = x[&x + a - 20]
    "
  `);
});

test("a step is lifted by the lowest value on its way", () => {
  const forwards = carrying({ up: ["-8", 4] }, loop("k", 4, [store("out", ["4*k"], at("x", "up + 8"))]));
  const backwards = carrying({ down: ["4", -4] }, loop("k", 4, [store("out", ["4*k + 64"], at("x", "down + 8"))]));
  expect(pass(forwards, backwards)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for k < 4, up from 0 by 4
        out[&out + 4*k] = x[&x + up]
      for k < 4, down from 12 by -4
        out[&out + 4*k + 64] = x[&x + down]
    "
  `);
});

test("a step that starts at a lifted base", () => {
  const inner = carrying({ s: ["a", 4] }, loop("k", 2, [store("out", ["8*i + 4*k"], at("x", "s + 20"))]));
  expect(pass(loop("i", 4, [below("a", "8*i - 20", -20, 4), inner]))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 4
        index a = 8*i
        for k < 2, s from a by 4
          out[&out + 8*i + 4*k] = x[&x + s]
    "
  `);
});

test("what cannot dip below zero is left alone, and so are quotients", () => {
  const body = [index("a", "8*i", 1, 24), below("q", "i - 1", -1, 1, 2), store("out", ["4*i"], at("x", "a + 4*q + 4"))];
  expect(pass(loop("i", 4, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 4
        index a = 8*i
        index q = floor((i - 1) / 2)
        out[&out + 4*i] = x[&x + a + 4*q + 4]
    "
  `);
});

test("where offsets count elements, no base is unsigned", () => {
  const tiny = kernel(BUFFERS, [loop("i", 4, [below("a", "i - 2", -2, 1), store("out", ["i"], at("x", "a + 2"))])]);
  expect(liftBases(tiny, JS)).toBe(tiny);
});
