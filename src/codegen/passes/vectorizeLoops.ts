/**
 * Turns loops marked `vectorized` into vector operations: lane i does what iteration i did. A read that steps by one
 * element per lane becomes a vector load, a read that does not move a splat. Guards that differ between lanes are
 * tested for all lanes at once, with the scalar iterations behind the test.
 *
 * Needs loops of exactly the target's lanes, which `unrollLoops` leaves; removes all vectorized loops.
 */
import { type Affine, affine, coefficientOf, key, range, substitute } from "../../ir/affine.js";
import { fail, failInternally } from "../../ir/errors.js";
import { type Expr, mapOperands, number, splat } from "../../ir/expr.js";
import { type For, guarded, type Kernel, type Stmt } from "../../ir/stmt.js";
import { rewriteBody, withBody } from "../../ir/visit.js";
import { unroll } from "./unrollLoops.js";

export const vectorizeLoops = (kernel: Kernel): Kernel =>
  withBody(
    kernel,
    rewriteBody(kernel.body, (stmt) => (stmt.kind === "for" && stmt.loop === "vectorized" ? vectorize(stmt) : [stmt])),
  );

function vectorize(loop: For): readonly Stmt[] {
  const worst = new Map<string, Affine>();
  collectLaneGuards(loop, loop.body, worst);
  const vector = loop.body.flatMap((stmt) => vectorStmt(stmt, loop, worst));
  return worst.size === 0
    ? vector
    : [{ kind: "if", guard: [...worst.values()], body: vector, otherwise: unroll(loop) }];
}

/** Guard forms that depend on the lane, each at its worst lane. */
function collectLaneGuards(loop: For, body: readonly Stmt[], worst: Map<string, Affine>): void {
  for (const stmt of body) {
    if (stmt.kind === "for" || stmt.kind === "alloc" || stmt.kind === "index") {
      fail("invalid-schedule", `${loop.name} is vectorized and must be the innermost loop; reorder it`);
    }
    if (stmt.kind !== "if") continue;
    for (const form of stmt.guard) {
      const slope = coefficientOf(form, loop.name);
      if (slope === 0) continue;
      if (stmt.otherwise.length > 0) fail("invalid-schedule", `the lanes of ${loop.name} take different branches`);
      const { min } = range(
        affine(0, { [loop.name]: slope }),
        new Map([[loop.name, { min: 0, max: loop.extent - 1 }]]),
      );
      const atLaneZero = substitute(form, new Map([[loop.name, affine(0)]]));
      worst.set(key(form), { ...atLaneZero, constant: atLaneZero.constant + min });
    }
    collectLaneGuards(loop, stmt.body, worst);
    collectLaneGuards(loop, stmt.otherwise, worst);
  }
}

function vectorStmt(stmt: Stmt, loop: For, certain: ReadonlyMap<string, Affine>): readonly Stmt[] {
  const vectorBody = (body: readonly Stmt[]) => body.flatMap((inner) => vectorStmt(inner, loop, certain));
  switch (stmt.kind) {
    case "store":
      if (strideOf(stmt.buffer, stmt.at, loop) !== 1) notAdjacent(loop.name, stmt.buffer);
      return [{ ...stmt, at: atLaneZero(stmt.at, loop), value: vectorExpr(stmt.value, loop) }];
    case "if": {
      const guard = stmt.guard.filter((form) => !certain.has(key(form)));
      return guarded(guard, vectorBody(stmt.body), vectorBody(stmt.otherwise));
    }
    default:
      return failInternally(`a ${stmt.kind} inside the vectorized loop ${loop.name}`);
  }
}

function vectorExpr(expr: Expr, loop: For): Expr {
  switch (expr.kind) {
    case "const":
      return number(expr.value, loop.extent);
    case "load":
      if (strideOf(expr.buffer, expr.at, loop) === 0) return splat(expr, loop.extent);
      return { ...expr, at: atLaneZero(expr.at, loop), lanes: loop.extent };
    case "lane":
      return failInternally(`a lane inside the vectorized loop ${loop.name}`);
    default:
      return { ...mapOperands(expr, (operand) => vectorExpr(operand, loop)), lanes: loop.extent } as Expr;
  }
}

/** Elements between neighbouring lanes: 1 or 0. */
function strideOf(buffer: string, at: readonly Affine[], loop: For): 0 | 1 {
  const slopes = at.map((form) => coefficientOf(form, loop.name));
  const inner = slopes.pop() ?? 0;
  if (slopes.some((slope) => slope !== 0) || (inner !== 0 && inner !== 1)) notAdjacent(loop.name, buffer);
  return inner as 0 | 1;
}

const atLaneZero = (at: readonly Affine[], loop: For): Affine[] =>
  at.map((form) => substitute(form, new Map([[loop.name, affine(0)]])));

const notAdjacent = (axis: string, buffer: string): never =>
  fail("invalid-schedule", `lanes of ${axis} are not adjacent in ${buffer}; pack the buffer or vectorize another axis`);
