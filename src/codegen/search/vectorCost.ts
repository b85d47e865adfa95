/**
 * The cost model for vector kernels: cycles of register tiles.
 *
 * The machine multiplies and adds two vectors and loads two vectors per cycle. A product's tile of P rows by V columns
 * loads P + V vectors for P*V multiply-adds. So it is bound by arithmetic from about four by two on, provided that its
 * sums stay in registers: a single sum in memory halves the speed.
 */
import type { Target } from "../target.js";
import { L1_BYTES, L2_BYTES_PER_CYCLE, VECTOR_BYTES } from "./machine.js";

/** The work of one term of all sums of a tile, in vectors. Two vectors that the engine joins count as one. */
export interface TermWork {
  readonly sums: number;
  /** Vectors that are read, splats included. */
  readonly loads: number;
  /** Vectors that are read as one number for all lanes. */
  readonly splats: number;
  /** Instructions for these that keep sums waiting, as they take the same units; see `shufflesOf`. */
  readonly shuffles: number;
  /** Vectors from a stream, of which each iteration of a tile reads new ones, such as a block of weights. */
  readonly streamed: number;
  /** Vectors that are read as halves, and widened. */
  readonly widened: number;
  /** Instructions for each sum: one if the target has a fused multiply-add. */
  readonly arithmetic: number;
  /** Terms that are written out in one iteration. */
  readonly unrolled: number;
}

/**
 * Cycles of each event unless it says otherwise, on x64 with AVX. Fitted to 580 schedules of 17 shapes from 3 to 256
 * channels on Zen 3; only their ratios matter.
 */
const WAIT = 2; // a term waits for the one before it in its sum, as far as other sums do not hide it
const ISSUE = 6; // instructions per cycle
const SPLAT = 2; // instructions: V8 computes the address of a splat by an instruction of its own
/**
 * Shuffles of a slow splat. Fitted to JavaScriptCore in Bun 1.4 on Zen 3: a term of a tile of 4 by 1 takes 6.2 cycles,
 * of 3 by 3 7.9 and of 1 by 4 3.2, where those of V8 take 3.6, 4.5 and 3.2.
 */
const SHUFFLES = 2.2;
const WIDEN = 6; // instructions on a vector of halves beside its load
const WIDEN_PRODUCTS = 3; // those of them that multiply
const ITERATION = 5; // instructions: two addresses, counter, test and branch
const LONG_LOOP = 16; // iterations: processors do not predict the end of a longer loop
const MISPREDICTED = 12;
const TILE = 16; // addresses, and sums set to zero
/**
 * Cycles of a tile with short sums, in place of `TILE`: such tiles overlap. Fitted on Zen 3 with Node 24 to depthwise
 * convolutions (56x56x64 with 3x3 taps, 33x33x21 with 5x5, 112x112x32 with 3x3 and stride 2) and 2x2 average pooling.
 */
const SHORT_TILE = 4;
const STORE = 1;
const LANES_STORE = 5; // four lanes are taken out and added up
const SCATTERED_STORE = 8; // four lanes are taken out and stored

export const shufflesOf = (splats: number, { slowSplats }: Target): number => (slowSplats ? SHUFFLES * splats : 0);

/** A register tile: rows by vectors of columns. */
interface RegisterTile {
  readonly rows: number;
  readonly columns: number;
}

/** Vector registers that widening takes: three constants, and a number on its way. */
const WIDEN_REGISTERS = 4;

/** Vector registers that a product's tile needs at once. The target's `storage` is that of what the tile reads. */
export function registersOf({ rows, columns }: RegisterTile, { hoistsLoads, fma, pairs, storage }: Target): number {
  const wide = pairs ? columns / 2 : columns;
  const widening = storage === "f16" ? WIDEN_REGISTERS : 0;
  // Registers hold the sums, the operands of all columns, that of one row (of all rows if loads are hoisted), and a
  // product if multiplying and adding are two instructions.
  return rows * wide + (hoistsLoads ? rows : 1) + wide + (fma ? 0 : 1) + widening;
}

/** The slowdown of a tile whose values do not fit the registers. */
const SPILLED = 1.6;

export function spilling(tile: RegisterTile & { readonly unrolled: number }, target: Target): number {
  const { rows, columns, unrolled } = tile;
  // Where loads come first, those of all that is written out do.
  const loads = target.hoistsLoads ? (unrolled - 1) * (rows + columns) : 0;
  return registersOf(tile, target) + loads > target.registers ? SPILLED : 1;
}

/** Cycles of one iteration of a tile, or of the live part of a tile. For `iterations` see `termCycles`. */
export const iterationCycles = (work: TermWork, iterations: number): number =>
  work.unrolled * Math.hypot(WAIT, termCycles(work, iterations));

/** Cycles of the end of a loop. */
export const loopCycles = (iterations: number): number => (iterations > LONG_LOOP ? MISPREDICTED : 0);

/** The way in which the sums of a tile are stored: vectors whole, numbers put together from lanes, or lane by lane. */
export type Storing = "whole" | "folded" | "scattered";

const STORES: Readonly<Record<Storing, number>> = { whole: STORE, folded: LANES_STORE, scattered: SCATTERED_STORE };

/** Cycles of a tile beside its sums; see `SHORT_TILE`. */
export const tileCycles = ({ rows, columns }: RegisterTile, storing: Storing, isShort: boolean): number =>
  (isShort ? SHORT_TILE : TILE) + STORES[storing] * rows * columns;

/**
 * Cycles of a value that waits in memory between the taps of a window, as a tile has more values than registers. Fitted
 * to the schedules that `lines.ts` names.
 */
const WAITING = 1;

export const waitingCycles = ({ rows, columns }: RegisterTile, { registers }: Target): number =>
  WAITING * Math.max(0, 2 * rows * columns + columns - registers);

/**
 * Cycles of one term of all sums in a tile, if no term has to wait for the one before it. `iterations` counts those of
 * all taps of a tile, as each of them reads other weights.
 */
export function termCycles(
  { sums, loads, splats, shuffles, streamed, widened, arithmetic, unrolled }: TermWork,
  iterations: number,
): number {
  const widening = widened * WIDEN;
  const instructions = loads + splats * (SPLAT - 1) + shuffles + sums * arithmetic + widening + ITERATION / unrolled;
  const bytes = streamed * VECTOR_BYTES;
  const streaming = iterations * bytes > L1_BYTES ? bytes / L2_BYTES_PER_CYCLE.tile : 0;
  return Math.max((sums + WIDEN_PRODUCTS * widened + shuffles) / 2, loads / 2, instructions / ISSUE, streaming);
}
