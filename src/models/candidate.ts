/**
 * From a convolution as a model has it, whatever the format, to a spec of ours, or to what stands in the way.
 *
 * Per axis, with stride 1 and reach (kernel - 1) * rate, both ops are told apart by two numbers: how far the first tap lies
 * before the output (`begin`), and how much larger than the input the output is (`growth`).
 *
 *     SAME    begin = floor(reach / 2), growth = 0
 *     VALID   begin = 0, growth = -reach (conv2d) or reach (atrousConv2dTranspose)
 *
 * Where a kernel has one tap along both axes the two are the same; then it is SAME.
 */
import { show, TilewrightError } from "../ir/errors.js";
import type { Activation } from "../ir/ops/epilogue.js";
import { checkSpec, type OpName, type OpSpec, type Padding } from "../ir/ops/spec.js";
import { type Gap, isGap, type Shape, type Size } from "./shapes.js";

export interface Axis {
  readonly kernel: number;
  readonly dilation: number;
  readonly stride: number;
  /** conv2d: pixels of padding before the image; transposed: pixels cropped before the output. */
  readonly begin: Size;
  readonly growth: Size;
}

export interface Candidate {
  readonly op: OpName;
  /** [N, H, W, Ci], whatever the model's layout. */
  readonly value: Shape;
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
  /** Rows, columns. */
  readonly axes: readonly [Axis, Axis];
  /** How the model spells its padding, for people. */
  readonly padding: string;
  readonly bias: boolean;
  readonly activation?: Activation;
  /** What else stands in the way. */
  readonly missing?: readonly string[];
}

export type Found = OpSpec | { readonly missing: readonly string[] };

export function specOf(candidate: Candidate): Found {
  const { op, value, inputs, outputs, axes, bias, activation } = candidate;
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
    ...gapsOf(value).map((why) => `the input's shape: ${why}`),
  ];
  if (missing.length > 0) return { missing: [...new Set(missing)] };
  try {
    const filters = op === "conv2d" ? [inputs, outputs] : [outputs, inputs];
    return checkSpec({
      ...{ op, value, filters: [...axes.map(({ kernel }) => kernel), ...filters], rate, padding, bias },
      ...(activation === undefined ? {} : { activation }),
    });
  } catch (error) {
    if (error instanceof TilewrightError) return { missing: [error.message] };
    throw error;
  }
}

/** A kernel's single tap has no distance to another, so its axis agrees with any rate. */
function rateOf(axes: readonly Axis[]): number | undefined {
  const rates = new Set(axes.filter(({ kernel }) => kernel > 1).map(({ dilation }) => dilation));
  return rates.size > 1 ? undefined : ([...rates][0] ?? 1);
}

function paddingOf(op: OpName, axes: readonly Axis[]): Padding | Gap | undefined {
  const unknown = axes.flatMap(({ begin, growth }) => [begin, growth]).find(isGap);
  if (unknown !== undefined) return unknown;
  const isSame = ({ kernel, dilation, begin, growth }: Axis): boolean =>
    begin === Math.floor(((kernel - 1) * dilation) / 2) && growth === 0;
  if (axes.every(isSame)) return "SAME";
  const sign = op === "conv2d" ? -1 : 1;
  const isValid = ({ kernel, dilation, begin, growth }: Axis): boolean =>
    begin === 0 && growth === sign * (kernel - 1) * dilation;
  return axes.every(isValid) ? "VALID" : undefined;
}

function gapsOf(shape: Shape): readonly string[] {
  if (isGap(shape)) return [shape.missing];
  return (shape as readonly Size[]).filter(isGap).map(({ missing }) => missing);
}
