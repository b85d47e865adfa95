/**
 * Turns register buffers whose every subscript is a constant into locals, one per element. A buffer that some loop still
 * subscripts, or that is read in vectors and in single elements alike, stays in (local) memory: slower, and right.
 */
import { isConstant } from "../../ir/affine.js";
import { type Expr, local, number, rewrite, subexpressions } from "../../ir/expr.js";
import type { Alloc, Kernel, Stmt } from "../../ir/stmt.js";
import { mapValue, ownValue, rewriteBody, statements, withBody } from "../../ir/visit.js";

export const promoteRegisters = (kernel: Kernel): Kernel =>
  withBody(
    kernel,
    rewriteBody(kernel.body, (stmt) => (stmt.kind === "alloc" && stmt.space === "register" ? promote(stmt) : [stmt])),
  );

function promote(alloc: Alloc): readonly Stmt[] {
  const elements = elementsOf(alloc);
  if (elements === undefined) return [{ ...alloc, space: "local" }];
  const toLocal = (expr: Expr): Expr =>
    expr.kind === "load" && expr.buffer === alloc.buffer ? local(nameOf(expr), expr.lanes) : expr;
  const body = rewriteBody(alloc.body, (stmt) => {
    const changed = mapValue(stmt, (value) => rewrite(value, toLocal));
    if (changed.kind !== "store" || changed.buffer !== alloc.buffer) return [changed];
    return [{ kind: "set", name: nameOf(changed), value: changed.value }];
  });
  return declare(body, elements);
}

/** Lanes by local name, or undefined where a subscript varies or accesses overlap. */
function elementsOf(alloc: Alloc): Map<string, number> | undefined {
  const elements = new Map<string, number>();
  const lanesOfBuffer = new Set<number>();
  for (const stmt of statements(alloc.body)) {
    const value = ownValue(stmt);
    const reads = value ? [...subexpressions(value)].filter((expr) => expr.kind === "load") : [];
    const stores = stmt.kind === "store" ? [{ ...stmt, lanes: stmt.value.lanes }] : [];
    for (const access of [...reads, ...stores]) {
      if (access.buffer !== alloc.buffer) continue;
      if (!access.at.every(isConstant)) return undefined;
      elements.set(nameOf(access), access.lanes);
      lanesOfBuffer.add(access.lanes);
    }
  }
  return lanesOfBuffer.size > 1 ? undefined : elements;
}

const nameOf = ({ buffer, at }: Pick<Extract<Expr, { kind: "load" }>, "buffer" | "at">): string =>
  [buffer, ...at.map((form) => form.constant)].join("_");

/** The first assignment at the top becomes the declaration; elements first set deeper down are declared up front. */
function declare(body: readonly Stmt[], elements: ReadonlyMap<string, number>): readonly Stmt[] {
  const declared = new Set<string>();
  const result: Stmt[] = [];
  let straight = true;
  for (const stmt of body) {
    straight &&= stmt.kind === "set";
    if (straight && stmt.kind === "set" && elements.has(stmt.name) && !declared.has(stmt.name)) {
      declared.add(stmt.name);
      result.push({ kind: "local", name: stmt.name, value: stmt.value, mutable: true });
    } else result.push(stmt);
  }
  const early = [...elements]
    .filter(([name]) => !declared.has(name))
    .map(([name, lanes]): Stmt => ({ kind: "local", name, value: number(0, lanes), mutable: true }));
  return [...early, ...result];
}
