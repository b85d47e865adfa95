/**
 * Folds constants: certain guards, arithmetic, and reads of constant buffers.
 *
 * Reads of constant buffers are folded, too. Intervals over the loop extents are enough to decide, because subscripts
 * and guards are affine.
 */
import { type Bounds, decide, isConstant, key } from "../../ir/affine.js";
import { round } from "../../ir/dtype.js";
import { binary, type Expr, isZero, type Load, loadsOf, mapOperands, number, unary } from "../../ir/expr.js";
import { applyBinary, applyUnary, compares } from "../../ir/interpret.js";
import { type BufferDecl, flatten } from "../../ir/program.js";
import { guarded, type LoopKernel, type Stmt } from "../../ir/stmt.js";
import {
  boundsAtEntry,
  boundsInside,
  flatMapInScope,
  mapBodies,
  mapValue,
  ownValue,
  statements,
} from "../../ir/visit.js";

export function foldConstants(kernel: LoopKernel): LoopKernel {
  const constants = new Map(kernel.buffers.filter((buffer) => buffer.role === "constant").map((b) => [b.name, b]));
  const rounded = round[kernel.arithmetic];
  const foldValue = (value: Expr): Expr =>
    isAbsent(value, constants) ? number(0, value.lanes) : foldExpr(mapOperands(value, foldValue), constants, rounded);

  const foldBody = (body: readonly Stmt[], bounds: Bounds, held: ReadonlySet<string>): readonly Stmt[] =>
    flatMapInScope(body, bounds, (stmt, known) => foldStmt(mapValue(stmt, foldValue), known, held));

  function foldStmt(stmt: Stmt, bounds: Bounds, held: ReadonlySet<string>): readonly Stmt[] {
    if (stmt.kind === "for") {
      if (stmt.extent === 0) return [];
      const running = stmt.while ? new Set([...held, key(stmt.while)]) : held;
      const inner = foldBody(stmt.body, boundsInside(stmt, bounds), running);
      return inner.length === 0 ? [] : [{ ...stmt, body: inner }];
    }
    if (stmt.kind === "if") {
      const open = stmt.guard.filter((form) => decide([form], bounds) !== "always" && !held.has(key(form)));
      if (decide(open, bounds) === "never") return foldBody(stmt.otherwise, bounds, held);
      const inner = foldBody(stmt.body, bounds, new Set([...held, ...open.map(key)]));
      const otherwise = foldBody(stmt.otherwise, bounds, held);
      return inner.length + otherwise.length === 0 ? [] : guarded(open, inner, otherwise);
    }
    return [mapBodies(stmt, (inner) => foldBody(inner, bounds, held))];
  }

  const body = foldBody(kernel.body, boundsAtEntry(kernel), new Set());
  // A constant buffer that is not read any more needs no memory.
  const read = buffersRead(body);
  return { ...kernel, buffers: kernel.buffers.filter(({ name, role }) => role !== "constant" || read.has(name)), body };
}

const buffersRead = (body: readonly Stmt[]): ReadonlySet<string> =>
  new Set(
    statements(body).flatMap((stmt) => {
      const value = ownValue(stmt);
      return value ? loadsOf(value).map((load) => load.buffer) : [];
    }),
  );

/** @param rounded rounds as the arithmetic of the kernel does */
function foldExpr(expr: Expr, constants: ReadonlyMap<string, BufferDecl>, rounded: (value: number) => number): Expr {
  if (expr.kind === "load") return foldLoad(expr, constants);
  if (expr.kind === "unary" && expr.x.kind === "const")
    return number(rounded(applyUnary(expr.op, expr.x.value)), expr.lanes);
  if (expr.kind === "splat" && expr.value.kind === "const") return number(expr.value.value, expr.lanes);
  if (expr.kind === "select" && expr.a.kind === "const" && expr.b.kind === "const")
    return compares(expr.op, rounded(expr.a.value), rounded(expr.b.value)) ? expr.then : expr.otherwise;
  if (expr.kind !== "binary") return expr;
  const { op, a, b, lanes } = expr;
  if (a.kind === "const" && b.kind === "const") return number(rounded(applyBinary(op, a.value, b.value)), lanes);
  if (op === "multiply") return foldProduct(a, b) ?? expr;
  if (op === "add" && isZero(a)) return b;
  if ((op === "add" || op === "subtract") && isZero(b)) return a;
  if (op === "add" && b.kind === "unary" && b.op === "negate") return binary("subtract", a, b.x);
  return expr;
}

/** A product with a 0 of a sparse buffer. Other products with 0 stay, as NaN and infinity must come through. */
function isAbsent(expr: Expr, constants: ReadonlyMap<string, BufferDecl>): boolean {
  if (expr.kind === "binary" && expr.op === "multiply")
    return isAbsent(expr.a, constants) || isAbsent(expr.b, constants);
  if (expr.kind === "splat") return isAbsent(expr.value, constants);
  return expr.kind === "load" && constants.get(expr.buffer)?.isSparse === true && isZero(foldLoad(expr, constants));
}

function foldProduct(a: Expr, b: Expr): Expr | undefined {
  if (b.kind === "const" && a.kind !== "const") return foldProduct(b, a);
  if (a.kind !== "const") return undefined;
  if (a.value === 1) return b;
  return a.value === -1 ? unary("negate", b) : binary("multiply", a, b);
}

function foldLoad(expr: Load, constants: ReadonlyMap<string, BufferDecl>): Expr {
  const buffer = constants.get(expr.buffer);
  if (!buffer?.values || expr.lanes !== 1) return expr;
  const offset = flatten(expr.at, buffer.shape);
  if (!isConstant(offset)) return expr;
  // The value is rounded as if it were read from memory.
  const value = buffer.values[offset.constant] as number;
  return number(round[buffer.dtype](value));
}
