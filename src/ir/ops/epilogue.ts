/**
 * The epilogue adds the bias to the sum, then applies the activation. It is an expression, so it fuses into the last
 * store of any algorithm.
 */
import type { Affine } from "../affine.js";
import { unreachable } from "../errors.js";
import { binary, type Expr, load, local, multiply, number, plus, unary } from "../expr.js";
import { SUM } from "../program.js";

/** Numbers are rounded to float32, like all constants of a program. */
export type Activation =
  | "relu"
  | "relu6"
  | "sigmoid"
  | "tanh"
  /** `x` where x >= 0, else `alpha * x`. */
  | { readonly kind: "leakyRelu"; readonly alpha: number }
  | { readonly kind: "clip"; readonly min: number; readonly max: number };

export function epilogue(bias: boolean, activation: Activation | undefined): (channel: Affine) => Expr {
  return (channel) => {
    const sum = local(SUM);
    return activate(bias ? plus(sum, load("bias", [channel])) : sum, activation);
  };
}

const clip = (x: Expr, min: number, max: number): Expr =>
  binary("minimum", binary("maximum", x, number(min)), number(max));

function activate(x: Expr, activation: Activation | undefined): Expr {
  switch (activation) {
    case undefined:
      return x;
    case "relu":
      return binary("maximum", x, number(0));
    case "relu6":
      return clip(x, 0, 6);
    case "sigmoid":
      return binary("divide", number(1), plus(number(1), unary("exp", unary("negate", x))));
    case "tanh":
      return unary("tanh", x);
    default:
      break;
  }
  switch (activation.kind) {
    case "leakyRelu": {
      const alpha = Math.fround(activation.alpha);
      // With alpha 0 this is relu. The product below would turn -Infinity into NaN, as 0 * -Infinity is NaN.
      if (alpha === 0) return binary("maximum", x, number(0));
      // The positive part plus alpha times the negative part needs no branch, and NaN stays NaN.
      return plus(binary("maximum", x, number(0)), multiply(number(alpha), binary("minimum", x, number(0))));
    }
    case "clip":
      return clip(x, activation.min, activation.max);
    default:
      return unreachable(activation);
  }
}
