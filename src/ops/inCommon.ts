/**
 * The program of all lengths: what their programs have in common.
 *
 * Nobody writes such a program down. The programs of two lengths differ in sizes and in constants of forms, and these
 * are affine in the number of units, as a unit holds whole strides. A third length confirms it.
 */
import { type Affine, affine } from "../ir/affine.js";
import { type AnyLength, programAt, UNITS } from "../ir/anyLength.js";
import { canonicalKey } from "../ir/key.js";
import type { Axis, BufferDecl, Program, Stage } from "../ir/program.js";
import { mapStageForms } from "../ir/visit.js";

/** The programs of a spec by the units of its length. */
export interface ByLength {
  /** Undefined if there is none of this length. */
  readonly at: (units: number) => Program | undefined;
  /** The units of the longest call. */
  readonly most: number;
  /** So many units are longer than the taps reach. For shorter ones a derivation may choose another form. */
  readonly long: number;
}

/** Undefined if the programs differ in more than sizes, or if no length is legal. */
export function inCommon({ at, most, long }: ByLength): AnyLength | undefined {
  const [first = 1, ...others] = [0, 1, 2].map((more) => long + more);
  const [second = 2] = others;
  const [base, next] = [at(first), at(second)];
  if (!base || !next) return undefined;
  const program = lineThrough({ units: first, program: base }, { units: second, program: next }, most);
  const isLine = (units: number): boolean => {
    const alone = at(units);
    return alone !== undefined && canonicalKey(programAt(program, units)) === canonicalKey(alone);
  };
  if (![first, ...others].every(isLine)) return undefined;
  const min = firstWhere((units) => hasSizes(program, at(units), units), most);
  if (min === undefined) return undefined;
  const parameter = { name: UNITS, min, max: most };
  return { parameter, program: { ...program, run: program.run.map((stage) => ({ ...stage, parameter })) } };
}

/** True if the program has the tensors of the one that was read alone. */
function hasSizes(program: Program, alone: Program | undefined, units: number): boolean {
  const shapesOf = (all: readonly BufferDecl[]) => canonicalKey(all.map(({ name, shape }) => [name, shape]));
  return alone !== undefined && shapesOf(programAt(program, units).buffers) === shapesOf(alone.buffers);
}

/** The first number up to `most` for which the predicate holds, as it then does for all that follow. */
function firstWhere(holds: (units: number) => boolean, most: number): number | undefined {
  if (holds(1)) return 1;
  if (!holds(most)) return undefined;
  let [below, first] = [1, most];
  while (first - below > 1) {
    const middle = Math.floor((below + first) / 2);
    if (holds(middle)) first = middle;
    else below = middle;
  }
  return first;
}

interface Sample {
  readonly units: number;
  readonly program: Program;
}

/** The program whose sizes and constants lie on the line through both samples; its extents are those of `most`. */
function lineThrough(a: Sample, b: Sample, most: number): Program {
  const lineOf = (from: number, to: number) => {
    const slope = (to - from) / (b.units - a.units);
    return { slope, constant: from - slope * a.units };
  };
  const joinForms = (form: Affine, other: Affine): Affine => {
    const { slope, constant } = lineOf(form.constant, other.constant);
    return slope === 0 ? form : affine(constant, { ...form.terms, [UNITS]: slope });
  };
  const joinAxes = (axis: Axis, other: Axis): Axis => {
    const { slope, constant } = lineOf(axis.extent, other.extent);
    if (slope === 0) return axis;
    const { name } = axis;
    return { name, extent: constant + slope * most, while: affine(constant - 1, { [UNITS]: slope, [name]: -1 }) };
  };
  const joinBuffers = (buffer: BufferDecl, other: BufferDecl): BufferDecl => {
    const dimension = buffer.shape.findIndex((size, i) => size !== other.shape[i]);
    if (dimension < 0) return buffer;
    const { slope, constant } = lineOf(buffer.shape[dimension] as number, other.shape[dimension] as number);
    const shape = buffer.shape.with(dimension, constant + slope * most);
    return { ...buffer, shape, length: { dimension, perUnit: slope, more: constant } };
  };
  const joinStages = (stage: Stage, other: Stage): Stage => {
    const forms = formsOf(other);
    let next = 0;
    const space = stage.space.map((axis, i) => joinAxes(axis, other.space[i] ?? axis));
    return { ...mapStageForms(stage, (form) => joinForms(form, forms[next++] ?? form)), space };
  };
  const { program } = a;
  const { buffers, run } = b.program;
  return {
    ...program,
    buffers: program.buffers.map((buffer, i) => joinBuffers(buffer, buffers[i] ?? buffer)),
    run: program.run.map((stage, i) => joinStages(stage, run[i] ?? stage)),
  };
}

function formsOf(stage: Stage): readonly Affine[] {
  const forms: Affine[] = [];
  mapStageForms(stage, (form) => {
    forms.push(form);
    return form;
  });
  return forms;
}
