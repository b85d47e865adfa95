/** alignVectors: offsets of a buffer count vectors where every access is a whole one at a multiple of its size. */
import { describe, expect, test } from "vitest";
import { alignVectors } from "../../src/codegen/passes/alignVectors.js";
import { DEFAULT_LIMITS, wgslTarget } from "../../src/codegen/target.js";
import { load, number, plus, splat } from "../../src/ir/expr.js";
import type { LoopKernel, Stmt } from "../../src/ir/stmt.js";
import { alloc, at, buffer, form, kernel, loop, store, vectorAt } from "../support/kernels.js";
import { after, VECTORS } from "../support/passes.js";

const GPU = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
const BUFFERS = [buffer("x", [4, 8], "input"), buffer("y", [32], "input"), buffer("out", [32], "output")];
const flat = (body: readonly Stmt[], buffers = BUFFERS): LoopKernel => ({
  ...kernel(buffers, body),
  addressing: "elements",
});
const pass = (body: readonly Stmt[]) => after(alignVectors, flat(body), { target: GPU });
const vectorsOf = (kernel: LoopKernel) => [...(alignVectors(kernel, GPU).vectors ?? [])];

test("offsets of every such buffer become a quarter, whatever the loops are", () => {
  const body = [
    loop("i", 3, [
      loop("k", 2, [store("out", ["8*i + 4*k + 4"], plus(vectorAt("x", "8*i + 4*k"), vectorAt("y", "12")))]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out) in f64
      for i < 3
        for k < 2
          out[2*i + k + 1]:4 = (x[2*i + k]:4 + y[3]:4)
    "
  `);
  expect(vectorsOf(flat(body))).toEqual(["x", "y", "out"]);
});

test("one number is enough to keep a buffer an array of numbers, all its vectors with it", () => {
  const body = [
    loop("i", 3, [store("out", ["4*i"], plus(vectorAt("x", "4*i"), vectorAt("y", "4*i")))]),
    store("out", ["16"], splat(at("y", "3"), 4)),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out) in f64
      for i < 3
        out[i]:4 = (x[i]:4 + y[4*i]:4)
      out[4]:4 = splat(y[3])
    "
  `);
  expect(vectorsOf(flat(body))).toEqual(["x", "out"]);
});

describe("a buffer stays an array of numbers", () => {
  const CASES: readonly (readonly [string, Stmt])[] = [
    ["by a step that is no multiple", store("out", ["4*i"], vectorAt("x", "6*i"))],
    ["by a beginning that is none", store("out", ["4*i"], vectorAt("x", "4*i + 2"))],
  ];
  test.each(CASES)("%s", (_, copy) => {
    const body = [loop("i", 2, [copy])];
    expect(vectorsOf(flat(body))).toEqual(["y", "out"]);
    expect(pass(body)).toContain("out[i]:4 = x[");
  });
  test("by a number that is stored in it", () => {
    const body = [store("out", ["0"], vectorAt("x", "0")), store("out", ["4"], number(1))];
    expect(vectorsOf(flat(body))).toEqual(["x", "y"]);
    expect(pass(body)).toContain("out[4] = 1");
  });
  test("by vectors of two", () => {
    const body = [store("out", ["8"], load("x", [form("4")], 2))];
    expect(vectorsOf(flat(body))).toEqual(["y"]);
    expect(pass(body)).toContain("out[8]:2 = x[4]:2");
  });
  test("by elements that are no whole vectors", () => {
    const buffers = [buffer("x", [3, 2], "input"), buffer("out", [4], "output")];
    const body = [store("out", ["0"], vectorAt("x", "0"))];
    expect(vectorsOf(flat(body, buffers))).toEqual(["out"]);
  });
});

test("what is allocated counts too: written as vectors, read as vectors", () => {
  const body = [
    alloc("t", [8], "local", [
      loop("i", 2, [store("t", ["4*i"], vectorAt("x", "8*i"))]),
      store("out", ["0"], plus(vectorAt("t", "4"), vectorAt("t", "0"))),
    ]),
    alloc("u", [8], "local", [
      loop("i", 8, [store("u", ["i"], at("y", "i"))]),
      store("out", ["4"], vectorAt("u", "4")),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out) in f64
      alloc t[8] local
        for i < 2
          t[i]:4 = x[2*i]:4
        out[0]:4 = (t[1]:4 + t[0]:4)
      alloc u[8] local
        for i < 8
          u[i] = y[i]
        out[1]:4 = u[4]:4
    "
  `);
  expect(vectorsOf(flat(body))).toEqual(["x", "out", "t"]);
});

test("two allocations of one name are one buffer: a number in either keeps both", () => {
  const body = [
    alloc("t", [4], "local", [store("t", ["0"], vectorAt("x", "0")), store("out", ["0"], vectorAt("t", "0"))]),
    alloc("t", [4], "local", [store("t", ["0"], vectorAt("x", "4")), store("out", ["4"], splat(at("t", "1"), 4))]),
  ];
  expect(vectorsOf(flat(body))).not.toContain("t");
  expect(pass(body)).toContain("out[1]:4 = splat(t[1])");
});

test("targets without workgroups count elements", () => {
  const body = [store("out", ["4"], vectorAt("x", "8"))];
  expect(after(alignVectors, flat(body), { target: VECTORS })).toContain("out[4]:4 = x[8]:4");
  expect(alignVectors(flat(body), VECTORS).vectors).toBeUndefined();
});
