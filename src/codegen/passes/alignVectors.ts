/**
 * Counts offsets in vectors, for buffers that are only accessed in whole, aligned vectors.
 *
 * Every access must be one vector at a multiple of its size, whatever the loops are. In WGSL such a buffer is an array
 * of vec4f, which is read by one instruction instead of four.
 */
import { type Affine, divide } from "../../ir/affine.js";
import { type Expr, rewrite } from "../../ir/expr.js";
import { elementCount } from "../../ir/program.js";
import { type LoopKernel, VECTOR } from "../../ir/stmt.js";
import { mapValues, referencesIn, rewriteBody, shapesOf, withBody } from "../../ir/visit.js";
import type { Target } from "../target.js";

export function alignVectors(kernel: LoopKernel, { workgroups }: Target): LoopKernel {
  if (!workgroups) return kernel;
  const vectors = new Set<string>();
  for (const [buffer, shape] of shapesOf(kernel)) if (elementCount(shape) % VECTOR === 0) vectors.add(buffer);
  for (const { buffer, at, lanes } of referencesIn(kernel.body)) {
    const offset = at[0] as Affine;
    const isAligned = [offset.constant, ...Object.values(offset.terms)].every((number) => number % VECTOR === 0);
    if (lanes !== VECTOR || !isAligned) vectors.delete(buffer);
  }
  const counted = (buffer: string, at: readonly Affine[]) => (vectors.has(buffer) ? at.map(inVectors) : at);
  const countLoad = (expr: Expr): Expr =>
    expr.kind === "load" ? { ...expr, at: counted(expr.buffer, expr.at) } : expr;
  const body = rewriteBody(
    mapValues(kernel.body, (value) => rewrite(value, countLoad)),
    (stmt) => [stmt.kind === "store" ? { ...stmt, at: counted(stmt.buffer, stmt.at) } : stmt],
  );
  return { ...withBody(kernel, body), vectors };
}

const inVectors = (offset: Affine): Affine => divide(offset, VECTOR);
