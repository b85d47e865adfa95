/**
 * The meaning of a program, by definition and in float64: the oracle for every kernel.
 *
 * A stage is evaluated point by point, exactly as its formula reads. When an axis steps, its coefficient is added to
 * each affine form. A guard form is tested at the outermost axis where it is fully known, so whole rows outside the
 * domain are passed over at once.
 */
import { type Affine, type Bounds, coefficientOf, decide, type Guard } from "./affine.js";
import type { TypedArray } from "./dtype.js";
import { erf } from "./erf.js";
import { failInternally, unreachable } from "./errors.js";
import type { Comparison, Expr } from "./expr.js";
import {
  type Axis,
  type BufferDecl,
  combinationOf,
  elementCount,
  flatten,
  type Program,
  type Stage,
  SUM,
} from "./program.js";

export type ArraysByName = ReadonlyMap<string, TypedArray>;

/** Runs `prepare`, then `run`. `given` holds inputs and weights by buffer name; the result holds every buffer. */
export function interpretProgram(
  program: Program,
  given: ReadonlyMap<string, ArrayLike<number>>,
): ReadonlyMap<string, Float64Array> {
  const arrays = new Map<string, Float64Array>();
  for (const buffer of program.buffers) {
    const values = buffer.values ?? given.get(buffer.name);
    const count = elementCount(buffer.shape);
    if (values && values.length !== count) failInternally(`${buffer.name} has ${values.length} of ${count} elements`);
    arrays.set(buffer.name, values ? Float64Array.from(values) : new Float64Array(count).fill(Number.NaN));
  }
  for (const stage of [...program.prepare, ...program.run]) interpretStage(stage, program.buffers, arrays);
  return arrays;
}

export function interpretStage(stage: Stage, buffers: readonly BufferDecl[], arrays: ArraysByName): void {
  // There is nothing to write, and 2^40 rows of no columns would still take their time.
  if (stage.space.some((axis) => axis.extent === 0)) return;
  const axes = [...stage.space, ...stage.reduce];
  const forms = new FormTable(axes);
  const { identity, op } = combinationOf(stage);
  const environment: Environment = { axes, buffers, arrays, forms, sum: identity };
  const output = offsetOf(stage.output.buffer, stage.output.at, environment);
  const term = compile(stage.term, environment);
  const finish = compile(stage.finish, environment);
  const guards = forms.guardsByAxis(undecided(stage.domain, axes));
  const exists = forms.guardsByAxis(stage.where ?? []);

  const row = productRow(stage, environment);
  const accumulate = (axis: number): void => {
    if (axis === axes.length) {
      environment.sum = applyBinary(op, environment.sum, term());
      return;
    }
    if (row && axis === axes.length - 1 && guards[axis + 1]?.length === 0) {
      environment.sum = row(environment.sum);
      return;
    }
    forms.sweep(axis, () => {
      if (forms.allNonNegative(guards[axis + 1] as number[])) accumulate(axis + 1);
    });
  };
  const point = (axis: number): void => {
    if (!forms.allNonNegative(exists[axis] as number[])) return;
    if (axis < stage.space.length) {
      forms.sweep(axis, () => point(axis + 1));
      return;
    }
    environment.sum = identity;
    if (guards.slice(0, axis + 1).every((list) => forms.allNonNegative(list))) accumulate(axis);
    output.array[forms.values[output.form] as number] = finish();
  };
  point(0);
}

/** The domain without forms that hold everywhere. */
function undecided(domain: Guard, axes: readonly Axis[]): Guard {
  if (axes.some((axis) => axis.extent === 0)) return domain;
  const bounds: Bounds = new Map(axes.map((axis) => [axis.name, { min: 0, max: axis.extent - 1 }]));
  return domain.filter((form) => decide([form], bounds) !== "always");
}

/** Affine forms over the axes, each with its current value. */
class FormTable {
  readonly values: number[] = [];
  readonly #forms: Affine[] = [];
  /** For each axis, the forms that move with it, and by how much. */
  readonly #moves: { form: number; by: number }[][];

  constructor(readonly axes: readonly Axis[]) {
    this.#moves = axes.map(() => []);
  }

  add(form: Affine): number {
    const id = this.#forms.push(form) - 1;
    this.values.push(form.constant);
    this.axes.forEach((axis, i) => {
      const by = coefficientOf(form, axis.name);
      if (by !== 0) (this.#moves[i] as { form: number; by: number }[]).push({ form: id, by });
    });
    return id;
  }

  /** The amount that one step of the axis adds to the form. */
  step(form: number, axis: Axis): number {
    return coefficientOf(this.#forms[form] as Affine, axis.name);
  }

  /** Guard forms by the number of axes that must be fixed before they are known: entry k needs axes 0 .. k-1. */
  guardsByAxis(guard: Guard): number[][] {
    const table: number[][] = Array.from({ length: this.axes.length + 1 }, () => []);
    for (const form of guard) {
      const last = this.axes.findLastIndex((axis) => coefficientOf(form, axis.name) !== 0);
      (table[last + 1] as number[]).push(this.add(form));
    }
    return table;
  }

  /** Runs `body` for each value of the axis, with all forms up to date. */
  sweep(axis: number, body: () => void): void {
    const { extent } = this.axes[axis] as Axis;
    const moves = this.#moves[axis] as { form: number; by: number }[];
    for (let i = 0; i < extent; i++) {
      body();
      for (const { form, by } of moves) (this.values[form] as number) += by;
    }
    for (const { form, by } of moves) (this.values[form] as number) -= by * extent;
  }

  allNonNegative(forms: readonly number[]): boolean {
    for (const form of forms) if ((this.values[form] as number) < 0) return false;
    return true;
  }
}

interface Environment {
  readonly axes: readonly Axis[];
  readonly buffers: readonly BufferDecl[];
  readonly arrays: ArraysByName;
  readonly forms: FormTable;
  sum: number;
}

function offsetOf(name: string, at: readonly Affine[], { buffers, arrays, forms }: Environment) {
  const buffer = buffers.find((candidate) => candidate.name === name);
  const array = arrays.get(name);
  if (!buffer || !array) return failInternally(`no buffer ${name}`);
  return { array, form: forms.add(flatten(at, buffer.shape)) };
}

/** The expression as a closure over the current values of the forms. */
function compile(expr: Expr, environment: Environment): () => number {
  switch (expr.kind) {
    case "const":
      return () => expr.value;
    case "local":
      if (expr.name !== SUM) return failInternally(`a stage knows no local ${expr.name}`);
      return () => environment.sum;
    case "load": {
      const { array, form } = offsetOf(expr.buffer, expr.at, environment);
      const { values } = environment.forms;
      return () => {
        const value = array[values[form] as number];
        return value === undefined ? failInternally(`${expr.buffer} is read outside its range`) : value;
      };
    }
    case "unary": {
      const x = compile(expr.x, environment);
      return () => applyUnary(expr.op, x());
    }
    case "binary": {
      const a = compile(expr.a, environment);
      const b = compile(expr.b, environment);
      if (expr.op === "multiply") return () => a() * b();
      return () => applyBinary(expr.op, a(), b());
    }
    case "select": {
      const a = compile(expr.a, environment);
      const b = compile(expr.b, environment);
      const then = compile(expr.then, environment);
      const otherwise = compile(expr.otherwise, environment);
      // Both, as kernels read what either of them names.
      return () => {
        const [yes, no] = [then(), otherwise()];
        return compares(expr.op, a(), b()) ? yes : no;
      };
    }
    case "splat":
    case "lane":
    case "fma":
      return failInternally(`a stage holds no ${expr.kind}; schedules introduce it`);
    default:
      return unreachable(expr);
  }
}

/**
 * The last axis of a sum of products in one tight loop: the same terms in the same order, some twenty times faster than
 * through closures. Undefined if the term is anything but a product of two reads.
 */
function productRow(stage: Stage, environment: Environment): ((sum: number) => number) | undefined {
  const { term, reduce } = stage;
  if (combinationOf(stage).op !== "add") return undefined;
  const axis = reduce.at(-1);
  if (!axis || term.kind !== "binary" || term.op !== "multiply") return undefined;
  if (term.a.kind !== "load" || term.b.kind !== "load") return undefined;
  const { forms } = environment;
  const a = offsetOf(term.a.buffer, term.a.at, environment);
  const b = offsetOf(term.b.buffer, term.b.at, environment);
  const [stepA, stepB] = [forms.step(a.form, axis), forms.step(b.form, axis)];
  return (sum) => {
    let total = sum;
    let i = forms.values[a.form] as number;
    let j = forms.values[b.form] as number;
    for (let count = 0; count < axis.extent; count++, i += stepA, j += stepB) {
      total += (a.array[i] as number) * (b.array[j] as number);
    }
    return total;
  };
}

export function applyUnary(op: Extract<Expr, { kind: "unary" }>["op"], x: number): number {
  switch (op) {
    case "negate":
      return -x;
    case "abs":
      return Math.abs(x);
    case "sqrt":
      return Math.sqrt(x);
    case "exp":
      return Math.exp(x);
    case "tanh":
      return Math.tanh(x);
    case "log":
      return Math.log(x);
    case "erf":
      return erf(x);
    case "sin":
      return Math.sin(x);
    case "cos":
      return Math.cos(x);
    default:
      return unreachable(op);
  }
}

export function applyBinary(op: Extract<Expr, { kind: "binary" }>["op"], a: number, b: number): number {
  switch (op) {
    case "add":
      return a + b;
    case "subtract":
      return a - b;
    case "multiply":
      return a * b;
    case "divide":
      return a / b;
    case "minimum":
      return Math.min(a, b);
    case "maximum":
      return Math.max(a, b);
    default:
      return unreachable(op);
  }
}

export function compares(op: Comparison, a: number, b: number): boolean {
  switch (op) {
    case "less":
      return a < b;
    case "lessEqual":
      return a <= b;
    case "equal":
      return a === b;
    default:
      return unreachable(op);
  }
}
