/** Gradients of convolutions with respect to their filters: `Conv2DBackpropFilter`. Neither tensor is prepared. */

import type { FamilySpec } from "../../ir/ops/familySpec.js";
import { elementCount } from "../../ir/shape.js";
import { gradientOf } from "../../specs/gradient.js";
import { type CallPlan, inputOf, type OpRule } from "../plan.js";
import type { TfCall, TfUtil } from "../tf.js";
import { areFloats, NO_FLOATS } from "./floats.js";
import { convInfo, NO_WINDOW, windowOf } from "./window.js";

/** The plan for the gradient of a convolution with respect to its filters. */
export function filterGradientPlan(spec: FamilySpec, outputs: number, names: CallPlan["inputs"]): CallPlan {
  const [kh = 1, kw = 1, depth = 1] = spec.filters;
  return {
    spec: gradientOf(spec, "filters"),
    inputs: names,
    weights: {},
    outputShape: spec.filters,
    kind: "filterGradient",
    flops: 2 * outputs * kh * kw * (spec.op === "depthwiseConv2d" ? 1 : depth),
    pixels: elementCount(spec.filters),
  };
}

function planOf(call: TfCall, util: TfUtil): CallPlan | string {
  const [x, dy] = [inputOf(call, "x"), inputOf(call, "dy")];
  if (!x || !dy || !areFloats(call)) return NO_FLOATS;
  const filters = call.attrs?.filterShape as readonly number[];
  const info = convInfo(call, x.shape, filters, util);
  const window = windowOf(info);
  if (!window) return NO_WINDOW;
  if (String(info.outShape) !== String(dy.shape)) return "dy has not the shape of the convolution's output";
  const { strides, dilations, padding } = window;
  const spec: FamilySpec = { op: "conv2d", value: x.shape, filters, strides, dilations, padding };
  return filterGradientPlan(spec, elementCount(info.outShape), { value: "x", upstream: "dy" });
}

export const CONV2D_BACKPROP_FILTER: OpRule = { kernelName: "Conv2DBackpropFilter", planOf };
