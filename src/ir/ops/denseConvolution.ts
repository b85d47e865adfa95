/**
 * The program that convolutions of stride 1 and one group share: their buffers, and one stage with its epilogue.
 *
 * Each output sums over the taps that reach it. Along an axis, output o and tap k read the input at o + k*rate - pad,
 * or, transposed, at o - k*rate + pad.
 */
import { type Affine, affine, variable, within } from "../affine.js";
import { load, multiply } from "../expr.js";
import type { BufferDecl, Program, Stage } from "../program.js";
import { epilogue } from "./epilogue.js";
import { type AxisGeometry, geometryOf, type OpSpec } from "./spec.js";

export interface DenseConvolution {
  readonly isTransposed: boolean;
  /** Subscripts of `filters`, which hold the channels in the op's order. */
  readonly filterAt: (row: Affine, column: Affine, input: Affine, output: Affine) => Affine[];
}

export function denseConvolution(spec: OpSpec, op: DenseConvolution): Program {
  return { name: spec.op, buffers: buffersOf(spec), prepare: [], run: [stageOf(spec, op)] };
}

function stageOf(spec: OpSpec, { isTransposed, filterAt }: DenseConvolution): Stage {
  const { batch, inputChannels, outputChannels, y, x } = geometryOf(spec);
  const [n, ic, oc] = [variable("n"), variable("ic"), variable("oc")];
  const sign = isTransposed ? -1 : 1;
  const reads = (point: string, tap: string, { pad, dilation }: AxisGeometry) =>
    affine(-sign * pad, { [point]: 1, [tap]: sign * dilation });
  const [iy, ix] = [reads("oy", "ky", y), reads("ox", "kx", x)];
  return {
    name: "conv",
    space: [
      { name: "n", extent: batch },
      { name: "oy", extent: y.output },
      { name: "ox", extent: x.output },
      { name: "oc", extent: outputChannels },
    ],
    reduce: [
      { name: "ky", extent: y.kernel },
      { name: "kx", extent: x.kernel },
      { name: "ic", extent: inputChannels },
    ],
    domain: [...within(iy, y.input), ...within(ix, x.input)],
    term: multiply(load("value", [n, iy, ix, ic]), load("filters", filterAt(variable("ky"), variable("kx"), ic, oc))),
    finish: epilogue(oc, spec.bias ?? false, spec.activation),
    output: { buffer: "output", at: [n, variable("oy"), variable("ox"), oc] },
  };
}

/** The arguments and results of a call. */
function buffersOf(spec: OpSpec): BufferDecl[] {
  const { outputShape } = geometryOf(spec);
  const bias: BufferDecl = { name: "bias", shape: [outputShape[3]], dtype: "f32", role: "weights" };
  return [
    { name: "value", shape: spec.value, dtype: "f32", role: "input" },
    { name: "filters", shape: spec.filters, dtype: "f32", role: "weights" },
    ...(spec.bias ? [bias] : []),
    { name: "output", shape: outputShape, dtype: "f32", role: "output" },
  ];
}
