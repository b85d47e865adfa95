/**
 * Keeps the integers in byte offsets at zero or above: constants move into their uses.
 *
 * A WebAssembly access adds its constant to an *unsigned* base. So a base below zero traps even if the sum is in range:
 * with pad 2, row 0 is x[-80 + 84].
 */
import { type Affine, add, type Bounds, range, substitute, subtract, variable } from "../../ir/affine.js";
import { Scope } from "../../ir/scope.js";
import type { Index, LoopKernel, Step, Stmt } from "../../ir/stmt.js";
import { addBounds, boundsAtEntry, boundsInside, mapBodies, mapOwnForms, withBody } from "../../ir/visit.js";
import type { Target } from "../target.js";

export function liftBases(kernel: LoopKernel, { addressing }: Target): LoopKernel {
  if (addressing !== "bytes") return kernel;
  /** The old meaning of each lifted name, as a form over the lifted name. Names are unique by now. */
  const lifted = new Map<string, Affine>();
  const rename = (form: Affine): Affine => substitute(form, lifted);

  function liftBody(body: readonly Stmt[], bounds: Bounds): readonly Stmt[] {
    const known = new Scope(bounds);
    return body.map((stmt) => {
      const uses = liftStmt(mapOwnForms(stmt, rename), known);
      addBounds(uses, known);
      return uses;
    });
  }

  function liftStmt(stmt: Stmt, known: Bounds): Stmt {
    if (stmt.kind === "index") return stmt.min < 0 && stmt.divisor === 1 ? liftIndex(stmt) : stmt;
    const loop =
      stmt.kind === "for" ? { ...stmt, steps: stmt.steps.map((step) => liftStep(step, stmt.extent, known)) } : stmt;
    const inside = boundsInside(loop, known);
    return mapBodies(loop, (inner) => liftBody(inner, inside));
  }

  function liftIndex(index: Index): Index {
    lifted.set(index.name, add(variable(index.name), index.min));
    return { ...index, value: subtract(index.value, index.min), min: 0, max: index.max - index.min };
  }

  function liftStep(step: Step, extent: number, known: Bounds): Step {
    const lowest = range(step.start, known).min + Math.min(0, step.by * (extent - 1));
    if (lowest >= 0) return step;
    lifted.set(step.name, add(variable(step.name), lowest));
    return { ...step, start: subtract(step.start, lowest) };
  }

  return withBody(kernel, liftBody(kernel.body, boundsAtEntry(kernel)));
}
