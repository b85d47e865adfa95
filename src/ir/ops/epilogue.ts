/**
 * The epilogue adds the bias to the sum, then applies the activation. It is an expression, so it fuses into the last
 * store of any algorithm.
 */
import type { Affine } from "../affine.js";
import { unreachable } from "../errors.js";
import { type Expr, load, local, number, plus, unary } from "../expr.js";
import { clip, elu, gelu, hardSwish, leakyRelu, relu, relu6, sigmoid, silu, snake, softplus } from "../functions.js";
import { SUM } from "../program.js";

/** Numbers are rounded to float32, like all constants of a program. */
export type Activation =
  | "relu"
  | "relu6"
  | "sigmoid"
  | "tanh"
  | "silu"
  | "gelu"
  | "hardSwish"
  | "softplus"
  /** `x` where x >= 0, else `alpha * x`. */
  | { readonly kind: "leakyRelu"; readonly alpha: number }
  /** `x` where x >= 0, else `alpha * (exp(x) - 1)`. */
  | { readonly kind: "elu"; readonly alpha: number }
  /** `x + sin(alpha * x)^2 / alpha`, with an alpha that is not 0. */
  | { readonly kind: "snake"; readonly alpha: number }
  | { readonly kind: "clip"; readonly min: number; readonly max: number };

/** Activations without numbers of their own. */
const PLAIN: Readonly<Record<Extract<Activation, string>, (x: Expr) => Expr>> = {
  relu,
  relu6,
  sigmoid,
  tanh: (x) => unary("tanh", x),
  silu,
  gelu,
  hardSwish,
  softplus,
};

export const PLAIN_ACTIVATIONS = Object.keys(PLAIN) as readonly Extract<Activation, string>[];

export function epilogue(channel: Affine, bias: boolean, activation: Activation | undefined): Expr {
  const sum = local(SUM);
  return activated(bias ? plus(sum, load("bias", [channel])) : sum, activation);
}

export function activated(x: Expr, activation: Activation | undefined): Expr {
  if (activation === undefined) return x;
  if (typeof activation === "string") return PLAIN[activation](x);
  switch (activation.kind) {
    case "leakyRelu":
      return leakyRelu(x, number(Math.fround(activation.alpha)));
    case "elu":
      return elu(x, number(Math.fround(activation.alpha)));
    case "snake":
      return snake(x, number(Math.fround(activation.alpha)));
    case "clip":
      return clip(x, number(activation.min), number(activation.max));
    default:
      return unreachable(activation);
  }
}
