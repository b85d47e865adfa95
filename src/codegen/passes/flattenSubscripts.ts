/**
 * Replaces subscripts by one row-major offset, in the target's unit.
 *
 * From here on every access has exactly one offset. In bytes it begins with the address of the buffer, an integer that
 * the caller gives; later passes treat it like any other part that does not move.
 */
import { type Affine, add, scale, variable } from "../../ir/affine.js";
import { BYTES } from "../../ir/dtype.js";
import { failInternally } from "../../ir/errors.js";
import { type Expr, rewrite } from "../../ir/expr.js";
import { flatten } from "../../ir/program.js";
import { addressOf, type LoopKernel, type Stmt } from "../../ir/stmt.js";
import { mapValue, rewriteBody, shapesOf } from "../../ir/visit.js";
import type { Target } from "../target.js";

export function flattenSubscripts(kernel: LoopKernel, { addressing }: Target): LoopKernel {
  const shapes = shapesOf(kernel);
  const types = new Map(kernel.buffers.map(({ name, dtype }) => [name, dtype]));
  const offset = (buffer: string, at: readonly Affine[]): Affine[] => {
    const shape = shapes.get(buffer) ?? failInternally(`no buffer ${buffer}`);
    const elements = flatten(at, shape);
    if (addressing !== "bytes") return [elements];
    return [add(variable(addressOf(buffer)), scale(elements, BYTES[types.get(buffer) ?? kernel.arithmetic]))];
  };
  const flattenLoad = (expr: Expr): Expr =>
    expr.kind === "load" ? { ...expr, at: offset(expr.buffer, expr.at) } : expr;
  const body = rewriteBody(kernel.body, (stmt): Stmt[] => {
    const changed = mapValue(stmt, (value) => rewrite(value, flattenLoad));
    return [changed.kind === "store" ? { ...changed, at: offset(changed.buffer, changed.at) } : changed];
  });
  return { ...kernel, addressing, body };
}
