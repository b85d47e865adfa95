/** Subscripts as affine forms. What divides becomes a quotient, which a form names like an axis. */
import { type Affine, add, affine, divide, isConstant, key, scale, subtract, variable } from "../ir/affine.js";
import { unreachable } from "../ir/errors.js";
import type { Quotient } from "../ir/phases.js";
import { MAX_ELEMENTS } from "../ir/size.js";
import type { ConditionNode, IndexNode, OperationNode } from "./formula.js";
import { printIndex } from "./print.js";
import { refuseAt } from "./refuse.js";

/**
 * The place of a subscript. On the left of a line and in its conditions nothing divides. A point reads all of its
 * elements, so no exact division may leave a rest there. In a term it may, as a term may be left out.
 */
export type Position = "left" | "point" | "term";

/** The forms of one stage, and the quotients that they name. */
export class IndexForms {
  readonly quotients: Quotient[] = [];
  readonly #nodes = new Map<string, IndexNode>();

  form(node: IndexNode, position: Position): Affine {
    const form = this.#form(node, position);
    if (![form.constant, ...Object.values(form.terms)].every(Number.isSafeInteger)) {
      refuseAt(node.span, `${printIndex(node)} has numbers that are too large to count with`);
    }
    return form;
  }

  /** The condition as a form that is >= 0 where it holds. */
  guard({ op, a, b }: ConditionNode, position: Position): Affine {
    const [left, right] = [this.form(a, position), this.form(b, position)];
    const rest = op === "<" || op === "<=" ? subtract(right, left) : subtract(left, right);
    return op === "<" || op === ">" ? subtract(rest, 1) : rest;
  }

  /** The subscript that the quotient of this name was written as. */
  nodeOf = (quotient: string): IndexNode => this.#nodes.get(quotient) as IndexNode;

  #form(node: IndexNode, position: Position): Affine {
    const formOf = (part: IndexNode) => this.#form(part, position);
    switch (node.kind) {
      case "number": {
        const { value } = node;
        if (Number.isInteger(value) && Math.abs(value) <= MAX_ELEMENTS) return affine(value);
        return refuseAt(node.span, `a subscript counts in integers of at most ${MAX_ELEMENTS}; got ${value}`);
      }
      case "axis":
        return variable(node.name);
      case "negate":
        return scale(formOf(node.x), -1);
      case "floor": {
        const { x } = node;
        if (x.kind === "operation" && x.op === "/") return this.#quotient("floor", node, x, position);
        return refuseAt(node.span, `floor is taken of a division, as in floor(y/2); got ${printIndex(node)}`);
      }
      case "operation":
        return this.#operation(node, position);
      default:
        return unreachable(node);
    }
  }

  #operation(node: OperationNode<IndexNode>, position: Position): Affine {
    const { op, a, b } = node;
    if (op === "/") return this.#quotient("exact", node, node, position);
    if (op === "%") return this.#quotient("modulo", node, node, position);
    const [left, right] = [this.#form(a, position), this.#form(b, position)];
    if (op === "+") return add(left, right);
    if (op === "-") return subtract(left, right);
    if (isConstant(right)) return scale(left, right.constant);
    if (isConstant(left)) return scale(right, left.constant);
    return refuseAt(
      node.span,
      `${printIndex(node)} multiplies axes; a subscript is a sum of axes, each times an integer`,
    );
  }

  #quotient(kind: Quotient["kind"], node: IndexNode, { a, b }: OperationNode<IndexNode>, position: Position): Affine {
    const [of, divisor] = [this.#form(a, position), this.#form(b, position)];
    const by = divisor.constant;
    if (!isConstant(divisor) || by < 1) {
      refuseAt(
        b.span ?? node.span,
        `${printIndex(node)} divides by ${printIndex(b)}; a subscript is divided by an integer >= 1`,
      );
    }
    const isWhole = [of.constant, ...Object.values(of.terms)].every((value) => value % by === 0);
    if (isWhole) return kind === "modulo" ? affine(0) : divide(of, by);
    if (position === "left") {
      refuseAt(
        node.span,
        `${printIndex(node)} divides; what a line writes, and where, are sums of axes, each times an integer`,
      );
    }
    if (kind === "exact" && position === "point") {
      const remedy = `write floor(${printIndex(node)}), or sum(: ...) around what reads there`;
      refuseAt(
        node.span,
        `${printIndex(node)} leaves a rest at some points, and only terms may be left out; ${remedy}`,
      );
    }
    const same = this.quotients.find((one) => one.kind === kind && one.by === by && key(one.of) === key(of));
    // No axis has a capital letter.
    const name = same?.name ?? `Q${this.quotients.length}`;
    if (!same) {
      this.quotients.push({ name, kind, of, by });
      this.#nodes.set(name, node);
    }
    return variable(name);
  }
}
