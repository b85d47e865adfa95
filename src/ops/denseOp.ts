/**
 * Tells convolutions of the family that are `conv2d` with a rate or `atrousConv2dTranspose`.
 *
 * These have stride 1 and one group. With span (kernel - 1) * rate their padding is, of both alike, along each axis of
 * the convolution or of the one that is transposed:
 *
 *     SAME    pad = floor(span / 2), and the output has the size of the input
 *     VALID   pad = 0, and the output is smaller by the span
 *
 * For a kernel of one tap along both axes SAME and VALID are equal, and the spec says SAME.
 */
import { checkSpec, type OpSpec } from "../ir/ops/spec.js";
import type { CheckedFamily } from "./check.js";
import type { WindowShape } from "./forward.js";

/** The op that the convolution is; undefined if it is neither. */
export function denseOp({ spec, convolution, isTransposed }: CheckedFamily): OpSpec | undefined {
  const { groups, axes, batch, inputs, outputs } = convolution;
  if (groups > 1 || axes.length > 2 || axes.some(({ stride }) => stride > 1)) return undefined;
  const padding = axes.every(isSame) ? "SAME" : axes.every(isValid) ? "VALID" : undefined;
  if (padding === undefined) return undefined;
  // A signal is an image of one row.
  const inRows = (sizes: readonly number[]) => (sizes.length === 1 ? [1, ...sizes] : sizes);
  const image = inRows(axes.map(({ input, output }) => (isTransposed ? output : input)));
  return checkSpec({
    op: isTransposed ? "atrousConv2dTranspose" : "conv2d",
    value: [batch, ...image, isTransposed ? outputs : inputs],
    filters: [...inRows(axes.map(({ kernel }) => kernel)), inputs, outputs],
    rate: rateOf(axes),
    padding,
    ...(spec.bias ? { bias: true } : {}),
    ...(spec.activation === undefined ? {} : { activation: spec.activation }),
  });
}

const isSame = ({ kernel, dilation, pad, input, output }: WindowShape): boolean =>
  pad === Math.floor(((kernel - 1) * dilation) / 2) && output === input;

const isValid = ({ kernel, dilation, pad, input, output }: WindowShape): boolean =>
  pad === 0 && output === input - (kernel - 1) * dilation;

/** A single tap has no distance to another, so it agrees with any rate. */
function rateOf(axes: readonly WindowShape[]): OpSpec["rate"] {
  const rates = axes.filter(({ kernel }) => kernel > 1).map(({ dilation }) => dilation);
  const [rows = 1, columns = rows] = rates;
  return [rows, columns];
}
