/**
 * The functions that a module of WebAssembly imports, as WebAssembly has no instruction for them. Hosts have each under
 * its name in `Math`.
 */
import { subexpressions, type UnaryOp } from "../../ir/expr.js";
import { ownValue, statements } from "../../ir/visit.js";
import type { Lowered } from "../lower.js";

/** Every module imports these, used or not. So a kernel that uses no other has the bytes that it always had. */
const ALWAYS: readonly UnaryOp[] = ["exp", "tanh"];
const WHERE_USED: readonly UnaryOp[] = ["log", "sin", "cos"];

/** The functions that a module of these kernels imports, in the order of the numbers by which they are called. */
export function importsOf(kernels: readonly Lowered[]): readonly UnaryOp[] {
  const values = kernels.flatMap(({ body }) => statements(body).flatMap((stmt) => ownValue(stmt) ?? []));
  const parts = values.flatMap((value) => subexpressions(value));
  const used = new Set(parts.flatMap((part) => (part.kind === "unary" ? [part.op] : [])));
  return [...ALWAYS, ...WHERE_USED.filter((op) => used.has(op))];
}
