/**
 * The printer for C-like languages. It prints statements, expressions and integer forms; a `Dialect` spells whatever
 * differs between languages. The printer decides nothing: it compares no extent, stride or shape.
 */
import { type Affine, type Guard, variablesOf } from "../../ir/affine.js";
import { unreachable } from "../../ir/errors.js";
import { type BinaryOp, COMPARISONS, type Expr, type UnaryOp } from "../../ir/expr.js";
import type { For, Index, Stmt } from "../../ir/stmt.js";
import type { Lowered } from "../lower.js";

/** The spelling of one language. `lanes` is 1 for a number. */
export interface Dialect {
  readonly number: (value: number, lanes: number) => string;
  /** The text of an integer, with a minus before it at most. */
  readonly integer: (value: number) => string;
  readonly index: (index: Index, value: string) => string;
  readonly flag: (name: string, condition: string) => string;
  readonly quotient: (value: string, divisor: number) => string;
  /** The head of a loop; undefined if its iterations run side by side, so that only the body is printed. */
  readonly loop: (loop: For) => string | undefined;
  readonly declare: (name: string, value: string, mutable: boolean) => string;
  readonly load: (buffer: string, offset: Affine, lanes: number) => string;
  /** The lines of a store. */
  readonly store: (buffer: string, offset: Affine, value: string, lanes: number) => readonly string[];
  readonly splat: (value: string, lanes: number) => string;
  readonly lane: (vector: string, lane: number) => string;
  readonly unary: (op: UnaryOp, x: string, lanes: number) => string;
  readonly binary: (op: BinaryOp, a: string, b: string) => string;
  readonly fma: (a: string, b: string, c: string) => string;
  readonly select: (condition: string, then: string, otherwise: string) => string;
  readonly barrier: () => string;
}

export const printText = (kernel: Lowered, dialect: Dialect, indent: string): string =>
  new TextPrinter(dialect).body(kernel.body, indent).trimEnd();

class TextPrinter {
  constructor(readonly dialect: Dialect) {}

  body(body: readonly Stmt[], indent: string): string {
    return body.map((stmt) => this.#stmt(stmt, indent)).join("");
  }

  #stmt(stmt: Stmt, indent: string): string {
    const { dialect } = this;
    const line = (text: string) => `${indent}${text}\n`;
    const braces = (head: string, body: readonly Stmt[]) =>
      `${line(`${head} {`)}${this.body(body, `${indent}  `)}${line("}")}`;
    switch (stmt.kind) {
      case "for": {
        const head = dialect.loop(stmt);
        return head === undefined ? this.body(stmt.body, indent) : braces(head, stmt.body);
      }
      case "if":
        return (
          braces(`if (${printGuard(stmt.guard, dialect)})`, stmt.body) +
          (stmt.otherwise.length > 0 ? braces("else", stmt.otherwise) : "")
        );
      case "alloc": // The module declares the array outside the body.
        return this.body(stmt.body, indent);
      case "index":
        return line(dialect.index(stmt, dialect.quotient(printAffine(stmt.value, dialect), stmt.divisor)));
      case "flag":
        return line(dialect.flag(stmt.name, printGuard(stmt.guard, dialect)));
      case "local":
        return line(dialect.declare(stmt.name, this.#expr(stmt.value), stmt.mutable));
      case "set":
        return line(`${stmt.name} = ${this.#expr(stmt.value)};`);
      case "store": {
        const [offset] = stmt.at;
        return dialect
          .store(stmt.buffer, offset as Affine, this.#expr(stmt.value), stmt.value.lanes)
          .map(line)
          .join("");
      }
      case "barrier":
        return line(dialect.barrier());
      default:
        return unreachable(stmt);
    }
  }

  #expr(expr: Expr): string {
    const { dialect } = this;
    switch (expr.kind) {
      case "const":
        return dialect.number(expr.value, expr.lanes);
      case "local":
        return expr.name;
      case "load":
        return dialect.load(expr.buffer, expr.at[0] as Affine, expr.lanes);
      case "splat":
        return dialect.splat(this.#expr(expr.value), expr.lanes);
      case "lane":
        return dialect.lane(this.#expr(expr.value), expr.lane);
      case "unary":
        return dialect.unary(expr.op, this.#expr(expr.x), expr.lanes);
      case "binary":
        return dialect.binary(expr.op, this.#expr(expr.a), this.#expr(expr.b));
      case "fma":
        return dialect.fma(this.#expr(expr.a), this.#expr(expr.b), this.#expr(expr.c));
      case "select": {
        const condition = `${atom(this.#expr(expr.a))} ${COMPARISONS[expr.op]} ${atom(this.#expr(expr.b))}`;
        return dialect.select(condition, this.#expr(expr.then), this.#expr(expr.otherwise));
      }
      default:
        return unreachable(expr);
    }
  }
}

/** The text in parentheses, unless it is a name, a number, an element or a call. */
export const atom = (text: string): string =>
  /^[\w.]+(\[[^[\]]*\]|\([^()]*\))?(\.\w)?$/.test(text) ? text : `(${text})`;

export function printAffine(form: Affine, { integer }: Pick<Dialect, "integer">): string {
  const parts = variablesOf(form).map((name) => {
    const coefficient = form.terms[name] as number;
    if (Math.abs(coefficient) === 1) return coefficient < 0 ? `-${name}` : name;
    return `${integer(coefficient)} * ${name}`;
  });
  if (form.constant !== 0 || parts.length === 0) parts.push(integer(form.constant));
  return parts.reduce((sum, part) => (part.startsWith("-") ? `${sum} - ${part.slice(1)}` : `${sum} + ${part}`));
}

const printGuard = (guard: Guard, dialect: Pick<Dialect, "integer">): string =>
  guard.map((form) => `${printAffine(form, dialect)} >= 0`).join(" && ");
