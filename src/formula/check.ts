/** Checks a formula before anything is inferred from it: every name means something, and one thing alone. */

import { meant } from "../ir/meant.js";
import { AXIS_NAME, NAME, RESERVED, TAKEN } from "../ir/names.js";
import { MAX_DIMENSIONS } from "../ir/size.js";
import type { Formula, FormulaLine, IndexNode, ReductionNode, TextSpan, ValueNode } from "./formula.js";
import { functionOf } from "./functions.js";
import { IndexForms, type Position } from "./indices.js";
import { amount, refuseAt } from "./refuse.js";
import { axesIn, axesOfLine, operandsIn } from "./walk.js";

/** `ranks` holds the number of dimensions of each tensor whose shape is given. Throws `invalid-formula`. */
export function checkFormula(formula: Formula, ranks: ReadonlyMap<string, number>): void {
  new FormulaChecker(formula, ranks).check();
}

/** The first characters of a place, where a name stands. */
const head = (span: TextSpan | undefined, name: string): TextSpan | undefined =>
  span && { ...span, to: span.from + name.length };

/** Where a value stands. */
interface Around {
  /** Axes that it may name. */
  readonly scope: ReadonlySet<string>;
  readonly position: Position;
  /** The line's place among the others. */
  readonly place: number;
}

class FormulaChecker {
  readonly #ranks: Map<string, number>;
  /** The last line that writes each tensor. */
  readonly #lastWrites = new Map<string, number>();
  /** All tensors, given and computed. */
  readonly #tensors: ReadonlySet<string>;

  constructor(
    readonly formula: Formula,
    ranks: ReadonlyMap<string, number>,
  ) {
    this.#ranks = new Map(ranks);
    formula.lines.forEach(({ tensor }, i) => {
      this.#lastWrites.set(tensor, i);
    });
    this.#tensors = new Set([...ranks.keys(), ...this.#lastWrites.keys()]);
  }

  check(): void {
    this.formula.lines.forEach((line, i) => {
      this.#line(line, i);
    });
  }

  #line(line: FormulaLine, place: number): void {
    const { tensor, at, axes, conditions, value, span } = line;
    if (!NAME.pattern.test(tensor)) refuseAt(head(span, tensor), `the name of a tensor is ${NAME.said}; got ${tensor}`);
    if (TAKEN.has(tensor)) {
      refuseAt(head(span, tensor), `no tensor may be called ${tensor}, as code has the word for itself; rename it`);
    }
    if (at.length > MAX_DIMENSIONS)
      refuseAt(span, `a tensor has at most ${MAX_DIMENSIONS} dimensions; ${tensor} has ${at.length}`);
    this.#rank(tensor, at, span);
    const introduced = [...axes, ...at.flatMap(axesIn)];
    const twice = axes.find(({ name }, i) => axes.findIndex((one) => one.name === name) < i);
    if (twice) refuseAt(twice.span, `${twice.name} is stated twice; leave one of them out`);
    for (const { name, span: where } of introduced) this.#axisName(name, where);
    const scope = new Set(axesOfLine(line));
    for (const index of at) new IndexForms().form(index, "left");
    for (const { a, b } of conditions) this.#indices([a, b], scope, "left");
    this.#value(value, { scope, position: "point", place });
  }

  #axisName(name: string, span: TextSpan | undefined): void {
    if (!AXIS_NAME.pattern.test(name)) refuseAt(span, `the name of an axis is ${AXIS_NAME.said}; got ${name}`);
    if (RESERVED.has(name)) refuseAt(span, `no axis may be called ${name}, as code has the word for itself; rename it`);
    if (this.#tensors.has(name)) refuseAt(span, `${name} is a tensor, so no axis may be called so; rename one of them`);
  }

  #rank(tensor: string, at: readonly IndexNode[], span: TextSpan | undefined): void {
    const rank = this.#ranks.get(tensor) ?? at.length;
    this.#ranks.set(tensor, rank);
    if (rank === at.length) return;
    const rule = `${tensor} has ${amount(rank, "dimension")}, with a subscript for each`;
    refuseAt(span, `${rule}; got ${amount(at.length, "subscript")}`);
  }

  #indices(at: readonly IndexNode[], scope: ReadonlySet<string>, position: Position): void {
    for (const { name, span } of at.flatMap(axesIn)) {
      if (scope.has(name)) continue;
      const what = this.#tensors.has(name) ? "a tensor, and subscripts are made of axes" : "no axis here";
      const remedy = meant(name, scope) || `; sum over it, as in sum(${name}: ...), or name it on the left`;
      refuseAt(span, `${name} is ${what}${remedy}`);
    }
    for (const index of at) new IndexForms().form(index, position);
  }

  #value(value: ValueNode, around: Around): void {
    const { scope, position, place } = around;
    if (value.kind === "read") {
      this.#read(value.tensor, head(value.span, value.tensor), place);
      this.#rank(value.tensor, value.at, value.span);
      this.#indices(value.at, scope, position);
    }
    if (value.kind === "call") functionOf(value);
    const isReduction = value.kind === "reduction";
    const inner: Around = isReduction ? { scope: this.#reduction(value, scope), position: "term", place } : around;
    for (const operand of operandsIn(value)) this.#value(operand, inner);
  }

  /** The axes inside the reduction. */
  #reduction({ axes, conditions, each }: ReductionNode, scope: ReadonlySet<string>): ReadonlySet<string> {
    const inner = new Set(scope);
    for (const { name, span } of axes) {
      this.#axisName(name, span);
      if (inner.has(name)) {
        const what = scope.has(name) ? "already an axis here" : "named twice";
        refuseAt(span, `${name} is ${what}; give the axis of the reduction a name of its own`);
      }
      inner.add(name);
    }
    this.#indices(each, scope, "term");
    for (const { a, b } of conditions) this.#indices([a, b], inner, "term");
    return inner;
  }

  #read(tensor: string, span: TextSpan | undefined, place: number): void {
    const { lines } = this.formula;
    if (!this.#tensors.has(tensor)) {
      const remedy = meant(tensor, this.#tensors) || "; give its shape in tensors, or compute it in a line before";
      refuseAt(span, `there is no tensor ${tensor}${remedy}`);
    }
    if (lines[place]?.tensor === tensor) {
      refuseAt(span, `the line reads ${tensor}, which it writes; give the result another name`);
    }
    if ((this.#lastWrites.get(tensor) ?? -1) > place) {
      refuseAt(span, `${tensor} is read before all of it is written; move this line below those that write it`);
    }
  }
}
