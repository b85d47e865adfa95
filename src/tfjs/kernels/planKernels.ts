/** The kernels of one backend: made for plans, kept, and called. */
import type { CallPlan } from "../plan.js";
import type { TfCall, TfTensor } from "../tf.js";

export interface PlanKernels {
  /** Threads of TensorFlow.js for each one of ours. */
  readonly handicap: number;
  /**
   * True on a GPU. Kernels are then made while TensorFlow.js' own serve, wherever it has them, and a call has ended
   * when it is recorded, so its time says nothing.
   */
  readonly isOnGpu: boolean;
  /** Loads what makes kernels in place. */
  ready(): Promise<void>;
  /** Why TensorFlow.js' own kernels must serve for now, if they must. */
  obstacle(): string | undefined;
  /** The tensors of a call that its kernel is made for. */
  madeFor(plan: CallPlan, call: TfCall): readonly TfTensor[];
  /** Makes a kernel in place; false if a free one only took new weights. Throws what `compileSync` throws. */
  make(plan: CallPlan, tensors: readonly TfTensor[]): boolean;
  /** Makes it bit by bit, or takes one that was made ahead of time. It is not kept if it is no longer wanted then. */
  makeLater(plan: CallPlan, tensors: readonly TfTensor[]): Promise<void>;
  /**
   * The output of a call; undefined while there is no kernel for it. Throws a TilewrightError where a tensor lies out
   * of reach.
   */
  run(plan: CallPlan, call: TfCall): TfTensor | undefined;
  /** Gives all memory back. */
  dispose(): void;
}

/** Tensors of a call, by the names that a kernel has for them. */
export function renamed(names: Readonly<Record<string, string>>, { inputs }: TfCall): Record<string, TfTensor> {
  return Object.fromEntries(Object.entries(names).map(([ours, theirs]) => [ours, inputs[theirs] as TfTensor]));
}
