/**
 * Pools: `AvgPool`. Those of maxima stay with TensorFlow.js, which passes over NaN: ours do not, and are no faster
 * beside XNNPACK.
 */
import { elementCount } from "../../ir/shape.js";
import { type CallPlan, inputOf, type OpRule } from "../plan.js";
import type { TfCall, TfUtil } from "../tf.js";
import { areFloats, NO_FLOATS } from "./floats.js";
import { NO_WINDOW, windowOf } from "./window.js";

function planOf(call: TfCall, util: TfUtil): CallPlan | string {
  const x = inputOf(call, "x");
  if (!x || !areFloats(call)) return NO_FLOATS;
  const { filterSize, strides, pad, dimRoundingMode } = call.attrs ?? {};
  const info = util.computePool2DInfo(x.shape, filterSize, strides, 1, pad, dimRoundingMode);
  const window = windowOf(info);
  if (!window) return NO_WINDOW;
  if (window.padding.some((ends, i) => ends.some((rows) => rows >= (window.axes[i]?.kernel ?? 0)))) {
    return "a window may lie in the padding";
  }
  const taps = [info.filterHeight, info.filterWidth];
  return {
    spec: { op: "averagePool", value: x.shape, window: taps, strides: window.strides, padding: window.padding },
    inputs: { value: "x" },
    weights: {},
    outputShape: info.outShape,
    kind: "pool",
    flops: elementCount(info.outShape) * elementCount(taps),
    pixels: elementCount(info.outShape),
  };
}

export const AVERAGE_POOL_RULE: OpRule = { kernelName: "AvgPool", planOf };
