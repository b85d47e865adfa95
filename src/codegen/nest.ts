/**
 * The scheduled nest of one stage: its axes as a list of loops, edited by the directives in order. The stage's formula
 * is untouched; its axes have merely become affine forms over the loops.
 */
import {
  type Affine,
  add,
  decide,
  type Guard,
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
  readonly reduce: boolean;
  readonly kind: LoopKind;
  readonly partition: boolean;
  /** For `shiftInwards`: tile `t` begins at `by*t`, and one more tile at `last`; `base` names that beginning. */
  readonly shift?: { readonly base: string; readonly by: number; readonly last: number };
}

/** A loop that was fused into another: `floor(value / divisor)`, below `extent`. */
export interface FusedIndex {
  readonly name: string;
  readonly value: Affine;
  readonly divisor: number;
  readonly extent: number;
}

/** `form >= 0` keeps a split inside its axis. */
export interface TailGuard {
  readonly form: Affine;
  /** False for `roundUp`: the sum needs no guard, only the store does. */
  readonly sum: boolean;
  readonly reduce: boolean;
}

export type ComputeAt = Extract<Directive, { do: "computeAt" }>;
export type Pack = Extract<Directive, { do: "pack" }>;
export type CacheDirective = Extract<Directive, { do: "cache" }>;

/** The stage with its formula over loop variables, and the loops, outermost first. */
export interface Nest {
  readonly stage: Stage;
  readonly loops: readonly Loop[];
  readonly indices: readonly FusedIndex[];
  readonly tails: readonly TailGuard[];
  /** Forms that must be >= 0 for a point to exist at all, as far as the extents of the loops do not see to it. */
  readonly where: Guard;
  readonly computeAt: ComputeAt | undefined;
  readonly accumulateAt: string | undefined;
  readonly packs: readonly Pack[];
  readonly caches: readonly CacheDirective[];
}

export const isInvocation = ({ kind }: Loop): boolean => kind.startsWith("invocation");

/** The loop's variable, and where its tiles begin if they shift. */
export const loopVariables = ({ name, shift }: Loop): string[] => (shift ? [name, shift.base] : [name]);

/** What is known of all loops and indices. */
export function boundsOf({ loops, indices }: Nest): Map<string, Range> {
  const bounds = new Map<string, Range>();
  for (const { name, extent, shift } of loops) {
    bounds.set(name, { min: 0, max: extent - 1 });
    if (shift) bounds.set(shift.base, { min: 0, max: shift.last });
  }
  for (const { name, extent } of indices) bounds.set(name, { min: 0, max: extent - 1 });
  return bounds;
}

/** Whether the read has a place in its buffer for all values of the loops, also where no term is. */
export function staysInside({ buffer, at }: Load, buffers: readonly BufferDecl[], nest: Nest): boolean {
  const { shape } = buffers.find(({ name }) => name === buffer) as BufferDecl;
  const bounds = boundsOf(nest);
  return at.every((form, i) => decide(within(form, shape[i] as number), bounds) === "always");
}

/** Rounded-up sums need no guard, but a tile of which no point exists need not be summed. Loops from `inner` on lie in a tile. */
export function emptyTiles(nest: Nest, inner: number): readonly Affine[] {
  const bounds = boundsOf(nest);
  const names = nest.loops.slice(inner).map((loop) => loop.name);
  const rounded = nest.tails.filter((tail) => !tail.sum && !tail.reduce);
  return rounded.flatMap(({ form }) => {
    const tile = restrict(form, (name) => names.includes(name));
    const best = add(subtract(form, tile), range(tile, bounds).max);
    return key(best) === key(form) || range(best, bounds).min >= 0 ? [] : [best];
  });
}

/** The given names and every index that is computed from them. */
export function withDependents(names: Iterable<string>, indices: readonly FusedIndex[]): Set<string> {
  const all = new Set(names);
  const dependent = () =>
    indices.find(({ name, value }) => !all.has(name) && variablesOf(value).some((v) => all.has(v)));
  for (let next = dependent(); next; next = dependent()) all.add(next.name);
  return all;
}

/**
 * The form over loops alone, where it is one: once rows and columns are fused, `10*row + column` is the fused loop. Otherwise
 * as it is, because each index has a range of its own.
 */
export function overLoops(form: Affine, indices: readonly FusedIndex[]): Affine {
  // Quotients stay; what is left over of them is affine.
  const values = new Map(indices.flatMap(({ name, value, divisor }) => (divisor === 1 ? [[name, value]] : [])));
  let result = form;
  // An index is made of others, which may be affine in their turn.
  for (let next = substitute(result, values); next !== result; next = substitute(result, values)) result = next;
  return variablesOf(result).some((name) => indices.some((index) => index.name === name)) ? form : result;
}
