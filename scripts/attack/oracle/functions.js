// @ts-check
/** Functions of formulas, as text with an @ for the operand and as float64. */

/** Those whose results float32 rounds. @type {readonly [string, (x: number) => number][]} */
export const SMOOTH = [
  ["tanh(@)", Math.tanh],
  ["sigmoid(@)", (x) => 1 / (1 + Math.exp(-x))],
  ["silu(@)", (x) => x / (1 + Math.exp(-x))],
  ["sin(@)", Math.sin],
  ["cos(@)", Math.cos],
  ["exp(clip(@, -3, 3))", (x) => Math.exp(Math.min(Math.max(x, -3), 3))],
  ["softplus(@)", (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))],
  ["sqrt(abs(@))", (x) => Math.sqrt(Math.abs(x))],
  ["log(1 + abs(@))", (x) => Math.log(1 + Math.abs(x))],
  ["elu(@, 0.5)", (x) => (x >= 0 ? x : 0.5 * Math.expm1(x))],
  ["hardSwish(@)", (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6],
];
/** Those that are exact on small numbers. @type {readonly [string, (x: number) => number][]} */
export const EXACT = [
  ["abs(@)", Math.abs],
  ["relu(@)", (x) => Math.max(x, 0)],
  ["relu6(@)", (x) => Math.min(Math.max(x, 0), 6)],
  ["leakyRelu(@, 0.5)", (x) => (x >= 0 ? x : x / 2)],
  ["clip(@, -2, 3)", (x) => Math.min(Math.max(x, -2), 3)],
  ["-(@)", (x) => -x],
  ["(@) / 2", (x) => x / 2],
];
/** @type {Readonly<Record<string, (a: number, b: number) => boolean>>} */
export const COMPARED = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
};
