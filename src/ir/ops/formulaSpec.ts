/**
 * Formula specs: an op as text over tensors of given shapes.
 *
 * Reading the text needs a parser, which pages with ops of the library alone never load. So the parser makes a
 * `ParsedFormula`, and whoever has that needs no parser any more.
 */
import type { Program } from "../program.js";

export interface FormulaSpec {
  /** Lines of index notation: `output[i, j] = sum(k: a[i, k] * b[k, j])`. */
  readonly formula: string;
  /** Shapes by name: of every tensor that no line computes, and of others that follow from nothing else. */
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  /** Names of the tensors that are given once, to `prepare`. Default: none. */
  readonly weights?: readonly string[];
}

/** A spec that has been read and checked. As JSON it is the spec alone. */
export class ParsedFormula implements FormulaSpec {
  readonly formula: string;
  readonly tensors: FormulaSpec["tensors"];
  readonly weights?: readonly string[];
  readonly #program: Program;

  constructor({ formula, tensors, weights }: FormulaSpec, program: Program) {
    this.formula = formula;
    this.tensors = tensors;
    if (weights && weights.length > 0) this.weights = weights;
    this.#program = program;
    Object.freeze(this);
  }

  get program(): Program {
    return this.#program;
  }
}

/** True if the value means to be a formula spec. */
export const isFormula = (spec: unknown): spec is FormulaSpec =>
  typeof spec === "object" && spec !== null && Object.hasOwn(spec, "formula");
