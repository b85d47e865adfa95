/**
 * Runs a kernel as written, after any pass, under hostile rules.
 *
 * Fresh memory is NaN, every subscript is checked, a store to read-only memory throws, and invocations of a workgroup
 * must meet at the same barrier.
 *
 * Invocations run as coroutines, one after the other from barrier to barrier. So a missing barrier shows: the first
 * invocation reads what the last has not written yet.
 */
import { type Affine, valueAt } from "./affine.js";
import { arrayOf, BYTES, type DType, round, type TypedArray } from "./dtype.js";
import { failInternally, unreachable } from "./errors.js";
import type { Expr } from "./expr.js";
import { applyBinary, applyUnary, compares } from "./interpret.js";
import { adjacentDimension, elementCount, stridesOf } from "./program.js";
import { addressOf, type For, isInvocationLoop, type LoopKernel, type Stmt, VECTOR } from "./stmt.js";
import { shapesOf } from "./visit.js";

interface Memory {
  readonly array: TypedArray;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly writable: boolean;
}

interface Environment {
  readonly indices: Map<string, number>;
  readonly locals: Map<string, number[]>;
  readonly memory: Map<string, Memory>;
  /** True if there are other invocations to meet at a barrier. */
  readonly inWorkgroup: boolean;
}

type Barrier = Extract<Stmt, { kind: "barrier" }>;
type Run = Generator<Barrier, void>;

/** Bytes between the addresses of buffers: an address that is taken for another's leads far outside. */
const APART = 2 ** 24;

/**
 * Runs the kernel over the arrays, which must hold every parameter at its full length. `units` is the kernel's
 * parameter, if it has one; default: the largest.
 */
export function interpretKernel(
  kernel: LoopKernel,
  arrays: ReadonlyMap<string, TypedArray>,
  units = kernel.parameter?.max,
): void {
  const scope: Environment = { indices: new Map(), locals: new Map(), memory: new Map(), inWorkgroup: false };
  if (kernel.parameter && units !== undefined) scope.indices.set(kernel.parameter.name, units);
  for (const { name, shape, dtype, role } of kernel.buffers) {
    const array = arrays.get(name);
    if (array?.length !== elementCount(shape)) failInternally(`${name} must have ${elementCount(shape)} elements`);
    const writable = role === "output" || role === "scratch" || role === "prepared";
    scope.memory.set(name, { array, dtype, shape, strides: stridesOf(shape), writable });
  }
  if (kernel.addressing === "bytes") {
    [...shapesOf(kernel).keys()].forEach((name, i) => void scope.indices.set(addressOf(name), (i + 1) * APART));
  }
  // The outermost loop of invocations has handled the barriers. Here they are only passed.
  for (const _ of new KernelInterpreter(kernel).run(kernel.body, scope));
}

class KernelInterpreter {
  readonly #round: (value: number) => number;

  constructor(readonly kernel: LoopKernel) {
    this.#round = round[kernel.arithmetic];
  }

  *run(body: readonly Stmt[], scope: Environment): Run {
    const { indices, locals } = scope;
    const undo: (() => void)[] = [];
    for (const stmt of body) {
      switch (stmt.kind) {
        case "for":
          yield* isInvocationLoop(stmt) ? this.#together(stmt, scope) : this.#inTurn(stmt, scope);
          break;
        case "if": {
          const holds = stmt.guard.every((form) => valueAt(form, scope.indices) >= 0);
          yield* this.run(holds ? stmt.body : stmt.otherwise, scope);
          break;
        }
        case "alloc": {
          const dtype = this.kernel.arithmetic;
          const array = arrayOf(dtype, elementCount(stmt.shape)).fill(Number.NaN);
          const memory = { array, dtype, shape: stmt.shape, strides: stridesOf(stmt.shape), writable: true };
          yield* this.run(stmt.body, { ...scope, memory: new Map(scope.memory).set(stmt.buffer, memory) });
          break;
        }
        case "index": {
          const value = Math.floor(valueAt(stmt.value, scope.indices) / stmt.divisor);
          if (value < stmt.min || value > stmt.max) failInternally(`${stmt.name} = ${value} leaves its stated range`);
          undo.push(declare(indices, stmt.name, value));
          break;
        }
        case "flag": {
          const holds = stmt.guard.every((form) => valueAt(form, indices) >= 0);
          undo.push(declare(indices, stmt.name, holds ? 0 : -1));
          break;
        }
        case "local":
          undo.push(declare(locals, stmt.name, this.#value(stmt.value, scope)));
          break;
        case "set":
          if (!locals.has(stmt.name)) failInternally(`${stmt.name} is set before it is declared`);
          locals.set(stmt.name, this.#value(stmt.value, scope));
          break;
        case "store":
          this.#store(stmt, scope);
          break;
        case "barrier":
          if (!scope.inWorkgroup) failInternally("a barrier outside any invocation loop");
          yield stmt;
          break;
        default:
          unreachable(stmt);
      }
    }
    for (const restore of undo.reverse()) restore();
  }

  *#inTurn(loop: For, scope: Environment): Run {
    const { indices } = scope;
    const starts = loop.steps.map(({ start }) => valueAt(start, indices));
    const undo = [loop, ...loop.steps].map(({ name }) => declare(indices, name, 0));
    for (let i = 0; i < loop.extent; i++) {
      indices.set(loop.name, i);
      if (loop.while && valueAt(loop.while, indices) < 0) {
        if (i === 0) failInternally(`${loop.name} has no iteration`);
        break;
      }
      loop.steps.forEach(({ name, by }, s) => void indices.set(name, (starts[s] as number) + by * i));
      yield* this.run(loop.body, scope);
    }
    for (const restore of undo.reverse()) restore();
  }

  /** All iterations together, from barrier to barrier. Each has variables of its own. */
  *#together(loop: For, scope: Environment): Run {
    const runs = Array.from({ length: loop.extent }, (_, i) =>
      this.run(loop.body, {
        indices: new Map(scope.indices).set(loop.name, i),
        locals: new Map(scope.locals),
        memory: scope.memory,
        inWorkgroup: true,
      }),
    );
    while (runs.length > 0) {
      const stops = new Set(runs.map((run) => run.next().value as Barrier | undefined));
      const [stop] = stops;
      if (stops.size > 1) failInternally(`invocations of ${loop.name} part ways at a barrier`);
      if (stop === undefined) return;
      yield stop;
    }
  }

  #locate(
    buffer: string,
    at: readonly Affine[],
    lanes: number,
    scope: Environment,
  ): { memory: Memory; offset: number } {
    const memory = scope.memory.get(buffer);
    if (memory === undefined) return failInternally(`no buffer ${buffer}`);
    const along = at.length === memory.shape.length ? adjacentDimension(memory.shape) : 0;
    let offset = 0;
    at.forEach((form, i) => {
      const subscript = this.#subscript(form, buffer, memory, scope);
      const extra = i === along ? lanes - 1 : 0;
      // After flattening there is one subscript for the whole buffer.
      const extent = at.length === memory.shape.length ? (memory.shape[i] as number) : memory.array.length;
      if (subscript < 0 || subscript + extra >= extent) {
        failInternally(`${buffer}: subscript ${i} is ${subscript} (+${extra}), outside 0..${extent - 1}`);
      }
      offset += subscript * (at.length === 1 ? 1 : (memory.strides[i] as number));
    });
    return { memory, offset };
  }

  #subscript(form: Affine, buffer: string, { dtype }: Memory, { indices }: Environment): number {
    const { addressing, vectors } = this.kernel;
    const offset = valueAt(form, indices);
    const subscript =
      addressing === "bytes"
        ? (offset - (indices.get(addressOf(buffer)) as number)) / BYTES[dtype]
        : offset * (vectors?.has(buffer) ? VECTOR : 1);
    return Number.isInteger(subscript) ? subscript : failInternally(`${subscript} lies between two elements`);
  }

  #store(stmt: Extract<Stmt, { kind: "store" }>, scope: Environment): void {
    const { memory, offset } = this.#locate(stmt.buffer, stmt.at, stmt.value.lanes, scope);
    if (!memory.writable) failInternally(`${stmt.buffer} may not be written`);
    memory.array.set(this.#value(stmt.value, scope).map(round[memory.dtype]), offset);
  }

  #value(expr: Expr, scope: Environment): number[] {
    switch (expr.kind) {
      case "const":
        return new Array<number>(expr.lanes).fill(this.#round(expr.value));
      case "local": {
        const value = scope.locals.get(expr.name);
        if (value?.length !== expr.lanes) return failInternally(`${expr.name} is not a local of ${expr.lanes} lanes`);
        return value;
      }
      case "load": {
        const { memory, offset } = this.#locate(expr.buffer, expr.at, expr.lanes, scope);
        return Array.from(memory.array.subarray(offset, offset + expr.lanes), this.#round);
      }
      case "splat": {
        const [value] = this.#value(expr.value, scope);
        return new Array<number>(expr.lanes).fill(value as number);
      }
      case "lane":
        return [this.#value(expr.value, scope)[expr.lane] as number];
      case "unary":
        return this.#value(expr.x, scope).map((x) => this.#round(applyUnary(expr.op, x)));
      case "binary": {
        const b = this.#value(expr.b, scope);
        return this.#value(expr.a, scope).map((a, i) => this.#round(applyBinary(expr.op, a, b[i] as number)));
      }
      case "fma": {
        const b = this.#value(expr.b, scope);
        const c = this.#value(expr.c, scope);
        // The result is rounded once. In float64 the product rounds, too, which only matters beyond 53 bits.
        return this.#value(expr.a, scope).map((a, i) => this.#round(a * (b[i] as number) + (c[i] as number)));
      }
      case "select": {
        const b = this.#value(expr.b, scope);
        const then = this.#value(expr.then, scope);
        const otherwise = this.#value(expr.otherwise, scope);
        return this.#value(expr.a, scope).map(
          (a, i) => (compares(expr.op, a, b[i] as number) ? then[i] : otherwise[i]) as number,
        );
      }
      default:
        return unreachable(expr);
    }
  }
}

/** Declares a name. The function that it returns restores the outer meaning. */
function declare<T>(names: Map<string, T>, name: string, value: T): () => void {
  const before = names.get(name);
  names.set(name, value);
  return () => void (before === undefined ? names.delete(name) : names.set(name, before));
}
