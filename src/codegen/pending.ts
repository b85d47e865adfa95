/**
 * Guards and indices on their way inwards: how long each waits, and where it is emitted.
 *
 * The kernel builder goes through the loops from the outermost to the innermost. A guard or an index is emitted as soon
 * as every variable that it names is known. Three rules let one wait longer:
 * - A guard on which the invocations of a workgroup disagree waits until they have passed all barriers (`mayGuard`).
 * - A guard on a reduction loop waits for the sum (`later`).
 * - An index waits for the guards that name the same variables, because past the end of a split it has no meaning.
 *
 * Example: y < 10 and x < 6 are fused into one loop of 60 iterations, which is split by 16. The last tile has a tail.
 *
 *     for po < 4 workgroup.x
 *       for pi < 16 invocation.x                       the guard and both indices are known here, and wait
 *         for ko < 2
 *           copy a factor into workgroup memory        between two barriers, which all 16 invocations must reach
 *           for ki < 4
 *             if 59 - 16*po - pi >= 0                  behind the barriers the guard may stand
 *               index y = floor((16*po + pi) / 6)      inside it the indices have a meaning
 *               index x = 16*po + pi - 6*y
 *               acc = acc + term
 *         if 59 - 16*po - pi >= 0                      the store has guard and indices of its own
 *           ...
 */
import { type Affine, variablesOf } from "../ir/affine.js";
import { guarded, type Stmt } from "../ir/stmt.js";
import type { FusedIndex } from "./nest.js";

/** The variables that are known at a place in the nest, and the guards and indices that are not yet emitted. */
export interface Pending {
  readonly known: ReadonlySet<string>;
  readonly indices: readonly FusedIndex[];
  readonly guard: readonly Affine[];
  /** Guards on reduction loops. The sum adds them to its guards; no guard outside the sum may contain them. */
  readonly later: readonly Affine[];
}

export const NOTHING_PENDING: Pending = { known: new Set(), indices: [], guard: [], later: [] };

export type MakeBody = (pending: Pending) => readonly Stmt[];

/**
 * Emits every guard and every index that may stand here, and `inside` within them. Guards come first: they give the
 * indices their meaning.
 */
export function emitKnown(pending: Pending, mayGuard: (form: Affine) => boolean, inside: MakeBody): readonly Stmt[] {
  const { known, indices, guard, later } = pending;
  const isKnown = (form: Affine) => variablesOf(form).every((name) => known.has(name));
  const ready = guard.filter((form) => isKnown(form) && mayGuard(form));
  if (ready.length > 0) {
    const rest = guard.filter((form) => !ready.includes(form));
    return guarded(ready, emitKnown({ ...pending, guard: rest }, mayGuard, inside));
  }
  // A guard that is known and still waits keeps the indices over its variables waiting as well.
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

/** The indices that the forms name, directly or through the values of other indices. */
export function indicesFor(forms: readonly Affine[], indices: readonly FusedIndex[]): readonly FusedIndex[] {
  const named = new Set(forms.flatMap(variablesOf));
  const missing = () =>
    indices.flatMap(({ name, value }) => (named.has(name) ? variablesOf(value) : [])).find((name) => !named.has(name));
  for (let next = missing(); next !== undefined; next = missing()) named.add(next);
  return indices.filter(({ name }) => named.has(name));
}

/** Emits everything that still waits around `leaf`. At the innermost place every variable is known. */
export const emitRest = (pending: Pending, leaf: () => readonly Stmt[]): readonly Stmt[] =>
  emitKnown(pending, () => true, leaf);
