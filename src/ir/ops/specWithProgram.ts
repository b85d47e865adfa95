/**
 * Specs that have been read and checked, and carry the program that they stand for.
 *
 * Reading formulas and the convolution family takes code that many pages never load. Whoever has such a spec needs none
 * of it any more.
 */
import type { AnyLength } from "../anyLength.js";
import type { Program } from "../program.js";

/** As JSON it is the spec alone. */
class SpecWithProgram {
  readonly #program: Program;
  readonly #anyLength: AnyLength | undefined;

  constructor(spec: object, program: Program, anyLength: AnyLength | undefined) {
    Object.assign(this, spec);
    this.#program = program;
    this.#anyLength = anyLength;
    Object.freeze(this);
  }

  static programOf(spec: unknown): Program | undefined {
    return spec instanceof SpecWithProgram ? spec.#program : undefined;
  }

  static anyLengthOf(spec: unknown): AnyLength | undefined {
    return spec instanceof SpecWithProgram ? spec.#anyLength : undefined;
  }
}

/** `program` is that of the longest call, if each call chooses its length. */
export const withProgram = <S extends object>(spec: S, program: Program, anyLength?: AnyLength): S =>
  new SpecWithProgram(spec, program, anyLength) as object as S;

/** The program of all lengths; undefined if there is one length. */
export const anyLengthWithin = (spec: unknown): AnyLength | undefined => SpecWithProgram.anyLengthOf(spec);

/** The program of a spec that has been read; undefined for any other value. */
export const programWithin = (spec: unknown): Program | undefined => SpecWithProgram.programOf(spec);
