/**
 * Makes a spec from a convolution of a model in either format, or says what prevents it.
 *
 * With stride 1 and span (kernel - 1) * rate, two numbers per axis decide the padding: `begin`, the distance of the
 * first tap before the output, and `growth`, the size of the output minus that of the input.
 *
 *     SAME    begin = floor(span / 2), growth = 0
 *     VALID   begin = 0, growth = -span (conv2d) or span (atrousConv2dTranspose)
 *
 * For a kernel of one tap along both axes SAME and VALID are equal, and the spec says SAME.
 */
import { show, TilewrightError } from "../ir/errors.js";
import type { Activation } from "../ir/ops/epilogue.js";
import { checkSpec, type OpName, type OpSpec, type Padding } from "../ir/ops/spec.js";
import type { Covered, Missing, WeightNames } from "./report.js";
import { type Gap, isGap, type Shape, type Size } from "./shapes.js";

export interface ConvolutionAxis {
  readonly kernel: number;
  readonly dilation: number;
  readonly stride: number;
  /**
   * For conv2d, the pixels of padding before the image. For the transposed op, the pixels cropped before the output.
   */
  readonly begin: Size;
  readonly growth: Size;
}

export interface ModelConvolution {
  readonly op: OpName;
  /** [N, H, W, Ci], in any layout of the model. */
  readonly value: Shape;
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
  /** The axis of the rows, then that of the columns. */
  readonly axes: readonly [ConvolutionAxis, ConvolutionAxis];
  /** The padding as the model spells it, for messages. */
  readonly padding: string;
  readonly weights: WeightNames;
  readonly activation?: Activation;
  readonly notes?: readonly string[];
  /** Further reasons why there is no spec. */
  readonly missing?: readonly string[];
}

export function specOf(candidate: ModelConvolution): Covered | Missing {
  const { op, value, inputs, outputs, axes, weights, activation, notes = [] } = candidate;
  const bias = weights.bias !== undefined;
  const rate = rateOf(axes);
  const dense = axes.every(({ stride }) => stride === 1);
  const padding = dense ? paddingOf(op, axes) : "SAME";
  const missing = [
    ...(candidate.missing ?? []),
    ...(dense ? [] : [`strides ${show(axes.map(({ stride }) => stride))}; only 1 is compiled`]),
    ...(candidate.groups === 1 ? [] : [`group ${candidate.groups}; only 1 is compiled`]),
    ...(rate === undefined ? [`dilations ${show(axes.map((axis) => axis.dilation))}; one rate serves both axes`] : []),
    ...(padding === undefined ? [`${candidate.padding}; only SAME and VALID are compiled`] : []),
    ...(typeof padding === "object" ? [`${candidate.padding}: ${padding.missing}`] : []),
    ...gapsOf(value).map((gap) => `the input's shape: ${gap.missing}`),
  ];
  if (missing.length > 0) {
    const gaps = [...gapsOf(value), ...(typeof padding === "object" ? [padding] : [])];
    return { missing: [...new Set(missing)], free: gaps.flatMap(({ free }) => free ?? []) };
  }
  try {
    const filters = op === "conv2d" ? [inputs, outputs] : [outputs, inputs];
    const spec: OpSpec = checkSpec({
      ...{ op, value, filters: [...axes.map(({ kernel }) => kernel), ...filters], rate, padding, bias },
      ...(activation === undefined ? {} : { activation }),
    });
    return { spec, weights, notes };
  } catch (error) {
    if (error instanceof TilewrightError) return { missing: [error.message] };
    throw error;
  }
}

/**
 * The rate of both axes; undefined if they differ. A single tap has no distance to another, so it agrees with any rate.
 */
function rateOf(axes: readonly ConvolutionAxis[]): number | undefined {
  const rates = new Set(axes.filter(({ kernel }) => kernel > 1).map(({ dilation }) => dilation));
  return rates.size > 1 ? undefined : ([...rates][0] ?? 1);
}

function paddingOf(op: OpName, axes: readonly ConvolutionAxis[]): Padding | Gap | undefined {
  const unknown = axes.flatMap(({ begin, growth }) => [begin, growth]).find(isGap);
  if (unknown !== undefined) return unknown;
  const isSame = ({ kernel, dilation, begin, growth }: ConvolutionAxis): boolean =>
    begin === Math.floor(((kernel - 1) * dilation) / 2) && growth === 0;
  if (axes.every(isSame)) return "SAME";
  const sign = op === "conv2d" ? -1 : 1;
  const isValid = ({ kernel, dilation, begin, growth }: ConvolutionAxis): boolean =>
    begin === 0 && growth === sign * (kernel - 1) * dilation;
  return axes.every(isValid) ? "VALID" : undefined;
}

const gapsOf = (shape: Shape): readonly Gap[] => (isGap(shape) ? [shape] : shape.filter(isGap));
