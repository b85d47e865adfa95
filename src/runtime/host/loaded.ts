/** The types that hosts make from modules: code loaded once, and instances with memory of their own. */
import type { TypedArray } from "../../ir/dtype.js";
import type { Facts } from "../../ir/module.js";
import type { LinearMemory } from "../global.js";
import type { Tensors } from "../tensors.js";
import type { Heap } from "./heap.js";

/** The means that run a kernel: WebAssembly, JavaScript, or the interpreter for pages that allow no code generation. */
export type Tier = "wasm" | "js" | "plain";

export interface Loaded {
  readonly tier: Tier;
  readonly facts: Facts;
  readonly tensors: Tensors;
  /** The size of the code in bytes, 0 for the interpreter. */
  readonly codeBytes: number;
  /** The vectors that the code computes with, in words. */
  readonly vectors: string;
  /** The number of threads that share the work of a call. */
  readonly threads: number;
  /** @param heap where WebAssembly's buffers lie; default: a heap that kernels share */
  instantiate(heap?: Heap): Instance;
}

/** An array for each tensor, in the order of `Tensors`. */
export type Arrays = readonly Float32Array[];

/**
 * A kernel in memory. Its arguments must have been checked: types and lengths are right, and no output shares memory
 * with another argument.
 */
export interface Instance {
  /** The memory of the inputs, zeros at first. */
  readonly inputs: Arrays;
  /** The memory of the outputs. */
  readonly outputs: Arrays;
  prepare(weights: Arrays): Prepared;
  /**
   * Runs on the calling thread. `units` says the length, where calls choose it; the arrays are as long. Default: the
   * largest.
   */
  run(weights: Prepared, inputs: Arrays, outputs: Arrays, units?: number): void;
  /** Runs on all threads of the kernel. It never blocks a page's own thread, which must not be blocked. */
  runThreaded(weights: Prepared, inputs: Arrays, outputs: Arrays, units?: number): Promise<void>;
  /** The memory in which the buffers lie, if that is WebAssembly's. */
  readonly memory?: LinearMemory;
  /**
   * Runs on the calling thread, over tensors in `memory` at these addresses. An instance without such memory has no
   * such method.
   * @throws TilewrightError `invalid-argument`
   */
  runAt?(weights: Prepared, addresses: ReadonlyMap<string, number>, units?: number): void;
  /** Gives memory back that others can use; an instance whose memory is its own has no such method. */
  dispose?(): void;
}

/**
 * One set of weights in the order of the instance that made it. It holds no reference to the instance, so a caller who
 * keeps weights does not keep a kernel's memory.
 */
export interface Prepared {
  /** The arrays are in an order that only the instance knows. */
  arrays: readonly (TypedArray | Uint16Array | undefined)[];
}
