/**
 * Specs of the convolution family: forward and transposed, in one to three dimensions, in the words of five owners.
 *
 * Reading them takes code that pages with other specs never load, so here are their types alone.
 */
import type { Activation } from "./epilogue.js";

/** Whose rules decide default layouts, sizes and paddings. */
export type Convention = "tensorflow" | "keras" | "onnx" | "pytorch" | "webnn";

export type FamilyOp =
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "conv1dTranspose"
  | "conv2dTranspose"
  | "conv3dTranspose"
  | "depthwiseConv2d";

export const FAMILY_OPS: readonly FamilyOp[] = [
  "conv1d",
  "conv2d",
  "conv3d",
  "conv1dTranspose",
  "conv2dTranspose",
  "conv3dTranspose",
  "depthwiseConv2d",
];

/** The axes of an image. */
type Taps = "w" | "hw" | "dhw";

export type ImageLayout = "NWC" | "NCW" | "NHWC" | "NCHW" | "NDHWC" | "NCDHW";

/** The order of taps, input channels (i) and output channels (o). */
export type FilterLayout = `${Taps}io` | `${Taps}oi` | `io${Taps}` | `oi${Taps}` | `i${Taps}o` | `o${Taps}i`;

/** Rows or columns of zeros before and after the image. */
export type AxisPadding = readonly [before: number, after: number];

export interface FamilySpec {
  readonly op: FamilyOp;
  /** The shape of the input, in the order of `layout`. */
  readonly value: readonly number[];
  /**
   * The shape of the filters, in the order of `filterLayout`; of a depthwise convolution [kh, kw, C, M], for M outputs
   * of each channel. With groups, the channels that the filters read (of a transposed convolution: that they write) are
   * those of one group.
   */
  readonly filters: readonly number[];
  /** One for each axis of the image. Default 1. */
  readonly strides?: readonly number[];
  /** The distance between taps, for each axis of the image. Default 1. */
  readonly dilations?: readonly number[];
  /** Groups of channels that do not meet. Default 1. */
  readonly groups?: number;
  /**
   * Zeros around the image, or what a transposed convolution crops: by a word, or in numbers for each axis of
   * the image. Default: nothing, or what `outputShape` takes in the convention "onnx".
   */
  readonly padding?: "SAME" | "SAME_UPPER" | "SAME_LOWER" | "VALID" | readonly AxisPadding[];
  /** Transposed: the sizes of the output's image, or its whole shape. Default: what follows from the rest. */
  readonly outputShape?: readonly number[];
  /** Transposed: rows that are added at the end of each axis. */
  readonly outputPadding?: readonly number[];
  /** True if a bias, one number for each output channel, is added to the sum. Default false. */
  readonly bias?: boolean;
  /** True if a further input `residual`, of the shape of the output, is added before the activation. Default false. */
  readonly residual?: boolean;
  /** With "glu" the second half of the output's channels are gates: `x * sigmoid(gate)` for each of the first half. */
  readonly activation?: Activation | "glu";
  /** Applied to the elements of the input before they are multiplied. Padding stays 0. */
  readonly prologue?: Activation;
  /** The order of dimensions of the input and the output. Default: the convention's. */
  readonly layout?: ImageLayout;
  /** Default: the convention's. */
  readonly filterLayout?: FilterLayout;
  /** Default "tensorflow". */
  readonly convention?: Convention;
  readonly rate?: never;
}

/** A size that each call chooses: a multiple of `multiple`, by default of 1, up to `max`, which is one as well. */
export interface ChosenSize {
  readonly max: number;
  readonly multiple?: number;
}

/**
 * A spec of the family for inputs of many lengths: the input of each call chooses one size of the image, or the batch.
 * In all tensors the dimensions before it have one element. With a stride, `multiple` is a multiple of that.
 */
export interface AnyLengthSpec extends Omit<FamilySpec, "value" | "outputShape"> {
  readonly value: readonly (number | ChosenSize)[];
  readonly outputShape?: never;
}
