/** Numbers in place of the names of axes that reductions introduce, so that reductions of other names are equal. */
import { unreachable } from "../ir/errors.js";
import { choiceNode, type IndexNode, type ReductionNode, type ValueNode } from "./formula.js";

type NewNames = ReadonlyMap<string, string>;

/** `#0`, `#1`, ... from the outside in: none of these is a name or a number of a formula. */
export function numbered(reduction: ReductionNode, known: NewNames = new Map()): ReductionNode {
  const { axes, conditions, each, body } = reduction;
  const names = new Map([...known, ...axes.map(({ name }, i) => [name, `#${known.size + i}`] as const)]);
  const named = <A extends { readonly name: string }>(axis: A): A => ({
    ...axis,
    name: names.get(axis.name) ?? axis.name,
  });
  return {
    ...reduction,
    axes: axes.map(named),
    conditions: conditions.map((one) => ({ ...one, a: ofIndex(one.a, names), b: ofIndex(one.b, names) })),
    each: each.map(named),
    body: ofValue(body, names),
  };
}

function ofValue(value: ValueNode, names: NewNames): ValueNode {
  const of = (part: ValueNode) => ofValue(part, names);
  switch (value.kind) {
    case "number":
      return value;
    case "read":
      return { ...value, at: value.at.map((index) => ofIndex(index, names)) };
    case "negate":
      return { ...value, x: of(value.x) };
    case "operation":
      return { ...value, a: of(value.a), b: of(value.b) };
    case "call":
      return { ...value, operands: value.operands.map(of) };
    case "choice":
      return choiceNode(value.op, [of(value.a), of(value.b)], of(value.then), of(value.otherwise));
    case "reduction":
      return numbered(value, names);
    default:
      return unreachable(value);
  }
}

function ofIndex(index: IndexNode, names: NewNames): IndexNode {
  switch (index.kind) {
    case "number":
      return index;
    case "axis":
      return { ...index, name: names.get(index.name) ?? index.name };
    case "floor":
    case "negate":
      return { ...index, x: ofIndex(index.x, names) };
    case "operation":
      return { ...index, a: ofIndex(index.a, names), b: ofIndex(index.b, names) };
    default:
      return unreachable(index);
  }
}
