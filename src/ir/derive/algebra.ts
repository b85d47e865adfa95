/**
 * Sums, products and choices that simplify as they are built: 0 + x and 1*x are x, and 0*x is 0.
 *
 * Constant factors gather at the end of a product, as one: `2*x * -y` becomes `x*y * -2`. So a stage can leave them to
 * its `finish`, and what is left is the plain product that schedulers know.
 */
import { binary, type Comparison, type Expr, isZero, number, plus, rewrite, select, unary } from "../expr.js";
import { printExpr } from "../print.js";

export const ZERO = number(0);
export const ONE = number(1);

/** An expression as `core * factor`. */
export interface Factored {
  readonly core: Expr;
  readonly factor: number;
}

export function factored(expr: Expr): Factored {
  if (expr.kind === "const") return { core: ONE, factor: expr.value };
  if (expr.kind === "unary" && expr.op === "negate") return times(factored(expr.x), -1);
  if (expr.kind === "binary" && expr.op === "multiply") {
    if (expr.b.kind === "const") return times(factored(expr.a), expr.b.value);
    if (expr.a.kind === "const") return times(factored(expr.b), expr.a.value);
  }
  return { core: expr, factor: 1 };
}

const times = ({ core, factor }: Factored, by: number): Factored => ({ core, factor: factor * by });

export function scaled({ core, factor }: Factored): Expr {
  if (core.kind === "const") return number(core.value * factor);
  if (factor === 0) return ZERO;
  if (factor === 1) return core;
  return factor === -1 ? unary("negate", core) : binary("multiply", core, number(factor));
}

export function multiplied(a: Expr, b: Expr): Expr {
  const [x, y] = [factored(a), factored(b)];
  const factor = x.factor * y.factor;
  if (x.core.kind === "const" || factor === 0) return scaled({ core: y.core, factor });
  return scaled({ core: y.core.kind === "const" ? x.core : binary("multiply", x.core, y.core), factor });
}

export function divided(a: Expr, b: Expr): Expr {
  const { core, factor } = factored(a);
  if (b.kind === "const") return scaled({ core, factor: factor / b.value });
  if (factor === 0 || core.kind === "const") return factor === 0 ? ZERO : binary("divide", a, b);
  return scaled({ core: binary("divide", core, b), factor });
}

export const negated = (x: Expr): Expr => scaled(times(factored(x), -1));

export function added(a: Expr, b: Expr): Expr {
  if (isZero(a)) return b;
  if (isZero(b)) return a;
  if (a.kind === "const" && b.kind === "const") return number(a.value + b.value);
  if (printExpr(a) === printExpr(b)) return scaled(times(factored(a), 2));
  if (factored(b).factor < 0) return binary("subtract", a, negated(b));
  return factored(a).factor < 0 ? binary("subtract", b, negated(a)) : plus(a, b);
}

export const subtracted = (a: Expr, b: Expr): Expr => added(a, negated(b));

/** `then` where `a op b`, else `otherwise`. */
export const chosen = (op: Comparison, a: Expr, b: Expr, then: Expr, otherwise: Expr): Expr =>
  printExpr(then) === printExpr(otherwise) ? then : select(op, a, b, then, otherwise);

/** The expression with a value in place of the sum. */
export const withSum = (expr: Expr, sum: Expr): Expr => rewrite(expr, (part) => (part.kind === "local" ? sum : part));
