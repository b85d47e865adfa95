/**
 * Writes erf(x) out in arithmetic and `exp`, as no target has it.
 *
 * For |x| < 1 it is x + x*p(x^2), for others the sign of x times 1 - exp(q(|x|)). Both polynomials were fitted for this
 * to `ir/erf.ts`, so that the largest error is least: it is below 2e-8. With what float32 rounds away the result is
 * within 1e-7 where `exp` is exact, and within 3e-7 for the `exp` of WGSL. x and |x| become locals, as each is needed
 * several times.
 */
import { binary, type Expr, local, multiply, number, plus, rewrite, select, unary } from "../../ir/expr.js";
import type { LoopKernel, Stmt } from "../../ir/stmt.js";
import { freeNamesIn, mapValue, rewriteBody, withBody } from "../../ir/visit.js";

/** Coefficients, the constant first: erf(x)/x - 1 as a polynomial of x^2, for |x| < 1. */
const NEAR = [0.128379158, -0.37612606, 0.112834301, -0.0268485913, 0.00517974959, -0.000794235671, 7.64711907e-5];

/** The logarithm of 1 - erf(x) as a polynomial of x, for x from 1 to `MOST`. */
const FAR = [-0.000353719155, -1.12704004, -0.638225675, -0.10303737, 0.021805319, -0.00293960744, 0.000185574022];

/** From here on erf is 1 in float32. The polynomial would leave its way. */
const MOST = 4;

export function expandErf(kernel: LoopKernel): LoopKernel {
  const names = freeNamesIn(kernel);
  return withBody(
    kernel,
    rewriteBody(kernel.body, (stmt) => {
      const before: Stmt[] = [];
      const named = (value: Expr): Expr => {
        const name = names.numbered("erf");
        before.push({ kind: "local", name, value, mutable: false });
        return local(name, value.lanes);
      };
      const expand = (expr: Expr) => (expr.kind === "unary" && expr.op === "erf" ? erfOf(expr.x, named) : expr);
      const expanded = mapValue(stmt, (value) => rewrite(value, expand));
      return [...before, expanded];
    }),
  );
}

/** @param named gives a value a name, as it is needed more than once */
function erfOf(argument: Expr, named: (value: Expr) => Expr): Expr {
  const { lanes } = argument;
  const constant = (value: number) => number(value, lanes);
  const x = named(argument);
  const size = named(unary("abs", x));
  const near = plus(x, multiply(x, polynomial(NEAR, named(multiply(x, x)))));
  const far = polynomial(FAR, named(binary("minimum", size, constant(MOST))));
  const sign = select("less", x, constant(0), constant(-1), constant(1));
  const beyond = multiply(sign, binary("subtract", constant(1), unary("exp", far)));
  return select("less", size, constant(1), near, beyond);
}

/** By Horner's rule. */
const polynomial = (coefficients: readonly number[], x: Expr): Expr =>
  coefficients.map((value) => number(value, x.lanes)).reduceRight((sum, next) => plus(next, multiply(sum, x)));
