/**
 * Moves vector constants of an innermost loop into locals before it.
 *
 * Engines make a constant anew wherever it stands, in as many instructions as the arithmetic that uses it. A zero takes
 * one instruction, and stays.
 */

import { type Expr, local, rewrite, subexpressions } from "../../ir/expr.js";
import type { FreeNames } from "../../ir/freeNames.js";
import { printExpr } from "../../ir/print.js";
import type { For, LoopKernel, Stmt } from "../../ir/stmt.js";
import { freeNamesIn, isInnermost, mapValues, ownValue, rewriteBody, statements, withBody } from "../../ir/visit.js";

type Constant = Extract<Expr, { kind: "const" }>;

export function shareConstants(kernel: LoopKernel): LoopKernel {
  const names = freeNamesIn(kernel);
  return withBody(
    kernel,
    rewriteBody(kernel.body, (stmt) => (isInnermost(stmt) ? shareIn(stmt, names) : [stmt])),
  );
}

function shareIn(loop: For, names: FreeNames): readonly Stmt[] {
  const uses = new Map<string, number>();
  for (const stmt of statements(loop.body)) {
    const value = ownValue(stmt);
    for (const expr of value ? subexpressions(value) : []) {
      if (isShareable(expr)) uses.set(printExpr(expr), (uses.get(printExpr(expr)) ?? 0) + 1);
    }
  }
  const shared = new Map<string, { name: string; value: Constant }>();
  const share = (expr: Expr): Expr => {
    if (!isShareable(expr) || (uses.get(printExpr(expr)) ?? 0) < 2) return expr;
    const id = printExpr(expr);
    const before = shared.get(id) ?? { name: names.numbered("constant"), value: expr };
    shared.set(id, before);
    return local(before.name, expr.lanes);
  };
  const body = mapValues(loop.body, (value) => rewrite(value, share));
  const declared = [...shared.values()].map(
    ({ name, value }): Stmt => ({ kind: "local", name, value, mutable: false }),
  );
  return [...declared, { ...loop, body }];
}

const isShareable = (expr: Expr): expr is Constant => expr.kind === "const" && expr.lanes > 1 && expr.value !== 0;
