/** Pieces of formulas. */
import { unreachable } from "../ir/errors.js";
import type { Activation } from "../ir/ops/epilogue.js";

/** Names for the axes of a tensor. */
export const namedAxes = (shape: readonly number[]): readonly string[] => shape.map((_, i) => `d${i}`);

export const element = (tensor: string, at: readonly string[]): string => `${tensor}[${at.join(", ")}]`;

/** A number of a formula: it has no sign in front where an operator stands before it. */
export const numeral = (value: number): string => {
  const size = Number.isFinite(value) ? String(Math.abs(value)) : "inf";
  return value < 0 ? `(-${size})` : size;
};

/** The value with an activation around it. */
export function withActivation(value: string, activation: Activation | undefined): string {
  if (activation === undefined) return value;
  if (typeof activation === "string") return `${activation}(${value})`;
  switch (activation.kind) {
    case "leakyRelu":
    case "elu":
    case "snake":
      return `${activation.kind}(${value}, ${numeral(activation.alpha)})`;
    case "clip":
      return `clip(${value}, ${numeral(activation.min)}, ${numeral(activation.max)})`;
    default:
      return unreachable(activation);
  }
}

/** An affine subscript such as `2*y + ky - 1`, of axes with factors. */
export function subscript(terms: readonly (readonly [factor: number, axis: string])[], constant: number): string {
  const text = terms.map(([factor, axis]) => (factor === 1 ? axis : `${factor}*${axis}`)).join(" + ");
  if (constant === 0) return text;
  return constant < 0 ? `${text} - ${-constant}` : `${text} + ${constant}`;
}
