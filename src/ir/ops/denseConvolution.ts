/** The program that convolutions of stride 1 and one group share: their buffers, and one stage with its epilogue. */
import type { BufferDecl, Program } from "../program.js";
import { type ConvolutionForm, convolutionStage, type Window, type WindowShape } from "./convolution.js";
import { epilogue } from "./epilogue.js";
import { geometryOf, type OpSpec } from "./spec.js";

export interface DenseConvolution {
  /** The input row that each output row and tap reads, along one axis. */
  readonly window: (shape: WindowShape) => Window;
  readonly filterAt: ConvolutionForm["filterAt"];
}

export function denseConvolution(spec: OpSpec, { window, filterAt }: DenseConvolution): Program {
  const { batch, inputChannels, outputChannels, y, x } = geometryOf(spec);
  const conv = convolutionStage({
    name: "conv",
    batch,
    groups: 1,
    inputChannels,
    outputChannels,
    y: window({ ...y, stride: 1 }),
    x: window({ ...x, stride: 1 }),
    filterAt,
    finish: epilogue(spec.bias ?? false, spec.activation),
  });
  return { name: spec.op, buffers: buffersOf(spec), prepare: [], run: [conv] };
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
