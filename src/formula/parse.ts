/**
 * From text to formula.
 *
 *     line      = name "[" indices "]" "=" value ["for" axes] ["if" conditions]
 *     value     = numbers, tensors "[" indices "]", functions "(" values ")" and reductions, with + - * / and ( )
 *     reduction = ("sum" | "max" | "min" | "mean") "(" [axes] ["if" conditions] ["for" names] ":" value ")"
 *     axes      = name ["<" integer], with commas between them
 *     condition = index ("<" | "<=" | ">" | ">=") index, or a chain such as 0 <= k < 3, with "and" between them
 *     index     = integers, axes and floor "(" index ")", with + - * / % and ( )
 *
 * Words have a meaning of their own only where no name can stand, so every name is legal. What names mean is checked
 * later.
 */
import { fail, show } from "../ir/errors.js";
import { meant } from "../ir/meant.js";
import { Cursor, type Notation } from "./cursor.js";
import {
  type AxisEntry,
  type AxisNode,
  axisEntry,
  axisNode,
  type ChoiceNode,
  type ConditionNode,
  callNode,
  choiceNode,
  conditionNode,
  type Formula,
  type FormulaLine,
  floorNode,
  formulaLine,
  type IndexNode,
  type ReductionNode,
  readNode,
  reductionNode,
  type ValueNode,
} from "./formula.js";
import { refuseAt } from "./refuse.js";
import { type Token, type Tokens, tokensOf } from "./tokens.js";

const MAX_CHARACTERS = 2 ** 16;

const EXAMPLE = "output[i, j] = sum(k: a[i, k] * b[k, j])";

/** @throws TilewrightError `invalid-formula`, `invalid-argument` */
export function parseFormula(text: string): Formula {
  if (typeof text !== "string") return fail("invalid-argument", `a formula is text; got ${show(text)}`);
  if (text.length > MAX_CHARACTERS) {
    const remedy = "describe less of it at once";
    fail("invalid-formula", `a formula has at most ${MAX_CHARACTERS} characters, and this ${text.length}; ${remedy}`);
  }
  return new Parser(tokensOf(text)).formula();
}

const REDUCTIONS: readonly ReductionNode["by"][] = ["sum", "max", "min", "mean"];
const CHOICE = "where(a < b, x, y)";

class Parser {
  readonly #at: Cursor;
  readonly #index: Notation<IndexNode> = {
    hasRest: true,
    hasInfinity: false,
    primary: () => this.#indexPrimary(),
    wrap: (node) => node,
  };
  readonly #value: Notation<ValueNode> = {
    hasRest: false,
    hasInfinity: true,
    primary: () => this.#valuePrimary(),
    wrap: (node) => node,
  };

  constructor(tokens: Tokens) {
    this.#at = new Cursor(tokens);
  }

  formula(): Formula {
    const lines: FormulaLine[] = [];
    while (this.#at.token.kind !== "end") {
      if (this.#at.token.kind === "line end") this.#at.take();
      else lines.push(this.#at.apart(() => this.#line()));
    }
    return lines.length > 0 ? { lines } : fail("invalid-formula", `a formula has a line at least, such as ${EXAMPLE}`);
  }

  #line(): FormulaLine {
    const at = this.#at;
    const name = at.take();
    if (name.text === "for" || name.text === "if") {
      refuseAt(name.span, `${name.text} belongs to the line before; write it behind the value there`);
    }
    if (name.kind !== "name" || !(at.is("[") || at.is("="))) {
      refuseAt(name.span, `a line begins with the element that it computes, as in ${EXAMPLE}`);
    }
    at.expect("[", `the tensor ${name.text}, even without dimensions,`);
    const subscripts = this.#indices();
    const span = at.spanFrom(name);
    at.expect("=", "a line tensor[...] = value");
    const value = at.arithmetic(this.#value);
    const axes = at.takeIf("for") ? this.#axes() : [];
    const conditions = at.takeIf("if") ? this.#conditions() : [];
    if (at.token.kind !== "line end")
      at.refuse("behind the value of a line stand for and if alone, and then a new line");
    return formulaLine(name.text, subscripts, value, { axes, conditions }, span);
  }

  /** Behind the opening bracket, up to the closing one. */
  #indices(): IndexNode[] {
    if (this.#at.takeIf("]")) return [];
    const indices = this.#at.list(() => this.#subscript());
    this.#at.expect("]", "the list of subscripts");
    return indices;
  }

  #subscript(): IndexNode {
    return this.#at.apart(() => this.#at.arithmetic(this.#index));
  }

  #axes(): AxisEntry[] {
    return this.#at.list(() => {
      const name = this.#axisName();
      const extent = this.#at.takeIf("<") ? this.#extent() : undefined;
      return axisEntry(name.text, extent, this.#at.spanFrom(name));
    });
  }

  #axisName(): Token {
    return this.#at.token.kind === "name" ? this.#at.take() : this.#at.refuse("the name of an axis is needed here");
  }

  #extent(): number {
    const { kind, text } = this.#at.token;
    const extent = Number(text);
    if (kind !== "number" || !Number.isSafeInteger(extent)) this.#at.refuse("an extent is an integer >= 0");
    this.#at.take();
    return extent;
  }

  #conditions(): ConditionNode[] {
    const at = this.#at;
    const all: ConditionNode[] = [];
    const isComparison = () => /^[<>]=?$/.test(at.token.text);
    do {
      const first = at.token;
      let a = this.#subscript();
      if (!isComparison()) at.refuse("a condition compares by <, <=, > or >=");
      while (isComparison()) {
        const op = at.take().text as ConditionNode["op"];
        const b = this.#subscript();
        all.push(conditionNode(op, a, b, at.spanFrom(first)));
        a = b;
      }
    } while (at.takeIf("and"));
    return all;
  }

  #indexPrimary(): IndexNode {
    const at = this.#at;
    const first = at.token;
    const { kind, text, span } = first;
    if (kind !== "name") at.refuse("a subscript is made of axes and integers");
    at.take();
    if (at.is("[")) refuseAt(span, `a subscript is made of axes and integers; ${text}[...] is a value`);
    if (!at.takeIf("(")) return axisNode(text, span);
    if (text !== "floor") refuseAt(span, `subscripts have no function but floor${meant(text, ["floor"])}`);
    const x = at.nested(() => at.arithmetic(this.#index));
    at.expect(")", "floor");
    return floorNode(x, at.spanFrom(first));
  }

  #valuePrimary(): ValueNode {
    const at = this.#at;
    const first = at.token;
    if (first.kind !== "name") at.refuse("a value is needed here, such as a number or x[i]");
    at.take();
    if (at.takeIf("[")) {
      const indices = this.#indices();
      return readNode(first.text, indices, at.spanFrom(first));
    }
    if (at.is("(")) return at.nested(() => this.#applied(first));
    return refuseAt(
      first.span,
      `${first.text} is no value; a value is a number or an element of a tensor, such as x[i]`,
    );
  }

  /** A reduction, a choice or a function, behind its name. */
  #applied(name: Token): ValueNode {
    const at = this.#at;
    const { text, span } = name;
    const bracket = at.take();
    const reduction = REDUCTIONS.find((one) => one === text);
    if (at.tokens.withColon.has(bracket)) {
      if (reduction) return this.#reduction(reduction, name);
      refuseAt(span, `${text} has no axes; ${REDUCTIONS.join(", ")} have${meant(text, REDUCTIONS)}`);
    }
    if (text === "sum" || text === "mean") {
      refuseAt(span, `a ${text} names its axes, and a colon follows them, as in ${text}(k: x[k])`);
    }
    if (text === "where") return this.#choice(name);
    const operands = at.is(")") ? [] : at.list(() => at.arithmetic(this.#value));
    at.expect(")", text);
    return callNode(text, operands, at.spanFrom(name));
  }

  #reduction(by: ReductionNode["by"], name: Token): ReductionNode {
    const at = this.#at;
    const axes = at.is(":") || at.is("if") || at.is("for") ? [] : this.#axes();
    const conditions = at.takeIf("if") ? this.#conditions() : [];
    const each = at.takeIf("for") ? at.list(() => this.#each()) : [];
    at.expect(":", `the list of axes of ${by}`);
    const body = at.arithmetic(this.#value);
    at.expect(")", by);
    return reductionNode(by, axes, body, { conditions, each }, at.spanFrom(name));
  }

  #each(): AxisNode {
    const { text, span } = this.#axisName();
    return axisNode(text, span);
  }

  #choice(name: Token): ChoiceNode {
    const at = this.#at;
    const a = at.arithmetic(this.#value);
    if (!/^([<>]=?|==)$/.test(at.token.text)) at.refuse(`${CHOICE} compares by <, <=, >, >= or ==`);
    const op = at.take().text as ChoiceNode["op"];
    const b = at.arithmetic(this.#value);
    at.expect(",", CHOICE);
    const then = at.arithmetic(this.#value);
    at.expect(",", CHOICE);
    const otherwise = at.arithmetic(this.#value);
    at.expect(")", CHOICE);
    return choiceNode(op, [a, b], then, otherwise, at.spanFrom(name));
  }
}
