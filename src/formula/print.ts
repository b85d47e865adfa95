/** From formula to text, of which the same formula is parsed again. */
import { unreachable } from "../ir/errors.js";
import type {
  AxisEntry,
  ConditionNode,
  Formula,
  FormulaLine,
  IndexNode,
  NumberNode,
  Operator,
  ReductionNode,
  ValueNode,
} from "./formula.js";

/** How strongly the parts of an expression hold together. */
const SUM_OF = 1;
const PRODUCT_OF = 2;
const SIGNED = 3;
const WHOLE = 4;

const strengthOf = (op: Operator): number => (op === "+" || op === "-" ? SUM_OF : PRODUCT_OF);

/** A line for each line of the formula. */
export const printFormula = ({ lines }: Formula): string => lines.map(printLine).join("\n");

function printLine({ tensor, at, value, axes, conditions }: FormulaLine): string {
  const extents = axes.length > 0 ? ` for ${printAxes(axes)}` : "";
  return `${printElement(tensor, at)} = ${printValue(value)}${extents}${printConditions(conditions)}`;
}

/** An element of a tensor. */
export const printElement = (tensor: string, at: readonly IndexNode[]): string =>
  `${tensor}[${at.map((index) => printIndex(index)).join(", ")}]`;

const printAxes = (axes: readonly AxisEntry[]): string =>
  axes.map(({ name, extent }) => (extent === undefined ? name : `${name} < ${extent}`)).join(", ");

const printConditions = (conditions: readonly ConditionNode[]): string =>
  conditions.length === 0 ? "" : ` if ${conditions.map(printCondition).join(" and ")}`;

const printCondition = ({ a, op, b }: ConditionNode): string => `${printIndex(a)} ${op} ${printIndex(b)}`;

function printNumber({ value }: NumberNode): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}

/** `strength`: what holds together less than this is put in brackets. */
export function printIndex(node: IndexNode, strength = SUM_OF): string {
  switch (node.kind) {
    case "number":
      return printNumber(node);
    case "axis":
      return node.name;
    case "floor":
      return `floor(${printIndex(node.x)})`;
    case "negate":
      return inBrackets(printNegation(node.x, printIndex), SIGNED, strength);
    case "operation": {
      const { op, a, b } = node;
      const own = strengthOf(op);
      const sign = op === "*" || op === "/" ? op : ` ${op} `;
      return inBrackets(`${printIndex(a, own)}${sign}${printIndex(b, own + 1)}`, own, strength);
    }
    default:
      return unreachable(node);
  }
}

export function printValue(node: ValueNode, strength = SUM_OF): string {
  switch (node.kind) {
    case "number":
      return printNumber(node);
    case "read":
      return printElement(node.tensor, node.at);
    case "call":
      return `${node.name}(${node.operands.map((operand) => printValue(operand)).join(", ")})`;
    case "choice": {
      const { a, op, b, then, otherwise } = node;
      return `where(${printValue(a)} ${op} ${printValue(b)}, ${printValue(then)}, ${printValue(otherwise)})`;
    }
    case "reduction":
      return printReduction(node);
    case "negate":
      return inBrackets(printNegation(node.x, printValue), SIGNED, strength);
    case "operation": {
      const { op, a, b } = node;
      const own = strengthOf(op);
      return inBrackets(`${printValue(a, own)} ${op} ${printValue(b, own + 1)}`, own, strength);
    }
    default:
      return unreachable(node);
  }
}

const inBrackets = (text: string, own: number, strength: number): string => (own < strength ? `(${text})` : text);

/** A sign before a number would be part of it, so what is negated stands in brackets there. */
const printNegation = <N extends { readonly kind: string }>(x: N, print: (node: N, strength: number) => string) =>
  x.kind === "number" ? `-(${print(x, SUM_OF)})` : `-${print(x, WHOLE)}`;

function printReduction({ by, axes, conditions, each, body }: ReductionNode): string {
  const anew = each.length > 0 ? ` for ${each.map(({ name }) => name).join(", ")}` : "";
  const head = `${printAxes(axes)}${printConditions(conditions)}${anew}`.trimStart();
  return `${by}(${head}: ${printValue(body)})`;
}
