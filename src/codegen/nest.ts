/**
 * The scheduled nest of one stage: its axes as a list of loops.
 *
 * The directives edit the list one after the other. The stage's formula keeps its meaning; its axes become affine forms
 * over the loops.
 */
import {
  type Affine,
  add,
  decide,
  type Guard,
  holds,
  key,
  type Range,
  range,
  restrict,
  substitute,
  subtract,
  variablesOf,
  within,
} from "../ir/affine.js";
import type { Load } from "../ir/expr.js";
import type { BufferDecl, Stage } from "../ir/program.js";
import type { LoopKind } from "../ir/stmt.js";
import type { Directive } from "./schedule.js";

export interface Loop {
  readonly name: string;
  readonly extent: number;
  /** See `Axis`. */
  readonly while?: Affine;
  readonly reduce: boolean;
  readonly kind: LoopKind;
  readonly partition: boolean;
  /**
   * For `shiftInwards`: tile t begins at by*t, and one more tile begins at `last`. The variable `base` holds the
   * beginning.
   */
  readonly shift?: { readonly base: string; readonly by: number; readonly last: number };
}

/** An axis that was fused into a loop. Its value is floor(value / divisor), from 0 to extent - 1. */
export interface FusedIndex {
  readonly name: string;
  readonly value: Affine;
  readonly divisor: number;
  readonly extent: number;
}

/** The end of an axis that was split: the form is >= 0 inside the axis and < 0 past its end. */
export interface TailGuard {
  readonly form: Affine;
  /** False for `roundUp`: only the store is guarded, not the sum. */
  readonly sum: boolean;
  readonly reduce: boolean;
}

export type ComputeAt = Extract<Directive, { do: "computeAt" }>;
export type Pack = Extract<Directive, { do: "pack" }>;
export type CacheDirective = Extract<Directive, { do: "cache" }>;

/** The stage with its formula over loop variables, and the loops from the outermost to the innermost. */
export interface Nest {
  readonly stage: Stage;
  readonly loops: readonly Loop[];
  readonly indices: readonly FusedIndex[];
  readonly tails: readonly TailGuard[];
  /** Forms that are >= 0 where a point exists. Forms that the extents of the loops ensure are left out. */
  readonly where: Guard;
  readonly computeAt: ComputeAt | undefined;
  readonly accumulateAt: string | undefined;
  readonly packs: readonly Pack[];
  readonly caches: readonly CacheDirective[];
}

export const isInvocation = ({ kind }: Loop): boolean => kind.startsWith("invocation");

/** The variables of a loop: its own, and the beginning of its tiles if they shift. */
export const loopVariables = ({ name, shift }: Loop): string[] => (shift ? [name, shift.base] : [name]);

/** The range of every loop and index, and of the parameter. */
export function boundsOf({ stage: { parameter }, loops, indices }: Nest): Map<string, Range> {
  const bounds = new Map<string, Range>();
  if (parameter) bounds.set(parameter.name, parameter);
  for (const { name, extent, shift } of loops) {
    bounds.set(name, { min: 0, max: extent - 1 });
    if (shift) bounds.set(shift.base, { min: 0, max: shift.last });
  }
  for (const { name, extent } of indices) bounds.set(name, { min: 0, max: extent - 1 });
  return bounds;
}

/** True if the read stays inside its buffer for all values of the loops, even where no term counts. */
export function staysInside({ buffer, at }: Load, buffers: readonly BufferDecl[], nest: Nest): boolean {
  const { shape } = buffers.find(({ name }) => name === buffer) as BufferDecl;
  const bounds = boundsOf(nest);
  return at.every((form, i) => decide(within(form, shape[i] as number), bounds) === "always");
}

/** True if the form is >= 0 in every iteration, as far as the ranges of all loops and their ends say. */
export function isCertain(form: Affine, nest: Nest): boolean {
  return holds(
    form,
    nest.loops.flatMap((loop) => loop.while ?? []),
    boundsOf(nest),
  );
}

/**
 * Forms that fail for tiles without any point. A rounded-up sum needs no guard, but such a tile need not be summed at
 * all. Loops from place `inner` on lie within a tile.
 */
export function emptyTiles(nest: Nest, inner: number): readonly Affine[] {
  const bounds = boundsOf(nest);
  const names = nest.loops.slice(inner).map((loop) => loop.name);
  const rounded = nest.tails.filter((tail) => !tail.sum && !tail.reduce);
  return rounded.flatMap(({ form }) => {
    const tile = restrict(form, (name) => names.includes(name));
    const best = add(subtract(form, tile), range(tile, bounds).max);
    return key(best) === key(form) || isCertain(best, nest) ? [] : [best];
  });
}

/** The given names, and every index that is computed from them. */
export function withDependents(names: Iterable<string>, indices: readonly FusedIndex[]): Set<string> {
  const all = new Set(names);
  const dependent = () =>
    indices.find(({ name, value }) => !all.has(name) && variablesOf(value).some((v) => all.has(v)));
  for (let next = dependent(); next; next = dependent()) all.add(next.name);
  return all;
}

/**
 * The form over loops alone, if it is affine there: once rows and columns are fused, `10*row + column` is the fused
 * loop. Any other form keeps its indices, because the range of each index is known; so does one that comes down to a
 * single index.
 */
export function overLoops(form: Affine, indices: readonly FusedIndex[]): Affine {
  // An index with a divisor is a quotient and stays. The remainder beside it is affine in the loop and the quotient.
  const values = new Map(indices.flatMap(({ name, value, divisor }) => (divisor === 1 ? [[name, value]] : [])));
  let result = form;
  // The value of an index may name further indices.
  for (let next = substitute(result, values); next !== result; next = substitute(result, values)) result = next;
  const isOverLoops = variablesOf(result).every((name) => !indices.some((index) => index.name === name));
  // Where a fused loop was fused again, it is an index. Its own parts together are that index, and its range is exact.
  const isOneIndex = variablesOf(result).length === 1 && variablesOf(form).length > 1;
  return isOverLoops || isOneIndex ? result : form;
}
