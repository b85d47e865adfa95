/** Convolutions: `Conv2D`, and `FusedConv2D` with a bias and an activation. */

import type { FamilySpec } from "../../ir/ops/familySpec.js";
import { elementCount } from "../../ir/shape.js";
import { checkFamily } from "../../ops/check.js";
import { denseOp } from "../../ops/denseOp.js";
import { type CallPlan, inputOf, type OpRule } from "../plan.js";
import type { TfCall, TfConvInfo, TfTensor, TfUtil } from "../tf.js";
import { activationOf } from "./activation.js";
import { preluFormula } from "./prelu.js";
import { type ConvWindow, windowOf } from "./window.js";

/** The spec in the words that files of kernels have for it: a convolution of the library, where it is one. */
export const canonicalSpec = (spec: FamilySpec) => denseOp(checkFamily({ ...spec })) ?? spec;

/** True unless one tensor is no float32, or there is nothing to compute. */
export const areFloats = ({ inputs }: TfCall): boolean =>
  Object.values(inputs).every((tensor) => !tensor || (tensor.dtype === "float32" && elementCount(tensor.shape) > 0));

export const NO_FLOATS = "not all tensors are float32 with elements";
export const NO_WINDOW = "channels come first, or the padding is unusual";

export function convInfo({ attrs = {} }: TfCall, x: readonly number[], filter: readonly number[], util: TfUtil) {
  const { strides, dilations = 1, pad, dimRoundingMode, dataFormat } = attrs;
  const format = dataFormat === "NCHW" ? "channelsFirst" : "channelsLast";
  return util.computeConv2DInfo([...x], [...filter], strides, dilations, pad, dimRoundingMode, false, format);
}

/** The operations of a fused kernel behind its sums. */
export interface Epilogue {
  readonly spec: Pick<FamilySpec, "bias" | "activation">;
  readonly weights: Readonly<Record<string, string>>;
  readonly isPrelu: boolean;
}

export function epilogueOf(call: TfCall, channels: number): Epilogue | string {
  const [bias, alpha] = [inputOf(call, "bias"), inputOf(call, "preluActivationWeights")];
  const isPerChannel = ({ shape }: TfTensor) => shape.at(-1) === channels && elementCount(shape) === channels;
  if (bias && !(bias.shape.length === 1 && isPerChannel(bias))) return "the bias is broadcast";
  const activation = activationOf(call);
  const isPrelu = activation === "prelu";
  if (isPrelu && !(alpha && isPerChannel(alpha))) return "the slopes of prelu are not one for each channel";
  if (typeof activation === "string" && !isPrelu) return `the activation ${activation} is unknown`;
  return {
    spec: { ...(bias ? { bias: true } : {}), ...(typeof activation === "string" ? {} : activation) },
    weights: { ...(bias ? { bias: "bias" } : {}), ...(isPrelu ? { alpha: "preluActivationWeights" } : {}) },
    isPrelu,
  };
}

const NO_EPILOGUE: Epilogue = { spec: {}, weights: {}, isPrelu: false };

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
  };
}

const specFor = (
  value: readonly number[],
  filters: readonly number[],
  { strides, dilations, padding }: ConvWindow,
  { spec }: Epilogue,
): FamilySpec => ({ op: "conv2d", value, filters, strides, dilations, padding, ...spec });

function workOf(info: TfConvInfo): Pick<CallPlan, "kind" | "flops" | "depth" | "pixels"> {
  const taps = info.filterHeight * info.filterWidth;
  return {
    kind: taps === 1 ? "pointwise" : "taps",
    flops: 2 * elementCount(info.outShape) * taps * info.inChannels,
    depth: info.inChannels,
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
