/**
 * Definitions: the program that a kernel is to compute, from a spec or given as it is.
 *
 * A definition is made once. All that compiles or reports starts from it.
 */
import { termsOf } from "./access.js";
import { range } from "./affine.js";
import type { AnyLength } from "./anyLength.js";
import { round } from "./dtype.js";
import { fail } from "./errors.js";
import { type Expr, loadsOf, number, rewrite } from "./expr.js";
import type { Spec } from "./ops/spec.js";
import { type BufferDecl, boundsOfStage, flatten, type Program, type Stage } from "./program.js";
import { trimStage } from "./trim.js";

export interface Definition {
  /** The program without terms that no point needs, and with float32 constants. */
  readonly program: Program;
  /** Terms of all outputs, including those in the padding, as others count work. */
  readonly terms: number;
  /** The spec that the program was made from. A program of one's own has none. */
  readonly spec?: Spec;
  /** Compiled where each call chooses its length. `program` is then that of the longest call. */
  readonly anyLength?: AnyLength;
}

export const define = (program: Program, spec?: Spec, anyLength?: AnyLength): Definition => ({
  ...(spec ? { spec } : {}),
  ...(anyLength ? { anyLength: { ...anyLength, program: canonical(anyLength.program) } } : {}),
  program: canonical(program),
  terms: program.run.reduce((sum, stage) => sum + termsOf(stage), 0),
});

/** The program as all targets compile it, and as the interpreter reads it. Throws `too-large`. */
export function canonical(program: Program): Program {
  const buffers = program.buffers.map(canonicalBuffer);
  const stagesOf = (stages: readonly Stage[]) => stages.map(canonicalStage);
  const result = { ...program, buffers, prepare: stagesOf(program.prepare), run: stagesOf(program.run) };
  for (const stage of [...result.prepare, ...result.run]) checkReach(stage, buffers);
  return result;
}

/** Offsets in elements, of which all targets can count the bytes exactly. */
const MAX_OFFSET = 2 ** 50;

/** Throws `too-large` if subscripts outside a domain are so far outside that they cannot be counted. */
function checkReach(stage: Stage, buffers: readonly BufferDecl[]): void {
  const { name, space, reduce, term, finish, output } = stage;
  if ([...space, ...reduce].some(({ extent }) => extent === 0)) return;
  const bounds = boundsOfStage(stage);
  for (const { buffer, at } of [...loadsOf(term), ...loadsOf(finish), output]) {
    const shape = buffers.find((one) => one.name === buffer)?.shape ?? [];
    const { min, max } = range(flatten(at, shape), bounds);
    if (min < -MAX_OFFSET || max > MAX_OFFSET)
      fail(
        "too-large",
        `${name} reaches ${Math.max(-min, max)} elements of ${buffer} far; at most 2^50 can be counted`,
      );
  }
}

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
