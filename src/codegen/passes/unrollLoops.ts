/**
 * Writes out loops marked `unrolled`, one copy of the body per iteration. Needs nothing; stands before constants are folded,
 * because it makes them.
 */
import { affine } from "../../ir/affine.js";
import { fail } from "../../ir/errors.js";
import type { Kernel, Stmt } from "../../ir/stmt.js";
import { rewriteBody, statements, substituteBody, withBody } from "../../ir/visit.js";

/** Far beyond any useful kernel, and still compiled by engines without giving up. */
const MAX_STATEMENTS = 40_000;

export const unrollLoops = (kernel: Kernel): Kernel =>
  withBody(
    kernel,
    rewriteBody(kernel.body, (stmt) => (stmt.kind === "for" && stmt.loop === "unrolled" ? unroll(stmt) : [stmt])),
  );

export function unroll(loop: Extract<Stmt, { kind: "for" }>): readonly Stmt[] {
  const size = loop.extent * statements(loop.body).length;
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
