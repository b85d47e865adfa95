/**
 * Pivots: which axis each subscript decides, and by what.
 *
 * `x[y + k - 1]` names the element `e` where y is `e - k + 1`: y is the pivot, and k stays free. In `x[2*y + k]` it is
 * the exact quotient `(e - k) / 2`. Subscripts are taken one by one, and what one decides is put into the others.
 */
import {
  type Affine,
  coefficientOf,
  greatestCommonDivisor,
  restrict,
  scale,
  substitute,
  subtract,
  variable,
  variablesOf,
} from "../affine.js";
import type { Quotient } from "../phases.js";
import type { Axis } from "../program.js";

/** The name that stands for the place of an element along a dimension. No axis is called so. */
export const placeName = (dimension: number): string => `E${dimension}`;

const quotientName = (dimension: number): string => `Q${dimension}`;

/** What a subscript says of its axes. */
export type Dimension =
  /** It decides one, given the element. Where other subscripts have decided all, there is none. */
  | { readonly kind: "decides"; readonly pivot: Axis | undefined }
  /** It names each element once, so that elements are counted by these axes, in this form. */
  | { readonly kind: "counts"; readonly axes: readonly Axis[]; readonly form: Affine };

export interface Solution {
  readonly dimensions: readonly Dimension[];
  /** Each pivot as a form over places of elements, quotients and other axes. */
  readonly values: ReadonlyMap<string, Affine>;
  /** Each quotient after those that it is made of. */
  readonly quotients: readonly Quotient[];
  /** Forms that are 0 at elements that are read: one for each dimension whose axes other subscripts decide. */
  readonly zeros: readonly Affine[];
}

/**
 * Solves the subscripts. Undefined if no choice of pivots is found whose quotients `phases` takes: none is made of
 * itself, and one axis of a sum at most moves it unevenly.
 */
export function solve(at: readonly Affine[], shape: readonly number[], axes: readonly Axis[]): Solution | undefined {
  let values = new Map<string, Affine>();
  let quotients: readonly Quotient[] = [];
  const zeros: Affine[] = [];
  let free = axes;
  const dimensions = at.map((subscript, dimension): Dimension => {
    const form = substitute(subscript, values);
    const later = at.slice(dimension + 1);
    const digits = digitsOf(form, shape[dimension] as number, free);
    if (digits && !digits.some(({ name }) => isIn(later, name))) {
      free = free.filter((axis) => !digits.includes(axis));
      const isDigit = (name: string) => digits.some((axis) => axis.name === name);
      return { kind: "counts", axes: digits, form: restrict(form, isDigit) };
    }
    const pivot = pivotOf(form, free, later);
    const place = variable(placeName(dimension));
    if (!pivot) {
      zeros.push(subtract(form, place));
      return { kind: "decides", pivot };
    }
    const step = coefficientOf(form, pivot.name);
    const rest = scale(subtract(place, subtract(form, variable(pivot.name, step))), Math.sign(step));
    const by = Math.abs(step);
    const value = by === 1 ? rest : variable(quotientName(dimension));
    const known = new Map([[pivot.name, value]]);
    const own: Quotient[] = by === 1 ? [] : [{ name: quotientName(dimension), kind: "exact", of: rest, by }];
    quotients = [...quotients.map((one) => ({ ...one, of: substitute(one.of, known) })), ...own];
    values = new Map([...[...values].map(([name, before]) => [name, substitute(before, known)] as const), ...known]);
    free = free.filter((axis) => axis !== pivot);
    return { kind: "decides", pivot };
  });
  const ordered = inOrder(quotients);
  if (!ordered?.every((quotient) => unevenTaps(quotient, quotients, free).size <= 1)) return undefined;
  return { dimensions, values, quotients: ordered, zeros };
}

const isIn = (forms: readonly Affine[], name: string): boolean => forms.some((form) => coefficientOf(form, name) !== 0);

/**
 * The axes of a subscript that names each element once, outermost first: those of `8*group + channel` where a group has 8
 * channels. Axes of one value do not count.
 */
function digitsOf(form: Affine, size: number, free: readonly Axis[]): readonly Axis[] | undefined {
  const axes = free.filter(({ name }) => coefficientOf(form, name) !== 0);
  if (form.constant !== 0 || axes.length !== variablesOf(form).length) return undefined;
  const moving = axes.filter(({ extent }) => extent > 1);
  const digits = (moving.length > 0 ? moving : axes.slice(0, 1)).toSorted(
    (a, b) => coefficientOf(form, b.name) - coefficientOf(form, a.name),
  );
  const unit = digits.reduceRight(
    (step, { name, extent }) => (coefficientOf(form, name) === step ? step * extent : Number.NaN),
    1,
  );
  return unit === size ? digits : undefined;
}

/** Free axes that move a quotient unevenly, themselves or through a quotient that it is made of. */
function unevenTaps({ of, by }: Quotient, quotients: readonly Quotient[], free: readonly Axis[]): ReadonlySet<string> {
  const isUneven = ({ name }: { readonly name: string }) => coefficientOf(of, name) % by !== 0;
  const through = quotients.filter(isUneven).flatMap((one) => [...unevenTaps(one, quotients, free)]);
  return new Set([...free.filter(isUneven).map(({ name }) => name), ...through]);
}

/**
 * The axis for which a subscript is solved. It had better be in no later subscript, leave one uneven tap to a quotient at
 * most, leave few terms to each element, and be an axis of the output.
 */
function pivotOf(form: Affine, free: readonly Axis[], later: readonly Affine[]): Axis | undefined {
  const moving = free.filter(({ name }) => coefficientOf(form, name) !== 0);
  const rank = ({ name }: Axis): number[] => {
    const others = moving.filter((axis) => axis.name !== name);
    const by = Math.abs(coefficientOf(form, name));
    const steps = others.map((axis) => coefficientOf(form, axis.name));
    // So many elements in a row are reached by one tap of an uneven axis.
    const apart = by / steps.reduce(greatestCommonDivisor, by);
    return [
      isIn(later, name) ? 1 : 0,
      steps.filter((step) => step % by !== 0).length > 1 ? 1 : 0,
      others.reduce((terms, { extent }) => terms * extent, 1) / apart,
    ];
  };
  // Axes of the output come first, and an axis gives way only to a better one.
  return moving.reduce<Axis | undefined>(
    (best, axis) => (best && !isLess(rank(axis), rank(best)) ? best : axis),
    undefined,
  );
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((value, i) => value !== b[i]);
  return place >= 0 && (a[place] as number) < (b[place] as number);
}

/** Quotients after those that they are made of. Undefined if two are made of each other. */
function inOrder(quotients: readonly Quotient[]): readonly Quotient[] | undefined {
  const ready = quotients.filter(({ of }) => !quotients.some(({ name }) => coefficientOf(of, name) !== 0));
  const others = quotients.filter((one) => !ready.includes(one));
  if (others.length === 0) return ready;
  if (ready.length === 0) return undefined;
  const rest = inOrder(others);
  return rest && [...ready, ...rest];
}
