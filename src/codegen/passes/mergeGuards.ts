/**
 * Merges neighbours under one guard, and moves guards out of loops that they do not name.
 *
 * The body of a loop may be a row of guarded sums that do not touch each other, such as the pixels of a tile at the
 * edge of the image. The loop is then distributed over them first, so each pixel is tested once per tap and not once
 * per channel. The pass comes after promotion, because only sums in locals are visibly independent.
 */
import { type Guard, guardKey, variablesOf } from "../../ir/affine.js";
import { subexpressions } from "../../ir/expr.js";
import type { For, If, LoopKernel, Stmt } from "../../ir/stmt.js";
import { mapBodies, ownValue, statements, withBody } from "../../ir/visit.js";

export const mergeGuards = (kernel: LoopKernel): LoopKernel => withBody(kernel, mergeBody(kernel.body));

function mergeBody(body: readonly Stmt[]): readonly Stmt[] {
  const inner = body.map((stmt) => mapBodies(stmt, mergeBody));
  const hoisted = inner.flatMap((stmt) => (stmt.kind === "for" ? hoist(stmt) : [stmt]));
  return mergeNeighbours(hoisted);
}

function mergeNeighbours(body: readonly Stmt[]): readonly Stmt[] {
  const result: Stmt[] = [];
  for (const stmt of body) {
    const last = result.at(-1);
    if (isPlainIf(stmt) && last && isPlainIf(last) && guardKey(last.guard) === guardKey(stmt.guard)) {
      result[result.length - 1] = { ...last, body: mergeNeighbours([...last.body, ...stmt.body]) };
    } else result.push(stmt);
  }
  return result;
}

const isPlainIf = (stmt: Stmt): stmt is If => stmt.kind === "if" && stmt.otherwise.length === 0;

function hoist(loop: For): readonly Stmt[] {
  if (loop.loop !== "serial") return [loop];
  const parts: If[] = loop.body.filter(isPlainIf);
  if (parts.length !== loop.body.length) return [loop];
  const inner = new Set([loop.name]);
  const movable = parts.every((part) => isIndependent(part.guard, inner));
  if (!movable || (parts.length > 1 && !areSeparate(parts))) return [loop];
  return parts.map((part) => ({ ...part, body: [{ ...loop, body: part.body }] }));
}

const isIndependent = (guard: Guard, names: ReadonlySet<string>): boolean =>
  guard.every((form) => variablesOf(form).every((name) => !names.has(name)));

/** True if the parts only assign to locals, and no part reads or writes a local that another part writes. */
function areSeparate(parts: readonly If[]): boolean {
  const effects = parts.map((part) => effectsOf(part.body));
  return effects.every(
    (one, i) =>
      one.pure &&
      effects.every(
        (other, j) => i === j || ![...one.writes].some((name) => other.writes.has(name) || other.reads.has(name)),
      ),
  );
}

function effectsOf(body: readonly Stmt[]): { pure: boolean; reads: Set<string>; writes: Set<string> } {
  const reads = new Set<string>();
  const writes = new Set<string>();
  let pure = true;
  for (const stmt of statements(body)) {
    if (stmt.kind === "set" || stmt.kind === "local") writes.add(stmt.name);
    if (stmt.kind === "store" || stmt.kind === "barrier" || stmt.kind === "alloc") pure = false;
    const value = ownValue(stmt);
    for (const expr of value ? subexpressions(value) : []) if (expr.kind === "local") reads.add(expr.name);
  }
  return { pure, reads, writes };
}
