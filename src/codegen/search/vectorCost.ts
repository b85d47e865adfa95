/**
 * The cost model for vector kernels: cycles per call of a machine that multiplies and adds two vectors and loads two vectors
 * per cycle. A product's tile of P rows by V columns loads P + V vectors for P*V multiply-adds, so it is bound by arithmetic as
 * soon as it is some four by two, provided that its sums stay in registers: a single one that does not halves the speed.
 */
import type { Target } from "../target.js";
import { L1_BYTES, L2_BYTES_PER_CYCLE, VECTOR_BYTES } from "./machine.js";

/** What one term of every sum of a tile takes. Counts of vectors; in pairs two count as one. */
export interface TermWork {
  readonly sums: number;
  /** Vectors that are read, and how many of them are one number in all lanes. */
  readonly loads: number;
  readonly splats: number;
  /** Vectors that no other tile in turn reads, such as a block of weights. */
  readonly streamed: number;
  /** Instructions for each sum: one, if multiplying and adding is one. */
  readonly arithmetic: number;
  /** Terms that are written out in one iteration. */
  readonly unrolled: number;
}

/** Cycles per event, on x64 with AVX, fitted to 580 schedules of 17 shapes from 3 to 256 channels (Zen 3); what matters is their ratio. */
const WAIT = 2; // of a term for the one before it in its sum, besides what is hidden behind other sums
const ISSUE = 6; // instructions per cycle
const SPLAT = 2; // instructions: V8 computes the address of a splat by itself
const ITERATION = 5; // instructions: two addresses, counter, test and branch
const LONG_LOOP = 16; // iterations after which processors no longer foresee the end
const MISPREDICTED = 12;
const TILE = 16; // addresses, sums set to zero
const SHORT_TILE = 4; // the same where sums are short, so that tiles overlap: measured for pooling
const STORE = 1;
const LANES_STORE = 5; // four lanes are taken out and added up

/** A register tile: rows by vectors of columns. */
interface RegisterTile {
  readonly rows: number;
  readonly columns: number;
}

/** Vector registers that a product's tile needs at once. */
export function registersOf({ rows, columns }: RegisterTile, { hoistsLoads, fma, pairs }: Target): number {
  const wide = pairs ? columns / 2 : columns;
  // All rows at once or one at a time, and without a fused instruction a product on its way to its sum.
  return rows * wide + (hoistsLoads ? rows : 1) + wide + (fma ? 0 : 1);
}

/** What it costs if sums do not all stay in registers. */
const SPILLED = 1.6;

export function spilling(tile: RegisterTile & { readonly unrolled: number }, target: Target): number {
  const { rows, columns, unrolled } = tile;
  // Where loads come first, those of all that is written out do.
  const loads = target.hoistsLoads ? (unrolled - 1) * (rows + columns) : 0;
  return registersOf(tile, target) + loads > target.registers ? SPILLED : 1;
}

/** Cycles of one iteration, for a tile or the live part of one. `iterations`: see `termCycles`. */
export const iterationCycles = (work: TermWork, iterations: number): number =>
  work.unrolled * Math.hypot(WAIT, termCycles(work, iterations));

/** Cycles that the end of a loop takes. */
export const loopCycles = (iterations: number): number => (iterations > LONG_LOOP ? MISPREDICTED : 0);

/** Cycles of a tile beside its sums. `isFolded`: each of its outputs is put together from lanes. `isShort`: see `SHORT_TILE`. */
export const tileCycles = ({ rows, columns }: RegisterTile, isFolded: boolean, isShort: boolean): number =>
  (isShort ? SHORT_TILE : TILE) + (isFolded ? LANES_STORE : STORE) * rows * columns;

/** Cycles for values that wait in memory between the taps of a window, as there are more of them than registers. */
const WAITING = 0.5;

export const waitingCycles = ({ rows, columns }: RegisterTile, { registers }: Target): number =>
  WAITING * Math.max(0, 2 * rows * columns + columns - registers);

/**
 * Cycles of one term of every sum in the tile, if none has to wait for the one before. `iterations`: how many a tile has in all, over
 * all taps, each with weights of its own.
 */
export function termCycles(
  { sums, loads, splats, streamed, arithmetic, unrolled }: TermWork,
  iterations: number,
): number {
  const instructions = loads + splats * (SPLAT - 1) + sums * arithmetic + ITERATION / unrolled;
  const bytes = streamed * VECTOR_BYTES;
  const streaming = iterations * bytes > L1_BYTES ? bytes / L2_BYTES_PER_CYCLE.tile : 0;
  return Math.max(sums / 2, loads / 2, instructions / ISSUE, streaming);
}
