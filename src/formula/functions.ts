/** The functions of formulas, by name. */
import { binary, type Expr, type UnaryOp, unary } from "../ir/expr.js";
import * as defined from "../ir/functions.js";
import { meant } from "../ir/meant.js";
import type { CallNode } from "./formula.js";
import { amount, POWER, refuseAt } from "./refuse.js";

interface FunctionOfNumbers {
  readonly parameters: readonly string[];
  readonly apply: (...operands: readonly Expr[]) => Expr;
}

const UNARY: readonly UnaryOp[] = ["abs", "sqrt", "exp", "log", "tanh", "erf", "sin", "cos"];

const of = <P extends readonly string[]>(
  parameters: P,
  apply: (...operands: { [I in keyof P]: Expr }) => Expr,
): FunctionOfNumbers => ({ parameters, apply: apply as FunctionOfNumbers["apply"] });

const FUNCTIONS = new Map<string, FunctionOfNumbers>([
  ...UNARY.map((op) => [op, of(["x"], (x) => unary(op, x))] as const),
  ["max", of(["a", "b"], (a, b) => binary("maximum", a, b))],
  ["min", of(["a", "b"], (a, b) => binary("minimum", a, b))],
  ["relu", of(["x"], defined.relu)],
  ["relu6", of(["x"], defined.relu6)],
  ["sigmoid", of(["x"], defined.sigmoid)],
  ["silu", of(["x"], defined.silu)],
  ["gelu", of(["x"], defined.gelu)],
  ["geluTanh", of(["x"], defined.geluTanh)],
  ["hardSwish", of(["x"], defined.hardSwish)],
  ["softplus", of(["x"], defined.softplus)],
  ["leakyRelu", of(["x", "alpha"], defined.leakyRelu)],
  ["elu", of(["x", "alpha"], defined.elu)],
  ["snake", of(["x", "alpha"], defined.snake)],
  ["clip", of(["x", "lowest", "highest"], defined.clip)],
]);

/** Names that are written like functions. */
const KNOWN = [...FUNCTIONS.keys(), "where", "sum", "mean"];

/** Names that functions for powers have elsewhere. */
const POWERS = ["pow", "power", "square", "sqr", "cube"];

/** The function that is called. Throws `invalid-formula` if there is none, or if it takes more or fewer operands. */
export function functionOf({ name, operands, span }: CallNode): FunctionOfNumbers["apply"] {
  const found = FUNCTIONS.get(name);
  if (!found) {
    const head = span && { ...span, to: span.from + name.length };
    const remedy = POWERS.includes(name) ? `; ${POWER}` : meant(name, KNOWN) || `; there are ${KNOWN.join(", ")}`;
    return refuseAt(head, `there is no function ${name}${remedy}`);
  }
  const { parameters, apply } = found;
  if (operands.length !== parameters.length) {
    const hint = name === "max" || name === "min" ? `, and over axes ${name}(k: x[k])` : "";
    const given = amount(operands.length, "value");
    refuseAt(span, `${name} is written ${name}(${parameters.join(", ")})${hint}; got ${given}`);
  }
  return apply;
}
