/**
 * The cost model for Winograd's algorithm on CPUs, in cycles per call.
 *
 * The cycles are those of transforms, of products, and of reads from beyond the second-level cache. Transforms are the
 * price of fewer multiplications. The price of one side's transform does not depend on the number of channels on the
 * other side, so the algorithm wins if both sides have many channels.
 */
import { BYTES } from "../../ir/dtype.js";
import type { WinogradSizes } from "../../ir/rewrites/winograd.js";
import type { Target } from "../target.js";
import { L1_BYTES_OF_TILES, L2_BYTES, L2_BYTES_PER_CYCLE, L3_BYTES, MEMORY_BYTES_PER_CYCLE } from "./machine.js";
import { instructions, NO_HALVES } from "./scalarCost.js";
import { registersOf, shufflesOf, spilling, termCycles } from "./vectorCost.js";
import { channelsAtOnce, type WinogradBlock } from "./winogradDirectives.js";

/**
 * Cycles of a transform per multiply-add of a vector, on x64 with AVX. Loads and stores hide behind the arithmetic.
 * This and `CACHED` were fitted to 256 schedules of 32 shapes from 5 to 64 channels on an Intel core with AVX-512,
 * within 8 %. Zen 3 needs 0.45, as it adds beside its multiplications; the choice must not lose on either. The numbers
 * of cycles below were fitted to 1300 schedules of 26 shapes from 1 to 512 channels on Zen 3.
 */
const VECTOR = 0.7;
/** How many times as long a product takes as if its operands were as near as those of a direct sum. */
const CACHED = 1.19;
/** The same if the engine hoists all loads of a loop: most loaded values then wait in memory. */
const VECTOR_HOISTED = 0.85;
/**
 * Cycles of a transform per multiply-add of one channel, if too few channels fill no vector. Two to three cycles were
 * measured, and that the algorithm never pays there.
 */
const SINGLE = 3;
/** Instructions per multiply-add, and per load or store, as without vectors all cost models count instructions. */
const SCALAR = { arithmetic: 2, move: 6 };
/** Cycles of the divisions that locate a tile. */
const TILE = 5;
/** Cycles from a multiply-add to the next one of the same sum. */
const LATENCY = 4;
/** Cycles of work that a core looks ahead: a register tile with less of it overlaps with the next one. */
const WINDOW = 350;
const MAX_ROWS = 8;
const MAX_COLUMNS = 4;
/** Input channels that are written out. */
const UNROLLED = [1, 2, 4];
/** In order of preference: of two blocks that are as fast, the first is taken. */
export const STAYS = ["weights", "tiles"] as const;
/** Tiles of a block at most. Larger blocks leave every cache, and save only reads of weights, which are few by then. */
const MAX_BLOCK = 128;
/** Blocks at least, so that threads can share them. */
const MANY = 4;

/** The block that the model prefers, and its cycles per call. */
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

/** The cost model of all blocks of one algorithm. */
export class WinogradModel {
  readonly work: TileWork;
  readonly #target: Target;
  /**
   * The target of products, which read no weights as they are given. An engine joins vectors in pairs from their stores
   * on, so all must be stored whole.
   */
  readonly #machine: Target;

  constructor(sizes: WinogradSizes, target: Target) {
    this.work = transformsOf(sizes);
    this.#target = target;
    this.#machine = { ...target, storage: "f32", pairs: target.pairs && this.work.outputs % (2 * target.lanes) === 0 };
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

  /** The numbers of tiles in a block: whole register tiles, up to all tiles. Threads need at least `MANY` blocks. */
  *blocks(rows: number, most = MAX_BLOCK): Generator<number> {
    const { tiles } = this.work;
    const last = Math.min(most, this.#target.threads ? Math.ceil(tiles / MANY) : tiles);
    for (let block = rows; block < last + rows; block += rows) yield block;
  }

  /** Cycles per call of the transforms, the products, and the reads. */
  cycles(block: WinogradBlock): number {
    const passing = this.#target.lanes > 1 ? cyclesOfPassing(block, this.work, this.#target) : 0;
    const reading = cyclesOfReading(block.tiles, this.work);
    return transformCycles(this.work, this.#target) + this.productCycles(block) + passing + reading;
  }

  productCycles(tile: ProductTile): number {
    return productCycles(tile, this.work, this.#machine);
  }

  /** The number of tiles in a block that reads least, for register tiles of so many rows. */
  bestSize(rows: number): number {
    return least(this.blocks(rows), (block) => cyclesOfReading(block, this.work)).best;
  }
}

/** The work of a transform for one tile and channel: multiply-adds, and numbers that are read or written. */
interface Transform {
  readonly terms: number;
  readonly moves: number;
}

interface TileWork {
  readonly tiles: number;
  /** Products of one tile and pair of channels. */
  readonly products: number;
  readonly inputs: number;
  /** Channels of the output in all phases. */
  readonly outputs: number;
  readonly phases: number;
  readonly input: Transform;
  readonly output: Transform;
}

function transformsOf({ tiles, inputs, outputs, phases, y, x }: WinogradSizes): TileWork {
  const terms = (matrix: readonly (readonly number[])[]) => matrix.flat().filter((value) => value !== 0).length;
  const products = y.products * x.products;
  return {
    tiles,
    products,
    inputs,
    outputs: phases * outputs,
    phases,
    input: { terms: x.products * terms(y.input) + y.products * terms(x.input), moves: 4 * products },
    output: {
      terms: x.products * terms(y.output) + y.outputs * terms(x.output),
      moves: products + 2 * y.outputs * x.products + y.outputs * x.outputs,
    },
  };
}

/** The number of register tiles of all products. */
const registerTiles = ({ rows, columns }: ProductTile, { tiles, products, outputs }: TileWork, { lanes }: Target) =>
  products * Math.ceil(tiles / rows) * Math.ceil(outputs / (columns * lanes));

function productCycles(product: ProductTile, work: TileWork, target: Target): number {
  const { rows, columns } = product;
  const { inputs } = work;
  const count = registerTiles(product, work, target);
  if (target.lanes === 1) {
    const rest = { raggedShare: 0, terms: inputs, termsPerIteration: 1, termsPerTap: inputs, halves: NO_HALVES };
    return instructions({ rows, columns, tiles: count, ...rest }, target);
  }
  // The number of unrolled terms is left out: unrolling saves instructions of the loop, and no time.
  const wide = target.pairs ? columns / 2 : columns;
  const reads = {
    sums: rows * wide,
    loads: rows + wide,
    splats: rows,
    shuffles: shufflesOf(rows, target),
    streamed: columns,
    widened: 0,
  };
  const busy =
    inputs * termCycles({ ...reads, arithmetic: target.fma ? 1 : 2, unrolled: 1 }, inputs) * spilling(product, target);
  // Each term waits for the one before, which shows as far as nothing else can be done meanwhile.
  const waiting = target.fma ? inputs * LATENCY * Math.min(1, busy / WINDOW) : 0;
  return CACHED * count * Math.hypot(busy, waiting);
}

/**
 * Cycles for reading what passes over what stays. Rows of tiles pass over a few weights: they are read again if they
 * exceed the first-level cache. All weights of a product pass over each row: they are if they exceed the second.
 */
function cyclesOfPassing(block: WinogradBlock, work: TileWork, target: Target): number {
  const row = work.inputs * BYTES.f32;
  const tiles = Math.min(block.tiles, work.tiles);
  if (block.stays === "tiles") {
    if (row * work.outputs <= L2_BYTES) return 0;
    const again = Math.ceil(work.tiles / block.tiles) * (Math.ceil(tiles / block.rows) - 1);
    return (again * weightBytes(work)) / weightsPerCycle(work);
  }
  if (tiles * row <= L1_BYTES_OF_TILES) return 0;
  return (registerTiles(block, work, target) * block.rows * row) / L2_BYTES_PER_CYCLE.rows;
}

const weightBytes = ({ products, inputs, outputs }: TileWork): number => products * inputs * outputs * BYTES.f32;

/** Bytes per cycle of weights from beyond the second level. */
const weightsPerCycle = (work: TileWork): number =>
  MEMORY_BYTES_PER_CYCLE[weightBytes(work) > L3_BYTES ? "images" : "blocks"];

/**
 * Cycles for reads from beyond a cache: of the numbers between the stages of a block, if they exceed the second level,
 * and of the weights, which each block reads anew.
 */
function cyclesOfReading(block: number, work: TileWork): number {
  const { tiles, products, inputs, outputs } = work;
  const perTile = products * (inputs + outputs) * BYTES.f32;
  const weights = weightBytes(work);
  const between = Math.min(block, tiles) * perTile;
  const read = Math.ceil(tiles / block) * weights;
  return (
    (between > L2_BYTES ? (2 * tiles * perTile) / MEMORY_BYTES_PER_CYCLE.blocks : 0) +
    read / (between + weights > L2_BYTES ? weightsPerCycle(work) : L2_BYTES_PER_CYCLE.weights)
  );
}

function transformCycles({ tiles, inputs, outputs, phases, input, output }: TileWork, target: Target): number {
  const outputCycles = phases * transformed(outputs / phases, output, target);
  return tiles * (2 * TILE + transformed(inputs, input, target) + outputCycles);
}

/** Cycles of a transform for all channels of a tile. */
function transformed(channels: number, { terms, moves }: Transform, target: Target): number {
  const { lanes, hoistsLoads } = target;
  if (lanes === 1) return channels * (SCALAR.arithmetic * terms + SCALAR.move * moves);
  if (channels < lanes) return channels * SINGLE * terms;
  return Math.ceil(channels / channelsAtOnce(channels, target)) * (hoistsLoads ? VECTOR_HOISTED : VECTOR) * terms;
}
