/** One schedule on one spec: lowered for a machine with vectors, and run at both ends of its road. */
import type { Directive, Schedule } from "../../src/codegen/schedule.js";
import { type Target, wasmTarget } from "../../src/codegen/target.js";
import { programOf } from "../../src/ir/ops/index.js";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import type { BufferDecl } from "../../src/ir/program.js";
import type { LoopKernel } from "../../src/ir/stmt.js";
import { lowerFor } from "./algorithms.js";
import { expectedOutput, firstDifference, givenFor, runKernels } from "./run.js";

export const TARGET: Target = wasmTarget({ simd: "relaxed", hoistsLoads: false, pairs: false, threads: false });

/** Every kernel of a program by pass, "nest" first; `failure` is what ended the road early. */
export interface Roads {
  readonly byPass: ReadonlyMap<string, readonly LoopKernel[]>;
  readonly failure: unknown;
}

export function roadsOf(spec: OpSpec, schedule: Schedule, target: Target = TARGET): Roads {
  const byPass = new Map<string, LoopKernel[]>();
  const watch = (pass: string, kernel: LoopKernel) => void byPass.set(pass, [...(byPass.get(pass) ?? []), kernel]);
  try {
    lowerFor(programOf(spec), schedule, target, watch);
    return { byPass, failure: undefined };
  } catch (failure) {
    return { byPass, failure };
  }
}

/** Where the kernels' result differs from the definition's, in words; undefined where it does not. */
export function wrongIn(kernels: readonly LoopKernel[], spec: OpSpec): string | undefined {
  const program = programOf(spec);
  const buffers = new Map<string, BufferDecl>();
  for (const kernel of kernels) for (const buffer of kernel.buffers) buffers.set(buffer.name, buffer);
  const given = givenFor(program, 5);
  return firstDifference(runKernels(kernels, [...buffers.values()], given), expectedOutput(program, given));
}

export const conv = (...directives: readonly Directive[]): Schedule => ({ conv: directives });

export const split = (
  axis: string,
  by: number,
  into: readonly [string, string],
  tail: "guard" | "roundUp" | "shiftInwards" = "guard",
): Directive => ({ do: "split", axis, by, into, tail });
export const fuse = (first: string, second: string, into: string): Directive => ({
  do: "fuse",
  axes: [first, second],
  into,
});
export const reorder = (axes: string): Directive => ({ do: "reorder", axes: axes.split(" ") });
export const unroll = (axis: string): Directive => ({ do: "unroll", axis });
export const vectorize = (axis: string): Directive => ({ do: "vectorize", axis });
export const parallel = (axis: string): Directive => ({ do: "parallel", axis });
export const partition = (axis: string): Directive => ({ do: "partition", axis });
export const peel = (axis: string): Directive => ({ do: "peel", axis });
export const accumulate = (at: string): Directive => ({ do: "accumulate", at });
export const computeAt = (stage: string, at: string): Directive => ({ do: "computeAt", stage, at });
export const bind = (axis: string, to: Extract<Directive, { do: "bind" }>["to"]): Directive => ({
  do: "bind",
  axis,
  to,
});
export const pack = (layout: string, buffer = "filters"): Directive => ({
  do: "pack",
  buffer,
  layout: layout.split(" "),
});
export const cache = (buffer: string, at: string, space: "local" | "workgroup" = "local"): Directive => ({
  do: "cache",
  buffer,
  at,
  space,
});
