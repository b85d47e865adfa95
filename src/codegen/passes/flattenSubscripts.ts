/** Row-major offsets in place of subscripts: from here on every access has exactly one. */
import type { Affine } from "../../ir/affine.js";
import { failInternally } from "../../ir/errors.js";
import { type Expr, rewrite } from "../../ir/expr.js";
import { flatten } from "../../ir/program.js";
import type { Kernel, Stmt } from "../../ir/stmt.js";
import { mapValue, rewriteBody, statements, withBody } from "../../ir/visit.js";

export function flattenSubscripts(kernel: Kernel): Kernel {
  const shapes = new Map(kernel.buffers.map(({ name, shape }) => [name, shape]));
  for (const stmt of statements(kernel.body)) if (stmt.kind === "alloc") shapes.set(stmt.buffer, stmt.shape);
  const offset = (buffer: string, at: readonly Affine[]): Affine[] => {
    const shape = shapes.get(buffer) ?? failInternally(`no buffer ${buffer}`);
    return [flatten(at, shape)];
  };
  const flattenLoad = (expr: Expr): Expr =>
    expr.kind === "load" ? { ...expr, at: offset(expr.buffer, expr.at) } : expr;
  const body = rewriteBody(kernel.body, (stmt): Stmt[] => {
    const changed = mapValue(stmt, (value) => rewrite(value, flattenLoad));
    return [changed.kind === "store" ? { ...changed, at: offset(changed.buffer, changed.at) } : changed];
  });
  return withBody(kernel, body);
}
