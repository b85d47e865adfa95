/** A host is what a backend of TensorFlow.js gives our kernels: tensors and a place to run. These are on the CPU. */
import type { CompileOptions } from "../../runtime/compile.js";
import type { Kernel, Weights } from "../../runtime/kernel.js";
import type { TfTensor } from "../tf.js";

export interface TensorHost {
  /** Options of `compile` for kernels that run here. */
  readonly options: Pick<CompileOptions, "target" | "memory" | "threads">;
  /** Threads of TensorFlow.js for each one of ours. */
  readonly handicap: number;
  /** True until the tensor with these elements has been disposed of. */
  isAlive(dataId: object): boolean;
  /** A copy of the elements. */
  elementsOf(tensor: TfTensor): Float32Array;
  /** Runs a kernel with one output, called `output`, over inputs by the kernel's names. */
  run(
    kernel: Kernel,
    weights: Weights | undefined,
    inputs: Readonly<Record<string, TfTensor>>,
    shape: number[],
  ): TfTensor;
  /** Gives back what the host itself holds. */
  dispose(): void;
}

/** A host, or the name of a field of the backend that is not as it was in TensorFlow.js 4.22. */
export type FoundHost = TensorHost | string;

/** The first of these fields that an object does not have as a function. */
export const missingFunction = (what: string, owner: object | null | undefined, names: readonly string[]) => {
  const found = names.find(
    (name) => typeof (owner as Record<string, unknown> | null | undefined)?.[name] !== "function",
  );
  return found === undefined ? undefined : `${what}.${found}`;
};
