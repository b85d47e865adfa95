/**
 * Formula specs: an op as text over tensors of given shapes.
 *
 * Reading the text needs a parser, which pages with ops of the library alone never load.
 */

export interface FormulaSpec {
  /** The name of the op, for people and for the files that are generated. Default: it has none. */
  readonly name?: string;
  /** Lines of index notation: `output[i, j] = sum(k: a[i, k] * b[k, j])`. */
  readonly formula: string;
  /** Shapes by name: of every tensor that no line computes, and of others that follow from nothing else. */
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  /** Names of the tensors that are given once, to `prepare`. Default: none. */
  readonly weights?: readonly string[];
  /** Values of tensors that are known already, row-major, by name. Default: none. */
  readonly constants?: Readonly<Record<string, readonly number[]>>;
  /** The computed tensors that callers get. Default: those that no line reads. */
  readonly outputs?: readonly string[];
}
