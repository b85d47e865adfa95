/** Row-major offsets in place of subscripts, in the target's unit: from here on every access has exactly one. */
import { type Affine, scale } from "../../ir/affine.js";
import { BYTES, type DType } from "../../ir/dtype.js";
import { failInternally } from "../../ir/errors.js";
import { type Expr, rewrite } from "../../ir/expr.js";
import { flatten } from "../../ir/program.js";
import type { Kernel, Stmt } from "../../ir/stmt.js";
import { mapValue, rewriteBody, statements } from "../../ir/visit.js";
import type { Target } from "../target.js";

export function flattenSubscripts(kernel: Kernel, { addressing }: Target): Kernel {
  const unit = (dtype: DType) => (addressing === "bytes" ? BYTES[dtype] : 1);
  const layouts = new Map(kernel.buffers.map(({ name, shape, dtype }) => [name, { shape, unit: unit(dtype) }]));
  for (const stmt of statements(kernel.body)) {
    if (stmt.kind === "alloc") layouts.set(stmt.buffer, { shape: stmt.shape, unit: unit(kernel.arithmetic) });
  }
  const offset = (buffer: string, at: readonly Affine[]): Affine[] => {
    const layout = layouts.get(buffer) ?? failInternally(`no buffer ${buffer}`);
    return [scale(flatten(at, layout.shape), layout.unit)];
  };
  const flattenLoad = (expr: Expr): Expr =>
    expr.kind === "load" ? { ...expr, at: offset(expr.buffer, expr.at) } : expr;
  const body = rewriteBody(kernel.body, (stmt): Stmt[] => {
    const changed = mapValue(stmt, (value) => rewrite(value, flattenLoad));
    return [changed.kind === "store" ? { ...changed, at: offset(changed.buffer, changed.at) } : changed];
  });
  return { ...kernel, addressing, body };
}
