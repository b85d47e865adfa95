/**
 * Gives the loops that may run side by side to the target. A target without threads or workgroups runs them in turn,
 * which is the same unless they wait for each other at a barrier.
 */
import { fail } from "../../ir/errors.js";
import type { Kernel } from "../../ir/stmt.js";
import { rewriteBody, statements, withBody } from "../../ir/visit.js";

export function bindLaunch(kernel: Kernel): Kernel {
  if ([...statements(kernel.body)].some((stmt) => stmt.kind === "barrier")) {
    fail("invalid-schedule", `${kernel.name} has barriers, but this target has no workgroups; cache in local memory`);
  }
  return withBody(
    kernel,
    rewriteBody(kernel.body, (stmt) => [stmt.kind === "for" ? { ...stmt, loop: "serial" } : stmt]),
  );
}
