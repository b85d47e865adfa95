/**
 * The kernels of the ops that TensorFlow.js lacks: convolutions with any strides, dilations and groups, transposed
 * ones, and the gradient with respect to filters. All three are of one convolution, from an image to an output.
 */

import type { FamilySpec } from "../../ir/ops/familySpec.js";
import { elementCount } from "../../ir/shape.js";
import { type CallPlan, inputOf, type OpRule } from "../plan.js";
import type { TfCall, TfTensor } from "../tf.js";
import { canonicalSpec } from "./conv2d.js";
import { filterGradientPlan } from "./filterGradient.js";
import { areFloats, NO_FLOATS } from "./floats.js";
import { NO_WINDOW, windowFrom } from "./window.js";

/** Attributes of all three. */
export interface GeneralAttributes {
  /** Rows and columns of the image, and of the output. */
  readonly image: readonly [number, number];
  readonly output: readonly [number, number];
  /** Channels of the image, and of the output. */
  readonly channels: readonly [number, number];
  /** [kh, kw, channels of the image in a group, channels of the output] */
  readonly filterShape: readonly number[];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly groups: number;
  /** Rows and columns of zeros before the image. */
  readonly before: readonly [number, number];
}

export const GENERAL = {
  forward: "TilewrightConv2D",
  transposed: "TilewrightConv2DTranspose",
  filters: "TilewrightConv2DFilters",
} as const;

/** The convolution from images to outputs. */
function convolutionOf(attributes: GeneralAttributes, batch: number): FamilySpec | undefined {
  const { image, output, channels, filterShape, strides, dilations, groups, before } = attributes;
  const axis = (i: 0 | 1) => ({
    ...{ image: image[i], output: output[i], kernel: filterShape[i] as number },
    ...{ stride: strides[i], dilation: dilations[i], before: before[i] },
  });
  const window = windowFrom([axis(0), axis(1)]);
  if (!window) return undefined;
  const { axes: _, ...sizes } = window;
  const value = [batch, ...image, channels[0]];
  return { op: "conv2d", value, filters: filterShape, ...sizes, ...(groups > 1 ? { groups } : {}) };
}

/** The plan of a call with the tensors of these names. */
function planned(
  call: TfCall,
  names: readonly [string, string],
  make: (convolution: FamilySpec, attributes: GeneralAttributes, batch: number) => CallPlan,
): CallPlan | string {
  const [first, second] = names.map((name) => inputOf(call, name));
  if (!first || !second || !areFloats(call)) return NO_FLOATS;
  const attributes = call.attrs as unknown as GeneralAttributes;
  const [batch = 1] = (first as TfTensor).shape;
  const convolution = convolutionOf(attributes, batch);
  return convolution ? make(convolution, attributes, batch) : NO_WINDOW;
}

const workOf = ({ output, channels, filterShape }: GeneralAttributes, batch: number) => ({
  flops: 2 * batch * elementCount(output) * channels[1] * elementCount(filterShape.slice(0, 3)),
  pixels: batch * elementCount(output),
});

const FORWARD: OpRule = {
  kernelName: GENERAL.forward,
  planOf: (call) =>
    planned(call, ["x", "filter"], (convolution, attributes, batch) => ({
      spec: canonicalSpec(convolution),
      inputs: { value: "x" },
      weights: { filters: "filter" },
      outputShape: [batch, ...attributes.output, attributes.channels[1]],
      kind: "taps",
      ...workOf(attributes, batch),
    })),
};

const TRANSPOSED: OpRule = {
  kernelName: GENERAL.transposed,
  planOf: (call) =>
    planned(call, ["y", "filter"], (convolution, attributes, batch) => ({
      spec: canonicalSpec({
        ...convolution,
        ...{ op: "conv2dTranspose", value: [batch, ...attributes.output, attributes.channels[1]] },
        outputShape: attributes.image,
      }),
      inputs: { value: "y" },
      weights: { filters: "filter" },
      outputShape: [batch, ...attributes.image, attributes.channels[0]],
      kind: "transposed",
      ...workOf(attributes, batch),
    })),
};

const FILTERS: OpRule = {
  kernelName: GENERAL.filters,
  planOf: (call) =>
    planned(call, ["x", "y"], (convolution, { output, channels }, batch) =>
      filterGradientPlan(convolution, batch * elementCount(output) * channels[1], { value: "x", upstream: "y" }),
    ),
};

export const GENERAL_RULES: readonly OpRule[] = [FORWARD, TRANSPOSED, FILTERS];
