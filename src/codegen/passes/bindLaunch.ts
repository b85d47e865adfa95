/**
 * Gives the loops that may run side by side to the target. With threads, the outermost loop stays parallel: it becomes the
 * kernel's range, of which each thread takes parts. All others run in turn, which is the same unless they wait for each
 * other at a barrier.
 */
import { fail } from "../../ir/errors.js";
import type { Kernel } from "../../ir/stmt.js";
import { rewriteBody, statements, withBody } from "../../ir/visit.js";
import type { Target } from "../target.js";

export function bindLaunch(kernel: Kernel, target: Target): Kernel {
  const all = statements(kernel.body);
  if (all.some((stmt) => stmt.kind === "barrier")) {
    fail("invalid-schedule", `${kernel.name} has barriers, but this target has no workgroups; cache in local memory`);
  }
  const inTurn = rewriteBody(kernel.body, (stmt) => [stmt.kind === "for" ? { ...stmt, loop: "serial" } : stmt]);
  const [outermost] = kernel.body;
  const [range] = inTurn;
  const isShared = target.threads && inTurn.length === 1;
  if (!isShared || outermost?.kind !== "for" || outermost.loop !== "parallel" || range?.kind !== "for") {
    return withBody(kernel, inTurn);
  }
  return withBody(kernel, [{ ...range, loop: "parallel" }]);
}
