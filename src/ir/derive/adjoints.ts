/**
 * The derivatives of an expression with respect to what it reads.
 *
 * A weight goes down the expression, from the whole to its parts, and each operation multiplies it by its derivative.
 * What arrives at a read is the read's *adjoint*: the weight times the derivative with respect to it.
 *
 * Kinks follow TensorFlow. The derivative of `abs` at 0 is 0. Of two values that are equal, `maximum` and `minimum`
 * take the first. Beside a constant the derivative is that from below: 0 for `maximum(x, 0)` at 0 and 1 for
 * `minimum(x, 6)` at 6, hence `alpha` for a leaky relu at 0.
 */
import { failInternally, unreachable } from "../errors.js";
import { type Expr, number, unary } from "../expr.js";
import { printExpr } from "../print.js";
import { added, chosen, divided, multiplied, negated, ONE, subtracted, ZERO } from "./algebra.js";

/** A read of a buffer, or the sum in a `finish`. */
export type Leaf = Extract<Expr, { kind: "load" | "local" }>;

export interface Adjoint {
  readonly leaf: Leaf;
  readonly value: Expr;
}

/** By the text of the leaf: an element that is read twice by the same subscripts has one adjoint. */
export type Adjoints = ReadonlyMap<string, Adjoint>;

/** The adjoints of the leaves for which `isActive` holds. All others are constants. */
export function adjointsOf(expr: Expr, weight: Expr, isActive: (leaf: Leaf) => boolean): Adjoints {
  const of = (part: Expr, by: Expr) => adjointsOf(part, by, isActive);
  switch (expr.kind) {
    case "const":
      return new Map();
    case "local":
    case "load":
      return new Map(isActive(expr) ? [[printExpr(expr), { leaf: expr, value: weight }]] : []);
    case "unary":
      return unaryAdjoints(expr, weight, of);
    case "binary":
      return binaryAdjoints(expr, weight, of);
    case "select": {
      const { op, a, b, then, otherwise } = expr;
      return joined(of(then, weight), of(otherwise, weight), (x, y) => chosen(op, a, b, x, y));
    }
    case "splat":
    case "lane":
    case "fma":
      return failInternally(`a stage holds no ${expr.kind}; schedules introduce it`);
    default:
      return unreachable(expr);
  }
}

/** The adjoints of a part, given its weight. */
type Of = (part: Expr, weight: Expr) => Adjoints;

function unaryAdjoints(expr: Extract<Expr, { kind: "unary" }>, weight: Expr, of: Of): Adjoints {
  const { op, x } = expr;
  switch (op) {
    case "negate":
      return of(x, negated(weight));
    case "abs":
      return of(x, chosen("less", ZERO, x, weight, chosen("less", x, ZERO, negated(weight), ZERO)));
    case "sqrt":
      return of(x, divided(multiplied(weight, number(0.5)), expr));
    case "exp":
      return of(x, multiplied(weight, expr));
    case "log":
      return logAdjoints(x, weight, of);
    case "tanh":
      return of(x, multiplied(weight, subtracted(ONE, multiplied(expr, expr))));
    case "erf":
      return of(
        x,
        multiplied(multiplied(weight, unary("exp", negated(multiplied(x, x)))), number(2 / Math.sqrt(Math.PI))),
      );
    case "sin":
      return of(x, multiplied(weight, unary("cos", x)));
    case "cos":
      return of(x, negated(multiplied(weight, unary("sin", x))));
    default:
      return unreachable(op);
  }
}

function binaryAdjoints(expr: Extract<Expr, { kind: "binary" }>, weight: Expr, of: Of): Adjoints {
  const { op, a, b } = expr;
  switch (op) {
    case "add":
      return joined(of(a, weight), of(b, weight), added);
    case "subtract":
      return joined(of(a, weight), of(b, negated(weight)), added);
    case "multiply":
      if (printExpr(a) === printExpr(b)) return of(a, multiplied(multiplied(weight, number(2)), b));
      // The weight takes the factor's place, so that products keep their order.
      return joined(of(a, multiplied(weight, b)), of(b, multiplied(a, weight)), added);
    case "divide":
      return joined(of(a, divided(weight, b)), logAdjoints(b, negated(multiplied(weight, expr)), of), added);
    case "maximum": {
      const [first, second] = b.kind === "const" ? [b, a] : [a, b];
      return joined(of(first, weight), of(second, weight), (x, y) => chosen("less", first, second, y, x));
    }
    case "minimum": {
      const [first, second] = a.kind === "const" ? [b, a] : [a, b];
      return joined(of(first, weight), of(second, weight), (x, y) => chosen("less", second, first, y, x));
    }
    default:
      return unreachable(op);
  }
}

/**
 * The adjoints of `log(x)`, which are those of x for `weight / x`.
 *
 * In `1 / (1 + exp(-100))` the power overflows and the quotient does not. The derivative would be 0 * Infinity, so of
 * `c + exp(u)` that of u is written as `1 - c / (c + exp(u))`, which stays between 0 and 1.
 */
function logAdjoints(x: Expr, weight: Expr, of: Of): Adjoints {
  const [c, power] = x.kind !== "binary" || x.op !== "add" ? [] : x.a.kind === "const" ? [x.a, x.b] : [x.b, x.a];
  if (c?.kind !== "const" || power?.kind !== "unary" || power.op !== "exp") return of(x, divided(weight, x));
  return of(power.x, multiplied(weight, subtracted(ONE, divided(c, x))));
}

/** Both, with one value for a leaf that is in either. The choice between values stays outside of what they compute. */
function joined(a: Adjoints, b: Adjoints, join: (a: Expr, b: Expr) => Expr): Adjoints {
  return new Map(
    [...new Map([...a, ...b])].map(([key, { leaf }]) => {
      return [key, { leaf, value: join(a.get(key)?.value ?? ZERO, b.get(key)?.value ?? ZERO) }];
    }),
  );
}
