/**
 * Definitions: the program that a kernel is to compute, from a spec or given as it is.
 *
 * A definition is made once. All that compiles or reports starts from it.
 */
import { termsOf } from "./access.js";
import type { OpSpec } from "./ops/spec.js";
import type { Program } from "./program.js";
import { trimStage } from "./trim.js";

export interface Definition {
  /** The program without terms that no point needs. */
  readonly program: Program;
  /** Terms of all outputs, including those in the padding, as others count work. */
  readonly terms: number;
  /** The spec that the program was made from. A program of one's own has none. */
  readonly spec?: OpSpec;
}

export const define = (program: Program, spec?: OpSpec): Definition => ({
  ...(spec ? { spec } : {}),
  program: trimmed(program),
  terms: program.run.reduce((sum, stage) => sum + termsOf(stage), 0),
});

export const trimmed = (program: Program): Program => ({
  ...program,
  prepare: program.prepare.map(trimStage),
  run: program.run.map(trimStage),
});
