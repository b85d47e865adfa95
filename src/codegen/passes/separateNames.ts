/**
 * Gives every index, flag and local a name of its own.
 *
 * Unrolling and folding put copies of one body side by side, and each declares `acc_0`. A language with lexical scopes
 * allows only one declaration.
 */

import { type Affine, substitute, variable } from "../../ir/affine.js";
import { type Expr, mapOperands } from "../../ir/expr.js";
import { FreeNames } from "../../ir/freeNames.js";
import { type Lookup, Scope } from "../../ir/scope.js";
import type { LoopKernel, Stmt } from "../../ir/stmt.js";
import { mapBodies, mapOwnForms, mapValue, parameterNames, shapesOf, statements, withBody } from "../../ir/visit.js";

export function separateNames(kernel: LoopKernel): LoopKernel {
  const all = statements(kernel.body);
  const loops = all.flatMap((stmt) => (stmt.kind === "for" ? [stmt.name] : []));
  const hasIntegers = all.some(({ kind }) => kind === "index" || kind === "flag");
  const own = new FreeNames([...loops, ...shapesOf(kernel).keys(), ...parameterNames(kernel)]);

  /** The body with new names. `outer` has the current name for each name outside, `outerForms` the same as forms. */
  function renameBody(body: readonly Stmt[], outer: Lookup<string>, outerForms: Lookup<Affine>): readonly Stmt[] {
    const names = new Scope(outer);
    const forms = new Scope(outerForms);
    const called = (name: string) => names.get(name) ?? name;
    const renameLocals = (expr: Expr): Expr =>
      expr.kind === "local" ? { ...expr, name: called(expr.name) } : mapOperands(expr, renameLocals);
    return body.map((stmt) => {
      const renamed = mapValue(stmt, renameLocals);
      const uses = hasIntegers ? mapOwnForms(renamed, (form) => substitute(form, forms)) : renamed;
      if (uses.kind === "set") return { ...uses, name: called(uses.name) };
      if (uses.kind === "index" || uses.kind === "flag" || uses.kind === "local") {
        const name = own.like(uses.name, "c");
        names.set(uses.name, name);
        forms.set(uses.name, variable(name));
        return { ...uses, name };
      }
      return mapBodies(uses, (inner) => renameBody(inner, names, forms));
    });
  }

  return withBody(kernel, renameBody(kernel.body, new Scope(), new Scope()));
}
