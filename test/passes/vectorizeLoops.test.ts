/** vectorizeLoops: lane i does what iteration i did. */
import { expect, test } from "vitest";
import { vectorizeLoops } from "../../src/codegen/passes/vectorizeLoops.js";
import { JS } from "../../src/codegen/target.js";
import { multiply, number, plus, unary } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { alloc, at, buffer, index, kernel, loop, store, when } from "../support/kernels.js";
import { after, VECTORS } from "../support/passes.js";

const BUFFERS = [
  buffer("x", [8, 8], "input"),
  buffer("y", [64], "input"),
  buffer("out", [64], "output"),
  buffer("grid", [8, 8], "output"),
];
const tiny = (body: readonly Stmt[]) => kernel(BUFFERS, body, "f32");
const lanes = (body: readonly Stmt[]): Stmt => loop("v", 4, body, "vectorized");
const pass = (body: readonly Stmt[]) => after(vectorizeLoops, tiny(body), { target: VECTORS });
const refusal = (body: readonly Stmt[]) => errorOf(thrownBy(() => vectorizeLoops(tiny(body), VECTORS)));

test("adjacent reads become vectors, still ones splats, constants vectors of constants", () => {
  const body = [
    loop("i", 8, [
      lanes([
        store("out", ["4*i + v"], plus(multiply(at("x", "i", "v + 2"), at("y", "i")), unary("negate", number(0.5)))),
      ]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out, grid) in f32
      for i < 8
        out[4*i]:4 = ((x[i, 2]:4 * splat(y[i])) + negate(0.5:4))
    "
  `);
});

test("guards that all lanes share stay; those they differ in are tested at the worst lane", () => {
  const body = [
    loop("i", 3, [
      lanes([when(["i - 1", "4*i + v - 5", "10 - 4*i - v"], [store("out", ["4*i + v"], at("y", "4*i + v"))])]),
    ]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out, grid) in f32
      for i < 3
        if 4*i - 5 >= 0 and -4*i + 7 >= 0
          if i - 1 >= 0
            out[4*i]:4 = y[4*i]:4
        else
          for v < 4 unrolled
            if i - 1 >= 0 and 4*i + v - 5 >= 0 and -4*i - v + 10 >= 0
              out[4*i + v] = y[4*i + v]
    "
  `);
});

test("a guard that only the lanes needed is gone where all have it", () => {
  const body = [loop("i", 3, [lanes([when(["9 - 4*i - v"], [store("out", ["4*i + v"], at("y", "4*i + v"))])])])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out, grid) in f32
      for i < 3
        if -4*i + 6 >= 0
          out[4*i]:4 = y[4*i]:4
        else
          for v < 4 unrolled
            if -4*i - v + 9 >= 0
              out[4*i + v] = y[4*i + v]
    "
  `);
});

test("a guard that the lanes share, with both branches", () => {
  const either = when(["i - 1"], [store("out", ["4*i + v"], at("y", "v"))], [store("out", ["4*i + v"], number(0))]);
  expect(pass([loop("i", 2, [lanes([either])])])).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out, grid) in f32
      for i < 2
        if i - 1 >= 0
          out[4*i]:4 = y[0]:4
        else
          out[4*i]:4 = 0:4
    "
  `);
});

test("a store to places that are no neighbours is made lane by lane", () => {
  const sum = alloc("acc", [4], "register", [
    lanes([store("acc", ["v"], multiply(at("y", "v"), at("y", "8")))]),
    lanes([store("out", ["16*v"], plus(at("acc", "v"), at("x", "v", "0")))]),
  ]);
  expect(pass([sum])).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out, grid) in f32
      alloc acc[4] register
        acc[0]:4 = (y[0]:4 * splat(y[8]))
        out[0] = (acc[0] + x[0, 0])
        out[16] = (acc[1] + x[1, 0])
        out[32] = (acc[2] + x[2, 0])
        out[48] = (acc[3] + x[3, 0])
    "
  `);
  expect(pass([lanes([store("out", ["3 - v"], number(0))])])).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out, grid) in f32
      out[3] = 0
      out[2] = 0
      out[1] = 0
      out[0] = 0
    "
  `);
  const guarded = when(["4 - i - v"], [store("grid", ["v", "i"], at("y", "v"))]);
  expect(pass([loop("i", 2, [lanes([guarded])])])).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out, grid) in f32
      for i < 2
        if -i + 1 >= 0
          grid[0, i] = y[0]
          grid[1, i] = y[1]
          grid[2, i] = y[2]
          grid[3, i] = y[3]
        else
          for v < 4 unrolled
            if -i - v + 4 >= 0
              grid[v, i] = y[v]
    "
  `);
});

test("what has no vector is refused, with a remedy", () => {
  expect(refusal([lanes([store("out", ["v"], at("x", "v", "0"))])])).toMatchInlineSnapshot(
    `"invalid-schedule: lanes of v are not adjacent in x; pack the buffer or vectorize another axis"`,
  );
});

test("a loop inside the lanes is refused", () => {
  const inner = loop("j", 2, [store("out", ["4*j + v"], number(0))]);
  expect(refusal([lanes([inner])])).toMatchInlineSnapshot(
    `"invalid-schedule: v is vectorized and must be the innermost loop; reorder it"`,
  );
  expect(refusal([lanes([alloc("a", [1], "register", [])])])).toContain("must be the innermost loop");
  expect(refusal([lanes([index("q", "v", 2, 1)])])).toContain("must be the innermost loop");
});

test("lanes that part ways are refused", () => {
  const parting = when(["v - 1"], [store("out", ["v"], number(0))], [store("out", ["v"], number(1))]);
  expect(refusal([lanes([parting])])).toMatchInlineSnapshot(
    `"invalid-schedule: the lanes of v take different branches"`,
  );
});

test("loops that are not exactly the target's vector become unrolled ones", () => {
  const body = (extent: number) => [loop("v", extent, [store("out", ["2*v"], at("y", "v"))], "vectorized")];
  expect(after(vectorizeLoops, tiny(body(4)), { target: JS })).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out, grid) in f32
      for v < 4 unrolled
        out[2*v] = y[v]
    "
  `);
  expect(pass(body(2))).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out, grid) in f32
      for v < 2 unrolled
        out[2*v] = y[v]
    "
  `);
  expect(pass(body(8))).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out, grid) in f32
      for v < 8 unrolled
        out[2*v] = y[v]
    "
  `);
});

test("lanes that no iteration of the rest can fill are written out", () => {
  // Three channels never fill four lanes, so no vector and no test of one is made.
  expect(pass([lanes([when(["2 - v"], [store("out", ["v"], at("y", "v"))])])])).toMatchInlineSnapshot(`
    "kernel tiny(x, y, out, grid) in f32
      for v < 4 unrolled
        if -v + 2 >= 0
          out[v] = y[v]
    "
  `);
});

test("adjacent is along the last dimension that has more than one element", () => {
  const thin = [buffer("x", [4, 8, 1], "input"), buffer("out", [8, 4, 1, 1], "output")];
  const body = [
    loop("i", 4, [
      lanes([store("out", ["i", "v", "0", "0"], plus(at("x", "i", "v + 3", "0"), at("x", "i", "0", "0")))]),
    ]),
  ];
  expect(after(vectorizeLoops, kernel(thin, body, "f32"), { target: VECTORS })).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 4
        out[i, 0, 0, 0]:4 = (x[i, 3, 0]:4 + splat(x[i, 0, 0]))
    "
  `);
});

test("a dimension of one element is no way to go along", () => {
  const thin = [buffer("x", [8, 1], "input"), buffer("out", [8, 4], "output")];
  const lost = [
    alloc("acc", [4], "register", [
      lanes([store("acc", ["v"], at("x", "v", "0"))]),
      lanes([store("out", ["v", "0"], at("acc", "v"))]),
      // Nor may two dimensions move at once.
      lanes([store("out", ["v", "v"], at("acc", "v"))]),
    ]),
  ];
  expect(after(vectorizeLoops, kernel(thin, lost, "f32"), { target: VECTORS })).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      alloc acc[4] register
        acc[0]:4 = x[0, 0]:4
        out[0, 0] = acc[0]
        out[1, 0] = acc[1]
        out[2, 0] = acc[2]
        out[3, 0] = acc[3]
        out[0, 0] = acc[0]
        out[1, 1] = acc[1]
        out[2, 2] = acc[2]
        out[3, 3] = acc[3]
    "
  `);
  const skewed = [lanes([store("out", ["0", "v"], at("x", "v", "v"))])];
  expect(errorOf(thrownBy(() => vectorizeLoops(kernel(thin, skewed, "f32"), VECTORS)))).toMatchInlineSnapshot(
    `"invalid-schedule: lanes of v are not adjacent in x; pack the buffer or vectorize another axis"`,
  );
});
