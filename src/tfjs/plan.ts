/** Plans: how a kernel of ours serves the calls of one kernel of TensorFlow.js that have the same sizes. */
import type { GivenSpec } from "../ir/ops/spec.js";
import type { TfCall, TfTensor, TfUtil } from "./tf.js";

/** Kinds of work that TensorFlow.js does at different speeds. */
export type WorkKind =
  /** A convolution with more than one tap. */
  | "taps"
  /** A convolution with one tap. */
  | "pointwise"
  | "depthwise"
  | "transposed"
  | "filterGradient"
  /** A product of two matrices as they lie. */
  | "product"
  /** Products of which a factor is turned, or that are many. */
  | "products"
  | "pool";

/** Names of TensorFlow.js' tensors by ours. */
type Renamed = Readonly<Record<string, string>>;

export interface CallPlan {
  readonly spec: GivenSpec;
  readonly inputs: Renamed;
  /** Tensors that are prepared once. */
  readonly weights: Renamed;
  readonly outputShape: readonly number[];
  readonly kind: WorkKind;
  /** Two for each multiply-add of a call. */
  readonly flops: number;
  /** Outputs in all other directions than channels. */
  readonly pixels: number;
  /** True for a convolution of several taps whose stride is longer than they reach. */
  readonly skipsPixels?: boolean;
}

/** A kernel of TensorFlow.js, and what takes its place. */
export interface OpRule {
  readonly kernelName: string;
  /** The plan for calls of these sizes, or the reason why there is none. It looks at no element of a tensor. */
  planOf(call: TfCall, util: TfUtil): CallPlan | string;
}

/** The tensor of this name, or undefined if the call leaves it out. */
export const inputOf = ({ inputs }: TfCall, name: string): TfTensor | undefined => inputs[name] ?? undefined;
