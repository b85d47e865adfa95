/**
 * Lets sums begin with their first term where both are known: `x = 0`, then `x = x + a`, becomes `x = a`. Sums whose terms are
 * written out, as in the transforms of Winograd, are so short that the zero would be felt. Drops `x = x` on the way, which
 * is left of terms that were zero.
 *
 * Not for what is stored as output: 0 + -0 is 0, and -0 by itself is not. Other sums are added to a zero later on.
 */
import { type Expr, subexpressions, unary } from "../../ir/expr.js";
import type { Kernel, Stmt } from "../../ir/stmt.js";
import { bodiesOf, mapBodies, ownValue, statements, withBody } from "../../ir/visit.js";

export function startSums(kernel: Kernel): Kernel {
  const outputs = kernel.buffers.filter(({ role }) => role === "output").map(({ name }) => name);
  const stores = statements(kernel.body).filter((stmt) => stmt.kind === "store" && outputs.includes(stmt.buffer));
  return withBody(kernel, startIn(kernel.body, new Set(), new Set(stores.flatMap((stmt) => [...mentioned(stmt)]))));
}

/** `zeros`: locals that are declared outside and still zero. `stored`: those whose zero has to stay. */
function startIn(body: readonly Stmt[], zeros: ReadonlySet<string>, stored: ReadonlySet<string>): readonly Stmt[] {
  const result: (Stmt | undefined)[] = [];
  /** Declarations in this body of what is still zero, by name. */
  const declared = new Map<string, number>();
  const outside = new Set(zeros);
  for (const stmt of body) {
    if (stmt.kind === "set" && isLocal(stmt.value, stmt.name)) continue;
    // A loop's body runs again, when its sums are no longer zero.
    const known = stmt.kind === "if" ? new Set([...declared.keys(), ...outside]) : new Set<string>();
    const inner = mapBodies(stmt, (part) => startIn(part, known, stored));
    const first = inner.kind === "set" ? firstTerm(inner.name, inner.value) : undefined;
    const place = inner.kind === "set" ? declared.get(inner.name) : undefined;
    if (inner.kind === "set" && first && place !== undefined) {
      result[place] = undefined;
      result.push({ kind: "local", name: inner.name, value: first, mutable: true });
    } else if (inner.kind === "set" && first && outside.has(inner.name)) result.push({ ...inner, value: first });
    else result.push(inner);
    for (const name of mentioned(inner)) {
      declared.delete(name);
      outside.delete(name);
    }
    if (inner.kind !== "local" || !inner.mutable || !isZero(inner.value) || stored.has(inner.name)) continue;
    declared.set(inner.name, result.length - 1);
  }
  return result.filter((stmt) => stmt !== undefined);
}

/** What an assignment gives a sum that is zero, in other words than the sum itself. */
function firstTerm(name: string, value: Expr): Expr | undefined {
  const isTerm = value.kind === "binary" && isLocal(value.a, name);
  const term =
    isTerm && value.op === "add" ? value.b : isTerm && value.op === "subtract" ? unary("negate", value.b) : value;
  return [...subexpressions(term)].some((expr) => isLocal(expr, name)) ? undefined : term;
}

const isLocal = (expr: Expr, name: string): boolean => expr.kind === "local" && expr.name === name;
const isZero = (expr: Expr): boolean => expr.kind === "const" && expr.value === 0;

/** Locals that the statement, or one inside it, reads or sets. */
function* mentioned(stmt: Stmt): Generator<string> {
  for (const inner of bodiesOf(stmt).length > 0 ? statements([stmt]) : [stmt]) {
    if (inner.kind === "set") yield inner.name;
    const value = ownValue(inner);
    for (const expr of value ? subexpressions(value) : []) if (expr.kind === "local") yield expr.name;
  }
}
