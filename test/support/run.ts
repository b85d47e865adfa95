/** Running programs in tests: small-integer data, and kernels by the interpreter. */

import { arrayOf, type TypedArray } from "../../src/ir/dtype.js";
import { TilewrightError } from "../../src/ir/errors.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { interpretKernel } from "../../src/ir/interpretKernel.js";
import { type BufferDecl, elementCount, type Program } from "../../src/ir/program.js";
import type { LoopKernel } from "../../src/ir/stmt.js";

/** Whole numbers in -4 .. 4: every sum of products is exact in float32, whatever its order. */
export function smallIntegers(count: number, seed: number): Float32Array {
  let state = (seed + 0x9e3779b9) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 16) % 9) - 4;
  });
}

/** Data for every input and weight of a program. */
export function givenFor(program: Program, seed: number): Map<string, Float32Array> {
  const given = program.buffers.filter((buffer) => buffer.role === "input" || buffer.role === "weights");
  return new Map(given.map(({ name, shape }, i) => [name, smallIntegers(elementCount(shape), seed + i)]));
}

export const expectedOutput = (program: Program, given: ReadonlyMap<string, Float32Array>): number[] => [
  ...(interpretProgram(program, given).get("output") as Float64Array),
];

/** Runs the kernels in order over fresh buffers (NaN where nothing is given or constant) and returns the output. */
export function runKernels(
  kernels: readonly LoopKernel[],
  buffers: readonly BufferDecl[],
  given: ReadonlyMap<string, Float32Array>,
): number[] {
  const arrays = new Map<string, TypedArray>();
  for (const { name, shape, dtype, values } of buffers) {
    const fresh = () => arrayOf(dtype, elementCount(shape)).map((_, i) => values?.[i] ?? Number.NaN) as TypedArray;
    arrays.set(name, given.get(name) ?? fresh());
  }
  for (const kernel of kernels) interpretKernel(kernel, arrays);
  return [...(arrays.get("output") as Float32Array)];
}

/** The result, or undefined where the schedule does not fit; any other error passes through. */
export function unlessRefused<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof TilewrightError && error.code === "invalid-schedule") return undefined;
    throw error;
  }
}

/** First place where two results differ; zeros of either sign count as equal, and NaN is NaN. */
export function firstDifference(actual: readonly number[], expected: readonly number[]): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} elements instead of ${expected.length}`;
  const at = actual.findIndex((value, i) => !Object.is(value + 0, (expected[i] as number) + 0));
  return at < 0 ? undefined : `element ${at} is ${actual[at]} instead of ${expected[at]}`;
}
