/**
 * The cost model for JavaScript kernels: instructions per call, counted from the machine code that V8 makes of them.
 *
 * A scalar kernel is bound by instructions, not by floating point: every element read costs an address, a bounds test and a
 * load besides the arithmetic it feeds. So a tile of P rows by C columns, which reads P + C numbers for P*C
 * multiply-adds, wins until its sums no longer fit the registers.
 */
import type { Target } from "../target.js";

/** What one candidate does; all counts per call. */
export interface TileCost {
  /** Register tile. */
  readonly rows: number;
  readonly columns: number;
  /** Tiles in all, those past the end of a row included. */
  readonly tiles: number;
  /** Share of the visits of tiles to taps where some pixels miss the image, so that pixels are summed one by one. */
  readonly raggedShare: number;
  /** Terms summed per output element on average: live taps times input channels. */
  readonly terms: number;
  /** Terms per iteration of the innermost loop that is still a loop. */
  readonly termsPerIteration: number;
  /** Terms between two address calculations: per tap, or per row of taps where those are written out. */
  readonly termsPerTap: number;
}

/** Instructions per event, counted in V8's output for x64 (Node 24): */
const READ = 6; // address, sign extension, bounds test and branch, base, load
const WIDEN = 1; // float32 to float64, which packed weights do not need
const MULTIPLY_ADD = 2;
const ITERATION = 8; // counter, test, branch, and the moves that keep addresses alive
const TAP = 24; // guard, base addresses, and the first iteration, which V8 peels
const STORE = 7;
const TILE = 24; // loop over tiles, sums set to zero
const SPILL = 6; // a value that lives in memory: store and reload in every term, each waiting for the other

export function instructions(cost: TileCost, target: Target): number {
  const { rows, columns, tiles, raggedShare, terms, termsPerIteration, termsPerTap } = cost;
  const whole = term(rows, columns, target);
  const ragged = rows * term(1, columns, target);
  const sums = terms * (whole + raggedShare * (ragged - whole));
  const overhead = (terms / termsPerIteration) * ITERATION + (terms / termsPerTap) * TAP;
  return tiles * (TILE + STORE * rows * columns + sums + overhead);
}

/** Instructions of one term of every sum in the tile. */
function term(rows: number, columns: number, target: Target): number {
  const reads = rows * (READ + WIDEN) + columns * READ;
  // The shorter side's operands stay while those of the longer side pass by; products wait in registers for their sums.
  const live = rows * columns + 2 * Math.min(rows, columns) + 1;
  const spilled = Math.max(0, live - target.registers);
  return reads + rows * columns * MULTIPLY_ADD + spilled * SPILL;
}
