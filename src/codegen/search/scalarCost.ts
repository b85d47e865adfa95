/**
 * The cost model for JavaScript kernels: instructions per call, counted in V8's machine code.
 *
 * A scalar kernel is bound by instructions, not by floating point: each read of an element needs an address, a bounds
 * test and a load, beside the arithmetic. A tile of P rows by C columns reads P + C numbers for P*C multiply-adds. So
 * larger tiles win until their sums no longer fit the registers.
 */
import type { Target } from "../target.js";

/** The counts that determine the cost of one candidate. */
export interface TileCost {
  /** The register tile. */
  readonly rows: number;
  readonly columns: number;
  /** The number of tiles in a call, those that reach past the end of a row included. */
  readonly tiles: number;
  /**
   * The share of the pairs of tile and tap where some rows of the tile miss the image. Their rows are summed one by
   * one.
   */
  readonly raggedShare: number;
  /** Terms of one output element on average. In a convolution they are live taps times input channels. */
  readonly terms: number;
  /** Terms in one iteration of the innermost loop that is not unrolled. */
  readonly termsPerIteration: number;
  /** Terms between two address calculations: those of a tap, or of a row of taps if it is unrolled. */
  readonly termsPerTap: number;
  /** True for the sides of the tile whose numbers are read as halves, and widened. */
  readonly halves: { readonly rows: boolean; readonly columns: boolean };
}

export const NO_HALVES: TileCost["halves"] = { rows: false, columns: false };

/** Instructions of each event, counted in V8's output for x64 (Node 24). */
const READ = 6; // address, sign extension, bounds test and branch, base, load
const WIDEN = 1; // float32 to float64; packed weights are float64 already
const WIDEN_HALF = 10; // a half to float32
const MULTIPLY_ADD = 2;
const ITERATION = 8; // counter, test, branch, and the moves that keep addresses alive
const TAP = 24; // guard, base addresses, and the first iteration, which V8 peels
const STORE = 7;
const TILE = 24; // loop over tiles, and sums set to zero
const SPILL = 6; // a sum in memory: a store and a reload in each term, which wait for each other

export function instructions(cost: TileCost, target: Target): number {
  const { rows, columns, tiles, raggedShare, terms, termsPerIteration, termsPerTap, halves } = cost;
  const whole = term(rows, columns, halves, target);
  const ragged = rows * term(1, columns, halves, target);
  const sums = terms * (whole + raggedShare * (ragged - whole));
  const overhead = (terms / termsPerIteration) * ITERATION + (terms / termsPerTap) * TAP;
  return tiles * (TILE + STORE * rows * columns + sums + overhead);
}

/** Instructions of one term of all sums in a tile. */
function term(rows: number, columns: number, halves: TileCost["halves"], target: Target): number {
  const widened = (halves.rows ? rows : 0) + (halves.columns ? columns : 0);
  const reads = rows * (READ + WIDEN) + columns * READ + widened * WIDEN_HALF;
  // Registers hold the sums, the operands of the shorter side with as many products, and one operand of the longer.
  const live = rows * columns + 2 * Math.min(rows, columns) + 1;
  const spilled = Math.max(0, live - target.registers);
  return reads + rows * columns * MULTIPLY_ADD + spilled * SPILL;
}
