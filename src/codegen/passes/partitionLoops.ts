/**
 * Gives loops marked `partition` a body without guards wherever no guard can fail.
 *
 * A form over inner variables holds for the whole body iff it holds at its worst inner point, and there it is affine
 * again. If these worst forms depend on the loop alone, the loop is cut into head, steady state and tail. So is a
 * peeled loop if outer variables move its ends by less than an iteration. Otherwise the body is doubled behind one
 * test, however many guards there are.
 */
import {
  type Affine,
  add,
  type Bounds,
  coefficientOf,
  decide,
  key,
  range,
  restrict,
  subtract,
  variable,
} from "../../ir/affine.js";
import { Scope } from "../../ir/scope.js";
import type { For, LoopKernel, LoopKind, Stmt } from "../../ir/stmt.js";
import {
  addBounds,
  bodiesOf,
  boundsAtEntry,
  boundsInside,
  flatMapInScope,
  mapBodies,
  rewriteBody,
  statements,
  substituteBody,
  withBody,
} from "../../ir/visit.js";

export const partitionLoops = (kernel: LoopKernel): LoopKernel =>
  withBody(kernel, partitionBody(kernel.body, boundsAtEntry(kernel)));

const partitionBody = (body: readonly Stmt[], bounds: Bounds): readonly Stmt[] =>
  flatMapInScope(body, bounds, (stmt, known) => {
    const inside = boundsInside(stmt, known);
    const rebuilt = mapBodies(stmt, (inner) => partitionBody(inner, inside));
    return rebuilt.kind === "for" && (rebuilt.partition || rebuilt.loop === "peeled")
      ? partitionLoop(rebuilt, inside)
      : [rebuilt];
  });

function partitionLoop(marked: For, bounds: Bounds): readonly Stmt[] {
  const peels = marked.loop === "peeled";
  const loop: For = { ...marked, partition: false, loop: peels ? "serial" : marked.loop };
  if (statements(loop.body).some((stmt) => stmt.kind === "barrier")) return [loop];
  const worst = worstForms(loop, bounds);
  const guard = [...new Map([...worst.values()].map((form) => [key(form), form])).values()];
  if (guard.length === 0) return [loop];
  const clean = withoutForms(loop.body, worst);
  const steady = steadyState(loop, guard, bounds);
  // Where each call chooses how many iterations there are, no part of them can be told before it.
  const isCut = !loop.while && (peels ? steady.moves < 1 : steady.moves === 0);
  if (isCut) return cut(loop, clean, steady, peels ? "unrolled" : loop.loop);
  return [{ ...loop, body: [{ kind: "if", guard, body: clean, otherwise: loop.body }] }];
}

/**
 * The guard forms in the body that move with the loop and fail for some of its iterations, each at its worst inner
 * point.
 */
function worstForms(loop: For, outer: Bounds): Map<string, Affine> {
  const found = new Map<string, Affine>();
  const collect = (body: readonly Stmt[], bounds: Bounds): void => {
    const known = new Scope(bounds);
    for (const stmt of body) {
      addBounds(stmt, known);
      for (const form of stmt.kind === "if" ? stmt.guard : []) {
        const worst = atWorst(form, outer, known);
        const before = found.get(key(form));
        // One form may stand in several places, over inner loops of one name and different extents.
        if (!before || worst.constant < before.constant) found.set(key(form), worst);
      }
      for (const inner of bodiesOf(stmt)) collect(inner, boundsInside(stmt, known));
    }
  };
  collect(loop.body, outer);
  const moves = (form: Affine) => coefficientOf(form, loop.name) !== 0;
  return new Map([...found].filter(([, worst]) => moves(worst) && decide([worst], outer) === "sometimes"));
}

function atWorst(form: Affine, outer: Bounds, bounds: Bounds): Affine {
  const inner = restrict(form, (name) => !outer.has(name));
  return add(subtract(form, inner), range(inner, bounds).min);
}

const withoutForms = (body: readonly Stmt[], forms: ReadonlyMap<string, Affine>): readonly Stmt[] =>
  rewriteBody(body, (stmt) => {
    if (stmt.kind !== "if") return [stmt];
    const guard = stmt.guard.filter((form) => !forms.has(key(form)));
    return guard.length === 0 ? stmt.body : [{ ...stmt, guard }];
  });

/** Iterations first .. last, of which there are none if last < first. */
interface Steady {
  readonly first: number;
  readonly last: number;
  /** Iterations by which outer variables move the ends; 0 if the guard depends on the loop alone. */
  readonly moves: number;
}

/** The iterations in which the guard holds whatever the outer variables are. */
function steadyState({ name, extent }: For, guard: readonly Affine[], bounds: Bounds): Steady {
  let [first, last] = [0, extent - 1];
  let moves = 0;
  for (const form of guard) {
    const slope = coefficientOf(form, name);
    const outer = restrict(form, (other) => other !== name);
    const { min, max } = range(outer, bounds);
    moves = Math.max(moves, (max - min) / Math.abs(slope));
    const least = form.constant + min;
    if (slope > 0) first = Math.max(first, Math.ceil(-least / slope));
    else last = Math.min(last, Math.floor(least / -slope));
  }
  return { first, last, moves };
}

/** Head, steady state and tail of a loop. Head and tail are of kind `ends`. */
function cut(loop: For, clean: readonly Stmt[], { first, last }: Steady, ends: LoopKind): readonly Stmt[] {
  const end: For = { ...loop, loop: ends };
  if (first > last) return [end];
  return [
    ...segment(end, loop.body, 0, first),
    ...segment(loop, clean, first, last + 1),
    ...segment(end, loop.body, last + 1, loop.extent),
  ];
}

/** The loop over from .. to-1. It counts from 0 again, so that intervals stay exact. */
function segment(loop: For, body: readonly Stmt[], from: number, to: number): readonly Stmt[] {
  if (from >= to) return [];
  const shifted = new Map([[loop.name, add(variable(loop.name), from)]]);
  return [{ ...loop, extent: to - from, body: from === 0 ? body : substituteBody(body, shifted) }];
}
