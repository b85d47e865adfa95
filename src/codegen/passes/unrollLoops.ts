/**
 * Writes out loops marked `unrolled`: one copy of the body per iteration, outermost loops first.
 *
 * A guard that has become constant is decided on the way, so that dead code is not written out in its turn. Most of a
 * tile at the edge is never live.
 */
import { affine, isConstant } from "../../ir/affine.js";
import { fail } from "../../ir/errors.js";
import { type For, guarded, type LoopKernel, type Stmt } from "../../ir/stmt.js";
import { bodiesOf, mapBodies, substituteBody, withBody } from "../../ir/visit.js";

/** Far more than any useful kernel has, and still few enough for engines to compile. */
const MAX_STATEMENTS = 40_000;

export const unrollLoops = (kernel: LoopKernel): LoopKernel => withBody(kernel, unrollBody(kernel.body));

const unrollBody = (body: readonly Stmt[]): readonly Stmt[] => body.flatMap(unrollStmt);

function unrollStmt(stmt: Stmt): readonly Stmt[] {
  if (stmt.kind === "for" && stmt.loop === "unrolled") return unrollBody(unroll(stmt));
  if (stmt.kind !== "if") return [mapBodies(stmt, unrollBody)];
  if (stmt.guard.some((form) => isConstant(form) && form.constant < 0)) return unrollBody(stmt.otherwise);
  const open = stmt.guard.filter((form) => !isConstant(form));
  return guarded(open, unrollBody(stmt.body), unrollBody(stmt.otherwise));
}

/** One copy of the body per iteration. Marked loops inside stay marked. */
function unroll(loop: For): readonly Stmt[] {
  const size = writtenSize(loop);
  if (size > MAX_STATEMENTS) {
    fail(
      "invalid-schedule",
      `unrolling ${loop.name} makes ${size} statements; at most ${MAX_STATEMENTS}. Split it first`,
    );
  }
  return Array.from({ length: loop.extent }, (_, i) =>
    substituteBody(loop.body, new Map([[loop.name, affine(i)]])),
  ).flat();
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
