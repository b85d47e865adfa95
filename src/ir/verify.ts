/**
 * Verifies a kernel without running it: names, subscripts, lanes, and the promises of passes.
 *
 * Every name must be bound, every subscript must provably stay inside its buffer, lanes must agree, and constructs that
 * earlier passes promised to remove must be gone.
 *
 * A subscript is in range if its interval is, or if enclosing guards imply it (`holds`). So `2*x + c` is in range where
 * one tail keeps x inside and another one keeps c.
 */
import {
  type Affine,
  affine,
  coefficientOf,
  decide,
  type Guard,
  holds,
  key,
  type Range,
  range,
  substitute,
  subtract,
  variablesOf,
} from "./affine.js";
import { fail, unreachable } from "./errors.js";
import { type Expr, operandsOf } from "./expr.js";
import { adjacentDimension, elementCount } from "./program.js";
import { Scope } from "./scope.js";
import { type For, isInvocationLoop, isWorkgroupLoop, type LoopKernel, type Stmt } from "./stmt.js";
import { addBounds, boundsAtEntry, boundsInside, ownValue } from "./visit.js";

/** A construct that a pass may promise to remove from a kernel. */
export type Construct =
  | "partition marks"
  | "unrolled loops"
  | "vectorized loops"
  /**
   * Parallel loops, except the range that threads share (one outermost loop that stands alone) and the loops of a
   * launch.
   */
  | "parallel loops"
  | "register buffers"
  | "erf"
  | "subscript lists";

export function verify(kernel: LoopKernel, removed: ReadonlySet<Construct> = new Set()): void {
  new Verifier(kernel, removed).body(kernel.body, {
    bounds: boundsAtEntry(kernel),
    sums: new Scope(),
    held: [],
    locals: new Scope(),
    shapes: new Map(kernel.buffers.map(({ name, shape }) => [name, shape])),
  });
}

/** Facts at a statement. Each body has its own, and its declarations add to them. */
interface Known {
  readonly bounds: Scope<Range>;
  /** Indices that divide by nothing, as forms over the others: of a fused loop i, `3*y + x` is i again. */
  readonly sums: Scope<Affine>;
  /** Forms that enclosing guards keep at 0 or above. */
  readonly held: readonly Affine[];
  /** The lanes of each local. */
  readonly locals: Scope<number>;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

class Verifier {
  constructor(
    readonly kernel: LoopKernel,
    readonly removed: ReadonlySet<Construct>,
  ) {}

  body(body: readonly Stmt[], outer: Known): void {
    const scope: Known = {
      ...outer,
      bounds: new Scope(outer.bounds),
      sums: new Scope(outer.sums),
      locals: new Scope(outer.locals),
    };
    for (const stmt of body) this.#stmt(stmt, scope);
  }

  #stmt(stmt: Stmt, scope: Known): void {
    const value = ownValue(stmt);
    if (value) this.#expr(value, scope);
    switch (stmt.kind) {
      case "for":
        this.#loop(stmt, scope);
        break;
      case "if":
        for (const form of stmt.guard) this.#bound(form, scope);
        // Code that never runs may say anything, such as the lanes past the end of a written-out tile.
        if (decide(stmt.guard, scope.bounds) !== "never") {
          this.body(stmt.body, { ...scope, held: [...scope.held, ...this.#held(stmt.guard)] });
        }
        this.body(stmt.otherwise, scope);
        break;
      case "alloc":
        this.#gone(stmt.space === "register", "register buffers", stmt.buffer);
        this.body(stmt.body, { ...scope, shapes: new Map(scope.shapes).set(stmt.buffer, stmt.shape) });
        break;
      case "index":
        this.#bound(stmt.value, scope);
        addBounds(stmt, scope.bounds);
        if (stmt.divisor === 1) scope.sums.set(stmt.name, substitute(stmt.value, scope.sums));
        break;
      case "flag":
        for (const form of stmt.guard) this.#bound(form, scope);
        addBounds(stmt, scope.bounds);
        break;
      case "local":
        scope.locals.set(stmt.name, stmt.value.lanes);
        break;
      case "set":
        if (scope.locals.get(stmt.name) !== stmt.value.lanes) this.#refuse(`${stmt.name} is set without a declaration`);
        break;
      case "store":
        this.#access(stmt.buffer, stmt.at, stmt.value.lanes, scope);
        break;
      case "barrier":
        break;
      default:
        unreachable(stmt);
    }
  }

  #loop(loop: For, scope: Known): void {
    this.#gone(loop.partition || loop.loop === "peeled", "partition marks", loop.name);
    this.#gone(loop.loop === "unrolled", "unrolled loops", loop.name);
    this.#gone(loop.loop === "vectorized", "vectorized loops", loop.name);
    const isRange = loop.loop === "parallel" && this.kernel.body.length === 1 && this.kernel.body[0] === loop;
    const isLaunched = this.kernel.launch !== undefined && (isWorkgroupLoop(loop) || isInvocationLoop(loop));
    this.#gone(loop.loop !== "serial" && !isRange && !isLaunched, "parallel loops", loop.name);
    if (loop.extent === 0) return;
    for (const { start } of loop.steps) this.#bound(start, scope);
    const inside = { ...scope, bounds: new Scope(boundsInside(loop, scope.bounds)) };
    if (loop.while) this.#bound(loop.while, inside);
    this.body(loop.body, { ...inside, held: [...scope.held, ...this.#held(loop.while ? [loop.while] : [])] });
  }

  /** The guard, and the same for the longest call: buffers are as large as that has them. */
  #held(guard: Guard): Guard {
    const { parameter } = this.kernel;
    if (!parameter) return guard;
    const { name } = parameter;
    return guard.flatMap((form) => {
      const slope = coefficientOf(form, name);
      const most = new Map([[name, affine(slope > 0 ? parameter.max : parameter.min)]]);
      return slope === 0 ? [form] : [form, substitute(form, most)];
    });
  }

  #expr(expr: Expr, scope: Known): void {
    if (expr.kind === "load") this.#access(expr.buffer, expr.at, expr.lanes, scope);
    this.#gone(expr.kind === "unary" && expr.op === "erf", "erf", "a value");
    if (expr.kind === "local" && scope.locals.get(expr.name) !== expr.lanes) {
      this.#refuse(`${expr.name} is not a local of ${expr.lanes} lanes here`);
    }
    for (const operand of operandsOf(expr)) {
      if (expr.kind !== "splat" && expr.kind !== "lane" && operand.lanes !== expr.lanes)
        this.#refuse(`a ${expr.kind} mixes lanes`);
      this.#expr(operand, scope);
    }
  }

  #access(buffer: string, at: readonly Affine[], lanes: number, scope: Known): void {
    const shape = scope.shapes.get(buffer) ?? this.#refuse(`no buffer ${buffer}`);
    this.#gone(at.length !== 1, "subscript lists", buffer);
    for (const form of at) this.#bound(form, scope);
    // Offsets into a flattened buffer can be in range for reasons that no single guard states.
    if (this.removed.has("subscript lists")) return;
    const along = at.length === shape.length ? adjacentDimension(shape) : 0;
    const sizes = at.length === shape.length ? shape : [elementCount(shape)];
    at.forEach((form, i) => {
      const last = (sizes[i] as number) - (i === along ? lanes : 1);
      const { min, max } = range(form, scope.bounds);
      if (min >= 0 && max <= last) return;
      const isInside = [form, subtract(affine(last), form)].every((one) =>
        [one, substitute(one, scope.sums)].some((same) => holds(same, scope.held, scope.bounds)),
      );
      if (!isInside) {
        this.#refuse(`${buffer}[${at.map(key).join(", ")}] may leave 0..${(sizes[i] as number) - 1} in dimension ${i}`);
      }
    });
  }

  #bound(form: Affine, { bounds }: Known): void {
    const free = variablesOf(form).find((name) => !bounds.has(name));
    if (free !== undefined) this.#refuse(`${free} is not bound in ${key(form)}`);
  }

  #gone(present: boolean, construct: Construct, where: string): void {
    if (present && this.removed.has(construct)) this.#refuse(`${where}: ${construct} should have been removed`);
  }

  /** A schedule can ask for reads outside a buffer (`roundUp` on an unpacked axis), so this is the user's error too. */
  #refuse(why: string): never {
    return fail("invalid-schedule", `kernel ${this.kernel.name}: ${why}`);
  }
}
