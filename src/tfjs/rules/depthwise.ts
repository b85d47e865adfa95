/** Depthwise convolutions, fused ones among them, and their gradients. */

import type { FamilySpec } from "../../ir/ops/familySpec.js";
import { elementCount } from "../../ir/shape.js";
import { type CallPlan, inputOf, type OpRule } from "../plan.js";
import type { TfCall, TfConvInfo, TfUtil } from "../tf.js";
import { type Epilogue, epilogueOf, NO_EPILOGUE } from "./epilogue.js";
import { filterGradientPlan } from "./filterGradient.js";
import { areFloats, NO_FLOATS } from "./floats.js";
import { preluFormula } from "./prelu.js";
import { type ConvWindow, convInfo, NO_WINDOW, skipsPixels, windowOf } from "./window.js";

interface DepthwiseSizes {
  readonly info: TfConvInfo;
  readonly window: ConvWindow;
  readonly spec: FamilySpec;
}

/** The convolution from an image of this shape, whatever the call computes of it. */
function sizesOf(call: TfCall, image: number[], filters: number[], util: TfUtil): DepthwiseSizes | undefined {
  const info = convInfo(call, image, filters, util, "depthwise");
  const window = windowOf(info);
  if (!window) return undefined;
  const { strides, dilations, padding } = window;
  return { info, window, spec: { op: "depthwiseConv2d", value: image, filters, strides, dilations, padding } };
}

const workOf = (info: TfConvInfo) => ({
  kind: "depthwise" as const,
  flops: 2 * elementCount(info.outShape) * info.filterHeight * info.filterWidth,
  pixels: info.batchSize * info.outHeight * info.outWidth,
});

function forward(call: TfCall, util: TfUtil, epilogue: (channels: number) => Epilogue | string): CallPlan | string {
  const [x, filter] = [inputOf(call, "x"), inputOf(call, "filter")];
  if (!x || !filter || !areFloats(call)) return NO_FLOATS;
  const sizes = sizesOf(call, x.shape, filter.shape, util);
  if (!sizes) return NO_WINDOW;
  const { info, window } = sizes;
  const after = epilogue(info.outChannels);
  if (typeof after === "string") return after;
  const spec = { ...sizes.spec, ...after.spec };
  return {
    spec: after.isPrelu ? preluFormula(spec, info.outShape) : spec,
    inputs: { value: "x" },
    weights: { filters: "filter", ...after.weights },
    outputShape: info.outShape,
    ...workOf(info),
    skipsPixels: skipsPixels(window),
  };
}

export const DEPTHWISE: OpRule = {
  kernelName: "DepthwiseConv2dNative",
  planOf: (call, util) => forward(call, util, () => NO_EPILOGUE),
};

export const FUSED_DEPTHWISE: OpRule = {
  kernelName: "FusedDepthwiseConv2D",
  planOf: (call, util) => forward(call, util, (channels) => epilogueOf(call, channels)),
};

/** A transposed convolution with a group for each channel of the image. */
function backpropInput(call: TfCall, util: TfUtil): CallPlan | string {
  const [dy, filter] = [inputOf(call, "dy"), inputOf(call, "filter")];
  if (!dy || !filter || !areFloats(call)) return NO_FLOATS;
  const image = call.attrs?.inputShape as number[];
  const sizes = sizesOf(call, image, filter.shape, util);
  if (!sizes) return NO_WINDOW;
  const { info, spec } = sizes;
  const { strides = [], dilations = [], padding = [] } = spec;
  const [kh = 1, kw = 1, channels = 1, multiplier = 1] = filter.shape;
  return {
    spec: {
      ...{ op: "conv2dTranspose", value: dy.shape, strides, dilations, padding, groups: channels },
      filters: [kh, kw, 1, channels * multiplier],
      outputShape: [info.inHeight, info.inWidth],
    },
    inputs: { value: "dy" },
    weights: { filters: "filter" },
    outputShape: image,
    ...workOf(info),
  };
}

function backpropFilter(call: TfCall, util: TfUtil): CallPlan | string {
  const [x, dy] = [inputOf(call, "x"), inputOf(call, "dy")];
  if (!x || !dy || !areFloats(call)) return NO_FLOATS;
  const sizes = sizesOf(call, x.shape, call.attrs?.filterShape as number[], util);
  if (!sizes) return NO_WINDOW;
  return filterGradientPlan(sizes.spec, elementCount(sizes.info.outShape), { value: "x", upstream: "dy" });
}

export const DEPTHWISE_BACKPROP_INPUT: OpRule = {
  kernelName: "DepthwiseConv2dNativeBackpropInput",
  planOf: backpropInput,
};

export const DEPTHWISE_BACKPROP_FILTER: OpRule = {
  kernelName: "DepthwiseConv2dNativeBackpropFilter",
  planOf: backpropFilter,
};
