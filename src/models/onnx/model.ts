/** What is read of an ONNX model: its graph without the weights. */

export interface OnnxModel {
  readonly graph: Graph;
  /** Of the standard ops; 0 where the model does not say. */
  readonly opset: number;
  /** Functions that the model defines for itself, by name. */
  readonly functions: readonly { readonly name: string; readonly nodes: readonly Node[] }[];
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Tensor[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Shapes of tensors in between, as far as the exporter wrote them down. */
  readonly inside: readonly ValueInfo[];
}

export interface Node {
  readonly name: string;
  readonly type: string;
  /** "" is that of the standard ops. */
  readonly domain: string;
  /** "" stands for an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface Attribute {
  readonly float?: number;
  readonly int?: number;
  readonly text?: string;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly tensor?: Tensor;
  readonly graphs: readonly Graph[];
}

export interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** Of small tensors of integers and floats, where they lie in the file itself. */
  readonly values?: readonly number[];
}

export interface ValueInfo {
  readonly name: string;
  /** A size, the name of a free dimension, or null where the model says neither; undefined where it gives no shape. */
  readonly dims?: readonly (number | string | null)[];
}
