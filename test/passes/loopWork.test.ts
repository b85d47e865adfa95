/** The operations of loops, against a walk that runs every loop, and against the lines that `printKernel` prints. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explain } from "../../src/codegen/explain.js";
import { loopWork, operationsByLine } from "../../src/codegen/loopWork.js";
import { DEFAULT_LIMITS, JS, wasmTarget, wgslTarget } from "../../src/codegen/target.js";
import { binary, fma, load, number } from "../../src/ir/expr.js";
import { printKernel } from "../../src/ir/print.js";
import { forLoop, type LoopKernel, type Stmt } from "../../src/ir/stmt.js";
import { PAIRS, SEED } from "../support/effort.js";

const kernelOf = (body: readonly Stmt[]): LoopKernel => ({
  name: "k",
  arithmetic: "f32",
  addressing: "subscripts",
  buffers: [],
  body,
});

/** One load, one multiplication, one store: three operations, or one where the sum is in a register. */
const work = (buffer: string): Stmt => ({
  kind: "store",
  buffer,
  at: [],
  value: binary("multiply", load("x", []), number(2)),
});

const LOOPS = ["serial", "unrolled", "peeled", "vectorized", "parallel", "workgroup.x"] as const;
const body: fc.Memo<readonly Stmt[]> = fc.memo((depth) =>
  fc.array(depth > 1 ? fc.oneof(leaf, outer(depth)) : leaf, { minLength: 1, maxLength: 3 }),
);
const leaf = fc.constantFrom(work("y"), work("sum"));
const outer = fc.memo((depth) =>
  fc.oneof(
    fc
      .tuple(fc.constantFrom(...LOOPS), fc.integer({ min: 0, max: 3 }), body(depth - 1))
      .map(([loop, extent, inner]): Stmt => forLoop(`i${depth}`, extent, loop, inner)),
    fc
      .tuple(body(depth - 1), fc.oneof(fc.constant([]), body(depth - 1)))
      .map(([inner, otherwise]): Stmt => ({ kind: "if", guard: [], body: inner, otherwise })),
    body(depth - 1).map((inner): Stmt => ({ kind: "alloc", buffer: "sum", shape: [], space: "register", body: inner })),
  ),
);
/** `sum` is a register in all of the kernel. */
const kernel = body(4).map((inner) =>
  kernelOf([{ kind: "alloc", buffer: "sum", shape: [], space: "register", body: inner }]),
);

/** The operations, one after the other. Both ways of a guard are taken, as counting takes them. */
function run(all: readonly Stmt[]): number {
  let operations = 0;
  for (const stmt of all) {
    if (stmt.kind === "for") {
      const times = stmt.loop === "vectorized" ? 1 : stmt.extent;
      for (let i = 0; i < times; i++) operations += run(stmt.body);
    } else if (stmt.kind === "if") operations += run(stmt.body) + run(stmt.otherwise);
    else if (stmt.kind === "alloc") operations += run(stmt.body);
    else if (stmt.kind === "store") operations += stmt.buffer === "sum" ? 2 : 3;
  }
  return operations;
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

test("loops and lines have the operations that running them counts", () => {
  fc.assert(
    fc.property(kernel, (one) => {
      const expected = run(one.body);
      expect(sum(loopWork(one).map(({ operations }) => operations))).toBe(expected);
      const lines = operationsByLine(one);
      expect(lines[0]).toBe(expected);
      expect(lines).toHaveLength(printKernel(one).trimEnd().split("\n").length);
    }),
    { seed: SEED, numRuns: PAIRS },
  );
});

test("a loop has what is in it and in no further loop, in the order of the kernel", () => {
  const inner = forLoop("i", 5, "serial", [work("y")]);
  const unrolled = forLoop("u", 2, "unrolled", [work("y")]);
  expect(loopWork(kernelOf([forLoop("o", 3, "serial", [unrolled, inner])]))).toEqual([
    { kernel: "k", loops: ["o"], operations: 18 },
    { kernel: "k", loops: ["o", "i"], operations: 45 },
  ]);
  expect(loopWork(kernelOf([inner, work("y")]))).toEqual([
    { kernel: "k", loops: [], operations: 3 },
    { kernel: "k", loops: ["i"], operations: 15 },
  ]);
});

test("a fused multiply-add is two operations, and its loads are more", () => {
  const value = fma(load("x", []), load("y", []), number(1));
  expect(operationsByLine(kernelOf([{ kind: "local", name: "a", value, mutable: false }]))).toEqual([4, 4]);
});

describe.each([
  ["wasm", wasmTarget({ simd: "relaxed", hoistsLoads: false, pairs: false, threads: false })],
  ["js", JS],
  ["wgsl", wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" })],
] as const)("an explanation for %s", (_, target) => {
  const spec = { op: "conv2d", value: [1, 24, 24, 16], filters: [3, 3, 16, 16], rate: 2, padding: "SAME" };

  test.each(["direct", "winograd"] as const)("shares out all of a %s kernel", (algorithm) => {
    const { loops, kernels } = explain(spec, { target, algorithm });
    expect(sum(loops.map(({ share }) => share))).toBeCloseTo(1, 12);
    const inRun = kernels.filter(({ when }) => when === "run");
    expect(sum(loops.map(({ operations }) => operations))).toBe(sum(inRun.map(({ operations }) => operations[0] ?? 0)));
    for (const { steps, operations } of kernels)
      expect(operations).toHaveLength(steps[0]?.ir.trimEnd().split("\n").length ?? 0);
    expect(loops.map(({ operations }) => operations)).toEqual(
      loops.map(({ operations }) => operations).toSorted((a, b) => b - a),
    );
  });
});
