/**
 * Turns loops marked `vectorized` into vector operations: lane i does the work of iteration i.
 *
 * A read that steps by one element per lane becomes a vector load. A read that does not move becomes a splat. A store
 * to places that are no neighbours is made lane by lane. Guards that differ between lanes are tested for all lanes at
 * once, with the scalar iterations behind the test.
 *
 * A loop whose extent is not the length of the target's vector is left to `unrollLoops`.
 */
import { type Affine, affine, type Bounds, coefficientOf, decide, key, range, substitute } from "../../ir/affine.js";
import { fail, failInternally } from "../../ir/errors.js";
import { type Expr, mapOperands, number, splat } from "../../ir/expr.js";
import { adjacentDimension } from "../../ir/program.js";
import { type For, guarded, type LoopKernel, type Stmt } from "../../ir/stmt.js";
import {
  boundsAtEntry,
  boundsInside,
  flatMapInScope,
  mapBodies,
  shapesOf,
  substituteBody,
  withBody,
} from "../../ir/visit.js";
import type { Target } from "../target.js";

export function vectorizeLoops(kernel: LoopKernel, { lanes }: Target): LoopKernel {
  const shapes = shapesOf(kernel);
  const vectorizeBody = (body: readonly Stmt[], bounds: Bounds): readonly Stmt[] =>
    flatMapInScope(body, bounds, (stmt, known) => {
      const inside = boundsInside(stmt, known);
      const rebuilt = mapBodies(stmt, (inner) => vectorizeBody(inner, inside));
      if (rebuilt.kind !== "for" || rebuilt.loop !== "vectorized") return [rebuilt];
      return lanes > 1 && rebuilt.extent === lanes
        ? vectorize(rebuilt, shapes, known)
        : [{ ...rebuilt, loop: "unrolled" }];
    });
  return withBody(kernel, vectorizeBody(kernel.body, boundsAtEntry(kernel)));
}

function vectorize(loop: For, shapes: BufferShapes, bounds: Bounds): readonly Stmt[] {
  const worst = new Map<string, Affine>();
  collectLaneGuards(loop, loop.body, worst);
  const guard = [...worst.values()];
  // If the guard of some lane never holds, no vector is whole: three channels never fill four lanes.
  const scalar: readonly Stmt[] = [{ ...loop, loop: "unrolled" }];
  if (decide(guard, bounds) === "never") return scalar;
  const vector = loop.body.flatMap((stmt) => vectorStmt(stmt, { loop, shapes, certain: worst }));
  return guarded(guard, vector, guard.length > 0 ? scalar : []);
}

/** Collects the guard forms that depend on the lane, each at its worst lane. */
function collectLaneGuards(loop: For, body: readonly Stmt[], worst: Map<string, Affine>): void {
  for (const stmt of body) {
    if (stmt.kind === "for" || stmt.kind === "alloc" || stmt.kind === "index" || stmt.kind === "flag") {
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

type BufferShapes = ReadonlyMap<string, readonly number[]>;

interface Lanes {
  readonly loop: For;
  readonly shapes: BufferShapes;
  /** Guards that have been tested for all lanes at once. */
  readonly certain: ReadonlyMap<string, Affine>;
}

function vectorStmt(stmt: Stmt, lanes: Lanes): readonly Stmt[] {
  const { loop, certain } = lanes;
  const vectorBody = (body: readonly Stmt[]) => body.flatMap((inner) => vectorStmt(inner, lanes));
  switch (stmt.kind) {
    case "store":
      if (strideOf(stmt.buffer, stmt.at, lanes) !== 1) return oneByOne(stmt, loop);
      return [{ ...stmt, at: atLaneZero(stmt.at, loop), value: vectorExpr(stmt.value, lanes) }];
    case "if": {
      const guard = stmt.guard.filter((form) => !certain.has(key(form)));
      return guarded(guard, vectorBody(stmt.body), vectorBody(stmt.otherwise));
    }
    default:
      return failInternally(`a ${stmt.kind} inside the vectorized loop ${loop.name}`);
  }
}

function vectorExpr(expr: Expr, lanes: Lanes): Expr {
  const { loop } = lanes;
  switch (expr.kind) {
    case "const":
      return number(expr.value, loop.extent);
    case "load":
      if ((strideOf(expr.buffer, expr.at, lanes) ?? notAdjacent(loop.name, expr.buffer)) === 0)
        return splat(expr, loop.extent);
      return { ...expr, at: atLaneZero(expr.at, loop), lanes: loop.extent };
    case "lane":
      return failInternally(`a lane inside the vectorized loop ${loop.name}`);
    default:
      return { ...mapOperands(expr, (operand) => vectorExpr(operand, lanes)), lanes: loop.extent } as Expr;
  }
}

/** A copy of the statement for each lane. What it reads of a vector in registers becomes a lane of that. */
const oneByOne = (stmt: Stmt, { name, extent }: For): Stmt[] =>
  Array.from({ length: extent }, (_, i) => substituteBody([stmt], new Map([[name, affine(i)]]))).flat();

/** Elements between neighbouring lanes: 1 or 0, or undefined for any other number. */
function strideOf(buffer: string, at: readonly Affine[], { loop, shapes }: Lanes): 0 | 1 | undefined {
  const along = adjacentDimension(shapes.get(buffer) ?? failInternally(`no buffer ${buffer}`));
  const slopes = at.map((form) => coefficientOf(form, loop.name));
  const slope = slopes[along] ?? 0;
  const isStill = slopes.every((other, i) => other === 0 || i === along);
  return isStill && (slope === 0 || slope === 1) ? slope : undefined;
}

const atLaneZero = (at: readonly Affine[], loop: For): Affine[] =>
  at.map((form) => substitute(form, new Map([[loop.name, affine(0)]])));

const notAdjacent = (axis: string, buffer: string): never =>
  fail("invalid-schedule", `lanes of ${axis} are not adjacent in ${buffer}; pack the buffer or vectorize another axis`);
