/**
 * Turns register buffers with constant subscripts into locals, one per element or per vector.
 *
 * A single element that is read from a vector becomes a lane, as at the end of channels that do not fill a vector. A
 * buffer stays in (local) memory if some loop still subscripts it, or if it is written both in vectors and in single
 * elements. That is slower, and right.
 */
import { isConstant } from "../../ir/affine.js";
import { type Expr, lane, local, number, type Reference, rewrite, subexpressions } from "../../ir/expr.js";
import type { Alloc, LoopKernel, Stmt } from "../../ir/stmt.js";
import { mapValue, ownValue, rewriteBody, statements, withBody } from "../../ir/visit.js";

export const promoteRegisters = (kernel: LoopKernel): LoopKernel =>
  withBody(
    kernel,
    rewriteBody(kernel.body, (stmt) => (stmt.kind === "alloc" && stmt.space === "register" ? promote(stmt) : [stmt])),
  );

function promote(alloc: Alloc): readonly Stmt[] {
  const elements = elementsOf(alloc);
  if (elements === undefined) return [{ ...alloc, space: "local" }];
  const { lanes, names } = elements;
  const toLocal = (expr: Expr): Expr => {
    if (expr.kind !== "load" || expr.buffer !== alloc.buffer) return expr;
    const vector = local(nameOf(expr, lanes), lanes);
    return expr.lanes === lanes ? vector : lane(vector, laneOf(expr, lanes));
  };
  const body = rewriteBody(alloc.body, (stmt) => {
    const changed = mapValue(stmt, (value) => rewrite(value, toLocal));
    if (changed.kind !== "store" || changed.buffer !== alloc.buffer) return [changed];
    return [{ kind: "set", name: nameOf(changed, lanes), value: changed.value }];
  });
  return declare(body, names, lanes);
}

/** The lanes of every element and the names of their locals. Undefined if a subscript varies or elements overlap. */
function elementsOf(alloc: Alloc): { lanes: number; names: ReadonlySet<string> } | undefined {
  const reads: Reference[] = [];
  const writes: Reference[] = [];
  for (const stmt of statements(alloc.body)) {
    const value = ownValue(stmt);
    for (const expr of value ? subexpressions(value) : []) if (expr.kind === "load") reads.push(expr);
    if (stmt.kind === "store") writes.push({ ...stmt, lanes: stmt.value.lanes });
  }
  const references = [...reads, ...writes].filter(({ buffer }) => buffer === alloc.buffer);
  const lanes = Math.max(1, ...references.map((reference) => reference.lanes));
  const isWhole = (reference: Reference) => reference.lanes === lanes && laneOf(reference, lanes) === 0;
  const fits =
    references.every((reference) => reference.at.every(isConstant) && (isWhole(reference) || reference.lanes === 1)) &&
    writes.every((reference) => reference.buffer !== alloc.buffer || isWhole(reference));
  return fits ? { lanes, names: new Set(references.map((reference) => nameOf(reference, lanes))) } : undefined;
}

/** The place of the element in its vector. Vectors begin at multiples of `lanes`. */
const laneOf = ({ at }: Reference, lanes: number): number => (at.at(-1)?.constant ?? 0) % lanes;

/** The name of the local for the vector that holds the element. */
function nameOf(reference: Pick<Reference, "buffer" | "at">, lanes: number): string {
  const places = reference.at.map((form) => form.constant);
  const last = places.pop();
  return [reference.buffer, ...places, ...(last === undefined ? [] : [last - (last % lanes)])].join("_");
}

/** The first assignment at the top becomes the declaration. Elements first set deeper down are declared up front. */
function declare(body: readonly Stmt[], names: ReadonlySet<string>, lanes: number): readonly Stmt[] {
  const declared = new Set<string>();
  const result: Stmt[] = [];
  let straight = true;
  for (const stmt of body) {
    straight &&= stmt.kind === "set";
    if (straight && stmt.kind === "set" && names.has(stmt.name) && !declared.has(stmt.name)) {
      declared.add(stmt.name);
      result.push({ kind: "local", name: stmt.name, value: stmt.value, mutable: true });
    } else result.push(stmt);
  }
  const early = [...names]
    .filter((name) => !declared.has(name))
    .map((name): Stmt => ({ kind: "local", name, value: number(0, lanes), mutable: true }));
  return [...early, ...result];
}
