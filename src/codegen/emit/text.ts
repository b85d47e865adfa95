/**
 * The printer for C-like languages: statements, expressions and integer forms, over a `Dialect` that spells what differs.
 * It prints what it is given and decides nothing: no extent, stride or shape is compared here.
 */
import { type Affine, type Guard, variablesOf } from "../../ir/affine.js";
import { failInternally, unreachable } from "../../ir/errors.js";
import type { BinaryOp, Expr, UnaryOp } from "../../ir/expr.js";
import type { Stmt } from "../../ir/stmt.js";
import type { Lowered } from "../lower.js";

export interface Dialect {
  readonly number: (value: number) => string;
  readonly index: (name: string, value: string) => string;
  readonly quotient: (value: string, divisor: number) => string;
  readonly loop: (name: string, extent: number) => string;
  readonly declare: (name: string, value: string, mutable: boolean) => string;
  /** An element of a buffer, to be read or written. */
  readonly element: (buffer: string, offset: string) => string;
  readonly unary: (op: UnaryOp, x: string) => string;
  readonly binary: (op: BinaryOp, a: string, b: string) => string;
  readonly fma: (a: string, b: string, c: string) => string;
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
      case "for":
        return braces(dialect.loop(stmt.name, stmt.extent), stmt.body);
      case "if":
        return (
          braces(`if (${printGuard(stmt.guard)})`, stmt.body) +
          (stmt.otherwise.length > 0 ? braces("else", stmt.otherwise) : "")
        );
      case "alloc": // declared around the function
        return this.body(stmt.body, indent);
      case "index":
        return line(dialect.index(stmt.name, dialect.quotient(printAffine(stmt.value), stmt.divisor)));
      case "local":
        return line(dialect.declare(stmt.name, this.#expr(stmt.value), stmt.mutable));
      case "set":
        return line(`${stmt.name} = ${this.#expr(stmt.value)};`);
      case "store":
        return line(`${this.#element(stmt.buffer, stmt.at)} = ${this.#expr(stmt.value)};`);
      case "barrier":
        return failInternally("a barrier in a language without workgroups");
      default:
        return unreachable(stmt);
    }
  }

  #expr(expr: Expr): string {
    const { dialect } = this;
    switch (expr.kind) {
      case "const":
        return dialect.number(expr.value);
      case "local":
        return expr.name;
      case "load":
        return this.#element(expr.buffer, expr.at);
      case "unary":
        return dialect.unary(expr.op, this.#expr(expr.x));
      case "binary":
        return dialect.binary(expr.op, this.#expr(expr.a), this.#expr(expr.b));
      case "fma":
        return dialect.fma(this.#expr(expr.a), this.#expr(expr.b), this.#expr(expr.c));
      case "splat":
      case "lane":
        return failInternally("a vector in a language without them");
      default:
        return unreachable(expr);
    }
  }

  #element(buffer: string, at: readonly Affine[]): string {
    return this.dialect.element(buffer, printAffine(at[0] as Affine));
  }
}

/** Every number is checked again where it becomes text. */
function integer(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : failInternally(`${value} is no integer that code may hold`);
}

export function printAffine(form: Affine): string {
  const parts = variablesOf(form).map((name) => {
    const coefficient = form.terms[name] as number;
    const size = Math.abs(coefficient);
    return { sign: coefficient < 0 ? "-" : "+", text: size === 1 ? name : `${integer(size)} * ${name}` };
  });
  if (form.constant !== 0 || parts.length === 0) {
    parts.push({ sign: form.constant < 0 ? "-" : "+", text: integer(Math.abs(form.constant)) });
  }
  return parts.map(({ sign, text }, i) => (i > 0 ? ` ${sign} ${text}` : sign === "-" ? `-${text}` : text)).join("");
}

const printGuard = (guard: Guard): string => guard.map((form) => `${printAffine(form)} >= 0`).join(" && ");
