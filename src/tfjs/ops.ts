/** Ops that TensorFlow.js lacks, for its tensors: transposed convolutions with dilations and groups. */

import { fail, show } from "../ir/errors.js";
import type { AxisPadding, FamilySpec } from "../ir/ops/familySpec.js";
import { checkOutputShape, checkSpec, type Shape4 } from "../ir/ops/spec.js";
import { checkOptions } from "../ir/options.js";
import { checkFamily } from "../ops/check.js";
import { runGeneral } from "./gradients.js";
import { GENERAL, type GeneralAttributes } from "./rules/general.js";
import type { TfModule, TfTensor } from "./tf.js";

export function atrousTransposeOf(
  tf: TfModule,
  x: TfTensor,
  filters: TfTensor,
  outputShape: readonly number[],
  rate: number | readonly [number, number],
  padding: "same" | "valid",
): TfTensor {
  const spec = checkSpec({
    ...{ op: "atrousConv2dTranspose", value: [...x.shape], filters: [...filters.shape], rate },
    padding: upperCase(padding),
  });
  checkOutputShape(spec, outputShape);
  const rates = typeof spec.rate === "number" ? [spec.rate, spec.rate] : spec.rate;
  const { padding: ends } = spec;
  const image = outputShape.slice(1, 3);
  const before = [0, 1].map((axis) => {
    const span = ((spec.filters[axis] as number) - 1) * (rates[axis] as number);
    return ends === "SAME" ? Math.floor(span / 2) : 0;
  });
  const attributes = attributesFrom(x.shape as unknown as Shape4, spec.filters, {
    ...{ image, before, dilations: rates, strides: [1, 1], groups: 1 },
  });
  return runGeneral(tf, GENERAL.transposed, { y: x, filter: filters }, attributes);
}

export interface TransposeOptions {
  /** The sizes of the output's image, or its whole shape. Default: the largest for "same", the smallest for "valid". */
  readonly outputShape?: readonly number[];
  /** Default 1. */
  readonly strides?: number | readonly [number, number];
  /** Default 1. */
  readonly dilations?: number | readonly [number, number];
  /** Groups of channels that do not meet. Default 1. */
  readonly groups?: number;
  /** Crops the output: by a word, or by pixels at both ends of rows and of columns. Default "valid": by nothing. */
  readonly padding?: "same" | "valid" | readonly AxisPadding[];
}

const OPTIONS = ["outputShape", "strides", "dilations", "groups", "padding"];

export function conv2dTransposeOf(
  tf: TfModule,
  x: TfTensor,
  filters: TfTensor,
  options: TransposeOptions = {},
): TfTensor {
  const { padding, strides = 1, dilations = 1, groups = 1, outputShape } = checkOptions(options, OPTIONS);
  const spec: FamilySpec = {
    ...{ op: "conv2dTranspose", value: x.shape, filters: filters.shape, groups },
    ...{ strides: pair(strides), dilations: pair(dilations) },
    ...(padding === undefined ? {} : { padding: typeof padding === "string" ? upperCase(padding) : padding }),
    ...(outputShape === undefined ? {} : { outputShape }),
  };
  return transposeBySpec(tf, x, filters, spec);
}

/** Runs a spec of the family over tensors of TensorFlow.js. */
export function transposeBySpec(tf: TfModule, x: TfTensor, filters: TfTensor, spec: FamilySpec): TfTensor {
  const { axes, groups } = checkFamily({ ...spec }).convolution;
  const attributes = attributesFrom(x.shape as unknown as Shape4, filters.shape as unknown as Shape4, {
    image: axes.map(({ input }) => input),
    before: axes.map(({ pad }) => pad),
    dilations: axes.map(({ dilation }) => dilation),
    strides: axes.map(({ stride }) => stride),
    groups,
  });
  return runGeneral(tf, GENERAL.transposed, { y: x, filter: filters }, attributes);
}

type PerAxis = readonly number[];

function attributesFrom(
  [, rows, columns, inputs]: Shape4,
  filterShape: Shape4,
  axes: {
    readonly image: PerAxis;
    readonly before: PerAxis;
    readonly dilations: PerAxis;
    readonly strides: PerAxis;
  } & {
    readonly groups: number;
  },
): GeneralAttributes {
  const both = ([first, second]: PerAxis) => [first as number, second as number] as const;
  const { image, before, dilations, strides, groups } = axes;
  return {
    ...{ image: both(image), output: [rows, columns], channels: [filterShape[2] * groups, inputs], filterShape },
    ...{ strides: both(strides), dilations: both(dilations), before: both(before), groups },
  };
}

const pair = (given: number | readonly number[]): readonly number[] =>
  typeof given === "number" ? [given, given] : given;

function upperCase(padding: unknown): "SAME" | "VALID" {
  if (padding === "same" || padding === "valid") return padding === "same" ? "SAME" : "VALID";
  return fail("invalid-spec", `padding must be "same" or "valid"; got ${show(padding)}`);
}
