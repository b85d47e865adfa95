/**
 * Sizes along one axis of an image: how many outputs there are, and how much padding comes first. Owners differ here.
 *
 * `reach` is the distance from the first tap to the last, both included. `full` is the size of a transposed convolution
 * of which nothing is cropped.
 */
import type { AxisPadding, Convention } from "../ir/ops/familySpec.js";

export interface AxisShape {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

/** A word, or rows before and after. */
export type PaddingOfAxis = "SAME" | "SAME_UPPER" | "SAME_LOWER" | AxisPadding;

export interface AxisSize {
  /** Negative if nothing fits. */
  readonly output: number;
  /** Rows before the first one that are zeros; of a transposed convolution, that are cropped. */
  readonly pad: number;
}

export const tapReach = ({ kernel, dilation }: AxisShape): number => (kernel - 1) * dilation + 1;

const fullOf = (axis: AxisShape): number => (axis.size - 1) * axis.stride + tapReach(axis);

/** The share of a total padding that comes first. What does not halve evenly comes last, unless it is said. */
const firstHalf = (total: number, isOddFirst: boolean): number =>
  isOddFirst ? Math.ceil(Math.max(0, total) / 2) : Math.floor(Math.max(0, total) / 2);

export function forwardSize(axis: AxisShape, padding: PaddingOfAxis): AxisSize {
  const { size, stride } = axis;
  if (typeof padding === "object") {
    const [before, after] = padding;
    return { output: Math.floor((size + before + after - tapReach(axis)) / stride) + 1, pad: before };
  }
  const output = Math.ceil(size / stride);
  return { output, pad: firstHalf((output - 1) * stride + tapReach(axis) - size, padding === "SAME_LOWER") };
}

/** A caller's wishes for an output, beside the padding. */
export interface AskedSize {
  readonly size?: number | undefined;
  /** Rows that are added at the end. */
  readonly more?: number | undefined;
}

export interface TransposedSize extends AxisSize {
  /** The sizes that a caller may ask for. */
  readonly least: number;
  readonly most: number;
}

export function transposedSize(
  convention: Convention,
  axis: AxisShape,
  padding: PaddingOfAxis | undefined,
  asked: AskedSize,
): TransposedSize {
  if (convention === "onnx") return onnxSize(axis, padding, asked);
  const { size, stride } = axis;
  const full = fullOf(axis);
  const isSame = typeof padding === "string";
  const [before, after] = isSame || !padding ? [0, 0] : padding;
  // The sizes of images that the convolution, which this one transposes, shrinks to the size of the input.
  const [least, most] = isSame
    ? [(size - 1) * stride + 1, size * stride]
    : [full - before - after, full - before - after + stride - 1];
  const usual = convention === "keras" ? kerasSize(axis, isSame, asked) : isSame ? most : least + (asked.more ?? 0);
  const output = asked.size ?? usual;
  return { output, pad: isSame ? firstHalf(full - output, false) : before, least: Math.max(0, least), most };
}

/** `deconv_output_length` of Keras, whose output padding of 0 is another than none. */
function kerasSize(axis: AxisShape, isSame: boolean, { more }: AskedSize): number {
  const { size, stride } = axis;
  if (more !== undefined) return fullOf(axis) + more - (isSame ? 2 * Math.floor(tapReach(axis) / 2) : 0);
  return isSame ? size * stride : (size - 1) * stride + Math.max(tapReach(axis), stride);
}

/** In ONNX a size that is asked for decides the padding, and it may be any. SAME crops, and never adds. */
function onnxSize(axis: AxisShape, padding: PaddingOfAxis | undefined, { size, more = 0 }: AskedSize): TransposedSize {
  const limits = { least: 0, most: Number.POSITIVE_INFINITY };
  const full = fullOf(axis) + more;
  if (typeof padding === "object") return { ...limits, output: full - padding[0] - padding[1], pad: padding[0] };
  const output = size ?? (padding ? Math.min(axis.size * axis.stride, full) : full);
  return { ...limits, output, pad: firstHalf(full - output, padding !== "SAME_UPPER") };
}
