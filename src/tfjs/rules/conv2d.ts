/** Convolutions: `Conv2D`, and `FusedConv2D` with a bias and an activation. */

import type { FamilySpec } from "../../ir/ops/familySpec.js";
import { elementCount } from "../../ir/shape.js";
import { checkFamily } from "../../ops/check.js";
import { denseOp } from "../../ops/denseOp.js";
import { type CallPlan, inputOf, type OpRule } from "../plan.js";
import type { TfCall, TfConvInfo, TfUtil } from "../tf.js";
import { type Epilogue, epilogueOf, NO_EPILOGUE } from "./epilogue.js";
import { areFloats, NO_FLOATS } from "./floats.js";
import { preluFormula } from "./prelu.js";
import { type ConvWindow, convInfo, NO_WINDOW, skipsPixels, windowOf } from "./window.js";

/** The spec in the words that files of kernels have for it: a convolution of the library, where it is one. */
export const canonicalSpec = (spec: FamilySpec) => denseOp(checkFamily({ ...spec })) ?? spec;

function planOf(call: TfCall, util: TfUtil, epilogue: (channels: number) => Epilogue | string): CallPlan | string {
  const [x, filter] = [inputOf(call, "x"), inputOf(call, "filter")];
  if (!x || !filter || !areFloats(call)) return NO_FLOATS;
  const info = convInfo(call, x.shape, filter.shape, util);
  const window = windowOf(info);
  if (!window) return NO_WINDOW;
  if (info.inChannels !== filter.shape[2]) return "channels are in groups";
  const after = epilogue(info.outChannels);
  if (typeof after === "string") return after;
  const spec = specFor(x.shape, filter.shape, window, after);
  return {
    spec: after.isPrelu ? preluFormula(spec, info.outShape) : canonicalSpec(spec),
    inputs: { value: "x" },
    weights: { filters: "filter", ...after.weights },
    outputShape: info.outShape,
    ...workOf(info),
    skipsPixels: skipsPixels(window),
  };
}

const specFor = (
  value: readonly number[],
  filters: readonly number[],
  { strides, dilations, padding }: ConvWindow,
  { spec }: Epilogue,
): FamilySpec => ({ op: "conv2d", value, filters, strides, dilations, padding, ...spec });

function workOf(info: TfConvInfo): Pick<CallPlan, "kind" | "flops" | "pixels"> {
  const taps = info.filterHeight * info.filterWidth;
  return {
    kind: taps === 1 ? "pointwise" : "taps",
    flops: 2 * elementCount(info.outShape) * taps * info.inChannels,
    pixels: info.batchSize * info.outHeight * info.outWidth,
  };
}

export const CONV2D: OpRule = {
  kernelName: "Conv2D",
  planOf: (call, util) => planOf(call, util, () => NO_EPILOGUE),
};

export const FUSED_CONV2D: OpRule = {
  kernelName: "FusedConv2D",
  planOf: (call, util) => planOf(call, util, (channels) => epilogueOf(call, channels)),
};
