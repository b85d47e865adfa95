/**
 * Affine forms: `constant + sum(coefficient * variable)` over integers.
 *
 * Every subscript and every guard is affine, values are expressions, and the two never mix. So the compiler
 * needs no simplifier: a form is canonical as soon as it is built. It has no zero coefficient and its names are
 * sorted, so equal forms have equal content and equal keys.
 */
import { failInternally } from "./errors.js";
import type { Lookup } from "./scope.js";

type Terms = Readonly<Record<string, number>>;

export interface Affine {
  readonly constant: number;
  readonly terms: Terms;
}

/** The integers from `min` to `max`, both included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The range of each variable in scope. */
export type Bounds = Lookup<Range>;

/** All forms must be >= 0 for the guard to hold; the empty guard always holds. */
export type Guard = readonly Affine[];

const NO_TERMS: Terms = {};

export const affine = (constant: number, terms: Terms = NO_TERMS): Affine => canonical(constant, { ...terms });

/** The form of terms that nobody else has. */
function canonical(constant: number, terms: Terms): Affine {
  const names = Object.keys(terms);
  // Scaling 0 by a negative number makes -0, whose content differs from that of 0.
  return { constant: constant + 0, terms: isCanonical(names, terms) ? terms : sorted(names, terms) };
}

/** Most terms are, and to find that takes less time than to sort them. */
function isCanonical(names: readonly string[], terms: Terms): boolean {
  for (let i = 0; i < names.length; i++) {
    if (terms[names[i] as string] === 0 || (i > 0 && (names[i - 1] as string) > (names[i] as string))) return false;
  }
  return true;
}

function sorted(names: string[], terms: Terms): Terms {
  const canonical: Record<string, number> = {};
  for (const name of names.sort()) if (terms[name] !== 0) canonical[name] = terms[name] as number;
  return canonical;
}

export const variable = (name: string, coefficient = 1): Affine => affine(0, { [name]: coefficient });

export function add(a: Affine, b: Affine | number): Affine {
  if (typeof b === "number" || isConstant(b)) {
    return { constant: a.constant + (typeof b === "number" ? b : b.constant), terms: a.terms };
  }
  if (isConstant(a)) return { constant: a.constant + b.constant, terms: b.terms };
  const terms: Record<string, number> = { ...a.terms };
  accumulate(terms, b, 1);
  return canonical(a.constant + b.constant, terms);
}

/** Adds `factor * form` to terms under construction. */
function accumulate(terms: Record<string, number>, form: Affine, factor: number): void {
  for (const name of variablesOf(form)) terms[name] = (terms[name] ?? 0) + factor * (form.terms[name] as number);
}

export function scale(a: Affine, factor: number): Affine {
  const terms: Record<string, number> = {};
  accumulate(terms, a, factor);
  return canonical(a.constant * factor, terms);
}

/** The form divided by a number that divides its constant and all its coefficients. */
export function divide(a: Affine, by: number): Affine {
  const terms: Record<string, number> = {};
  for (const name of variablesOf(a)) terms[name] = (a.terms[name] as number) / by;
  return canonical(a.constant / by, terms);
}

export const subtract = (a: Affine, b: Affine | number): Affine => add(a, typeof b === "number" ? -b : scale(b, -1));

/** Never negative; of 0 and a number it is the number. */
export const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? Math.abs(a) : greatestCommonDivisor(b, a % b);

/** The coefficient of `name`; 0 if the form does not contain it. */
export const coefficientOf = (a: Affine, name: string): number => a.terms[name] ?? 0;

export const variablesOf = (a: Affine): string[] => Object.keys(a.terms);

export const isConstant = (a: Affine): boolean => variablesOf(a).length === 0;

/**
 * The terms of a form that `keep` accepts, for example 2*y of 2*y + ky - 1. Its constant is 0, so
 * `subtract(a, part)` is the rest, constant included.
 */
export function restrict(a: Affine, keep: (name: string, coefficient: number) => boolean): Affine {
  const terms: Record<string, number> = {};
  for (const [name, by] of Object.entries(a.terms)) if (keep(name, by)) terms[name] = by;
  return { constant: 0, terms };
}

/** Replaces variables by forms, all at the same time: a and b can change places. */
export function substitute(a: Affine, by: Lookup<Affine>): Affine {
  const names = variablesOf(a);
  if (!names.some((name) => by.has(name))) return a;
  const terms: Record<string, number> = {};
  let { constant } = a;
  for (const name of names) {
    const coefficient = a.terms[name] as number;
    const value = by.get(name);
    if (value) {
      constant += coefficient * value.constant;
      accumulate(terms, value, coefficient);
    } else terms[name] = (terms[name] ?? 0) + coefficient;
  }
  return canonical(constant, terms);
}

export function valueAt(a: Affine, at: ReadonlyMap<string, number>): number {
  let value = a.constant;
  for (const name of variablesOf(a)) {
    const index = at.get(name);
    if (index === undefined) failInternally(`variable ${name} is not bound in ${key(a)}`);
    value += (a.terms[name] as number) * index;
  }
  return value;
}

/** The smallest and the largest value over the box `bounds`. It is exact, as each variable takes all its values. */
export function range(a: Affine, bounds: Bounds): Range {
  let min = a.constant;
  let max = a.constant;
  for (const name of variablesOf(a)) {
    const coefficient = a.terms[name] as number;
    const bound = bounds.get(name) ?? failInternally(`variable ${name} has no bounds in ${key(a)}`);
    min += coefficient * (coefficient > 0 ? bound.min : bound.max);
    max += coefficient * (coefficient > 0 ? bound.max : bound.min);
  }
  return { min, max };
}

/** Canonical text, e.g. `2*oy - ky + 3`; two forms are equal iff their keys are. */
export function key({ constant, terms }: Affine): string {
  let text = "";
  for (const name of Object.keys(terms)) {
    const coefficient = terms[name] as number;
    const size = Math.abs(coefficient);
    const sign = coefficient < 0 ? (text === "" ? "-" : " - ") : text === "" ? "" : " + ";
    text += `${sign}${size === 1 ? name : `${size}*${name}`}`;
  }
  if (text === "") return String(constant);
  return constant === 0 ? text : `${text} ${constant < 0 ? "-" : "+"} ${Math.abs(constant)}`;
}

export function equals(a: Affine, b: Affine): boolean {
  const names = variablesOf(a);
  const isSame = (name: string) => a.terms[name] === b.terms[name];
  return a.constant === b.constant && names.length === variablesOf(b).length && names.every(isSame);
}

export const substituteGuard = (guard: Guard, by: ReadonlyMap<string, Affine>): Guard =>
  guard.map((form) => substitute(form, by));

export const guardKey = (guard: Guard): string => guard.map(key).sort().join(" & ");

/**
 * Says if the guard holds at all points of the box, at none, or perhaps at some. Forms are decided one by one, so two
 * that exclude each other give "sometimes".
 */
export function decide(guard: Guard, bounds: Bounds): "always" | "never" | "sometimes" {
  let verdict: "always" | "sometimes" = "always";
  for (const form of guard) {
    const { min, max } = range(form, bounds);
    if (max < 0) return "never";
    if (min < 0) verdict = "sometimes";
  }
  return verdict;
}

/**
 * True if `form >= 0` wherever all of `held` are: form - k*g - l*h never falls below zero, for some g and h of them and
 * some k, l > 0. The k of each is taken from its first variable. At most `together` of them are taken at once.
 */
export function holds(form: Affine, held: Guard, bounds: Bounds, together = held.length): boolean {
  if (range(form, bounds).min >= 0) return true;
  const conditions = held.map((known) => tightened(known, bounds));
  const holdsFrom = (rest: Affine, first: number, left: number): boolean => {
    if (range(rest, bounds).min >= 0) return true;
    for (let i = first; left > 0 && i < conditions.length; i++) {
      const known = conditions[i] as Affine;
      const [name] = variablesOf(known);
      const factor = name === undefined ? 0 : coefficientOf(rest, name) / coefficientOf(known, name);
      if (factor <= 0 || !Number.isInteger(factor)) continue;
      if (holdsFrom(subtract(rest, scale(known, factor)), i + 1, left - 1)) return true;
    }
    return false;
  };
  return holdsFrom(form, 0, together);
}

/** The same condition on integers, without variables that stand still: 2 - 3*p + 2*q >= 0 with q = 0 is -p >= 0. */
function tightened(form: Affine, bounds: Bounds): Affine {
  const isStill = (name: string) => bounds.get(name)?.min === bounds.get(name)?.max;
  const moving = restrict(form, (name) => !isStill(name));
  const rest = range(subtract(form, moving), bounds).min;
  const common = Object.values(moving.terms).reduce(greatestCommonDivisor, 0);
  return common > 0 ? add(divide(moving, common), Math.floor(rest / common)) : form;
}

/** `0 <= form < extent` as a guard. */
export const within = (form: Affine, extent: number): Guard => [form, subtract(affine(extent - 1), form)];
