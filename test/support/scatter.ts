/**
 * Gradients by the book: a program is run point by point, and then backwards, each term adding to the gradients of what
 * it read. Nothing is inverted and nothing simplified, so this holds for any program, slowly.
 */
import { type Affine, valueAt } from "../../src/ir/affine.js";
import type { Expr } from "../../src/ir/expr.js";
import { applyBinary, applyUnary, compares, interpretProgram } from "../../src/ir/interpret.js";
import { type Axis, flatten, type Program, type Stage } from "../../src/ir/program.js";

type Arrays = ReadonlyMap<string, Float64Array>;
type Point = ReadonlyMap<string, number>;

/** The derivatives of the sum of `upstream * output` with respect to every buffer. */
export function scatteredGradients(
  program: Program,
  given: ReadonlyMap<string, ArrayLike<number>>,
  output: string,
  upstream: ArrayLike<number>,
): Arrays {
  const values = interpretProgram(program, given);
  const gradients = new Map([...values].map(([name, array]) => [name, new Float64Array(array.length)]));
  gradients.set(output, Float64Array.from(upstream));
  const tape = new Tape(program, values, gradients);
  for (const stage of [...program.prepare, ...program.run].toReversed()) tape.back(stage);
  return gradients;
}

class Tape {
  constructor(
    readonly program: Program,
    readonly values: Arrays,
    readonly gradients: Arrays,
  ) {}

  back(stage: Stage): void {
    const { combine = "sum" } = stage;
    for (const point of pointsOf(stage.space, new Map())) {
      if (!holds(stage.where ?? [], point)) continue;
      const terms = [...pointsOf(stage.reduce, point)].filter((one) => holds(stage.domain, one));
      const numbers = terms.map((one) => this.#value(stage.term, one, Number.NaN));
      const total =
        combine === "sum"
          ? numbers.reduce((sum, x) => sum + x, 0)
          : (combine === "maximum" ? Math.max : Math.min)(...numbers);
      const { buffer, at } = stage.output;
      const ofTotal = this.#back(
        stage.finish,
        point,
        total,
        this.gradients.get(buffer)?.[this.#place(buffer, at, point)] as number,
      );
      const equal = numbers.filter((x) => x === total).length;
      terms.forEach((one, i) => {
        if (combine === "sum") this.#back(stage.term, one, Number.NaN, ofTotal);
        else if (numbers[i] === total) this.#back(stage.term, one, Number.NaN, ofTotal / equal);
      });
    }
  }

  #place(buffer: string, at: readonly Affine[], point: Point): number {
    const { shape } = this.program.buffers.find(({ name }) => name === buffer) as { shape: readonly number[] };
    return valueAt(flatten(at, shape), point);
  }

  #value(expr: Expr, point: Point, sum: number): number {
    const of = (part: Expr) => this.#value(part, point, sum);
    switch (expr.kind) {
      case "const":
        return expr.value;
      case "local":
        return sum;
      case "load":
        return this.values.get(expr.buffer)?.[this.#place(expr.buffer, expr.at, point)] as number;
      case "unary":
        return applyUnary(expr.op, of(expr.x));
      case "binary":
        return applyBinary(expr.op, of(expr.a), of(expr.b));
      case "select":
        return compares(expr.op, of(expr.a), of(expr.b)) ? of(expr.then) : of(expr.otherwise);
      default:
        throw new Error(`a stage holds no ${expr.kind}`);
    }
  }

  /** Adds to the gradients of what the expression reads, and returns that of the sum. */
  #back(expr: Expr, point: Point, sum: number, weight: number): number {
    const of = (part: Expr) => this.#value(part, point, sum);
    const back = (part: Expr, by: number) => this.#back(part, point, sum, by);
    switch (expr.kind) {
      case "const":
        return 0;
      case "local":
        return weight;
      case "load": {
        const gradient = this.gradients.get(expr.buffer) as Float64Array;
        (gradient[this.#place(expr.buffer, expr.at, point)] as number) += weight;
        return 0;
      }
      case "select":
        return back(compares(expr.op, of(expr.a), of(expr.b)) ? expr.then : expr.otherwise, weight);
      case "unary":
        return back(expr.x, weight * slope(expr.op, of(expr.x)));
      case "binary": {
        const [a, b] = slopes(expr, of(expr.a), of(expr.b));
        return back(expr.a, weight * a) + back(expr.b, weight * b);
      }
      default:
        throw new Error(`a stage holds no ${expr.kind}`);
    }
  }
}

function slope(op: Extract<Expr, { kind: "unary" }>["op"], x: number): number {
  const slopes: Readonly<Record<typeof op, () => number>> = {
    negate: () => -1,
    abs: () => Math.sign(x),
    sqrt: () => 0.5 / Math.sqrt(x),
    exp: () => Math.exp(x),
    log: () => 1 / x,
    tanh: () => 1 / Math.cosh(x) ** 2,
    erf: () => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
    sin: () => Math.cos(x),
    cos: () => -Math.sin(x),
  };
  return slopes[op]();
}

/** Of two equal numbers the first is taken, but beside a constant the derivative is that from below. */
function slopes({ op, a, b }: Extract<Expr, { kind: "binary" }>, x: number, y: number): readonly [number, number] {
  switch (op) {
    case "add":
      return [1, 1];
    case "subtract":
      return [1, -1];
    case "multiply":
      return [y, x];
    case "divide":
      return [1 / y, -x / (y * y)];
    case "maximum":
      return x > y || (x === y && b.kind !== "const") ? [1, 0] : [0, 1];
    case "minimum":
      return x < y || (x === y && a.kind !== "const") ? [1, 0] : [0, 1];
  }
}

const holds = (guard: readonly Affine[], point: Point): boolean => guard.every((form) => valueAt(form, point) >= 0);

function* pointsOf([first, ...rest]: readonly Axis[], point: Point): Generator<Point> {
  if (!first) yield point;
  else for (let i = 0; i < first.extent; i++) yield* pointsOf(rest, new Map(point).set(first.name, i));
}
