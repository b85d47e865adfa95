/**
 * The cost model for Winograd: cycles per call for transforms, products, and what has to come from beyond the second-level
 * cache. Fewer multiplications are bought with transforms, which cost the same however many channels there are on the
 * other side, so it wins where both sides have many.
 */
import { BYTES } from "../../ir/dtype.js";
import type { WinogradSizes } from "../../ir/rewrites/winograd.js";
import type { Target } from "../target.js";
import { L1_BYTES_OF_TILES, L2_BYTES, L2_BYTES_PER_CYCLE, MEMORY_BYTES_PER_CYCLE } from "./machine.js";
import { instructions } from "./scalarCost.js";
import { registersOf, spilling, termCycles } from "./vectorCost.js";
import type { WinogradBlock } from "./winogradDirectives.js";

/**
 * Cycles of a transform per multiply-add of a vector, on x64 with AVX (Zen 3); these and what follows were fitted to 1300 schedules
 * of 26 shapes from 1 to 512 channels. Vectors are loaded and stored while others are computed with.
 */
const VECTOR = 0.45;
/** Where all loads come first, most of what is loaded has to wait in memory. */
const VECTOR_HOISTED = 0.85;
/** Of a channel alone, where there are too few to fill a vector; two to three were measured, and that Winograd's never pays there. */
const SINGLE = 3;
/** Without vectors instructions are counted, as for the direct algorithm there: per multiply-add, and per load or store. */
const SCALAR = { arithmetic: 2, move: 6 };
const TILE = 5; // divisions that tell where a tile lies
/** Of one multiply-add: so many cycles at least until its sum is needed again. */
const LATENCY = 4;
/** Cycles of work within which the next register tile's sums are begun before this one's are done. */
const WINDOW = 350;
const MAX_ROWS = 8;
const MAX_COLUMNS = 4;
/** Input channels that are written out. */
const UNROLLED = [1, 2, 4];
/** What is as fast is taken in this order. */
export const STAYS = ["weights", "tiles"] as const;
/** Blocks of more tiles leave every cache; larger ones only spare weights that are read often enough by then. */
const MAX_BLOCK = 128;
/** Blocks at least, so that there is something to share out between threads. */
const MANY = 4;

/** The best block, and its cycles per call. */
export function bestBlock(model: WinogradModel): { block: WinogradBlock; cycles: number } {
  const tile = least(model.productTiles(), (one) => model.productCycles(one));
  const tiles = model.bestSize(tile.best.rows);
  const blocks = STAYS.map((stays): WinogradBlock => ({ ...tile.best, tiles, stays }));
  const { best, cycles } = least(blocks, (one) => model.cycles(one));
  return { block: best, cycles };
}

function least<T>(all: Iterable<T>, cyclesOf: (one: T) => number): { best: T; cycles: number } {
  const found = [...all].map((best) => ({ best, cycles: cyclesOf(best) }));
  return found.reduce((best, next) => (next.cycles < best.cycles ? next : best));
}

/** A register tile, and how many of its terms are written out. */
type ProductTile = Pick<WinogradBlock, "rows" | "columns" | "unrolled">;

/** What the blocks of one algorithm cost. */
export class WinogradModel {
  readonly work: TileWork;
  readonly #target: Target;
  /** That of products, which are joined in pairs from their stores on, so all vectors must be stored whole; else they are used one by one. */
  readonly #machine: Target;

  constructor(sizes: WinogradSizes, target: Target) {
    this.work = transformsOf(sizes);
    this.#target = target;
    this.#machine = { ...target, pairs: target.pairs && this.work.outputs % (2 * target.lanes) === 0 };
  }

  *productTiles(): Generator<ProductTile> {
    const { tiles, inputs, outputs } = this.work;
    const { lanes, registers, pairs } = this.#machine;
    const counts = UNROLLED.filter((count) => inputs % count === 0);
    for (let columns = 1; columns <= Math.min(MAX_COLUMNS, Math.ceil(outputs / lanes)); columns++) {
      if (pairs && (columns % 2 !== 0 || outputs % (columns * lanes) !== 0)) continue;
      for (let rows = 1; rows <= Math.min(MAX_ROWS, tiles); rows++) {
        if (registersOf({ rows, columns }, this.#machine) > registers) continue;
        for (const unrolled of counts) yield { rows, columns, unrolled };
      }
    }
  }

  /** Whole register tiles, up to all tiles there are; with threads, enough blocks for all. */
  *blocks(rows: number, most = MAX_BLOCK): Generator<number> {
    const { tiles } = this.work;
    const last = Math.min(most, this.#target.threads ? Math.ceil(tiles / MANY) : tiles);
    for (let block = rows; block < last + rows; block += rows) yield block;
  }

  /** Of the transforms, the product, and reading. */
  cycles(block: WinogradBlock): number {
    const passing = this.#target.lanes > 1 ? cyclesOfPassing(block, this.work, this.#target) : 0;
    const reading = cyclesOfReading(block.tiles, this.work);
    return transformCycles(this.work, this.#target) + this.productCycles(block) + passing + reading;
  }

  productCycles(tile: ProductTile): number {
    return productCycles(tile, this.work, this.#machine);
  }

  /** Tiles of a block of register tiles of so many. */
  bestSize(rows: number): number {
    return least(this.blocks(rows), (block) => cyclesOfReading(block, this.work)).best;
  }
}

/** Of one tile and channel: multiply-adds, and numbers that are read or written. */
interface Transform {
  readonly terms: number;
  readonly moves: number;
}

interface TileWork {
  readonly tiles: number;
  /** Of one tile and pair of channels. */
  readonly products: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly input: Transform;
  readonly output: Transform;
}

function transformsOf({ tiles, inputs, outputs, y, x }: WinogradSizes): TileWork {
  const terms = (matrix: readonly (readonly number[])[]) => matrix.flat().filter((value) => value !== 0).length;
  const products = y.products * x.products;
  return {
    tiles,
    products,
    inputs,
    outputs,
    input: { terms: x.products * terms(y.input) + y.products * terms(x.input), moves: 4 * products },
    output: {
      terms: x.products * terms(y.output) + y.outputs * terms(x.output),
      moves: products + 2 * y.outputs * x.products + y.outputs * x.outputs,
    },
  };
}

/** Of all products. */
const registerTiles = ({ rows, columns }: ProductTile, { tiles, products, outputs }: TileWork, { lanes }: Target) =>
  products * Math.ceil(tiles / rows) * Math.ceil(outputs / (columns * lanes));

function productCycles(product: ProductTile, work: TileWork, target: Target): number {
  const { rows, columns } = product;
  const { inputs } = work;
  const count = registerTiles(product, work, target);
  if (target.lanes === 1) {
    const rest = { raggedShare: 0, terms: inputs, termsPerIteration: 1, termsPerTap: inputs };
    return instructions({ rows, columns, tiles: count, ...rest }, target);
  }
  // What is written out is computed no faster, though fewer instructions count the loop.
  const wide = target.pairs ? columns / 2 : columns;
  const reads = { sums: rows * wide, loads: rows + wide, splats: rows, streamed: columns };
  const busy =
    inputs * termCycles({ ...reads, arithmetic: target.fma ? 1 : 2, unrolled: 1 }, inputs) * spilling(product, target);
  // Each term waits for the one before, which shows as far as nothing else can be done meanwhile.
  const waiting = target.fma ? inputs * LATENCY * Math.min(1, busy / WINDOW) : 0;
  return count * Math.hypot(busy, waiting);
}

/** For rows of tiles that pass by a few weights, where they are too many for the first-level cache. */
function cyclesOfPassing(block: WinogradBlock, work: TileWork, target: Target): number {
  const row = work.inputs * BYTES.f32;
  if (block.stays === "tiles" || Math.min(block.tiles, work.tiles) * row <= L1_BYTES_OF_TILES) return 0;
  return (registerTiles(block, work, target) * block.rows * row) / L2_BYTES_PER_CYCLE.rows;
}

/** For what a block leaves between its stages, where that is too much for the cache, and for weights, which each block reads anew. */
function cyclesOfReading(block: number, { tiles, products, inputs, outputs }: TileWork): number {
  const perTile = products * (inputs + outputs) * BYTES.f32;
  const weights = products * inputs * outputs * BYTES.f32;
  const between = Math.min(block, tiles) * perTile;
  const read = Math.ceil(tiles / block) * weights;
  return (
    (between > L2_BYTES ? (2 * tiles * perTile) / MEMORY_BYTES_PER_CYCLE.blocks : 0) +
    read / (between + weights > L2_BYTES ? MEMORY_BYTES_PER_CYCLE.blocks : L2_BYTES_PER_CYCLE.weights)
  );
}

function transformCycles({ tiles, inputs, outputs, input, output }: TileWork, target: Target): number {
  return tiles * (2 * TILE + transformed(inputs, input, target) + transformed(outputs, output, target));
}

/** Cycles for all channels of a tile. */
function transformed(channels: number, { terms, moves }: Transform, { lanes, pairs, hoistsLoads }: Target): number {
  if (lanes === 1) return channels * (SCALAR.arithmetic * terms + SCALAR.move * moves);
  if (channels < lanes) return channels * SINGLE * terms;
  return Math.ceil(channels / (pairs ? 2 * lanes : lanes)) * (hoistsLoads ? VECTOR_HOISTED : VECTOR) * terms;
}
