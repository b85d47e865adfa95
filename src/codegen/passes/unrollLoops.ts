/**
 * Writes out loops marked `unrolled`: one copy of the body per iteration, outermost loops first. A loop that runs once
 * is its body.
 *
 * A guard that has become constant is decided on the way, so that dead code is not written out in its turn. Most of a
 * tile at the edge is never live.
 */
import { type Affine, affine, isConstant, substitute } from "../../ir/affine.js";
import { fail } from "../../ir/errors.js";
import { type For, guarded, type LoopKernel, type Stmt } from "../../ir/stmt.js";
import { bodiesOf, mapBodies, mapOwnForms, withBody } from "../../ir/visit.js";

/** Far more than any useful kernel has, and still few enough for engines to compile. */
const MAX_STATEMENTS = 40_000;

export function unrollLoops(kernel: LoopKernel): LoopKernel {
  checkSize(kernel.body);
  return withBody(kernel, unrollBody(kernel.body, new Map()));
}

/** The iteration of each loop around that is written out. */
type Iterations = ReadonlyMap<string, Affine>;

const unrollBody = (body: readonly Stmt[], places: Iterations): readonly Stmt[] =>
  body.flatMap((stmt) => unrollStmt(stmt, places));

function unrollStmt(stmt: Stmt, places: Iterations): readonly Stmt[] {
  if (stmt.kind === "for" && (stmt.loop === "unrolled" || stmt.extent === 1)) return unroll(stmt, places);
  // Loops of a tile lie in each other, so a statement takes its places in all of them at once.
  const own = places.size === 0 ? stmt : mapOwnForms(stmt, (form) => substitute(form, places));
  if (own.kind !== "if") return [mapBodies(own, (body) => unrollBody(body, places))];
  if (own.guard.some((form) => isConstant(form) && form.constant < 0)) return unrollBody(own.otherwise, places);
  const open = own.guard.filter((form) => !isConstant(form));
  return guarded(open, unrollBody(own.body, places), unrollBody(own.otherwise, places));
}

/** One copy of the body per iteration. */
const unroll = ({ name, extent, body }: For, places: Iterations): readonly Stmt[] =>
  Array.from({ length: extent }, (_, i) => unrollBody(body, new Map([...places, [name, affine(i)]]))).flat();

/** A loop inside another one writes out no more than the one around it. */
function checkSize(body: readonly Stmt[]): void {
  for (const stmt of body) {
    const size = stmt.kind === "for" && stmt.loop === "unrolled" ? writtenSize(stmt) : 0;
    if (stmt.kind === "for" && size > MAX_STATEMENTS) {
      fail(
        "invalid-schedule",
        `unrolling ${stmt.name} makes ${size} statements; at most ${MAX_STATEMENTS}. Split it first`,
      );
    }
    if (size === 0) for (const inner of bodiesOf(stmt)) checkSize(inner);
  }
}

/** Statements inside, once all marked loops are written out. */
function writtenSize(stmt: Stmt): number {
  const inside = bodiesOf(stmt)
    .flat()
    .reduce(
      (size, inner) => size + (inner.kind === "for" && inner.loop === "unrolled" ? 0 : 1) + writtenSize(inner),
      0,
    );
  return stmt.kind === "for" && stmt.loop === "unrolled" ? stmt.extent * inside : inside;
}
