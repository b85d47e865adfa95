/**
 * Functions that networks apply to numbers, by their definitions in operations of expressions.
 *
 * They need no branch, and NaN stays NaN. A definition may name its operand several times; kernels compute it as often
 * as the compiler cannot tell that it is the same.
 */
import { binary, type Expr, isZero, multiply, number, plus, unary } from "./expr.js";

const minus = (a: Expr, b: Expr): Expr => binary("subtract", a, b);
const over = (a: Expr, b: Expr): Expr => binary("divide", a, b);
const positivePart = (x: Expr): Expr => binary("maximum", x, number(0));
const negativePart = (x: Expr): Expr => binary("minimum", x, number(0));
/** `1 + exp(-x)` */
const onePlusDecay = (x: Expr): Expr => plus(number(1), unary("exp", unary("negate", x)));

export const relu = positivePart;

export const clip = (x: Expr, lowest: Expr, highest: Expr): Expr =>
  binary("minimum", binary("maximum", x, lowest), highest);

export const relu6 = (x: Expr): Expr => clip(x, number(0), number(6));

export const sigmoid = (x: Expr): Expr => over(number(1), onePlusDecay(x));

/** `x` where x >= 0, else `alpha * x`. */
export function leakyRelu(x: Expr, alpha: Expr): Expr {
  // The product below would turn -Infinity into NaN, as 0 * -Infinity is NaN.
  if (isZero(alpha)) return relu(x);
  return plus(positivePart(x), multiply(alpha, negativePart(x)));
}

/** `x` where x >= 0, else `alpha * (exp(x) - 1)`. */
export const elu = (x: Expr, alpha: Expr): Expr =>
  plus(positivePart(x), multiply(alpha, minus(unary("exp", negativePart(x)), number(1))));

/** `x * sigmoid(x)` */
export const silu = (x: Expr): Expr => over(x, onePlusDecay(x));

/** `x * relu6(x + 3) / 6` */
export const hardSwish = (x: Expr): Expr => over(multiply(x, relu6(plus(x, number(3)))), number(6));

/** `log(1 + exp(x))`, in a form in which large numbers do not overflow. */
export const softplus = (x: Expr): Expr => plus(positivePart(x), unary("log", onePlusDecay(unary("abs", x))));

/** `x` times the share of a normal distribution that lies below x. */
export const gelu = (x: Expr): Expr => halfOf(x, unary("erf", multiply(x, number(Math.SQRT1_2))));

/** The approximation of `gelu` by tanh that many networks were trained with. */
export function geluTanh(x: Expr): Expr {
  const cubed = multiply(multiply(x, x), x);
  const inner = plus(x, multiply(number(0.044715), cubed));
  return halfOf(x, unary("tanh", multiply(number(Math.sqrt(2 / Math.PI)), inner)));
}

/** `x / 2 * (1 + share)` */
const halfOf = (x: Expr, share: Expr): Expr => multiply(multiply(number(0.5), x), plus(number(1), share));

/** `x + sin(alpha * x)^2 / alpha` */
export function snake(x: Expr, alpha: Expr): Expr {
  const wave = unary("sin", multiply(alpha, x));
  return plus(x, over(multiply(wave, wave), alpha));
}
