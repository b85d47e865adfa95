/** One pass over one tiny kernel: the text after it, provided that the kernel still means the same. */
import { expect } from "vitest";
import { JS, type Target, wasmTarget } from "../../src/codegen/target.js";
import { printKernel } from "../../src/ir/print.js";
import type { LoopKernel } from "../../src/ir/stmt.js";
import { type Construct, verify } from "../../src/ir/verify.js";
import { run } from "./kernels.js";

/** A machine with vectors of four and fma. */
export const VECTORS: Target = { ...JS, arithmetic: "f32", lanes: 4, fma: true };

/** One whose offsets count bytes. */
export const BYTEWISE: Target = wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false });

export function after(
  pass: (kernel: LoopKernel, target: Target) => LoopKernel,
  before: LoopKernel,
  { target = JS, removed = [] }: { target?: Target; removed?: readonly Construct[] } = {},
): string {
  // Flat offsets are no longer checked one by one; the interpreter does it.
  const flat: readonly Construct[] = before.addressing === "subscripts" ? [] : ["subscript lists"];
  verify(before, new Set(flat));
  const result = pass(before, target);
  verify(result, new Set([...flat, ...removed]));
  const expected = run(before);
  // A kernel that writes nothing would equal anything.
  expect(Object.values(expected).flat().some(Number.isFinite)).toBe(true);
  expect(run(result)).toEqual(expected);
  return printKernel(result);
}
