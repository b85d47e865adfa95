/**
 * The grid of the numbers of a check: the numbers drawn for each tensor, and the step of results.
 */
import { variable } from "../ir/affine.js";
import { type Expr, load, loadsOf, number, operandsOf, rewrite } from "../ir/expr.js";
import { interpretProgram } from "../ir/interpret.js";
import { type BufferDecl, type BufferRole, type Program, type Stage, SUM } from "../ir/program.js";

/** Numbers to draw from: integers from -most to most, times the unit. */
export interface Draw {
  readonly most: number;
  readonly unit: number;
}

/** The size of a typical sum. Activations bend near such values, so both sides of their bends are tested. */
const TYPICAL = 2;

/** The mean squares of integers drawn from -1 .. 1, and from -2 .. 2. */
const SQUARE_OF_ONES = 2 / 3;
const SQUARE_OF_TWOS = 2;

/**
 * The numbers to draw for inputs and weights. The last factor of a sum is scaled so that the sum has a typical size.
 * A tensor that is added to the sum lies on the same grid.
 */
export function drawsOf({ buffers, prepare, run }: Program): ReadonlyMap<string, Draw> {
  const draws = new Map<string, Draw>();
  const given = buffers.filter(({ role }) => role === "input" || role === "weights").map(({ name }) => name);
  const newIn = (expr: Expr) => {
    const read = new Set(buffersOf(expr));
    return given.filter((name) => read.has(name) && !draws.has(name));
  };
  for (const stage of [...prepare, ...run]) {
    const factors = newIn(stage.term);
    const scaled = factors.pop();
    const terms = stage.reduce.reduce((count, { extent }) => count * extent, 1);
    const squares = buffersOf(stage.term).map((name) => (name === scaled ? SQUARE_OF_ONES : SQUARE_OF_TWOS));
    const spread = Math.sqrt(squares.reduce((product, square) => product * square, Math.max(1, terms)));
    const unit = 2 ** Math.min(0, Math.round(Math.log2(TYPICAL / spread)));
    for (const name of factors) draws.set(name, { most: 2, unit: 1 });
    if (scaled !== undefined) draws.set(scaled, { most: 1, unit });
    for (const name of newIn(stage.finish)) draws.set(name, { most: 3, unit: scaled === undefined ? 1 : unit });
  }
  for (const name of given) if (!draws.has(name)) draws.set(name, { most: 2, unit: 1 });
  return draws;
}

const buffersOf = (expr: Expr): string[] => loadsOf(expr).map(({ buffer }) => buffer);

/** The least step between two results. Constants and functions are ignored: `steepness` accounts for them. */
export function gridOf({ buffers, prepare, run }: Program, draws: ReadonlyMap<string, Draw>): number {
  const grids = new Map([...draws].map(([name, { unit }]) => [name, unit]));
  for (const { term, finish, output } of [...prepare, ...run]) {
    const sum = gridOfExpr(term, grids);
    grids.set(output.buffer, Math.min(grids.get(output.buffer) ?? 1, gridOfExpr(finish, new Map(grids).set(SUM, sum))));
  }
  return Math.min(...buffers.filter(({ role }) => role === "output").map(({ name }) => grids.get(name) ?? 1));
}

function gridOfExpr(expr: Expr, grids: ReadonlyMap<string, number>): number {
  const of = (inner: Expr) => gridOfExpr(inner, grids);
  switch (expr.kind) {
    case "load":
      return grids.get(expr.buffer) ?? 1;
    case "local":
      return grids.get(expr.name) ?? 1;
    case "binary":
      return expr.op === "multiply" ? of(expr.a) * of(expr.b) : Math.min(of(expr.a), of(expr.b));
    default:
      return Math.min(1, ...operandsOf(expr).map(of));
  }
}

/** The sums at which functions are tried: from -16 to 16 in steps of 1/4. */
const SUMS = Array.from({ length: 129 }, (_, i) => (i - 64) / 4);

/** The largest factor by which the operations after the sums can magnify a difference. */
export const steepness = ({ run }: Program): number => run.reduce((product, stage) => product * steepest(stage), 1);

/** The steepest slope of the operations after a sum, found by trying, and at least 1. Every tensor read there is 1. */
function steepest({ finish }: Stage): number {
  const at = [variable("i")];
  const alone = rewrite(finish, (expr) => (expr.kind === "load" ? number(1) : expr));
  const buffer = (name: string, role: BufferRole): BufferDecl => ({ name, shape: [SUMS.length], dtype: "f64", role });
  const trial: Stage = {
    ...{ name: "trial", space: [{ name: "i", extent: SUMS.length }], reduce: [], domain: [] },
    ...{ term: load("sums", at), finish: alone, output: { buffer: "results", at } },
  };
  const buffers = [buffer("sums", "input"), buffer("results", "output")];
  const program: Program = { name: "trial", buffers, prepare: [], run: [trial] };
  const results = interpretProgram(program, new Map([["sums", SUMS]])).get("results") as Float64Array;
  const slopes = SUMS.slice(1).map((sum, i) => {
    return Math.abs(((results[i + 1] as number) - (results[i] as number)) / (sum - (SUMS[i] as number)));
  });
  // A function need not be defined everywhere: there are no logarithms of negative numbers.
  return Math.max(1, ...slopes.filter(Number.isFinite));
}
