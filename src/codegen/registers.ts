/**
 * Estimates the registers that the hot loop of a kernel needs. The estimate tells if a tile fits before anything is
 * measured.
 *
 * The count is taken from the lowered kernel. It adds the accumulators (mutable locals that the loop reads or sets) and
 * the most values (immutable locals, such as shared loads) that are needed at the same time in the written order. If
 * the engine hoists loads, all loads of the loop count instead of values. If the engine joins pairs of vectors, a
 * vector counts one half, but a number copied to all lanes counts one. Temporaries inside one expression do not count,
 * nor do integers, which have registers of their own.
 */
import { type Expr, subexpressions } from "../ir/expr.js";
import type { LoopKernel, Stmt } from "../ir/stmt.js";
import { ownValue, statements } from "../ir/visit.js";

export interface RegisterEstimate {
  /** The hot loop; null if the kernel has no loop. */
  readonly loop: string | null;
  readonly accumulators: number;
  /** The most values that are needed at the same time. */
  readonly values: number;
  /** Buffers that stayed in memory, e.g. accumulators that a loop still subscripts. */
  readonly inMemory: readonly string[];
}

/** The properties of a target that the estimate needs. */
export interface Engine {
  readonly hoistsLoads: boolean;
  readonly pairs: boolean;
}

export function estimateRegisters(kernel: LoopKernel, engine: Engine): RegisterEstimate {
  const all = statements(kernel.body);
  const isMutable = new Set(all.flatMap((stmt) => (stmt.kind === "local" && stmt.mutable ? [stmt.name] : [])));
  const { loop, body } = hotLoop(kernel.body);
  const inside = statements(body);
  const used = new Set(inside.flatMap((stmt) => (stmt.kind === "set" ? [stmt.name, ...readsOf(stmt)] : readsOf(stmt))));
  const values = new Map(all.flatMap((stmt) => (stmt.kind === "local" ? [[stmt.name, stmt.value] as const] : [])));
  const size = (name: string): number => sizeOf(values.get(name), engine);
  const accumulators = sum([...used].filter((name) => isMutable.has(name)).map(size));
  const loads = sum(inside.flatMap(loadsOfStmt).map((load) => sizeOf(load, engine)));
  return {
    loop,
    accumulators: Math.ceil(accumulators),
    values: Math.ceil(engine.hoistsLoads ? loads : mostValues(inside, isMutable, size)),
    inMemory: all.flatMap((stmt) => (stmt.kind === "alloc" ? [`${stmt.buffer}[${stmt.shape.join(", ")}]`] : [])),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The registers that a value takes. */
const sizeOf = (value: Expr | undefined, { pairs }: Engine): number =>
  pairs && value !== undefined && value.lanes > 1 && value.kind !== "splat" ? 1 / 2 : 1;

/** The loads of a statement. A load that is copied to all lanes is returned as the splat. */
function loadsOfStmt(stmt: Stmt): Expr[] {
  const value = ownValue(stmt);
  const all = value ? subexpressions(value) : [];
  const inSplats = new Set(all.flatMap((expr) => (expr.kind === "splat" ? [expr.value] : [])));
  return all.filter((expr) =>
    expr.kind === "splat" ? expr.value.kind === "load" : expr.kind === "load" && !inSplats.has(expr),
  );
}

interface HotLoop {
  readonly loop: string | null;
  readonly body: readonly Stmt[];
  /** Assignments times iterations. */
  readonly weight: number;
}

/** The innermost loop that assigns most often. The first wins a tie: a partition leaves that one without guards. */
function hotLoop(body: readonly Stmt[]): HotLoop {
  const loops = [...innermost(body, 1)];
  return loops.reduce<HotLoop>((best, next) => (next.weight > best.weight ? next : best), {
    loop: null,
    body,
    weight: 0,
  });
}

/** All loops that contain no loop. */
function* innermost(body: readonly Stmt[], iterations: number): Generator<HotLoop> {
  for (const stmt of body) {
    if (stmt.kind === "if") {
      yield* innermost(stmt.body, iterations);
      yield* innermost(stmt.otherwise, iterations);
    } else if (stmt.kind === "alloc") yield* innermost(stmt.body, iterations);
    else if (stmt.kind === "for") {
      const inside = statements(stmt.body);
      const count = iterations * stmt.extent;
      if (inside.some((inner) => inner.kind === "for")) yield* innermost(stmt.body, count);
      else yield { loop: stmt.name, body: stmt.body, weight: count * inside.filter(ownValue).length };
    }
  }
}

/** The most immutable locals, over all statements, that are defined before a statement and read by it or later. */
function mostValues(inside: readonly Stmt[], isMutable: ReadonlySet<string>, size: (name: string) => number): number {
  const defined = new Map<string, number>();
  const last = new Map<string, number>();
  inside.forEach((stmt, i) => {
    if (stmt.kind === "local") defined.set(stmt.name, i);
    for (const name of readsOf(stmt)) if (!isMutable.has(name)) last.set(name, i);
  });
  const spans = [...last].map(([name, to]) => {
    const from = defined.get(name);
    // A value from outside the loop is needed again in the next iteration.
    return { ...(from === undefined ? { from: -1, to: inside.length } : { from, to }), size: size(name) };
  });
  const sizeAt = (i: number) => sum(spans.flatMap(({ from, to, size }) => (from < i && i <= to ? [size] : [])));
  return inside.reduce((most, _, i) => Math.max(most, sizeAt(i)), 0);
}

function readsOf(stmt: Stmt): string[] {
  const value: Expr | undefined = ownValue(stmt);
  return value ? subexpressions(value).flatMap((expr) => (expr.kind === "local" ? [expr.name] : [])) : [];
}
