/**
 * Expressions: the values a kernel computes.
 *
 * All arithmetic of one kernel happens in one type (`LoopKernel.arithmetic`). Loads convert into it and stores round
 * out of it. So an expression carries no type, only its `lanes`.
 */
import type { Affine } from "./affine.js";
import { unreachable } from "./errors.js";

/** Functions of one number: those of `Math` by these names, and erf, the error function. */
export type UnaryOp = "negate" | "abs" | "sqrt" | "exp" | "tanh" | "log" | "erf" | "sin" | "cos";
export type BinaryOp = "add" | "subtract" | "multiply" | "divide" | "minimum" | "maximum";
/** `a < b`, `a <= b` or `a = b`, all of them false if a or b is NaN. */
export type Comparison = "less" | "lessEqual" | "equal";

/** How text for people writes comparisons, and the languages that code is emitted in. */
export const COMPARISONS: Readonly<Record<Comparison, string>> = { less: "<", lessEqual: "<=", equal: "==" };

export type Expr =
  | { readonly kind: "const"; readonly value: number; readonly lanes: number }
  | { readonly kind: "local"; readonly name: string; readonly lanes: number }
  /** `lanes` elements that are adjacent in memory, beginning at `at`. */
  | { readonly kind: "load"; readonly buffer: string; readonly at: readonly Affine[]; readonly lanes: number }
  | { readonly kind: "splat"; readonly value: Expr; readonly lanes: number }
  /** One number from a vector. */
  | { readonly kind: "lane"; readonly value: Expr; readonly lane: number; readonly lanes: 1 }
  | { readonly kind: "unary"; readonly op: UnaryOp; readonly x: Expr; readonly lanes: number }
  | { readonly kind: "binary"; readonly op: BinaryOp; readonly a: Expr; readonly b: Expr; readonly lanes: number }
  /** `a * b + c`. The target decides if it rounds once or twice. */
  | { readonly kind: "fma"; readonly a: Expr; readonly b: Expr; readonly c: Expr; readonly lanes: number }
  /**
   * `then` where `a op b`, else `otherwise`, lane by lane. All four are computed, and nothing of the branch that is not
   * taken shows in the result, a NaN neither. Targets round sums in their own ways, so where a and b are all but equal
   * they may choose differently.
   */
  | {
      readonly kind: "select";
      readonly op: Comparison;
      readonly a: Expr;
      readonly b: Expr;
      readonly then: Expr;
      readonly otherwise: Expr;
      readonly lanes: number;
    };

export type Select = Extract<Expr, { kind: "select" }>;
export type Load = Extract<Expr, { kind: "load" }>;

/** The elements that a load or a store names: `lanes` adjacent elements, beginning at `at`. */
export type Reference = Pick<Load, "buffer" | "at" | "lanes">;

export const number = (value: number, lanes = 1): Expr => ({ kind: "const", value, lanes });
export const local = (name: string, lanes = 1): Expr => ({ kind: "local", name, lanes });
export const load = (buffer: string, at: readonly Affine[], lanes = 1): Expr => ({ kind: "load", buffer, at, lanes });
export const splat = (value: Expr, lanes: number): Expr => (lanes === 1 ? value : { kind: "splat", value, lanes });
export const lane = (value: Expr, index: number): Expr => ({ kind: "lane", value, lane: index, lanes: 1 });
export const unary = (op: UnaryOp, x: Expr): Expr => ({ kind: "unary", op, x, lanes: x.lanes });
export const binary = (op: BinaryOp, a: Expr, b: Expr): Expr => ({ kind: "binary", op, a, b, lanes: a.lanes });
export const fma = (a: Expr, b: Expr, c: Expr): Expr => ({ kind: "fma", a, b, c, lanes: a.lanes });
export const select = (op: Comparison, a: Expr, b: Expr, then: Expr, otherwise: Expr): Expr => ({
  kind: "select",
  op,
  a,
  b,
  then,
  otherwise,
  lanes: a.lanes,
});
export const multiply = (a: Expr, b: Expr): Expr => binary("multiply", a, b);
export const isZero = (expr: Expr): boolean => expr.kind === "const" && expr.value === 0;
export const plus = (a: Expr, b: Expr): Expr => binary("add", a, b);

/** The expression with each direct operand replaced. Leaves and unchanged expressions come back as they are. */
export function mapOperands(expr: Expr, f: (operand: Expr) => Expr): Expr {
  switch (expr.kind) {
    case "const":
    case "local":
    case "load":
      return expr;
    case "splat":
    case "lane": {
      const value = f(expr.value);
      return value === expr.value ? expr : { ...expr, value };
    }
    case "unary": {
      const x = f(expr.x);
      return x === expr.x ? expr : { ...expr, x };
    }
    case "binary": {
      const a = f(expr.a);
      const b = f(expr.b);
      return a === expr.a && b === expr.b ? expr : { ...expr, a, b };
    }
    case "fma": {
      const a = f(expr.a);
      const b = f(expr.b);
      const c = f(expr.c);
      return a === expr.a && b === expr.b && c === expr.c ? expr : { ...expr, a, b, c };
    }
    case "select": {
      const a = f(expr.a);
      const b = f(expr.b);
      const then = f(expr.then);
      const otherwise = f(expr.otherwise);
      const isSame = a === expr.a && b === expr.b && then === expr.then && otherwise === expr.otherwise;
      return isSame ? expr : { ...expr, a, b, then, otherwise };
    }
    default:
      return unreachable(expr);
  }
}

export function operandsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "const":
    case "local":
    case "load":
      return [];
    case "splat":
    case "lane":
      return [expr.value];
    case "unary":
      return [expr.x];
    case "binary":
      return [expr.a, expr.b];
    case "fma":
      return [expr.a, expr.b, expr.c];
    case "select":
      return [expr.a, expr.b, expr.then, expr.otherwise];
    default:
      return unreachable(expr);
  }
}

/** Rewrites bottom-up: operands first, then the expression itself. */
export function rewrite(expr: Expr, f: (expr: Expr) => Expr): Expr {
  const inner = (operand: Expr): Expr => f(mapOperands(operand, inner));
  return inner(expr);
}

/** Every part of the expression, operands first, and the expression itself last. */
export function subexpressions(expr: Expr): readonly Expr[] {
  const parts: Expr[] = [];
  const collect = (part: Expr): void => {
    for (const operand of operandsOf(part)) collect(operand);
    parts.push(part);
  };
  collect(expr);
  return parts;
}

/** The loads in the expression, in evaluation order. */
export const loadsOf = (expr: Expr): readonly Load[] => subexpressions(expr).filter((part) => part.kind === "load");
