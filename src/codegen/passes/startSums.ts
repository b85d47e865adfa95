/**
 * Lets sums begin with their first term: `x = 0`, then `x = x + a`, becomes `x = a`.
 *
 * Sums whose terms are written out, as in the transforms of Winograd, are so short that the zero costs time. Maxima
 * lose their -Infinity in the same way. An assignment `x = x`, the rest of a term that was zero, goes away, too.
 *
 * A sum that is stored as output keeps its zero: 0 + -0 is 0, but -0 alone is -0. Other sums are added to a zero later.
 */
import { type BinaryOp, type Expr, subexpressions, unary } from "../../ir/expr.js";
import { COMBINATIONS } from "../../ir/program.js";
import type { LoopKernel, Stmt } from "../../ir/stmt.js";
import { mapBodies, ownValue, statements, withBody } from "../../ir/visit.js";

export function startSums(kernel: LoopKernel): LoopKernel {
  const outputs = kernel.buffers.filter(({ role }) => role === "output").map(({ name }) => name);
  const stores = statements(kernel.body).filter((stmt) => stmt.kind === "store" && outputs.includes(stmt.buffer));
  const stored = new Set<string>();
  for (const stmt of stores) mention(stmt, stored);
  return withBody(kernel, startIn(kernel.body, new Map(), stored, new Set()));
}

type Begun = ReadonlyMap<string, BinaryOp>;

/**
 * `begun` has the locals that are declared outside and hold no term yet, with the operation that takes terms in.
 * `stored` has the locals that keep their zero. Those that are read or set go to `seen`.
 */
function startIn(body: readonly Stmt[], begun: Begun, stored: ReadonlySet<string>, seen: Set<string>): readonly Stmt[] {
  const result: (Stmt | undefined)[] = [];
  /** Places in this body of the declarations of locals that hold no term yet. */
  const declared = new Map<string, number>();
  const open = new Map(begun);
  for (const stmt of body) {
    if (stmt.kind === "set" && isLocal(stmt.value, stmt.name)) continue;
    // The body of a loop runs again, and then its sums hold terms.
    const known: Begun = stmt.kind === "if" ? open : new Map();
    const mentioned = new Set<string>();
    const inner = mapBodies(stmt, (part) => startIn(part, known, stored, mentioned));
    mention(inner, mentioned);
    const op = inner.kind === "set" ? open.get(inner.name) : undefined;
    const first = inner.kind === "set" && op ? firstTerm(inner.name, inner.value, op) : undefined;
    const place = inner.kind === "set" ? declared.get(inner.name) : undefined;
    if (inner.kind === "set" && first && place !== undefined) {
      result[place] = undefined;
      result.push({ kind: "local", name: inner.name, value: first, mutable: true });
    } else if (inner.kind === "set" && first) result.push({ ...inner, value: first });
    else result.push(inner);
    for (const name of mentioned) {
      declared.delete(name);
      open.delete(name);
      seen.add(name);
    }
    const begins = inner.kind === "local" && inner.mutable ? begunBy(inner.value) : undefined;
    if (inner.kind !== "local" || !begins || (begins === "add" && stored.has(inner.name))) continue;
    declared.set(inner.name, result.length - 1);
    open.set(inner.name, begins);
  }
  return result.filter((stmt) => stmt !== undefined);
}

/**
 * The value that an assignment gives to a local without terms, written without the local; undefined if it needs it.
 */
function firstTerm(name: string, value: Expr, op: BinaryOp): Expr | undefined {
  const taken = value.kind === "binary" && isLocal(value.a, name) ? value : undefined;
  const isAway = op === "add" && taken?.op === "subtract";
  const term = taken?.op === op ? taken.b : taken && isAway ? unary("negate", taken.b) : value;
  return subexpressions(term).some((expr) => isLocal(expr, name)) ? undefined : term;
}

const isLocal = (expr: Expr, name: string): boolean => expr.kind === "local" && expr.name === name;

/** The operation of which the value is the identity, if there is one. */
const begunBy = (value: Expr): BinaryOp | undefined =>
  Object.values(COMBINATIONS).find(({ identity }) => value.kind === "const" && value.value === identity)?.op;

/** Adds the locals that the statement itself reads or sets. */
function mention(stmt: Stmt, names: Set<string>): void {
  if (stmt.kind === "set") names.add(stmt.name);
  const value = ownValue(stmt);
  for (const expr of value ? subexpressions(value) : []) if (expr.kind === "local") names.add(expr.name);
}
