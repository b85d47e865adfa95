/** Definitions: what a kernel is to compute, made once from a spec or given as a program; all that compiles or tells starts here. */
import { termsOf } from "./access.js";
import type { OpSpec } from "./ops/spec.js";
import type { Program } from "./program.js";
import { trimStage } from "./trim.js";

export interface Definition {
  /** Without the terms that no point needs. */
  readonly program: Program;
  /** Terms of all outputs, those in the padding included: how others count work. */
  readonly terms: number;
  /** The spec that the program was made from; left out for a program of one's own. */
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
