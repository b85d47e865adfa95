/** Walking formulas: the axes that subscripts name, and the reductions in values. */
import { unreachable } from "../ir/errors.js";
import type { AxisNode, FormulaLine, IndexNode, ReadNode, ReductionNode, ValueNode } from "./formula.js";

/** The axes that a subscript names, from left to right. */
export function axesIn(index: IndexNode): readonly AxisNode[] {
  switch (index.kind) {
    case "number":
      return [];
    case "axis":
      return [index];
    case "floor":
    case "negate":
      return axesIn(index.x);
    case "operation":
      return [...axesIn(index.a), ...axesIn(index.b)];
    default:
      return unreachable(index);
  }
}

/** The values that a value is computed of. */
export function operandsIn(value: ValueNode): readonly ValueNode[] {
  switch (value.kind) {
    case "number":
    case "read":
      return [];
    case "negate":
      return [value.x];
    case "operation":
      return [value.a, value.b];
    case "call":
      return value.operands;
    case "choice":
      return [value.a, value.b, value.then, value.otherwise];
    case "reduction":
      return [value.body];
    default:
      return unreachable(value);
  }
}

/** The reductions of a value that are in no other one. */
export const outermost = (value: ValueNode): readonly ReductionNode[] =>
  value.kind === "reduction" ? [value] : operandsIn(value).flatMap(outermost);

/**
 * The axes of a line: those on its left, and those that `for` alone names. Their order is that of `for` if it names all
 * of them.
 */
export function axesOfLine({ at, axes }: FormulaLine): string[] {
  const [left, stated] = [at.flatMap(axesIn), axes].map((list) => [...new Set(list.map(({ name }) => name))]) as [
    string[],
    string[],
  ];
  return left.every((name) => stated.includes(name)) ? stated : [...new Set([...left, ...stated])];
}

/** The names of outer axes along which a reduction moves, or for which it asks to be computed anew. */
export function outerAxesOf(reduction: ReductionNode): ReadonlySet<string> {
  const { axes, conditions, each, body } = reduction;
  const named = [...conditions.flatMap(({ a, b }) => [...axesIn(a), ...axesIn(b)]), ...each].map(({ name }) => name);
  const all = new Set([...named, ...axesOfValue(body)]);
  for (const { name } of axes) all.delete(name);
  return all;
}

function axesOfValue(value: ValueNode): readonly string[] {
  if (value.kind === "read") return value.at.flatMap(axesIn).map(({ name }) => name);
  if (value.kind === "reduction") return [...outerAxesOf(value)];
  return operandsIn(value).flatMap(axesOfValue);
}

/** The elements that a value reads. */
export const readsOf = (value: ValueNode): readonly ReadNode[] =>
  value.kind === "read" ? [value] : operandsIn(value).flatMap(readsOf);
