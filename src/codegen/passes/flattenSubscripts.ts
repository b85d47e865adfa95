/**
 * Replaces subscripts by one row-major offset, in the target's unit.
 *
 * From here on every access has exactly one offset.
 */
import { type Affine, scale } from "../../ir/affine.js";
import { BYTES } from "../../ir/dtype.js";
import { failInternally } from "../../ir/errors.js";
import { type Expr, rewrite } from "../../ir/expr.js";
import { flatten } from "../../ir/program.js";
import type { LoopKernel, Stmt } from "../../ir/stmt.js";
import { mapValue, rewriteBody, shapesOf } from "../../ir/visit.js";
import type { Target } from "../target.js";

export function flattenSubscripts(kernel: LoopKernel, { addressing }: Target): LoopKernel {
  const shapes = shapesOf(kernel);
  const types = new Map(kernel.buffers.map(({ name, dtype }) => [name, dtype]));
  const offset = (buffer: string, at: readonly Affine[]): Affine[] => {
    const shape = shapes.get(buffer) ?? failInternally(`no buffer ${buffer}`);
    const bytes = BYTES[types.get(buffer) ?? kernel.arithmetic];
    return [scale(flatten(at, shape), addressing === "bytes" ? bytes : 1)];
  };
  const flattenLoad = (expr: Expr): Expr =>
    expr.kind === "load" ? { ...expr, at: offset(expr.buffer, expr.at) } : expr;
  const body = rewriteBody(kernel.body, (stmt): Stmt[] => {
    const changed = mapValue(stmt, (value) => rewrite(value, flattenLoad));
    return [changed.kind === "store" ? { ...changed, at: offset(changed.buffer, changed.at) } : changed];
  });
  return { ...kernel, addressing, body };
}
