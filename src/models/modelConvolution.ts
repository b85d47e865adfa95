/**
 * Makes a spec from a convolution of a model in either format, or says what prevents it.
 *
 * Readers put it in the words of the family, as the model has it. Images and weights stay in the layouts of the model,
 * so that a kernel can be run on its data as they are. Where it is one of the two dense ops in their own layouts, it
 * becomes that op.
 */
import { TilewrightError } from "../ir/errors.js";
import type { FamilySpec } from "../ir/ops/familySpec.js";
import { checkFamily } from "../ops/check.js";
import { denseOp } from "../ops/denseOp.js";
import type { Covered, Missing, WeightName, WeightNames } from "./report.js";
import { type Gap, type Info, isGap, type Shape, type Size } from "./shapes.js";

export interface ModelConvolution {
  /** The spec, in the layouts of the model. Its numbers are those of the file, and may be any. */
  readonly family: Omit<FamilySpec, "value" | "outputShape" | "bias">;
  /** The input, in the layout of the spec. */
  readonly value: Shape;
  /** The sizes of the image that a transposed convolution is to make, where the model says any. */
  readonly outputShape?: readonly Size[];
  readonly weights: WeightNames;
  readonly notes: readonly string[];
}

export function specOf(candidate: ModelConvolution | Missing): Covered | Missing {
  if ("missing" in candidate) return candidate;
  const { family, value, outputShape = [], weights, notes } = candidate;
  const gaps = [
    ...gapsOf(value).map((gap) => ({ ...gap, missing: `the input's shape: ${gap.missing}` })),
    ...outputShape.filter(isGap).map((gap) => ({ ...gap, missing: `the output's shape: ${gap.missing}` })),
  ];
  if (gaps.length > 0) {
    const missing = new Set(gaps.map((gap) => gap.missing));
    return { missing: [...missing], free: gaps.flatMap(({ free }) => free ?? []) };
  }
  const given = { ...family, value, bias: weights.bias !== undefined };
  try {
    const checked = checkFamily(outputShape.length > 0 ? { ...given, outputShape } : given);
    const isChannelsLast = checked.convolution.layout.endsWith("C");
    return { spec: (isChannelsLast ? denseOp(checked) : undefined) ?? checked.spec, weights, notes };
  } catch (error) {
    if (error instanceof TilewrightError) return { missing: [error.message] };
    throw error;
  }
}

/** The name of a tensor of weights, with where it is if it is a constant. */
export const weightName = (name: string, layout: string, info: Info | undefined): WeightName =>
  info?.stored === undefined ? { name, layout } : { name, layout, stored: info.stored };

const gapsOf = (shape: Shape): readonly Gap[] => (isGap(shape) ? [shape] : shape.filter(isGap));
