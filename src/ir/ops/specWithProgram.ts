/**
 * Specs that have been read and checked, and carry the program that they stand for.
 *
 * Reading formulas and the convolution family takes code that many pages never load. Whoever has such a spec needs none
 * of it any more.
 */
import type { Program } from "../program.js";

/** As JSON it is the spec alone. */
class SpecWithProgram {
  readonly #program: Program;

  constructor(spec: object, program: Program) {
    Object.assign(this, spec);
    this.#program = program;
    Object.freeze(this);
  }

  static programOf(spec: unknown): Program | undefined {
    return spec instanceof SpecWithProgram ? spec.#program : undefined;
  }
}

export const withProgram = <S extends object>(spec: S, program: Program): S =>
  new SpecWithProgram(spec, program) as object as S;

/** The program of a spec that has been read; undefined for any other value. */
export const programWithin = (spec: unknown): Program | undefined => SpecWithProgram.programOf(spec);
