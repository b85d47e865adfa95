/**
 * Phases: stages whose subscripts hold quotients, made affine.
 *
 * Subscripts such as `floor(y/2)`, `y % 2` and `(y + 1 - 2*k)/2` are not affine. An output axis that moves a quotient
 * unevenly becomes `s*q + phase`, and within one phase everything is affine again.
 *
 * Either each phase is a stage of its own, with the taps that reach it and no others. Or the phase is one more axis of
 * one stage, and lanes may run over phases.
 */
import {
  type Affine,
  add,
  affine,
  coefficientOf,
  divide,
  greatestCommonDivisor,
  isConstant,
  key,
  range,
  restrict,
  scale,
  substitute,
  subtract,
  valueAt,
  variable,
  variablesOf,
} from "./affine.js";
import { fail } from "./errors.js";
import { loadsOf } from "./expr.js";
import type { Axis, Stage } from "./program.js";
import { mapStageForms } from "./visit.js";

/**
 * `floor(of / by)`, its remainder, or the exact `of / by`. A term for which the exact quotient leaves a rest does not
 * count.
 */
export interface Quotient {
  /** The name of the quotient in the forms of a stage, used like the name of an axis. */
  readonly name: string;
  readonly kind: "floor" | "modulo" | "exact";
  /** The dividend: a form over axes, and over quotients that are listed before this one. */
  readonly of: Affine;
  readonly by: number;
}

/**
 * How phases are told apart. An axis can hold phases of `floor` and `modulo` only, because all of these have the same
 * terms.
 */
export type PhasesAs = "stages" | "axis";

/** A stage in which some variables are still quotients. */
interface Open {
  readonly stage: Stage;
  /** Their axes may have been split. */
  readonly quotients: readonly Quotient[];
  /** So many of these there are. */
  readonly count: number;
  readonly refuse: Refuse;
}

/** Throws an error about the quotient of this name; `why` is a sentence without its subject. */
type Refuse = (name: string, why: string) => never;

/** The most stages that one may become. */
export const MAX_STAGES = 4096;

/**
 * Affine stages that together write the same as the stage. If there are several, their names are numbered. `refuse`
 * throws what fits the place where the quotients were written; default: `invalid-spec`.
 */
export function phases(
  stage: Stage,
  quotients: readonly Quotient[],
  { as = "stages", refuse = refusalFor(stage, quotients) }: { readonly as?: PhasesAs; readonly refuse?: Refuse } = {},
): Stage[] {
  const open: Open = { stage, quotients, count: 1, refuse };
  for (const quotient of quotients) check(open, quotient);
  const resolved = resolve(open, as);
  return resolved.length === 1 ? resolved : resolved.map((one, i) => ({ ...one, name: `${stage.name}${i}` }));
}

const refusalFor =
  ({ name: stage }: Stage, quotients: readonly Quotient[]): Refuse =>
  (name, why) =>
    fail("invalid-spec", `${stage}: ${textOf(quotients.find((one) => one.name === name) as Quotient)} ${why}`);

function check({ stage, refuse }: Open, { name, kind, by }: Quotient): void {
  if (!Number.isSafeInteger(by) || by < 1) refuse(name, "divides by what is no integer >= 1");
  const lasting = [...(stage.where ?? []), ...loadsOf(stage.finish).flatMap(({ at }) => at), ...stage.output.at];
  if (kind === "exact" && lasting.some((form) => variablesOf(form).includes(name))) {
    refuse(name, "leaves out terms, so nothing but the term and its domain may name it; use floor elsewhere");
  }
}

/** Makes the first quotient affine, or splits an axis of the output for it. */
function resolve(open: Open, as: PhasesAs): Stage[] {
  const { stage, quotients } = open;
  const [quotient, ...others] = quotients;
  if (quotient === undefined) return [stage];
  const value = affineOf(quotient, stage);
  if (value) return resolve(replaced({ ...open, quotients: others }, quotient.name, value), as);
  const uneven = (axes: readonly Axis[]) =>
    axes.filter(({ name }) => coefficientOf(quotient.of, name) % quotient.by !== 0);
  const [axis] = uneven(stage.space);
  if (axis === undefined) return resolve(withTaps(open, quotient, uneven(stage.reduce)), as);
  const parts = as === "axis" ? [withAxis(open, quotient, axis)] : phaseByPhase(open, quotient, axis);
  return parts.flatMap((part) => resolve(part, as));
}

/** The quotient as an affine form. Undefined if it is none. */
function affineOf({ kind, of, by }: Quotient, stage: Stage): Affine | undefined {
  const whole = restrict(of, (_, coefficient) => coefficient % by === 0);
  const rest = subtract(of, whole);
  if (kind === "exact" && !(isConstant(rest) && rest.constant % by === 0)) return undefined;
  const part = floorOf(rest, by, [...stage.space, ...stage.reduce]);
  if (part === undefined) return undefined;
  return kind === "modulo" ? subtract(rest, scale(part, by)) : add(divide(whole, by), part);
}

/**
 * `floor(form / by)`. It is a constant if the form stays between two multiples. It is affine if one axis alone moves it
 * in even steps.
 */
function floorOf(form: Affine, by: number, axes: readonly Axis[]): Affine | undefined {
  const { min, max } = range(form, new Map(axes.map(({ name, extent }) => [name, { min: 0, max: extent - 1 }])));
  if (Math.floor(min / by) === Math.floor(max / by)) return affine(Math.floor(min / by));
  const [name = "", ...more] = variablesOf(form);
  if (more.length > 0) return undefined;
  const at = (i: number) => Math.floor(valueAt(form, new Map([[name, i]])) / by);
  const steps = affine(at(0), { [name]: at(1) - at(0) });
  const last = Math.max(0, (axes.find((axis) => axis.name === name)?.extent ?? 0) - 1);
  // The difference between the two never turns round, so it is zero everywhere if it is zero at the end.
  return at(last) === valueAt(steps, new Map([[name, last]])) ? steps : undefined;
}

/** The number of phases of the axis: so many steps move the quotient by a whole number. */
const phasesOf = ({ of, by }: Quotient, { name }: Axis): number =>
  by / greatestCommonDivisor(by, coefficientOf(of, name));

function phaseByPhase(open: Open, quotient: Quotient, axis: Axis): Open[] {
  const step = phasesOf(quotient, axis);
  // An empty axis has one phase, which is empty.
  const length = Math.min(step, Math.max(1, axis.extent));
  const count = open.count * length;
  if (count > MAX_STAGES) {
    const remedy = "write the parts of the axis as axes of their own";
    open.refuse(quotient.name, `needs ${count} stages, one for each phase, of at most ${MAX_STAGES}; ${remedy}`);
  }
  return Array.from({ length }, (_, phase) => {
    const extent = Math.ceil((axis.extent - phase) / step);
    return resized(replaced({ ...open, count }, axis.name, variable(axis.name, step), phase), axis, extent);
  });
}

/** Adds an axis for the phase, directly inside the axis that it splits. */
function withAxis(open: Open, quotient: Quotient, axis: Axis): Open {
  const { stage, refuse } = open;
  const { name, extent } = axis;
  if (quotient.kind === "exact") refuse(quotient.name, "has other taps in each phase; take the phases as stages");
  const count = phasesOf(quotient, axis);
  const buffers = [...loadsOf(stage.term), ...loadsOf(stage.finish), stage.output].map((one) => one.buffer);
  const taken = [...[...stage.space, ...stage.reduce, ...open.quotients].map(({ name }) => name), ...buffers];
  let phase = `p${name}`;
  while (taken.includes(phase)) phase = `p${phase}`;
  const inner: Axis = { name: phase, extent: count };
  const positionFrom = (offset: number) => affine(-offset, { [name]: count, [phase]: 1 });
  // If a multiple lies between two phases, the axis begins earlier by this offset, at points that do not exist.
  const offset = Array.from({ length: count }, (_, i) => i).find((i) => {
    const moved = substitute(quotient.of, new Map([[name, positionFrom(i)]]));
    return affineOf({ ...quotient, of: moved }, { ...stage, space: [...stage.space, inner] }) !== undefined;
  });
  if (offset === undefined) {
    return refuse(quotient.name, `is not affine in ${name} and one axis for its phase; take the phases as stages`);
  }
  const outer = extent === 0 ? 0 : Math.ceil((extent + offset) / count);
  const position = positionFrom(offset);
  const past = outer * count > extent + offset ? [subtract(affine(extent - 1), position)] : [];
  const { stage: moved, quotients } = replaced(open, name, position);
  const where = [...(moved.where ?? []), ...(offset > 0 ? [position] : []), ...past];
  const space = moved.space.flatMap((one) => (one.name === name ? [{ name, extent: outer }, inner] : [one]));
  return { ...open, stage: { ...moved, space, ...(where.length > 0 ? { where } : {}) }, quotients };
}

/** Lets one reduction axis move an exact quotient unevenly. The axis keeps the values that leave no rest. */
function withTaps(open: Open, quotient: Quotient, taps: readonly Axis[]): Open {
  const { name, kind, of, by } = quotient;
  const { refuse } = open;
  const names = taps.map(({ name }) => name).join(" and ");
  if (kind !== "exact") {
    const remedy = "copy what it reads to its place in a stage before";
    refuse(name, `moves unevenly with ${names}, whose values are terms of one sum; ${remedy}`);
  }
  if (taps.length > 1) {
    const remedy = "sum over the others in a stage of its own";
    refuse(name, `moves unevenly with ${names}; at most one reduction axis may; ${remedy}`);
  }
  const [tap] = taps;
  const step = tap ? phasesOf(quotient, tap) : 1;
  const candidates = tap ? Array.from({ length: Math.min(step, tap.extent) }, (_, i) => i) : [];
  const first = candidates.find((i) => (of.constant + coefficientOf(of, (tap as Axis).name) * i) % by === 0);
  if (tap === undefined || first === undefined) return withoutTerms(open, quotient);
  return resized(
    replaced(open, tap.name, variable(tap.name, step), first),
    tap,
    Math.ceil((tap.extent - first) / step),
  );
}

/** The stage with an empty sum, for a quotient that always leaves a rest. */
function withoutTerms(open: Open, { name }: Quotient): Open {
  const { stage, quotients } = open;
  const reduce = stage.reduce.map((axis) => ({ ...axis, extent: 0 }));
  const domain = reduce.length > 0 ? stage.domain : [affine(-1)];
  const rest = quotients.filter((one) => one.name !== name);
  return replaced({ ...open, stage: { ...stage, reduce, domain }, quotients: rest }, name, affine(0));
}

/** The stage and its quotients with `by + more` in place of the variable. */
function replaced(open: Open, name: string, by: Affine, more = 0): Open {
  const { stage, quotients } = open;
  const map = new Map([[name, add(by, more)]]);
  const over = (form: Affine) => substitute(form, map);
  return {
    ...open,
    stage: mapStageForms(stage, over),
    quotients: quotients.map((quotient) => ({ ...quotient, of: over(quotient.of) })),
  };
}

function resized(open: Open, { name }: Axis, extent: number): Open {
  const { stage } = open;
  const resize = (axes: readonly Axis[]) => axes.map((axis) => (axis.name === name ? { name, extent } : axis));
  return { ...open, stage: { ...stage, space: resize(stage.space), reduce: resize(stage.reduce) } };
}

function textOf({ name, kind, of, by }: Quotient): string {
  const dividend = /^\w+$/.test(key(of)) ? key(of) : `(${key(of)})`;
  const text = `${dividend} ${kind === "modulo" ? "%" : "/"} ${by}`;
  return `${name} = ${kind === "floor" ? `floor(${text})` : text}`;
}
