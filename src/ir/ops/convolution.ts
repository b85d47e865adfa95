/**
 * The form of the whole convolution family: each output point sums over the taps that reach it.
 *
 * Along one spatial axis everything is affine in the point q and the tap t, and a `Window` holds the coefficients. A
 * forward convolution is one window. A transposed convolution of stride s is s windows, one for each output phase.
 */
import { type Affine, add, affine, scale, variable, within } from "../affine.js";
import { type Expr, load, multiply } from "../expr.js";
import type { Axis, Stage } from "../program.js";

export interface Window {
  /** Numbers of output points q and taps t. */
  readonly points: number;
  readonly taps: number;
  /** Size of the input along this axis. */
  readonly input: number;
  /** Output position `scale*q + offset`. */
  readonly at: { readonly scale: number; readonly offset: number };
  /** Input position `point*q + tap*t + offset`. The tap is live iff the position lies in 0 .. input-1. */
  readonly reads: { readonly point: number; readonly tap: number; readonly offset: number };
  /** Filter row `scale*t + offset`. */
  readonly row: { readonly scale: number; readonly offset: number };
}

export interface WindowShape {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding before the input (forward), or rows cropped from the full output (transposed). */
  readonly pad: number;
}

export function forwardWindow({ input, output, kernel, stride, dilation, pad }: WindowShape): Window {
  return {
    points: output,
    taps: kernel,
    input,
    at: { scale: 1, offset: 0 },
    reads: { point: stride, tap: dilation, offset: -pad },
    row: { scale: 1, offset: 0 },
  };
}

/**
 * One window for each phase. Phase p holds the output positions congruent to p modulo the stride, and within it the
 * division by the stride is exact.
 */
export function transposedWindows({ input, output, kernel, stride, dilation, pad }: WindowShape): Window[] {
  return Array.from({ length: Math.min(stride, Math.max(output, 1)) }, (_, phase) => {
    // Row k reaches the phase iff k*dilation = phase + pad (mod stride). Such rows repeat every `step`.
    const step = stride / greatestCommonDivisor(stride, dilation);
    const candidates = Array.from({ length: Math.min(step, kernel) }, (_, row) => row);
    const first = candidates.find((row) => (phase + pad - row * dilation) % stride === 0);
    return {
      points: Math.ceil((output - phase) / stride),
      taps: first === undefined ? 0 : Math.ceil((kernel - first) / step),
      input,
      at: { scale: stride, offset: phase },
      reads: {
        point: 1,
        tap: (-step * dilation) / stride,
        offset: first === undefined ? 0 : (phase + pad - first * dilation) / stride,
      },
      row: { scale: step, offset: first ?? 0 },
    };
  });
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

export interface ConvolutionForm {
  readonly name: string;
  readonly batch: number;
  readonly groups: number;
  /** Channels per group. */
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly y: Window;
  readonly x: Window;
  /** Subscripts of `filters`. Channels count within the group. */
  readonly filterAt: (
    row: Affine,
    column: Affine,
    channel: { input: Affine; output: Affine; group: Affine },
  ) => Affine[];
  /** The output for a sum, given the output channel. */
  readonly finish: (channel: Affine) => Expr;
}

/** The stage over `value` [N,H,W,C], `filters` and `output` [N,OH,OW,O]. */
export function convolutionStage({
  name,
  batch,
  groups,
  inputChannels,
  outputChannels,
  y,
  x,
  ...form
}: ConvolutionForm): Stage {
  const group = groups === 1 ? affine(0) : variable("g");
  const channel = { input: variable("ic"), output: variable("oc"), group };
  const iy = readAt(y, "oy", "ky");
  const ix = readAt(x, "ox", "kx");
  const inputChannel = add(channel.input, scale(group, inputChannels));
  const outputChannel = add(channel.output, scale(group, outputChannels));
  const groupAxis: Axis[] = groups === 1 ? [] : [{ name: "g", extent: groups }];
  return {
    name,
    space: [
      { name: "n", extent: batch },
      { name: "oy", extent: y.points },
      { name: "ox", extent: x.points },
      ...groupAxis,
      { name: "oc", extent: outputChannels },
    ],
    reduce: [
      { name: "ky", extent: y.taps },
      { name: "kx", extent: x.taps },
      { name: "ic", extent: inputChannels },
    ],
    domain: [...within(iy, y.input), ...within(ix, x.input)],
    term: multiply(
      load("value", [variable("n"), iy, ix, inputChannel]),
      load("filters", form.filterAt(rowAt(y, "ky"), rowAt(x, "kx"), channel)),
    ),
    finish: form.finish(outputChannel),
    output: { buffer: "output", at: [variable("n"), positionAt(y, "oy"), positionAt(x, "ox"), outputChannel] },
  };
}

const readAt = ({ reads }: Window, point: string, tap: string): Affine =>
  affine(reads.offset, { [point]: reads.point, [tap]: reads.tap });
const positionAt = ({ at }: Window, point: string): Affine => affine(at.offset, { [point]: at.scale });
const rowAt = ({ row }: Window, tap: string): Affine => affine(row.offset, { [tap]: row.scale });
