/**
 * Computes indices as far outside as possible: once per invocation, not once per tap and channel.
 *
 * Indices are the divisions behind fused loops and shared copies. Each moves to the outermost place where everything
 * that it names is known. On the way it may leave a guard, so its value may lie outside its stated range where the
 * guard fails; nobody uses the value there. An index without a divisor becomes part of the forms that name it. Of equal
 * indices in one place one is left.
 */
import { type Affine, key, type Range, range, substitute, variable, variablesOf } from "../../ir/affine.js";
import { Scope } from "../../ir/scope.js";
import type { Index, LoopKernel, Stmt } from "../../ir/stmt.js";
import {
  addBounds,
  bodiesOf,
  boundsInside,
  mapBodies,
  mapOwnForms,
  rewriteBody,
  statements,
  variablesIn,
  withBody,
} from "../../ir/visit.js";
import type { Target } from "../target.js";

export function hoistIndices(kernel: LoopKernel, { workgroups }: Target): LoopKernel {
  if (!workgroups) return kernel;
  /** Replacements for indices that are gone. Names are unique by now. */
  const gone = new Map<string, Affine>();
  const forms = (stmt: Stmt): Stmt => mapOwnForms(stmt, (form) => substitute(form, gone));

  /** The body with all indices of inner bodies that it can compute itself. */
  function hoistInto(
    body: readonly Stmt[],
    outer: Scope<Range>,
    declared: ReadonlyMap<string, string>,
  ): readonly Stmt[] {
    const known = new Scope(outer);
    const names = new Map(declared);
    return body.flatMap((stmt) => {
      const taken: Index[] = [];
      const rest = takeFrom(stmt, known, names, taken);
      if (rest.length === 0) return taken;
      const [own] = rest.map(forms) as [Stmt];
      const inside = () => new Scope(boundsInside(own, known));
      return [...taken, mapBodies(own, (inner) => hoistInto(inner, inside(), names))];
    });
  }

  /**
   * The statement without the indices, itself or inside it, that name only known variables. Such indices go to `taken`.
   */
  function takeFrom(stmt: Stmt, known: Scope<Range>, names: Map<string, string>, taken: Index[]): readonly Stmt[] {
    if (stmt.kind !== "index") {
      if (bodiesOf(stmt).length === 0) return [stmt];
      return [mapBodies(stmt, (body) => body.flatMap((inner) => takeFrom(inner, known, names, taken)))];
    }
    const value = substitute(stmt.value, gone);
    if (!variablesOf(value).every((name) => known.has(name))) return [stmt];
    const id = `${key(value)} / ${stmt.divisor}`;
    const other = names.get(id);
    if (stmt.divisor === 1) gone.set(stmt.name, value);
    else if (other !== undefined) gone.set(stmt.name, variable(other));
    else {
      const { min, max } = range(value, known);
      const index = { ...stmt, value, min: Math.floor(min / stmt.divisor), max: Math.floor(max / stmt.divisor) };
      names.set(id, stmt.name);
      addBounds(index, known);
      taken.push(index);
    }
    return [];
  }

  return withBody(kernel, dropUnused(hoistInto(kernel.body, new Scope(), new Map())));
}

/** The body without the indices that no form names any more. */
function dropUnused(body: readonly Stmt[]): readonly Stmt[] {
  const used = variablesIn(body);
  const isUsed = (stmt: Stmt) => stmt.kind !== "index" || used.has(stmt.name);
  if (statements(body).every(isUsed)) return body;
  return dropUnused(rewriteBody(body, (stmt) => (isUsed(stmt) ? [stmt] : [])));
}
