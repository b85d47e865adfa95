/**
 * Affine forms: `constant + sum(coefficient * variable)` over integers.
 *
 * Every subscript and every guard is affine, values are expressions, and the two never mix. That is why
 * the compiler needs no simplifier: a form is canonical as soon as it is built (no zero coefficient, names
 * sorted), so equal forms are equal objects by content and equal text by key.
 */
import { failInternally } from "./errors.js";
import type { Lookup } from "./scope.js";

export interface Affine {
  readonly constant: number;
  readonly terms: Readonly<Record<string, number>>;
}

/** Inclusive integer interval. */
export interface Interval {
  readonly min: number;
  readonly max: number;
}

/** What is known about each variable in scope. */
export type Bounds = Lookup<Interval>;

/** All forms must be >= 0 for the guard to hold; the empty guard always holds. */
export type Guard = readonly Affine[];

export function affine(constant: number, terms: Readonly<Record<string, number>> = {}): Affine {
  const names = Object.keys(terms);
  if (names.length > 1) names.sort();
  const canonical: Record<string, number> = {};
  for (const name of names) if (terms[name] !== 0) canonical[name] = terms[name] as number;
  // Scaling by a negative makes -0, which is not the same content as 0.
  return { constant: constant + 0, terms: canonical };
}

export const variable = (name: string, coefficient = 1): Affine => affine(0, { [name]: coefficient });

export function add(a: Affine, b: Affine | number): Affine {
  if (typeof b === "number") return { constant: a.constant + b, terms: a.terms };
  const terms: Record<string, number> = { ...a.terms };
  accumulate(terms, b, 1);
  return affine(a.constant + b.constant, terms);
}

/** Adds `factor * form` to terms under construction. */
function accumulate(terms: Record<string, number>, form: Affine, factor: number): void {
  for (const name in form.terms) terms[name] = (terms[name] ?? 0) + factor * (form.terms[name] as number);
}

export function scale(a: Affine, factor: number): Affine {
  const terms: Record<string, number> = {};
  accumulate(terms, a, factor);
  return affine(a.constant * factor, terms);
}

export const subtract = (a: Affine, b: Affine | number): Affine => add(a, typeof b === "number" ? -b : scale(b, -1));

/** Coefficient of `name`, 0 where it does not occur. */
export const coefficientOf = (a: Affine, name: string): number => a.terms[name] ?? 0;

export const variablesOf = (a: Affine): string[] => Object.keys(a.terms);

export const isConstant = (a: Affine): boolean => variablesOf(a).length === 0;

/** Replaces variables by forms, all at once. */
export function substitute(a: Affine, by: Lookup<Affine>): Affine {
  if (!variablesOf(a).some((name) => by.has(name))) return a;
  const terms: Record<string, number> = {};
  let { constant } = a;
  for (const name in a.terms) {
    const coefficient = a.terms[name] as number;
    const value = by.get(name);
    if (value) {
      constant += coefficient * value.constant;
      accumulate(terms, value, coefficient);
    } else terms[name] = (terms[name] ?? 0) + coefficient;
  }
  return affine(constant, terms);
}

export function evaluate(a: Affine, at: ReadonlyMap<string, number>): number {
  let value = a.constant;
  for (const name in a.terms) {
    const index = at.get(name);
    if (index === undefined) failInternally(`variable ${name} is not bound in ${key(a)}`);
    value += (a.terms[name] as number) * index;
  }
  return value;
}

/** The smallest and largest value over the box that `bounds` describes; exact, since each variable is free. */
export function range(a: Affine, bounds: Bounds): Interval {
  let min = a.constant;
  let max = a.constant;
  for (const name in a.terms) {
    const coefficient = a.terms[name] as number;
    const bound = bounds.get(name) ?? failInternally(`variable ${name} has no bounds in ${key(a)}`);
    min += coefficient * (coefficient > 0 ? bound.min : bound.max);
    max += coefficient * (coefficient > 0 ? bound.max : bound.min);
  }
  return { min, max };
}

/** Canonical text, e.g. `2*oy - ky + 3`; two forms are equal iff their keys are. */
export function key(a: Affine): string {
  const parts: string[] = [];
  const push = (magnitude: string, negative: boolean) =>
    parts.push(parts.length === 0 ? (negative ? `-${magnitude}` : magnitude) : `${negative ? "- " : "+ "}${magnitude}`);
  for (const [name, coefficient] of Object.entries(a.terms)) {
    const size = Math.abs(coefficient);
    push(size === 1 ? name : `${size}*${name}`, coefficient < 0);
  }
  if (a.constant !== 0 || parts.length === 0) push(String(Math.abs(a.constant)), a.constant < 0);
  return parts.join(" ");
}

export const equals = (a: Affine, b: Affine): boolean => key(a) === key(b);

export const substituteGuard = (guard: Guard, by: ReadonlyMap<string, Affine>): Guard =>
  guard.map((form) => substitute(form, by));

export const guardKey = (guard: Guard): string => guard.map(key).sort().join(" & ");

/** Whether the guard holds for all points of the box, for none, or for some. */
export function decide(guard: Guard, bounds: Bounds): "always" | "never" | "sometimes" {
  let verdict: "always" | "sometimes" = "always";
  for (const form of guard) {
    const { min, max } = range(form, bounds);
    if (max < 0) return "never";
    if (min < 0) verdict = "sometimes";
  }
  return verdict;
}

/** `0 <= form < extent` as a guard. */
export const within = (form: Affine, extent: number): Guard => [form, subtract(affine(extent - 1), form)];
