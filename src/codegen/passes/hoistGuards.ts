/**
 * Decides guards outside the loops that they do not depend on.
 *
 * Inside the loop over channels, `if 2*oy - ky >= 0 and ...` becomes `if live0 >= 0`, and the flag live0 is computed
 * once per tap. The pass works from the innermost loop outwards.
 */

import { type Affine, type Guard, guardKey, variable, variablesOf } from "../../ir/affine.js";
import type { For, LoopKernel, Stmt } from "../../ir/stmt.js";
import { freeNamesIn, mapBodies, namesIn, substituteBody, withBody } from "../../ir/visit.js";
import type { Target } from "../target.js";

export function hoistGuards(kernel: LoopKernel, { workgroups }: Target): LoopKernel {
  if (!workgroups) return kernel;
  const names = freeNamesIn(kernel);
  const made = new Set<string>();
  const makeFlag = (guard: Guard): Extract<Stmt, { kind: "flag" }> => {
    const name = names.numbered("live");
    made.add(name);
    return { kind: "flag", name, guard };
  };

  const hoistBody = (body: readonly Stmt[]): readonly Stmt[] =>
    body.flatMap((stmt) => {
      const rebuilt = mapBodies(stmt, hoistBody);
      return rebuilt.kind === "for" && rebuilt.loop === "serial" ? hoistFrom(rebuilt) : [rebuilt];
    });

  function hoistFrom(loop: For): readonly Stmt[] {
    const inside = new Set([loop.name, ...namesIn(loop.body)]);
    const flags = new Map<string, Extract<Stmt, { kind: "flag" }>>();
    // Loops side by side have each made a flag of the same guard. One flag is kept, and the names of the others lead to
    // it.
    const same = new Map<string, Affine>();
    const isStill = (form: Affine) => variablesOf(form).every((name) => !inside.has(name));
    const flagOf = (guard: Guard): Affine => {
      const flag = flags.get(guardKey(guard)) ?? makeFlag(guard);
      flags.set(guardKey(guard), flag);
      return variable(flag.name);
    };
    const replace = (stmt: Stmt): readonly Stmt[] => {
      const inner = mapBodies(joined(stmt), (body) => body.flatMap(replace));
      if (inner.kind === "flag" && inner.guard.every(isStill)) {
        const other = flags.get(guardKey(inner.guard));
        if (other) same.set(inner.name, variable(other.name));
        else flags.set(guardKey(inner.guard), inner);
        return [];
      }
      if ((inner.kind !== "if" && inner.kind !== "flag") || isFlag(inner.guard)) return [inner];
      // A part of a guard may stand still alone: rows are decided outside the loop over columns.
      const still = inner.guard.filter(isStill);
      if (still.length === 0 || isFlag(still)) return [inner];
      return [{ ...inner, guard: [flagOf(still), ...inner.guard.filter((form) => !isStill(form))] }];
    };
    const body = substituteBody(loop.body.flatMap(replace), same);
    return [...flags.values(), { ...loop, body }];
  }

  /** True if the guard tests one flag and nothing else. */
  const isFlag = (guard: Guard): boolean =>
    guard.length === 1 && guard.flatMap(variablesOf).every((name) => made.has(name));

  return withBody(kernel, hoistBody(kernel.body));
}

/** Two guards with nothing between them become one. An index may have stood there before. */
function joined(stmt: Stmt): Stmt {
  if (stmt.kind !== "if" || stmt.otherwise.length > 0 || stmt.body.length !== 1) return stmt;
  const [inner] = stmt.body;
  if (inner?.kind !== "if" || inner.otherwise.length > 0) return stmt;
  return joined({ ...inner, guard: [...stmt.guard, ...inner.guard] });
}
