/** What hosts make of modules: code that is loaded once and instances of it, each in memory of its own. */

import type { Facts } from "../../ir/module.js";

/** How a kernel runs: WebAssembly, JavaScript, or the plain loop for pages that allow no code generation. */
export type Tier = "wasm" | "js" | "plain";

export interface Loaded {
  readonly tier: Tier;
  readonly facts: Facts;
  /** Code size in bytes; 0 where there is none. */
  readonly codeBytes: number;
  /** What it computes with, in words. */
  readonly vectors: string;
  /** How many share a call's work. */
  readonly threads: number;
  instantiate(): Instance;
}

/** Takes arguments that have been checked: right types and lengths, out apart from value. */
export interface Instance {
  /** The input's own memory. Zeros at first. */
  readonly value: Float32Array;
  /** The output's own memory. */
  readonly output: Float32Array;
  prepare(filters: Float32Array, bias: Float32Array | undefined): Prepared;
  dispose(): void;
}

/** One set of weights in the order of one instance, which it calls. */
export interface Prepared {
  /** On the calling thread. */
  run(value: Float32Array, output: Float32Array): void;
  /** On all threads there are, without blocking the calling one where that is forbidden. */
  runThreaded(value: Float32Array, output: Float32Array): Promise<void>;
}
