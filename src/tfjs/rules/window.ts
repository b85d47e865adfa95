/** The sizes of a convolution in the words of the family: padding in numbers, whatever TensorFlow.js was told. */
import type { AxisPadding } from "../../ir/ops/familySpec.js";
import type { TfCall, TfConvInfo, TfUtil } from "../tf.js";

export const NO_WINDOW = "channels come first, or the padding is unusual";

/** The sizes of a convolution by TensorFlow.js, from a call's attributes and the shapes of image and filters. */
export function convInfo(
  { attrs = {} }: TfCall,
  image: readonly number[],
  filters: readonly number[],
  util: TfUtil,
  kind: "dense" | "depthwise" = "dense",
): TfConvInfo {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attrs;
  const format = dataFormat === "NCHW" ? "channelsFirst" : "channelsLast";
  const isDepthwise = kind === "depthwise";
  const shapes: [number[], number[]] = [[...image], [...filters]];
  return util.computeConv2DInfo(...shapes, strides, dilations ?? 1, pad, dimRoundingMode, isDepthwise, format);
}

/** One axis of an image and of what a convolution makes of it. */
export interface ConvAxis {
  readonly image: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Rows of zeros before the image. */
  readonly before: number;
}

export interface ConvWindow {
  readonly axes: readonly [ConvAxis, ConvAxis];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly AxisPadding[];
}

/** The axes of a convolution; undefined where channels come first, or where padding cannot say its size. */
export function windowOf(info: TfConvInfo): ConvWindow | undefined {
  if (info.dataFormat !== "channelsLast") return undefined;
  return windowFrom([
    {
      ...{ image: info.inHeight, output: info.outHeight, kernel: info.filterHeight, before: info.padInfo.top },
      ...{ stride: info.strideHeight, dilation: info.dilationHeight },
    },
    {
      ...{ image: info.inWidth, output: info.outWidth, kernel: info.filterWidth, before: info.padInfo.left },
      ...{ stride: info.strideWidth, dilation: info.dilationWidth },
    },
  ]);
}

export function windowFrom(axes: readonly [ConvAxis, ConvAxis]): ConvWindow | undefined {
  const [rows, columns] = axes.map(paddingAlong);
  if (!rows || !columns) return undefined;
  return {
    axes,
    strides: axes.map(({ stride }) => stride),
    // A single tap has no distance to another.
    dilations: axes.map(({ kernel, dilation }) => (kernel > 1 ? dilation : 1)),
    padding: [rows, columns],
  };
}

/** Zeros before and after. The last rows of an image may be read by no tap, if they are fewer than the stride. */
function paddingAlong({ image, output, kernel, stride, dilation, before }: ConvAxis): AxisPadding | undefined {
  const after = (output - 1) * stride + (kernel - 1) * dilation + 1 - image - before;
  if (after >= 0) return [before, after];
  return -after < stride ? [before, 0] : undefined;
}

/** True for windows of more than one tap that do not read all pixels. */
export const skipsPixels = ({ axes }: ConvWindow): boolean =>
  axes.some(({ kernel }) => kernel > 1) && axes.some(({ stride, kernel }) => stride > kernel);
