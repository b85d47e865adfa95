/**
 * Reads neighbouring numbers as one vector: `x[4*k]` .. `x[4*k + 3]` become lanes of `x[4*k]:4`.
 *
 * A GPU takes a vector as fast as a number. The numbers must be read in one straight run of statements, and vectors
 * must begin at multiples of their size whatever the loops are. The pass comes before loads are shared, so vectors are
 * shared.
 */
import { affine, coefficientOf, variablesOf } from "../../ir/affine.js";
import { type Expr, type Load, lane, load, rewrite, subexpressions } from "../../ir/expr.js";
import { printExpr } from "../../ir/print.js";
import type { LoopKernel, Stmt } from "../../ir/stmt.js";
import { mapRuns, mapValue, ownValue, shapesOf, withBody } from "../../ir/visit.js";
import type { Target } from "../target.js";

export function widenLoads(kernel: LoopKernel, { lanes, workgroups }: Target): LoopKernel {
  if (!workgroups) return kernel;
  const shapes = shapesOf(kernel);

  /** The vector that holds the number, and the number's place in it. Undefined if vectors have no fixed place. */
  function vectorOf(expr: Expr): { vector: Load; place: number } | undefined {
    if (expr.kind !== "load" || expr.lanes !== 1) return undefined;
    const extent = shapes.get(expr.buffer)?.at(-1) ?? 0;
    const last = expr.at.at(-1);
    if (!last || extent % lanes !== 0) return undefined;
    if (variablesOf(last).some((name) => coefficientOf(last, name) % lanes !== 0)) return undefined;
    const place = ((last.constant % lanes) + lanes) % lanes;
    const at = [...expr.at.slice(0, -1), affine(last.constant - place, last.terms)];
    return { vector: load(expr.buffer, at, lanes) as Load, place };
  }

  function widenRun(run: readonly Stmt[]): readonly Stmt[] {
    const places = new Map<string, Set<number>>();
    for (const stmt of run) {
      for (const expr of subexpressions(ownValue(stmt) as Expr)) {
        const found = vectorOf(expr);
        if (!found) continue;
        const id = printExpr(found.vector);
        places.set(id, (places.get(id) ?? new Set()).add(found.place));
      }
    }
    const widen = (expr: Expr): Expr => {
      const found = vectorOf(expr);
      return found && (places.get(printExpr(found.vector))?.size ?? 0) > 1 ? lane(found.vector, found.place) : expr;
    };
    return run.map((stmt) => mapValue(stmt, (value) => rewrite(value, widen)));
  }

  return withBody(kernel, mapRuns(kernel.body, widenRun));
}
