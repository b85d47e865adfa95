/** The buffers every convolution has: `value`, `filters`, `bias` where the spec asks for one, `output`. */
import type { BufferDecl } from "../program.js";
import { geometryOf, type OpSpec } from "./spec.js";

export function convolutionBuffers(spec: OpSpec): BufferDecl[] {
  const { outputShape } = geometryOf(spec);
  const bias: BufferDecl = { name: "bias", shape: [outputShape[3]], dtype: "f32", role: "weights" };
  return [
    { name: "value", shape: spec.value, dtype: "f32", role: "input" },
    { name: "filters", shape: spec.filters, dtype: "f32", role: "weights" },
    ...(spec.bias ? [bias] : []),
    { name: "output", shape: outputShape, dtype: "f32", role: "output" },
  ];
}
