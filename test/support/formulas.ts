/** Random formulas over small tensors, with all that is needed to compute them. */
import fc from "fast-check";
import {
  type AxisEntry,
  axisEntry,
  axisNode,
  type ConditionNode,
  callNode,
  choiceNode,
  conditionNode,
  type Formula,
  type FormulaLine,
  floorNode,
  formulaLine,
  type IndexNode,
  negationNode,
  numberNode,
  operationNode,
  type ReadNode,
  readNode,
  reductionNode,
  type ValueNode,
} from "../../src/formula/index.js";
import { elementCount } from "../../src/ir/program.js";
import type { Meaning } from "./evaluate.js";

const LINE_AXES = ["n", "y", "x"];
const REDUCED = ["k", "j", "i", "u"];
const EXACT = ["abs", "relu", "relu6"];
const FUNCTIONS = [
  ...EXACT,
  "sigmoid",
  "silu",
  "gelu",
  "geluTanh",
  "hardSwish",
  "softplus",
  "tanh",
  "sin",
  "cos",
  "erf",
  "exp",
];

const between = (min: number, max: number) => fc.integer({ min, max });

export interface RandomFormula extends Meaning {
  readonly formula: Formula;
  /** Tensors that no line writes. */
  readonly inputs: readonly string[];
}

const plus = (a: IndexNode, b: IndexNode): IndexNode => operationNode("+", a, b);
const times = (by: number, a: IndexNode): IndexNode => (by === 1 ? a : operationNode("*", numberNode(by), a));
/** `a + by`, as people write it. */
const moved = (a: IndexNode, by: number): IndexNode =>
  by === 0 ? a : operationNode(by < 0 ? "-" : "+", a, numberNode(Math.abs(by)));

/** Axes in whose scope something is written. */
interface Where {
  readonly line: readonly string[];
  readonly reduced: readonly string[];
  readonly depth: number;
}

/** Draws lines that each read inputs and lines before. `isExact`: small integers give exact results in float32. */
export class FormulaBuilder {
  readonly #int: (min: number, max: number) => number;
  readonly #extents: Record<string, number> = {};
  readonly #shapes: Record<string, readonly number[]> = {};
  readonly #inputs: string[] = [];
  readonly #computed: string[] = [];

  constructor(
    draw: fc.GeneratorValue,
    readonly isExact: boolean,
  ) {
    this.#int = (min, max) => draw(between, min, max);
    for (const name of LINE_AXES) this.#extents[name] = this.#int(1, 5);
    for (const name of REDUCED) this.#extents[name] = this.#int(0, 9) === 0 ? 0 : this.#int(1, 4);
  }

  build(): RandomFormula {
    const count = this.#int(1, 3);
    const lines = Array.from({ length: count }, (_, i) => this.#tensor(i === count - 1 ? "output" : `t${i}`)).flat();
    return { formula: { lines }, extents: this.#extents, shapes: this.#shapes, inputs: this.#inputs };
  }

  /** One line that writes the tensor, or two, for even and odd rows. */
  #tensor(name: string): FormulaLine[] {
    const axes = LINE_AXES.filter(() => this.#int(0, 3) > 0);
    const what = this.#int(0, 5);
    const at: IndexNode[] = axes.map((axis) => axisNode(axis));
    const shape = axes.map((axis) => this.#extents[axis] as number);
    const [outer, inner] = axes as [string, string];
    if (what === 0 && axes.length > 1) {
      const size = this.#extents[inner] as number;
      at.splice(0, 2, plus(times(size, axisNode(outer)), axisNode(inner)));
      shape.splice(0, 2, (this.#extents[outer] as number) * size);
    }
    if (what === 1 && axes.length > 0) {
      const last = (this.#extents[outer] as number) - 1;
      at[0] = operationNode<IndexNode>("-", numberNode(last), axisNode(outer));
    }
    const isSplit = what === 2 && axes.length > 0;
    if (isSplit) shape[0] = 2 * (shape[0] as number);
    const places = isSplit ? [0, 1].map((odd) => [moved(times(2, axisNode(outer)), odd), ...at.slice(1)]) : [at];
    this.#shapes[name] = shape;
    const lines = places.map((place) => this.#line(name, place, axes));
    this.#computed.push(name);
    return lines;
  }

  #line(name: string, at: readonly IndexNode[], axes: readonly string[]): FormulaLine {
    const value = this.#value({ line: axes, reduced: [], depth: 3 });
    // The shape of the output is known.
    const elements = [...(name === "output" ? [readNode(name, at)] : []), ...readsOf(value)];
    const stated = axes.filter((axis) => !this.#isTold(axis, elements) || this.#int(0, 4) === 0);
    return formulaLine(name, at, value, { axes: stated.map((axis) => this.#entry(axis)) });
  }

  #entry = (name: string): AxisEntry => axisEntry(name, this.#extents[name]);

  /** True if the axis alone is a subscript somewhere, and everywhere of a dimension of its extent. */
  #isTold(axis: string, reads: readonly ReadNode[]): boolean {
    const sizes = reads.flatMap(({ tensor, at }) =>
      at.flatMap((index, i) => (index.kind === "axis" && index.name === axis ? [this.#shapes[tensor]?.[i]] : [])),
    );
    return sizes.length > 0 && sizes.every((size) => size === this.#extents[axis]);
  }

  #value(where: Where): ValueNode {
    if (where.depth === 0) return this.#leaf(where);
    const inner = { ...where, depth: where.depth - 1 };
    const of = () => this.#value(inner);
    switch (this.#int(0, 9)) {
      case 0:
        return this.#leaf(where);
      case 1:
        return negationNode(of());
      case 2:
        return callNode(this.#pick(this.isExact ? EXACT : FUNCTIONS), [of()]);
      case 3:
        return callNode(this.#pick(["max", "min"]), [of(), of()]);
      case 4:
        return choiceNode(this.#pick(["<", "<=", ">", ">=", "=="] as const), [of(), of()], of(), of());
      case 5:
        return this.isExact
          ? operationNode<ValueNode>("/", of(), numberNode(this.#pick([2, -4])))
          : callNode("leakyRelu", [of(), numberNode(0.5)]);
      case 6:
        return operationNode<ValueNode>(this.#pick(["+", "-", "*"]), of(), this.#leaf(where));
      default:
        return this.#reduction(inner);
    }
  }

  #leaf(where: Where): ValueNode {
    return this.#int(0, 6) === 0 ? numberNode(this.#int(-3, 3)) : this.#read(where);
  }

  #reduction(where: Where): ValueNode {
    const free = REDUCED.filter((name) => !where.reduced.includes(name));
    const axes = free.slice(0, this.#int(0, Math.min(2, free.length)));
    const inside: Where = { ...where, reduced: [...where.reduced, ...axes] };
    const body = this.#value(inside);
    const all = [...where.line, ...inside.reduced];
    const conditions = this.#int(0, 4) === 0 && all.length > 0 ? [this.#condition(all)] : [];
    const each = where.line.filter(() => this.#int(0, 9) === 0).map((axis) => axisNode(axis));
    const entries = axes.map((axis) => (this.#isTold(axis, readsOf(body)) ? axisEntry(axis) : this.#entry(axis)));
    const by = this.#pick(["sum", "sum", "max", "min", ...(this.isExact ? [] : (["mean"] as const))] as const);
    return reductionNode(by, entries, body, { conditions, each });
  }

  #condition(axes: readonly string[]): ConditionNode {
    const [a, b] = [axisNode(this.#pick(axes)), moved(axisNode(this.#pick(axes)), this.#int(-1, 2))];
    return conditionNode(this.#pick(["<", "<=", ">", ">="] as const), a, b);
  }

  /** Of a line before, or of a new input. In a reduction it may lie outside. */
  #read(where: Where): ReadNode {
    if (this.#computed.length > 0 && this.#int(0, 1) === 0) {
      const tensor = this.#pick(this.#computed);
      return readNode(
        tensor,
        (this.#shapes[tensor] as readonly number[]).map((size) => this.#inside(size, where)),
      );
    }
    const name = `in${this.#inputs.length}`;
    const isTerm = where.reduced.length > 0;
    const at = Array.from({ length: this.#int(0, 3) }, () => (isTerm ? this.#sliding(where) : this.#uneven(where)));
    const extents = this.#extents;
    this.#shapes[name] = at.map((index) => Math.max(1, reach(index, extents) + 1 - (isTerm ? this.#int(0, 2) : 0)));
    this.#inputs.push(name);
    return readNode(name, at);
  }

  /** A subscript that stays in 0 .. size-1. */
  #inside(size: number, { line, reduced }: Where): IndexNode {
    const fit = [...line, ...reduced].filter((name) => (this.#extents[name] as number) <= size);
    return fit.length > 0 && this.#int(0, 4) > 0 ? axisNode(this.#pick(fit)) : numberNode(this.#int(0, size - 1));
  }

  /** An axis of the line, or a quotient of it. It is never below zero. */
  #uneven({ line }: Where): IndexNode {
    if (line.length === 0) return numberNode(this.#int(0, 2));
    const axis = axisNode(this.#pick(line));
    const by = this.#int(1, 3);
    const of = moved(times(this.#int(1, 2), axis), this.#int(0, 2));
    switch (this.#int(0, 4)) {
      case 0:
        return floorNode(operationNode("/", of, numberNode(by)));
      case 1:
        return operationNode("%", of, numberNode(by));
      default:
        return axis;
    }
  }

  /** A window with strides and rates, taps of a transposed convolution, or an axis by itself. */
  #sliding(where: Where): IndexNode {
    const { line, reduced } = where;
    const tap = axisNode(reduced.at(-1) as string);
    const point = line.length > 0 ? axisNode(this.#pick(line)) : numberNode(this.#int(0, 3));
    const slides = plus(times(this.#int(1, 2), point), times(this.#pick([1, 2, -1, -2]), tap));
    switch (this.#int(0, 5)) {
      case 0:
        return operationNode("/", moved(slides, this.#int(-1, 2)), numberNode(this.#int(1, 3)));
      case 1:
        return plus(this.#uneven(where), tap);
      case 2:
        return this.#uneven(where);
      case 3:
        return tap;
      default:
        return moved(slides, this.#int(-2, 1));
    }
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#int(0, from.length - 1)] as T;
  }
}

const readsOf = (value: ValueNode): ReadNode[] => {
  if (value.kind === "read") return [value];
  if (value.kind === "number") return [];
  if (value.kind === "negate") return readsOf(value.x);
  if (value.kind === "reduction") return readsOf(value.body);
  if (value.kind === "call") return value.operands.flatMap(readsOf);
  return (value.kind === "operation" ? [value.a, value.b] : [value.a, value.b, value.then, value.otherwise]).flatMap(
    readsOf,
  );
};

/** A number that the subscript does not exceed. */
function reach(index: IndexNode, extents: Readonly<Record<string, number>>): number {
  const of = (part: IndexNode) => reach(part, extents);
  switch (index.kind) {
    case "number":
      return index.value;
    case "axis":
      return Math.max(0, (extents[index.name] as number) - 1);
    case "negate":
      return 0;
    case "floor":
      return of(index.x);
    case "operation": {
      const { op, a, b } = index;
      if (op === "+") return of(a) + of(b);
      if (op === "-") return of(a);
      if (op === "*") return a.kind === "number" && a.value < 0 ? 0 : of(a) * of(b);
      return op === "%" ? of(b) - 1 : Math.floor(of(a) / of(b));
    }
  }
}

/** The number of elements of each input. */
export const sizesOf = ({ inputs, shapes }: RandomFormula): readonly (readonly [string, number])[] =>
  inputs.map((name) => [name, elementCount(shapes[name] as readonly number[])]);
