/**
 * Formulas: index notation over named tensors, as a tree.
 *
 *     output[n, o] = relu(sum(i: value[n, i] * matrix[i, o]) + bias[o])
 *
 * Subscripts are trees of integers, values are trees of numbers, and the two never mix. What was parsed knows its place
 * in the text; what code builds has none.
 */

/** A part of a text, from one character up to another. */
export interface TextSpan {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

interface InText {
  readonly span: TextSpan | undefined;
}

export type Operator = "+" | "-" | "*" | "/" | "%";

export interface NumberNode extends InText {
  readonly kind: "number";
  readonly value: number;
}

export interface NegationNode<N> extends InText {
  readonly kind: "negate";
  readonly x: N;
}

export interface OperationNode<N> extends InText {
  readonly kind: "operation";
  readonly op: Operator;
  readonly a: N;
  readonly b: N;
}

export interface AxisNode extends InText {
  readonly kind: "axis";
  readonly name: string;
}

/** `floor(x)` of a quotient. */
export interface FloorNode extends InText {
  readonly kind: "floor";
  readonly x: IndexNode;
}

/** A subscript, or a side of a condition. Without `floor`, `/` is exact: where it leaves a rest, there is no term. */
export type IndexNode = NumberNode | AxisNode | FloorNode | NegationNode<IndexNode> | OperationNode<IndexNode>;

/** `a op b` must hold for a point or a term to exist. */
export interface ConditionNode extends InText {
  readonly op: "<" | "<=" | ">" | ">=";
  readonly a: IndexNode;
  readonly b: IndexNode;
}

/** An axis where it is introduced, perhaps with its extent, as in `k < 3`. */
export interface AxisEntry extends InText {
  readonly name: string;
  readonly extent: number | undefined;
}

export interface ReadNode extends InText {
  readonly kind: "read";
  readonly tensor: string;
  readonly at: readonly IndexNode[];
}

/** A function of numbers. */
export interface CallNode extends InText {
  readonly kind: "call";
  readonly name: string;
  readonly operands: readonly ValueNode[];
}

/** `where(a op b, then, otherwise)` */
export interface ChoiceNode extends InText {
  readonly kind: "choice";
  readonly op: "<" | "<=" | ">" | ">=" | "==";
  readonly a: ValueNode;
  readonly b: ValueNode;
  readonly then: ValueNode;
  readonly otherwise: ValueNode;
}

/** `sum(axes if conditions for each: body)` */
export interface ReductionNode extends InText {
  readonly kind: "reduction";
  readonly by: "sum" | "max" | "min" | "mean";
  readonly axes: readonly AxisEntry[];
  readonly conditions: readonly ConditionNode[];
  /** Axes for which the reduction is computed anew, though nothing in it moves along them. */
  readonly each: readonly AxisNode[];
  readonly body: ValueNode;
}

export type ValueNode =
  | NumberNode
  | ReadNode
  | CallNode
  | ChoiceNode
  | ReductionNode
  | NegationNode<ValueNode>
  | OperationNode<ValueNode>;

/** `tensor[at] = value for axes if conditions` */
export interface FormulaLine extends InText {
  readonly tensor: string;
  readonly at: readonly IndexNode[];
  readonly value: ValueNode;
  /** Axes of the line with extents of their own. Those that `at` does not name follow the others. */
  readonly axes: readonly AxisEntry[];
  readonly conditions: readonly ConditionNode[];
}

export interface Formula {
  readonly lines: readonly FormulaLine[];
}

export const numberNode = (value: number, span?: TextSpan): NumberNode => ({ kind: "number", value, span });

export const axisNode = (name: string, span?: TextSpan): AxisNode => ({ kind: "axis", name, span });

export const floorNode = (x: IndexNode, span?: TextSpan): FloorNode => ({ kind: "floor", x, span });

export const negationNode = <N>(x: N, span?: TextSpan): NegationNode<N> => ({ kind: "negate", x, span });

export const operationNode = <N>(op: Operator, a: N, b: N, span?: TextSpan): OperationNode<N> => ({
  kind: "operation",
  op,
  a,
  b,
  span,
});

export const conditionNode = (op: ConditionNode["op"], a: IndexNode, b: IndexNode, span?: TextSpan): ConditionNode => ({
  op,
  a,
  b,
  span,
});

export const axisEntry = (name: string, extent?: number, span?: TextSpan): AxisEntry => ({ name, extent, span });

export const readNode = (tensor: string, at: readonly IndexNode[], span?: TextSpan): ReadNode => ({
  kind: "read",
  tensor,
  at,
  span,
});

export const callNode = (name: string, operands: readonly ValueNode[], span?: TextSpan): CallNode => ({
  kind: "call",
  name,
  operands,
  span,
});

export const choiceNode = (
  op: ChoiceNode["op"],
  [a, b]: readonly [ValueNode, ValueNode],
  then: ValueNode,
  otherwise: ValueNode,
  span?: TextSpan,
): ChoiceNode => ({ kind: "choice", op, a, b, then, otherwise, span });

export const reductionNode = (
  by: ReductionNode["by"],
  axes: readonly AxisEntry[],
  body: ValueNode,
  { conditions = [], each = [] }: Partial<Pick<ReductionNode, "conditions" | "each">> = {},
  span?: TextSpan,
): ReductionNode => ({ kind: "reduction", by, axes, conditions, each, body, span });

export const formulaLine = (
  tensor: string,
  at: readonly IndexNode[],
  value: ValueNode,
  { axes = [], conditions = [] }: Partial<Pick<FormulaLine, "axes" | "conditions">> = {},
  span?: TextSpan,
): FormulaLine => ({ tensor, at, value, axes, conditions, span });
