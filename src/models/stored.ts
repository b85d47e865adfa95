/** Where the files of a model hold the elements of a constant. Readers note it, and `weights.ts` reads it if asked. */

export type StoredTensor = OnnxStored | TfjsStored;

/** A TensorProto in the .onnx file. Its elements lie there, or in a file that it names. */
export interface OnnxStored {
  readonly format: "onnx";
  /** The positions at which the message begins and ends. */
  readonly start: number;
  readonly end: number;
}

export interface TfjsStored {
  readonly format: "tfjs";
  /** The files of the group, joined end to end, and the position of the first element in them. */
  readonly files: readonly string[];
  readonly start: number;
  readonly shape: readonly number[];
  /** The type of the elements in the files. */
  readonly type: string;
}
