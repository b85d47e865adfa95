/**
 * The cost model for vector kernels: cycles per call of a machine that multiplies and adds two vectors and loads two vectors
 * per cycle. A tile of P pixels by V vectors loads P + V vectors for P*V multiply-adds, so it is bound by arithmetic as
 * soon as it is some four by two, provided that its sums stay in registers: a single one that does not halves the speed.
 */
import type { Target } from "../target.js";
import type { VectorTile } from "./vectorDirectives.js";

type RegisterTile = Pick<VectorTile, "pixels" | "vectors">;
type WorkTile = Pick<VectorTile, "pixels" | "vectors" | "lanes" | "terms">;

/** Cycles per event, on x64 with AVX, fitted to 580 schedules of 17 shapes from 3 to 256 channels (Zen 3); what matters is their ratio. */
const WAIT = 2; // of a term for the one before it in its sum, besides what is hidden behind other sums
const ISSUE = 6; // instructions per cycle
const SPLAT = 2; // instructions: V8 computes the address of a splat by itself
const VECTOR_BYTES = 16;
const L1_BYTES = 32_768; // of which every tile reads a block of weights from end to end
const L2_BYTES_PER_CYCLE = 12; // where that block is too large
const ITERATION = 5; // instructions: two addresses, counter, test and branch
const LONG_LOOP = 16; // iterations after which processors no longer foresee the end
const MISPREDICTED = 12;
const TILE = 16; // addresses, sums set to zero
const STORE = 1;
const LANES_STORE = 5; // four lanes are taken out and added up

/** Vector registers that the tile needs at once. */
export function registersOf({ pixels, vectors }: RegisterTile, { hoistsLoads, fma, pairs }: Target): number {
  const wide = pairs ? vectors / 2 : vectors;
  const sums = pixels * wide;
  // All pixels at once or one at a time, and without a fused instruction a product on its way to its sum.
  return sums + (hoistsLoads ? pixels : 1) + wide + (fma ? 0 : 1);
}

/** What it costs if sums do not all stay in registers. */
const SPILLED = 1.6;

export function spilling(tile: RegisterTile & Pick<WorkTile, "terms">, target: Target): number {
  const { pixels, vectors, terms } = tile;
  // Where loads come first, those of all that is written out do.
  const loads = target.hoistsLoads ? (terms - 1) * (pixels + vectors) : 0;
  return registersOf(tile, target) + loads > target.registers ? SPILLED : 1;
}

/**
 * Cycles of one iteration over input channels, for a tile or the live part of one. `iterations`: how many a tile has in all,
 * over all taps, each with weights of its own.
 */
export const iterationCycles = (tile: WorkTile, iterations: number, target: Target): number =>
  tile.terms * Math.hypot(WAIT, termCycles(tile, iterations, target));

/** Of the end of a loop over channels. */
export const loopCycles = (iterations: number): number => (iterations > LONG_LOOP ? MISPREDICTED : 0);

/** Of a tile beside its sums. */
export const tileCycles = ({ pixels, vectors, lanes }: Omit<WorkTile, "terms">): number =>
  TILE + (lanes === "input channels" ? LANES_STORE : STORE) * pixels * vectors;

/** Cycles of one term of every sum in the tile, if none has to wait for the one before. */
export function termCycles(tile: WorkTile, iterations: number, { fma, pairs }: Target): number {
  const { pixels, vectors, lanes, terms } = tile;
  const wide = pairs ? vectors / 2 : vectors;
  const sums = pixels * wide;
  const loads = pixels + wide;
  const splats = { "output channels": pixels, "input channels": 0, pixels: vectors }[lanes];
  const instructions = loads + splats * (SPLAT - 1) + sums * (fma ? 1 : 2) + ITERATION / terms;
  const weights = lanes === "pixels" ? 0 : vectors * VECTOR_BYTES;
  const streaming = iterations * weights > L1_BYTES ? weights / L2_BYTES_PER_CYCLE : 0;
  return Math.max(sums / 2, loads / 2, instructions / ISSUE, streaming);
}
