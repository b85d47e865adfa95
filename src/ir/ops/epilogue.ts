/**
 * The epilogue adds the bias to the sum, then applies the activation. It is an expression, so it fuses into the last
 * store of any algorithm.
 */
import type { Affine } from "../affine.js";
import { unreachable } from "../errors.js";
import { type Expr, load, local, number, plus, unary } from "../expr.js";
import { clip, leakyRelu, relu, relu6, sigmoid } from "../functions.js";
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

function activate(x: Expr, activation: Activation | undefined): Expr {
  switch (activation) {
    case undefined:
      return x;
    case "relu":
      return relu(x);
    case "relu6":
      return relu6(x);
    case "sigmoid":
      return sigmoid(x);
    case "tanh":
      return unary("tanh", x);
    default:
      break;
  }
  switch (activation.kind) {
    case "leakyRelu":
      return leakyRelu(x, number(Math.fround(activation.alpha)));
    case "clip":
      return clip(x, number(activation.min), number(activation.max));
    default:
      return unreachable(activation);
  }
}
