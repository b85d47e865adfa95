/** How much a program computes and moves: the figures behind `explain`, rooflines and cost models. */
import { BYTES } from "./dtype.js";
import { liveTerms } from "./interpret.js";
import { elementCount, type Program } from "./program.js";

export interface Work {
  /** Two per multiply-add, all taps, padding included: what others count. */
  readonly flops: number;
  /** Two per multiply-add whose tap meets the image: what has to be computed. */
  readonly liveFlops: number;
  /** Each input, weight and output element moved once. */
  readonly bytes: number;
}

export function workOf(program: Program, denseTerms: number): Work {
  const moved = program.buffers.filter((buffer) => buffer.role !== "scratch");
  return {
    flops: 2 * denseTerms,
    liveFlops: 2 * program.run.reduce((count, stage) => count + liveTerms(stage), 0),
    bytes: moved.reduce((bytes, { shape, dtype }) => bytes + elementCount(shape) * BYTES[dtype], 0),
  };
}
