/** Writes `c + a*b` as `fma(a, b, c)` where the target has an instruction for it. */
import { type Expr, fma, rewrite } from "../../ir/expr.js";
import type { LoopKernel } from "../../ir/stmt.js";
import { mapValues, withBody } from "../../ir/visit.js";
import type { Target } from "../target.js";

export const fuseMultiplyAdd = (kernel: LoopKernel, target: Target): LoopKernel =>
  target.fma
    ? withBody(
        kernel,
        mapValues(kernel.body, (value) => rewrite(value, fuse)),
      )
    : kernel;

function fuse(expr: Expr): Expr {
  if (expr.kind !== "binary" || expr.op !== "add") return expr;
  const { a, b } = expr;
  return b.kind === "binary" && b.op === "multiply" ? fma(b.a, b.b, a) : expr;
}
