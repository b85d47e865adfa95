/** A spec's tensors as they lie on the GPU. */
import type { Facts } from "../../ir/module.js";
import type { Declared } from "./buffers.js";

/** The type of callers' tensors in memory. */
export type Storage = "f32" | "f16";

export interface Tensors {
  readonly value: Declared;
  readonly filters: Declared;
  /** Where the spec has one. */
  readonly bias?: Declared;
  readonly output: Declared;
}

export function tensorsOf({ spec, outputShape }: Pick<Facts, "spec" | "outputShape">, dtype: Storage): Tensors {
  return {
    value: { name: "value", shape: spec.value, dtype },
    filters: { name: "filters", shape: spec.filters, dtype },
    ...(spec.bias ? { bias: { name: "bias", shape: [outputShape[3]], dtype } } : {}),
    output: { name: "output", shape: outputShape, dtype },
  };
}
