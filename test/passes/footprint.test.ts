/** The bytes that loops reach, against a walk that runs every loop and notes the box of what it met. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explain } from "../../src/codegen/explain.js";
import { bytesByLine } from "../../src/codegen/footprint.js";
import { type Affine, affine, valueAt } from "../../src/ir/affine.js";
import { load } from "../../src/ir/expr.js";
import { printKernel } from "../../src/ir/print.js";
import type { BufferDecl } from "../../src/ir/program.js";
import { forLoop, type LoopKernel, type Stmt } from "../../src/ir/stmt.js";
import { PAIRS, SEED } from "../support/effort.js";

const tensor = (name: string, shape: readonly number[]): BufferDecl => ({ name, shape, dtype: "f32", role: "input" });

const kernelOf = (buffers: readonly BufferDecl[], body: readonly Stmt[]): LoopKernel => ({
  name: "k",
  arithmetic: "f32",
  addressing: "subscripts",
  buffers,
  body,
});

const copy = (to: readonly Affine[], from: readonly Affine[]): Stmt => ({
  kind: "store",
  buffer: "y",
  at: to,
  value: load("x", from),
});

const [i, j] = [affine(0, { i: 1 }), affine(0, { j: 1 })];

/** Each line of the kernel with its bytes. */
const drawn = (kernel: LoopKernel): string[] =>
  printKernel(kernel)
    .trimEnd()
    .split("\n")
    .map((line, place) => `${line} ${bytesByLine(kernel)[place]}`);

describe("of a tensor the largest box counts", () => {
  const [x, y] = [tensor("x", [10, 8]), tensor("y", [10, 8])];

  test("a row within the inner loop, all rows with the outer one", () => {
    const kernel = kernelOf(
      [x, y],
      [forLoop("i", 10, "serial", [forLoop("j", 8, "vectorized", [copy([i, j], [i, j])])])],
    );
    expect(drawn(kernel)).toEqual([
      "kernel k(x, y) in f32 640",
      "  for i < 10 640",
      "    for j < 8 vectorized 64",
      "      y[i, j] = x[i, j] 0",
    ]);
  });

  test("overlapping windows once, and not outside the tensor", () => {
    const window = copy([i, affine(0)], [affine(0, { i: 1, j: 2 }), affine(-1, { j: 1 })]);
    const kernel = kernelOf([x, y], [forLoop("i", 3, "serial", [forLoop("j", 4, "serial", [window])])]);
    // Rows 0 .. 2 + 6 of x in columns -1 .. 2, and column 0 of y in rows 0 .. 2.
    expect(bytesByLine(kernel).slice(0, 3)).toEqual([4 * (9 * 4 + 3), 4 * (9 * 4 + 3), 4 * (7 * 4 + 1)]);
  });

  test("memory of the kernel's own is left out, and an index moves with its loop", () => {
    const body: Stmt[] = [
      { kind: "index", name: "half", value: i, divisor: 2, min: 0, max: 4 },
      { kind: "store", buffer: "acc", at: [], value: load("x", [affine(0, { half: 1 }), affine(0)]) },
    ];
    const alloc: Stmt = { kind: "alloc", buffer: "acc", shape: [], space: "register", body };
    const kernel = kernelOf([x], [forLoop("i", 10, "serial", [alloc])]);
    expect(bytesByLine(kernel)).toEqual([20, 20, 0, 0, 0]);
  });

  test("both ways of a choice, each on lines of its own", () => {
    const choice: Stmt = {
      kind: "if",
      guard: [i],
      body: [copy([i, j], [i, j])],
      otherwise: [forLoop("j", 8, "serial", [copy([i, j], [i, j])])],
    };
    expect(
      drawn(kernelOf([x, y], [forLoop("i", 10, "serial", [choice])])).map((line) => line.split(" ").at(-1)),
    ).toEqual(
      // The choice has a j of no loop here, which stays where it is.
      ["640", "640", "0", "0", "0", "64", "0"],
    );
  });
});

test("any nest of one access spans the box that a walk meets", () => {
  const loops = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
  const form = fc.tuple(fc.nat(3), fc.array(fc.integer({ min: -2, max: 3 }), { minLength: 3, maxLength: 3 }));
  fc.assert(
    fc.property(loops, fc.tuple(form, form), (extents, forms) => {
      const at = forms.map(([constant, by]) =>
        affine(constant, Object.fromEntries(extents.map((_, d) => [`l${d}`, by[d] as number]))),
      );
      // No box meets the tensor's edge, which would make it smaller.
      const buffers = [tensor("x", [1000, 1000])];
      const store: Stmt = { kind: "store", buffer: "own", at: [], value: load("x", at) };
      const nest = extents.reduceRight<Stmt>((body, extent, d) => forLoop(`l${d}`, extent, "serial", [body]), store);
      const bytes = bytesByLine(kernelOf(buffers, [nest]));
      const expected = extents.map((_, d) => 4 * boxOf(at, extents, d));
      expect(bytes.slice(1, -1)).toEqual(expected);
    }),
    { seed: SEED, numRuns: PAIRS },
  );
});

/** The elements of the box that is met while the loops from this one on run, all others at 0. */
function boxOf(at: readonly Affine[], extents: readonly number[], from: number): number {
  const ends = at.map(() => ({ least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY }));
  const walk = (d: number, point: ReadonlyMap<string, number>): void => {
    if (d === extents.length) {
      for (const [k, form] of at.entries()) {
        const end = ends[k] as (typeof ends)[number];
        const value = valueAt(form, point);
        end.least = Math.min(end.least, value);
        end.most = Math.max(end.most, value);
      }
      return;
    }
    const extent = d < from ? 1 : (extents[d] as number);
    for (let value = 0; value < extent; value++) walk(d + 1, new Map([...point, [`l${d}`, value]]));
  };
  walk(0, new Map());
  return ends.reduce((count, { least, most }) => count * (most - least + 1), 1);
}

test("explain has the bytes of each line of the nest", () => {
  const spec = { formula: "y[n, o] = sum(i: x[n, i] * w[i, o])", tensors: { x: [8, 16], w: [16, 8] }, weights: ["w"] };
  for (const { steps, bytes } of explain(spec).kernels) {
    const lines = (steps[0]?.ir ?? "").trimEnd().split("\n");
    expect(bytes.length).toBe(lines.length);
    expect(bytes[0]).toBeGreaterThan(0);
    // A loop over accumulators alone reaches nothing.
    for (const [place, line] of lines.entries()) if (bytes[place] !== 0) expect(line).toMatch(/^ *(for|kernel) /);
  }
});
