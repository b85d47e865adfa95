/**
 * Writes out loops marked `unrolled`, one copy of the body per iteration, from the outermost inwards. A guard that has become
 * constant is decided on the way, so that what never runs is not written out in its turn: of a tile at the edge, most is
 * never live.
 */
import { affine, isConstant } from "../../ir/affine.js";
import { fail } from "../../ir/errors.js";
import { type For, guarded, type LoopKernel, type Stmt } from "../../ir/stmt.js";
import { bodiesOf, mapBodies, substituteBody, withBody } from "../../ir/visit.js";

/** Far beyond any useful kernel, and still compiled by engines without giving up. */
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

/** One copy of the body per iteration; what is marked inside stays marked. */
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

/** Statements inside, once all that is marked is written out. */
function writtenSize(stmt: Stmt): number {
  const inside = bodiesOf(stmt)
    .flat()
    .reduce(
      (size, inner) => size + (inner.kind === "for" && inner.loop === "unrolled" ? 0 : 1) + writtenSize(inner),
      0,
    );
  return stmt.kind === "for" && stmt.loop === "unrolled" ? stmt.extent * inside : inside;
}
