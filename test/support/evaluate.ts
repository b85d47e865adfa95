/**
 * What formulas say, point by point and in float64, straight from their trees: the oracle for all that is made of them.
 * Every axis has one extent in all of the formula.
 */
import type { ConditionNode, Formula, IndexNode, ReductionNode, ValueNode } from "../../src/formula/index.js";
import { erf } from "../../src/ir/erf.js";
import { elementCount } from "../../src/ir/program.js";

type Point = ReadonlyMap<string, number>;

export interface Meaning {
  readonly extents: Readonly<Record<string, number>>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/** Thrown by a term that does not exist: the nearest reduction leaves it out. */
class NoTerm extends Error {}

const FUNCTIONS: Readonly<Record<string, (...x: number[]) => number>> = {
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sin: Math.sin,
  cos: Math.cos,
  erf,
  max: Math.max,
  min: Math.min,
  relu: (x = 0) => Math.max(x, 0),
  relu6: (x = 0) => Math.min(Math.max(x, 0), 6),
  sigmoid: (x = 0) => 1 / (1 + Math.exp(-x)),
  silu: (x = 0) => x / (1 + Math.exp(-x)),
  gelu: (x = 0) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  geluTanh: (x = 0) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  hardSwish: (x = 0) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
  softplus: (x = 0) => Math.log(1 + Math.exp(x)),
  leakyRelu: (x = 0, alpha = 0) => (x >= 0 ? x : alpha * x),
  elu: (x = 0, alpha = 0) => (x >= 0 ? x : alpha * (Math.exp(x) - 1)),
  snake: (x = 0, alpha = 0) => x + Math.sin(alpha * x) ** 2 / alpha,
  clip: (x = 0, lowest = 0, highest = 0) => Math.min(Math.max(x, lowest), highest),
};

const COMPARED: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
};

/** All tensors, given ones and computed ones. Elements that no line writes are NaN. */
export function evaluate(
  { lines }: Formula,
  meaning: Meaning,
  given: ReadonlyMap<string, ArrayLike<number>>,
): ReadonlyMap<string, Float64Array> {
  const tensors = new Map([...given].map(([name, values]) => [name, Float64Array.from(values)]));
  const evaluator = new Evaluator(meaning, tensors);
  for (const { tensor, at, axes, conditions, value } of lines) {
    const shape = meaning.shapes[tensor] as readonly number[];
    const result = tensors.get(tensor) ?? new Float64Array(elementCount(shape)).fill(Number.NaN);
    tensors.set(tensor, result);
    const names = new Set([...at.flatMap(axesIn), ...axes.map(({ name }) => name)]);
    evaluator.sweep([...names], new Map(), (point) => {
      if (!evaluator.holds(conditions, point)) return;
      const offset = at.reduce((sum, index, i) => sum * (shape[i] as number) + evaluator.index(index, point), 0);
      result[offset] = evaluator.value(value, point);
    });
  }
  return tensors;
}

function axesIn(index: IndexNode): string[] {
  if (index.kind === "axis") return [index.name];
  if (index.kind === "number") return [];
  return index.kind === "operation" ? [...axesIn(index.a), ...axesIn(index.b)] : axesIn(index.x);
}

class Evaluator {
  constructor(
    readonly meaning: Meaning,
    readonly tensors: ReadonlyMap<string, Float64Array>,
  ) {}

  sweep([name, ...rest]: readonly string[], point: Point, visit: (point: Point) => void): void {
    if (name === undefined) {
      visit(point);
      return;
    }
    const extent = this.meaning.extents[name] as number;
    for (let i = 0; i < extent; i++) this.sweep(rest, new Map(point).set(name, i), visit);
  }

  holds = (conditions: readonly ConditionNode[], point: Point): boolean =>
    conditions.every(({ op, a, b }) => COMPARED[op]?.(this.index(a, point), this.index(b, point)));

  index(node: IndexNode, point: Point): number {
    switch (node.kind) {
      case "number":
        return node.value;
      case "axis":
        return point.get(node.name) as number;
      case "negate":
        return -this.index(node.x, point);
      case "floor": {
        const { x } = node;
        if (x.kind !== "operation") throw new Error("floor of no division");
        return Math.floor(this.index(x.a, point) / this.index(x.b, point));
      }
      case "operation": {
        const [a, b] = [this.index(node.a, point), this.index(node.b, point)];
        if (node.op === "+") return a + b;
        if (node.op === "-") return a - b;
        if (node.op === "*") return a * b;
        if (node.op === "%") return a - Math.floor(a / b) * b;
        if (a % b !== 0) throw new NoTerm();
        return a / b;
      }
    }
  }

  value(node: ValueNode, point: Point): number {
    const of = (part: ValueNode) => this.value(part, point);
    switch (node.kind) {
      case "number":
        return node.value;
      case "read":
        return this.#element(
          node.tensor,
          node.at.map((index) => this.index(index, point)),
        );
      case "negate":
        return -of(node.x);
      case "operation": {
        const [a, b] = [of(node.a), of(node.b)];
        return node.op === "+" ? a + b : node.op === "-" ? a - b : node.op === "*" ? a * b : a / b;
      }
      case "call":
        return FUNCTIONS[node.name]?.(...node.operands.map(of)) as number;
      case "choice": {
        // A term that reads outside does not count, whichever of the two is chosen.
        const [a, b, then, otherwise] = [node.a, node.b, node.then, node.otherwise].map(of) as [
          number,
          number,
          number,
          number,
        ];
        return COMPARED[node.op]?.(a, b) ? then : otherwise;
      }
      case "reduction":
        return this.#reduction(node, point);
    }
  }

  #element(tensor: string, at: readonly number[]): number {
    const shape = this.meaning.shapes[tensor] as readonly number[];
    if (at.some((subscript, i) => subscript < 0 || subscript >= (shape[i] as number))) throw new NoTerm();
    return this.tensors.get(tensor)?.[
      at.reduce((sum, subscript, i) => sum * (shape[i] as number) + subscript, 0)
    ] as number;
  }

  #reduction({ by, axes, conditions, body }: ReductionNode, outer: Point): number {
    const terms: number[] = [];
    this.sweep(
      axes.map(({ name }) => name),
      outer,
      (point) => {
        try {
          if (this.holds(conditions, point)) terms.push(this.value(body, point));
        } catch (error) {
          if (!(error instanceof NoTerm)) throw error;
        }
      },
    );
    if (by === "max") return terms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (by === "min") return terms.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const sum = terms.reduce((a, b) => a + b, 0);
    return by === "mean" ? sum / terms.length : sum;
  }
}
