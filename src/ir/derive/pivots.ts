/**
 * Pivots: which axis each subscript decides, and by what.
 *
 * `x[y + k - 1]` names the element `e` where y is `e - k + 1`: y is the pivot, and k stays free. In `x[2*y + k]` it is
 * the exact quotient `(e - k) / 2`. Subscripts are taken one by one, and what one decides is put into the others.
 */
import {
  type Affine,
  affine,
  coefficientOf,
  greatestCommonDivisor,
  scale,
  substitute,
  subtract,
  variable,
  variablesOf,
} from "../affine.js";
import { FreeNames } from "../freeNames.js";
import type { Quotient } from "../phases.js";
import type { Axis } from "../program.js";

/** The elements along a dimension: they are counted by these axes, and lie at this form of them. */
export interface Elements {
  readonly axes: readonly Axis[];
  readonly at: Affine;
}

export interface Solution {
  /** By dimension. An axis of elements that is new has the name of the pivot, which is gone. */
  readonly elements: readonly Elements[];
  readonly pivots: readonly Axis[];
  /** Each pivot as a form over axes of elements, quotients and the axes that are left. */
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
  const solver = new Solver(axes);
  const elements = at.map((subscript, i) => solver.take(subscript, shape[i] as number, at.slice(i + 1)));
  const quotients = inOrder(solver.quotients);
  if (!quotients?.every((quotient) => unevenTaps(quotient, quotients, solver.free).size <= 1)) return undefined;
  const { pivots, values, zeros } = solver;
  return { elements, pivots, values, quotients, zeros };
}

class Solver {
  /** The axes that no subscript has taken. */
  free: readonly Axis[];
  readonly pivots: Axis[] = [];
  readonly values = new Map<string, Affine>();
  quotients: readonly Quotient[] = [];
  readonly zeros: Affine[] = [];
  readonly #names: FreeNames;

  constructor(axes: readonly Axis[]) {
    this.free = axes;
    this.#names = new FreeNames(axes.map(({ name }) => name));
  }

  /** Solves a subscript for an axis, unless its axes name each element once, or are taken. */
  take(subscript: Affine, size: number, later: readonly Affine[]): Elements {
    const form = substitute(subscript, this.values);
    const digits = digitsOf(form, size, this.free);
    if (digits && !digits.some(({ name }) => isIn(later, name))) {
      this.free = this.free.filter((axis) => !digits.includes(axis));
      const others = this.free.filter(({ name }) => coefficientOf(form, name) !== 0);
      return { axes: digits, at: substitute(form, new Map(others.map(({ name }) => [name, affine(0)]))) };
    }
    const pivot = pivotOf(form, this.free, later);
    const element: Axis = { name: pivot?.name ?? this.#names.numbered("e"), extent: size };
    const at = variable(element.name);
    if (pivot) this.#decide(pivot, form, at);
    else this.zeros.push(subtract(form, at));
    return { axes: [element], at };
  }

  /** The pivot is what makes the form equal to `at`. */
  #decide(pivot: Axis, form: Affine, at: Affine): void {
    const step = coefficientOf(form, pivot.name);
    const by = Math.abs(step);
    const of = scale(subtract(at, subtract(form, variable(pivot.name, step))), Math.sign(step));
    const quotient: Quotient = { name: `Q${this.quotients.length}`, kind: "exact", of, by };
    const value = by === 1 ? of : variable(quotient.name);
    const known = new Map([[pivot.name, value]]);
    const put = (other: Affine) => substitute(other, known);
    this.quotients = [...this.quotients.map((one) => ({ ...one, of: put(one.of) })), ...(by === 1 ? [] : [quotient])];
    for (const [name, other] of this.values) this.values.set(name, put(other));
    this.values.set(pivot.name, value);
    this.pivots.push(pivot);
    this.free = this.free.filter((axis) => axis !== pivot);
  }
}

const isIn = (forms: readonly Affine[], name: string): boolean => forms.some((form) => coefficientOf(form, name) !== 0);

/**
 * The axes of a subscript that names each element once, outermost first: those of `8*group + channel` where a group has
 * 8 channels. Axes of one value do not count.
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
 * The axis for which a subscript is solved. It had better be in no later subscript, leave one uneven tap to a quotient
 * at most, leave few terms to each element, and be an axis of the output.
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
