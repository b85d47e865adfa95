/** Reading a formula token by token: how deep it is nested, and the arithmetic that subscripts and values share. */
import { MAX_PARTS } from "../ir/size.js";
import {
  type NegationNode,
  type NumberNode,
  negationNode,
  numberNode,
  type OperationNode,
  type Operator,
  operationNode,
  type TextSpan,
} from "./formula.js";
import { POWER, refuseAt } from "./refuse.js";
import type { Token, Tokens } from "./tokens.js";

/** How deep brackets and signs may be nested. */
const MAX_DEPTH = 200;

/** Words that may stand behind an expression. */
const FOLLOWING = ["if", "for", "and"];

type Arithmetic<N> = NumberNode | NegationNode<N> | OperationNode<N>;

/** The parts of arithmetic that differ between subscripts and values. */
export interface Notation<N> {
  /** True if `%` is an operator. */
  readonly hasRest: boolean;
  /** True if `inf` is a number. */
  readonly hasInfinity: boolean;
  readonly primary: () => N;
  /** Arithmetic of its expressions, as one of them. */
  readonly wrap: (node: Arithmetic<N>) => N;
}

export class Cursor {
  #next = 0;
  #depth = 0;
  #parts = 0;

  constructor(readonly tokens: Tokens) {}

  get token(): Token {
    return this.tokens.all[this.#next] as Token;
  }

  is(text: string): boolean {
    return this.token.text === text;
  }

  take(): Token {
    const { token } = this;
    this.#next++;
    return token;
  }

  takeIf(text: string): boolean {
    const found = this.is(text);
    if (found) this.#next++;
    return found;
  }

  expect(text: string, what: string): Token {
    return this.is(text) ? this.take() : this.refuse(`${what} needs a ${text} here`);
  }

  /** One or more of a kind, with commas between them. */
  list<T>(read: () => T): T[] {
    const all = [read()];
    while (this.takeIf(",")) all.push(read());
    return all;
  }

  /** Throws: the rule says what could stand in place of this token. */
  refuse(rule: string): never {
    const { kind, text, span } = this.token;
    return refuseAt(span, `${rule}; got ${kind === "line end" || kind === "end" ? "the end of the line" : text}`);
  }

  /** From the token up to the last one that was taken. */
  spanFrom({ span: { text, from } }: Token): TextSpan {
    const { span } = this.tokens.all[this.#next - 1] as Token;
    return { text, from, to: span.to };
  }

  nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) {
      refuseAt(this.token.span, `a formula is nested at most ${MAX_DEPTH} deep; give inner parts a line of their own`);
    }
    const result = read();
    this.#depth--;
    return result;
  }

  /** An expression whose parts are counted by themselves. */
  apart<T>(read: () => T): T {
    const outer = this.#parts;
    this.#parts = 0;
    const result = read();
    this.#parts = outer;
    return result;
  }

  /** Sums of products, each from left to right. */
  arithmetic<N>(notation: Notation<N>): N {
    const sum = this.#chain("+-", () => this.#chain("*/%", () => this.#signed(notation), notation), notation);
    const { kind: what, text, span } = this.token;
    if (what === "number" || text === "(" || (what === "name" && !FOLLOWING.includes(text))) {
      refuseAt(span, `a sign is missing before ${text}; a product is written with *, as in 2*x`);
    }
    return sum;
  }

  #chain<N>(operators: string, operand: () => N, notation: Notation<N>): N {
    const first = this.token;
    let a = operand();
    while (this.token.kind === "sign" && operators.includes(this.token.text)) {
      if (this.is("%") && !notation.hasRest) this.refuse("only subscripts have rests, by %");
      const sign = this.take();
      const op = sign.text as Operator;
      if (op === "*" && this.is("*")) {
        const both = { ...sign.span, to: this.token.span.to };
        refuseAt(both, `a formula has no **; ${POWER}`);
      }
      const b = operand();
      a = notation.wrap(operationNode(op, a, b, this.spanFrom(first)));
    }
    return a;
  }

  #signed<N>(notation: Notation<N>): N {
    this.#count();
    const first = this.token;
    if (this.takeIf("-")) {
      if (this.#isNumber(notation)) return notation.wrap(this.#number(-1, first));
      const x = this.nested(() => this.#signed(notation));
      return notation.wrap(negationNode(x, this.spanFrom(first)));
    }
    if (this.#isNumber(notation)) return notation.wrap(this.#number(1, first));
    if (!this.takeIf("(")) return notation.primary();
    const inner = this.nested(() => this.arithmetic(notation));
    this.expect(")", "the bracket");
    return inner;
  }

  #count(): void {
    if (++this.#parts <= MAX_PARTS) return;
    const remedy = "give some of them a line of their own";
    refuseAt(this.token.span, `a line has at most ${MAX_PARTS} parts, as has a subscript; ${remedy}`);
  }

  #isNumber({ hasInfinity }: Pick<Notation<unknown>, "hasInfinity">): boolean {
    if (this.token.kind === "number") return true;
    const after = this.tokens.all[this.#next + 1]?.text ?? "";
    return hasInfinity && this.is("inf") && after !== "[" && after !== "(";
  }

  #number(sign: number, first: Token): NumberNode {
    const { text } = this.take();
    return numberNode(sign * (text === "inf" ? Number.POSITIVE_INFINITY : Number(text)), this.spanFrom(first));
  }
}
