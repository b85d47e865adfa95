/** The parts of an ONNX model that are read: its graph without the weights. */
import type { OnnxStored } from "../stored.js";

export interface OnnxModel {
  readonly graph: Graph;
  /** The version of the standard ops; 0 if the model does not say. */
  readonly opset: number;
  /** Functions that the model defines for itself, by name. */
  readonly functions: readonly { readonly name: string; readonly nodes: readonly OnnxNode[] }[];
}

export interface Graph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Tensors between inputs and outputs whose shapes the exporter wrote down. */
  readonly inside: readonly ValueInfo[];
}

export interface OnnxNode {
  readonly name: string;
  readonly type: string;
  /** The namespace of the op; "" for standard ops. */
  readonly domain: string;
  /** The names of the inputs; "" for an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface Attribute {
  readonly float?: number;
  readonly int?: number;
  readonly text?: string;
  /** Empty if the attribute has another type, as are `ints` and `graphs`. Of a long list only the begin is kept. */
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly tensor?: OnnxTensor;
  readonly graphs: readonly Graph[];
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** The type of the elements, in onnx.proto's TensorProto.DataType; 0 if the model does not say. */
  readonly type: number;
  /** The values of a small tensor of integers or floats, if they lie in the file itself. */
  readonly values?: readonly number[];
  /** Where the elements are; undefined of a sparse tensor. */
  readonly stored?: OnnxStored;
}

export interface ValueInfo {
  readonly name: string;
  /** As in `OnnxTensor`. */
  readonly type: number;
  /**
   * Each is a size, or the name of a free dimension, or null if the model says neither. Undefined if there is no shape.
   */
  readonly dims?: readonly (number | string | null)[];
}
