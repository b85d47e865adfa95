/**
 * Gives each iteration of a loop that threads share scratch memory of its own.
 *
 * An iteration's scratch is a slice of an array with one dimension more. The pass comes after promotion, when the
 * remaining scratch lies in memory.
 */
import { type Affine, variable } from "../../ir/affine.js";
import { rewrite } from "../../ir/expr.js";
import type { LoopKernel, Stmt } from "../../ir/stmt.js";
import { mapValue, rewriteBody, statements, withBody } from "../../ir/visit.js";
import type { Target } from "../target.js";

export function separateScratch(kernel: LoopKernel, { threads }: Target): LoopKernel {
  const [outermost] = kernel.body;
  if (!threads || kernel.body.length !== 1 || outermost?.kind !== "for" || outermost.loop !== "parallel") return kernel;
  const { name, extent } = outermost;
  const scratch = new Set(statements(kernel.body).flatMap((stmt) => (stmt.kind === "alloc" ? [stmt.buffer] : [])));
  const sliced = (buffer: string, at: readonly Affine[]) => (scratch.has(buffer) ? [variable(name), ...at] : at);
  const slice = (stmt: Stmt): Stmt => {
    const changed = mapValue(stmt, (value) =>
      rewrite(value, (expr) => (expr.kind === "load" ? { ...expr, at: sliced(expr.buffer, expr.at) } : expr)),
    );
    if (changed.kind === "alloc") return { ...changed, shape: [extent, ...changed.shape] };
    return changed.kind === "store" ? { ...changed, at: sliced(changed.buffer, changed.at) } : changed;
  };
  return withBody(
    kernel,
    rewriteBody(kernel.body, (stmt) => [slice(stmt)]),
  );
}
