/**
 * Definitions: the program that a kernel is to compute, from a spec or given as it is.
 *
 * A definition is made once. All that compiles or reports starts from it.
 */
import { termsOf } from "./access.js";
import { round } from "./dtype.js";
import { type Expr, number, rewrite } from "./expr.js";
import type { OpSpec } from "./ops/spec.js";
import type { BufferDecl, Program, Stage } from "./program.js";
import { trimStage } from "./trim.js";

export interface Definition {
  /** The program without terms that no point needs, and with float32 constants. */
  readonly program: Program;
  /** Terms of all outputs, including those in the padding, as others count work. */
  readonly terms: number;
  /** The spec that the program was made from. A program of one's own has none. */
  readonly spec?: OpSpec;
}

export const define = (program: Program, spec?: OpSpec): Definition => ({
  ...(spec ? { spec } : {}),
  program: canonical(program),
  terms: program.run.reduce((sum, stage) => sum + termsOf(stage), 0),
});

/** The program as all targets compile it, and as the interpreter reads it. */
export const canonical = (program: Program): Program => ({
  ...program,
  buffers: program.buffers.map(canonicalBuffer),
  prepare: program.prepare.map(canonicalStage),
  run: program.run.map(canonicalStage),
});

const canonicalBuffer = (buffer: BufferDecl): BufferDecl =>
  buffer.values ? { ...buffer, values: buffer.values.map(round[buffer.dtype]) } : buffer;

const canonicalStage = (stage: Stage): Stage =>
  trimStage({ ...stage, term: withFloats(stage.term), finish: withFloats(stage.finish) });

/**
 * A constant is a float32, like the numbers of all tensors. It is rounded before anything computes with it: a target
 * that computes in float64 would otherwise multiply by 1e-46, where another one multiplies by 0.
 */
const withFloats = (expr: Expr): Expr =>
  rewrite(expr, (part) => (part.kind === "const" ? number(Math.fround(part.value), part.lanes) : part));
