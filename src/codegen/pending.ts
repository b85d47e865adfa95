/** Indices and guards on their way inwards: each is emitted in the outermost place where all that it names is known. */
import { type Affine, variablesOf } from "../ir/affine.js";
import { guarded, type Stmt } from "../ir/stmt.js";
import type { FusedIndex } from "./nest.js";

/** What is known at a place in the nest, and what still waits to be emitted. */
export interface Pending {
  readonly known: ReadonlySet<string>;
  readonly indices: readonly FusedIndex[];
  readonly guard: readonly Affine[];
  /** Guards that only the sum will add. */
  readonly later: readonly Affine[];
}

export const NOTHING_PENDING: Pending = { known: new Set(), indices: [], guard: [], later: [] };

export type MakeBody = (pending: Pending) => readonly Stmt[];

/**
 * Emits what has just become known around `inside`: guards first, because past the end of a split a fused loop has no
 * meaningful index.
 */
export function emitKnown(pending: Pending, mayGuard: (form: Affine) => boolean, inside: MakeBody): readonly Stmt[] {
  const { known, indices, guard, later } = pending;
  const isKnown = (form: Affine) => variablesOf(form).every((name) => known.has(name));
  const ready = guard.filter((form) => isKnown(form) && mayGuard(form));
  if (ready.length > 0) {
    const rest = guard.filter((form) => !ready.includes(form));
    return guarded(ready, emitKnown({ ...pending, guard: rest }, mayGuard, inside));
  }
  // Nor has it one where such a guard has to wait, for a barrier or for the sum.
  const waiting = new Set([...guard, ...later].filter(isKnown).flatMap(variablesOf));
  const index = indices.find(({ value }) => isKnown(value) && !variablesOf(value).some((name) => waiting.has(name)));
  if (index === undefined) return inside(pending);
  const { name, value, divisor, extent } = index;
  const after: Pending = {
    ...pending,
    known: new Set([...known, name]),
    indices: indices.filter((other) => other !== index),
  };
  return [{ kind: "index", name, value, divisor, min: 0, max: extent - 1 }, ...emitKnown(after, mayGuard, inside)];
}

/** Those of the indices that the forms name, by themselves or through others. */
export function indicesFor(forms: readonly Affine[], indices: readonly FusedIndex[]): readonly FusedIndex[] {
  const named = new Set(forms.flatMap(variablesOf));
  const missing = () =>
    indices.flatMap(({ name, value }) => (named.has(name) ? variablesOf(value) : [])).find((name) => !named.has(name));
  for (let next = missing(); next !== undefined; next = missing()) named.add(next);
  return indices.filter(({ name }) => named.has(name));
}

/** Emits all that still waits, innermost, where everything is known. */
export const emitRest = (pending: Pending, leaf: () => readonly Stmt[]): readonly Stmt[] =>
  emitKnown(pending, () => true, leaf);
