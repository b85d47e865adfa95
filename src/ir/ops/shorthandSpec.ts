/**
 * Shorthands: specs that name an op of the library and its sizes, and stand for a formula. What reads one makes the
 * formula, and from then on the formula is the spec: of the kernel, in files and in records.
 *
 * Reading them takes code that pages with other specs never load, so here are their types and names alone.
 */
import type { Activation } from "./epilogue.js";
import type { AxisPadding, Convention, ImageLayout } from "./familySpec.js";

type SizeList = readonly number[];

/** `output[.., i, j] = sum(k: a[.., i, k] * b[.., k, j])`. Dimensions before the last two are broadcast. */
export interface MatmulSpec {
  readonly op: "matmul";
  readonly a: SizeList;
  readonly b: SizeList;
  /** True if the last two dimensions change places first. Default false. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Names of those of `a` and `b` that are given once, to `prepare`. Default: none. */
  readonly weights?: readonly ("a" | "b")[];
  /** True if a bias, a number for each column, is added. It is one of the weights. Default false. */
  readonly bias?: boolean;
  readonly activation?: Activation;
}

/** `output[.., o] = sum(i: value[.., i] * filters[i, o])` */
export interface DenseSpec {
  readonly op: "dense";
  readonly value: SizeList;
  /** [Ci, Co] */
  readonly filters: SizeList;
  /** True if a bias [Co] is added. Default false. */
  readonly bias?: boolean;
  readonly activation?: Activation;
}

/** The largest number of each window, or the mean. The window has one to three axes. */
export interface PoolSpec {
  readonly op: "maxPool" | "averagePool";
  readonly value: SizeList;
  /** Taps along each axis of the image. */
  readonly window: SizeList;
  /** Default: the window's size; 1 in the conventions "onnx" and "webnn". */
  readonly strides?: SizeList;
  /** Default 1. */
  readonly dilations?: SizeList;
  /** Default: none. Taps in the padding never count in a maximum. */
  readonly padding?: "SAME" | "SAME_UPPER" | "SAME_LOWER" | "VALID" | readonly AxisPadding[];
  /** True if a mean counts taps in the padding, as zeros. Default: true in the convention "pytorch", else false. */
  readonly countPadding?: boolean;
  /** Default: the convention's. */
  readonly layout?: ImageLayout;
  /** Whose defaults there are. Default "tensorflow". */
  readonly convention?: Convention;
}

/** Powers along an axis, divided by their sum. */
export interface SoftmaxSpec {
  readonly op: "softmax";
  readonly value: SizeList;
  /** Negative numbers count from the last axis. Default -1. */
  readonly axis?: number;
}

/** `(value - mean) / sqrt(variance + epsilon) * scale + bias`, over all axes from `axis` to the last. */
export interface LayerNormSpec {
  readonly op: "layerNorm";
  readonly value: SizeList;
  /** The first axis of those that are normalised. Default -1. */
  readonly axis?: number;
  /** Default 1e-5. */
  readonly epsilon?: number;
  /** True if there is a scale, of the shape of the normalised axes. Default true. */
  readonly scale?: boolean;
  /** True if there is a bias, of the same shape. Default true. */
  readonly bias?: boolean;
}

/** The same with a mean and a variance of each channel that are weights, as at inference. */
export interface BatchNormSpec {
  readonly op: "batchNorm";
  readonly value: SizeList;
  /** The axis of the channels. Default -1. */
  readonly axis?: number;
  /** Default 1e-5. */
  readonly epsilon?: number;
  /** Default true. */
  readonly scale?: boolean;
  /** Default true. */
  readonly bias?: boolean;
  readonly activation?: Activation;
}

/** An image in another size. */
export interface ResizeSpec {
  readonly op: "resize";
  readonly value: SizeList;
  /** The new size of each axis of the image. */
  readonly size: SizeList;
  readonly method: "nearest" | "bilinear";
  /**
   * Where an output lies in the input: by centres of pixels, by centres of the corner pixels, or by the corners of
   * pixels, that is at `y * input / output`. "nearest" rounds centres of corner pixels half up, and else down. Default
   * "halfPixel".
   */
  readonly coordinates?: "halfPixel" | "alignCorners" | "asymmetric";
  /** Default: channels last. */
  readonly layout?: ImageLayout;
}

/** Channels become blocks of pixels. */
export interface PixelShuffleSpec {
  readonly op: "pixelShuffle";
  readonly value: SizeList;
  /** Rows and columns of a block. */
  readonly block: number;
  /** The order in the input's channels: the block first, as in TensorFlow, or last, as in PyTorch. Default "DCR". */
  readonly mode?: "DCR" | "CRD";
  /** Default "NHWC". */
  readonly layout?: "NHWC" | "NCHW";
}

/** A tensor with more around it. */
export interface PadSpec {
  readonly op: "pad";
  readonly value: SizeList;
  /** For each axis, how many elements are added before and after. */
  readonly padding: readonly AxisPadding[];
  /** The elements that are added: a number, a mirror image, or the first and the last again. Default "constant". */
  readonly mode?: "constant" | "reflect" | "edge";
  /** The number. Default 0. */
  readonly fill?: number;
}

/**
 * Two tensors, element by element. Dimensions are broadcast: they are aligned at the last, and those of size 1 repeat.
 */
export interface BinarySpec {
  readonly op: "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum";
  readonly a: SizeList;
  readonly b: SizeList;
  readonly activation?: Activation;
}

/** An activation alone. */
export interface ActivateSpec {
  readonly op: "activate";
  readonly value: SizeList;
  readonly activation: Activation;
}

/** All elements along some axes as one number. */
export interface ReduceSpec {
  readonly op: "reduceSum" | "reduceMean" | "reduceMax" | "reduceMin";
  readonly value: SizeList;
  /** Negative numbers count from the last axis. Default: all. */
  readonly axes?: readonly number[];
  /** True if these axes stay, with size 1. Default false. */
  readonly keepDims?: boolean;
}

export type ShorthandSpec =
  | MatmulSpec
  | DenseSpec
  | PoolSpec
  | SoftmaxSpec
  | LayerNormSpec
  | BatchNormSpec
  | ResizeSpec
  | PixelShuffleSpec
  | PadSpec
  | BinarySpec
  | ActivateSpec
  | ReduceSpec;

/** A record, so that the compiler of TypeScript finds an op that is missing. */
const NAMES: Readonly<Record<ShorthandSpec["op"], true>> = {
  matmul: true,
  dense: true,
  maxPool: true,
  averagePool: true,
  softmax: true,
  layerNorm: true,
  batchNorm: true,
  resize: true,
  pixelShuffle: true,
  pad: true,
  add: true,
  subtract: true,
  multiply: true,
  divide: true,
  maximum: true,
  minimum: true,
  activate: true,
  reduceSum: true,
  reduceMean: true,
  reduceMax: true,
  reduceMin: true,
};

export const SHORTHANDS = Object.keys(NAMES) as readonly ShorthandSpec["op"][];

/** True if the value means to be a shorthand. */
export const isShorthand = (spec: unknown): spec is ShorthandSpec =>
  SHORTHANDS.some((op) => op === (spec as { readonly op?: unknown } | null | undefined)?.op);
