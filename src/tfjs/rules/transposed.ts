/** Transposed convolutions: `Conv2DBackpropInput`, the gradient of a convolution with respect to its image. */
import { elementCount } from "../../ir/shape.js";
import { type CallPlan, inputOf, type OpRule } from "../plan.js";
import type { TfCall, TfUtil } from "../tf.js";
import { canonicalSpec } from "./conv2d.js";
import { areFloats, NO_FLOATS } from "./floats.js";
import { convInfo, NO_WINDOW, windowOf } from "./window.js";

function planOf(call: TfCall, util: TfUtil): CallPlan | string {
  const [dy, filter] = [inputOf(call, "dy"), inputOf(call, "filter")];
  if (!dy || !filter || !areFloats(call)) return NO_FLOATS;
  const image = call.attrs?.inputShape as readonly number[];
  const info = convInfo(call, image, filter.shape, util);
  const window = windowOf(info);
  if (!window || elementCount(image) === 0) return NO_WINDOW;
  // The spec says the sizes of the output, and TensorFlow.js looks at no size of dy.
  if (String(info.outShape) !== String(dy.shape)) return "dy has not the shape of the convolution's output";
  const { strides, dilations, padding } = window;
  const outputShape = [info.batchSize, info.inHeight, info.inWidth, info.inChannels];
  return {
    spec: canonicalSpec({
      ...{ op: "conv2dTranspose", value: dy.shape, filters: filter.shape, strides, dilations, padding },
      outputShape: [info.inHeight, info.inWidth],
    }),
    inputs: { value: "dy" },
    weights: { filters: "filter" },
    outputShape,
    kind: "transposed",
    flops: 2 * elementCount(info.outShape) * info.filterHeight * info.filterWidth * info.inChannels,
    pixels: info.batchSize * info.inHeight * info.inWidth,
  };
}

export const CONV2D_BACKPROP_INPUT: OpRule = { kernelName: "Conv2DBackpropInput", planOf };
