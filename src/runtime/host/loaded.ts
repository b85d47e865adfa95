/** What hosts make of modules: code that is loaded once and instances of it, each in memory of its own. */
import type { TypedArray } from "../../ir/dtype.js";
import type { Facts } from "../../ir/module.js";
import type { Tensors } from "../tensors.js";

/** How a kernel runs: WebAssembly, JavaScript, or the plain loop for pages that allow no code generation. */
export type Tier = "wasm" | "js" | "plain";

export interface Loaded {
  readonly tier: Tier;
  readonly facts: Facts;
  readonly tensors: Tensors;
  /** Code size in bytes; 0 where there is none. */
  readonly codeBytes: number;
  /** What it computes with, in words. */
  readonly vectors: string;
  /** How many share a call's work. */
  readonly threads: number;
  instantiate(): Instance;
}

/** One for each tensor, in the order of `Tensors`. */
export type Arrays = readonly Float32Array[];

/** Takes arguments that have been checked: right types and lengths, no output in the memory of another argument. */
export interface Instance {
  /** The inputs' own memory. Zeros at first. */
  readonly inputs: Arrays;
  /** The outputs' own memory. */
  readonly outputs: Arrays;
  prepare(weights: Arrays): Prepared;
  /** On the calling thread. */
  run(weights: Prepared, inputs: Arrays, outputs: Arrays): void;
  /** On all threads there are, without blocking the calling one where that is forbidden. */
  runThreaded(weights: Prepared, inputs: Arrays, outputs: Arrays): Promise<void>;
  /** Where others know its memory: they let go of it. */
  dispose?(): void;
}

/**
 * One set of weights as the instance that made it wants them. It knows no instance: whoever keeps weights keeps no
 * memory of a kernel.
 */
export interface Prepared {
  /** In an order that is the instance's own. */
  arrays: readonly (TypedArray | undefined)[];
}
