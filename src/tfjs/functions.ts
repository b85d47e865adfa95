/** The functions that need `install`, which loads what they do. */
import type { TfModelHandler } from "./graph/fused.js";
import { needInstalled } from "./installed.js";
import type { TransposeOptions } from "./ops.js";
import type { TfTensor } from "./tf.js";

/**
 * `tf.nn.atrous_conv2d_transpose`, the gradient of a dilated convolution, as an op of TensorFlow.js. It has gradients
 * of any order.
 * @param x [N, H, W, Ci]
 * @param filters [kh, kw, Co, Ci]
 * @param outputShape [N, OH, OW, Co], of which there is one that is legal
 * @param rate the distance between taps in pixels, >= 1
 * @throws TilewrightError `not-ready` before `install`; `invalid-spec`, `invalid-shape`
 */
export function atrousTranspose<T extends TfTensor>(
  x: T,
  filters: TfTensor,
  outputShape: readonly number[],
  rate: number | readonly [number, number],
  padding: "same" | "valid",
): T {
  const { parts, installation } = needInstalled("atrousConv2dTranspose");
  return parts.atrousTransposeOf(installation.tf, x, filters, outputShape, rate, padding) as T;
}

/**
 * A transposed convolution with dilations and groups, as TensorFlow defines it. It has gradients of any order.
 * @param x [N, H, W, Ci]
 * @param filters [kh, kw, Co / groups, Ci]
 * @returns [N, OH, OW, Co]
 * @throws TilewrightError `not-ready` before `install`; `invalid-spec`, `invalid-shape`
 */
export function generalTranspose<T extends TfTensor>(x: T, filters: TfTensor, options: TransposeOptions = {}): T {
  const { parts, installation } = needInstalled("conv2dTranspose");
  return parts.conv2dTransposeOf(installation.tf, x, filters, options) as T;
}

/**
 * A handler for `tf.loadGraphModel` that makes one op of each detour of three: a convolution between `SpaceToBatchND`
 * and `BatchToSpaceND`. Transposed convolutions with dilations, which TensorFlow.js takes for ones without, come out
 * right.
 * @param urlOrHandler the URL of a model.json, or an IOHandler of TensorFlow.js
 * @throws TilewrightError `not-ready` before `install`; `invalid-argument`
 */
export function fused(urlOrHandler: string | TfModelHandler): { load(): Promise<object> } {
  const { parts, installation } = needInstalled("fused");
  return parts.straightened(installation.tf, urlOrHandler);
}
