/** separateScratch: scratch memory for each iteration of the loop that threads share. */
import { describe, expect, test } from "vitest";
import { separateScratch } from "../../src/codegen/passes/separateScratch.js";
import type { Target } from "../../src/codegen/target.js";
import { multiply, number, plus } from "../../src/ir/expr.js";
import { printKernel } from "../../src/ir/print.js";
import type { LoopKernel, Stmt } from "../../src/ir/stmt.js";
import { alloc, at, buffer, declare, kernel, loop, set, store, vectorAt } from "../support/kernels.js";
import { after, BYTEWISE } from "../support/passes.js";

const THREADS: Target = { ...BYTEWISE, threads: true };
const BUFFERS = [buffer("x", [64], "input"), buffer("out", [64], "output")];
const pass = (...body: readonly Stmt[]) => after(separateScratch, kernel(BUFFERS, body), { target: THREADS });

/** Two elements, by way of scratch memory. */
const viaScratch = alloc("t", [2], "local", [
  loop("j", 2, [store("t", ["j"], at("x", "2*i + j"))]),
  loop("j", 2, [store("out", ["2*i + j"], multiply(at("t", "j"), at("t", "1 - j")))]),
]);

test("an array has one dimension more, and what reads and writes it a subscript", () => {
  expect(pass(loop("i", 3, [viaScratch], "parallel"))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3 parallel
        alloc t[3, 2] local
          for j < 2
            t[i, j] = x[2*i + j]
          for j < 2
            out[2*i + j] = (t[i, j] * t[i, -j + 1])
    "
  `);
});

test("in whatever depth, and any number of dimensions", () => {
  const body = loop(
    "i",
    3,
    [
      alloc("t", [2, 3], "local", [
        loop("j", 2, [
          alloc("s", [], "local", [store("s", [], at("x", "i + j")), store("t", ["j", "i"], at("s"))]),
          store("out", ["2*i + j"], at("t", "j", "i")),
        ]),
      ]),
    ],
    "parallel",
  );
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3 parallel
        alloc t[3, 2, 3] local
          for j < 2
            alloc s[3] local
              s[i] = x[i + j]
              t[i, j, i] = s[i]
            out[2*i + j] = t[i, j, i]
    "
  `);
});

test("vectors stay vectors, and locals what they are", () => {
  const body = loop(
    "i",
    2,
    [
      alloc("t", [2, 4], "local", [
        store("t", ["0", "0"], vectorAt("x", "8*i")),
        store("t", ["1", "0"], vectorAt("x", "8*i + 4")),
        declare("sum", vectorAt("t", "0", "0")),
        set("sum", plus({ kind: "local", name: "sum", lanes: 4 }, vectorAt("t", "1", "0"))),
        store("out", ["4*i"], { kind: "local", name: "sum", lanes: 4 }),
      ]),
    ],
    "parallel",
  );
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 2 parallel
        alloc t[2, 2, 4] local
          t[i, 0, 0]:4 = x[8*i]:4
          t[i, 1, 0]:4 = x[8*i + 4]:4
          local sum:4 = t[i, 0, 0]:4
          sum = (sum:4 + t[i, 1, 0]:4)
          out[4*i]:4 = sum:4
    "
  `);
});

test("two arrays of one name, on two branches, have their slices each", () => {
  const branch = (by: number): Stmt =>
    alloc("t", [1], "local", [
      store("t", ["0"], multiply(number(by), at("x", "i"))),
      store("out", [`i + ${8 * by}`], at("t", "0")),
    ]);
  expect(pass(loop("i", 4, [branch(1), branch(2)], "parallel"))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4 parallel
        alloc t[4, 1] local
          t[i, 0] = (1 * x[i])
          out[i + 8] = t[i, 0]
        alloc t[4, 1] local
          t[i, 0] = (2 * x[i])
          out[i + 16] = t[i, 0]
    "
  `);
});

describe("nothing changes", () => {
  const stays = (before: LoopKernel, target: Target = THREADS) => {
    expect(after(separateScratch, before, { target })).toBe(printKernel(before));
  };
  const unchanged = (target: Target, ...body: readonly Stmt[]) => stays(kernel(BUFFERS, body), target);

  test("without threads", () => {
    unchanged(BYTEWISE, loop("i", 3, [viaScratch], "parallel"));
  });
  test("where the outermost loop is not shared, or is not the only one", () => {
    unchanged(THREADS, loop("i", 3, [viaScratch]));
    unchanged(THREADS, loop("o", 1, [loop("i", 3, [viaScratch], "parallel")]));
    unchanged(THREADS, loop("i", 3, [viaScratch], "parallel"), store("out", ["9"], number(1)));
  });
  test("where scratch memory is allocated around the loop, which then is not the outermost", () => {
    const around = alloc("t", [3], "local", [
      loop("i", 3, [store("t", ["i"], at("x", "i")), store("out", ["i"], at("t", "i"))], "parallel"),
    ]);
    unchanged(THREADS, around);
  });
  test("to the buffers of the kernel, which are there for all", () => {
    const body = [store("s", ["i"], at("x", "i")), store("out", ["i"], at("s", "i"))];
    stays(kernel([...BUFFERS, buffer("s", [3], "scratch")], [loop("i", 3, body, "parallel")]));
  });
});
