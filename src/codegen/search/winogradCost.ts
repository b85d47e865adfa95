/**
 * The cost model for Winograd: cycles per call for transforms, products, and what has to come from beyond the second-level
 * cache. Fewer multiplications are bought with transforms, which cost the same however many channels there are on the
 * other side, so it wins where both sides have many.
 */
import { BYTES } from "../../ir/dtype.js";
import type { WinogradSizes } from "../../ir/ops/index.js";
import { geometryOf, type OpSpec } from "../../ir/ops/spec.js";
import type { Target } from "../target.js";
import { instructions } from "./scalarCost.js";
import { registersOf, spilling, termCycles } from "./vectorCost.js";
import type { WinogradBlock } from "./winogradSketch.js";

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
/** Of the first-level cache's 32 KiB; rows of tiles that do not stay there come from the second level time and again. */
const L1_BYTES = 25_000;
const ROWS_BYTES_PER_CYCLE = 40; // weights come as fast as they are wanted, as they lie one behind the other
const L2_BYTES = 500_000; // of 512 KiB: what does not fit is read again in the order in which it left
const L2_BYTES_PER_CYCLE = 64;
const BYTES_PER_CYCLE = 32; // from beyond, ahead of the arithmetic for the most part

const MAX_PIXELS = 8;
const MAX_VECTORS = 4;
/** Input channels that are written out. */
const TERMS = [1, 2, 4];
/** What is as fast is taken in this order. */
export const STAYS = ["weights", "tiles"] as const;
/** Blocks of more tiles leave every cache; larger ones only spare weights that are read often enough by then. */
const MAX_BLOCK = 128;
/** Blocks at least, so that there is something to share out between threads. */
const MANY = 4;

/** The best block for the spec in tiles of these sizes, and its cycles per call. */
export function bestBlock(
  spec: OpSpec,
  sizes: WinogradSizes,
  target: Target,
): { block: WinogradBlock; cycles: number } {
  const model = new WinogradModel(spec, sizes, target);
  const tile = least(model.productTiles(), (one) => model.productCycles(one));
  const tiles = model.bestSize(tile.best.pixels);
  const blocks = STAYS.map((stays): WinogradBlock => ({ ...tile.best, tiles, stays }));
  const { best, cycles } = least(blocks, (one) => model.cycles(one));
  return { block: best, cycles };
}

function least<T>(all: Iterable<T>, cyclesOf: (one: T) => number): { best: T; cycles: number } {
  const found = [...all].map((best) => ({ best, cycles: cyclesOf(best) }));
  return found.reduce((best, next) => (next.cycles < best.cycles ? next : best));
}

/** A register tile, and what is written out of its sums. */
type ProductTile = Pick<WinogradBlock, "pixels" | "vectors" | "terms">;

/** What the blocks of one algorithm cost. */
export class WinogradModel {
  readonly work: Work;
  readonly #target: Target;
  /** That of products, which are joined in pairs from their stores on, so all vectors must be stored whole; else they are used one by one. */
  readonly #machine: Target;

  constructor(spec: OpSpec, sizes: WinogradSizes, target: Target) {
    this.work = workOf(spec, sizes);
    this.#target = target;
    this.#machine = { ...target, pairs: target.pairs && this.work.outputs % (2 * target.lanes) === 0 };
  }

  *productTiles(): Generator<ProductTile> {
    const { tiles, inputs, outputs } = this.work;
    const { lanes, registers, pairs } = this.#machine;
    const written = TERMS.filter((terms) => inputs % terms === 0);
    for (let vectors = 1; vectors <= Math.min(MAX_VECTORS, Math.ceil(outputs / lanes)); vectors++) {
      if (pairs && (vectors % 2 !== 0 || outputs % (vectors * lanes) !== 0)) continue;
      for (let pixels = 1; pixels <= Math.min(MAX_PIXELS, tiles); pixels++) {
        if (registersOf({ pixels, vectors }, this.#machine) > registers) continue;
        for (const terms of written) yield { pixels, vectors, terms };
      }
    }
  }

  /** Whole register tiles, up to all tiles there are; with threads, enough blocks for all. */
  *blocks(pixels: number, most = MAX_BLOCK): Generator<number> {
    const { tiles } = this.work;
    const last = Math.min(most, this.#target.threads ? Math.ceil(tiles / MANY) : tiles);
    for (let block = pixels; block < last + pixels; block += pixels) yield block;
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
  bestSize(pixels: number): number {
    return least(this.blocks(pixels), (block) => cyclesOfReading(block, this.work)).best;
  }
}

/** Of one tile and channel: multiply-adds, and numbers that are read or written. */
interface Transform {
  readonly terms: number;
  readonly moves: number;
}

interface Work {
  readonly tiles: number;
  /** Of one tile and pair of channels. */
  readonly products: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly input: Transform;
  readonly output: Transform;
}

function workOf(spec: OpSpec, { tiles, y, x }: WinogradSizes): Work {
  const { inputChannels, outputChannels } = geometryOf(spec);
  const terms = (matrix: readonly (readonly number[])[]) => matrix.flat().filter((value) => value !== 0).length;
  const products = y.products * x.products;
  return {
    tiles,
    products,
    inputs: inputChannels,
    outputs: outputChannels,
    input: { terms: x.products * terms(y.input) + y.products * terms(x.input), moves: 4 * products },
    output: {
      terms: x.products * terms(y.output) + y.outputs * terms(x.output),
      moves: products + 2 * y.outputs * x.products + y.outputs * x.outputs,
    },
  };
}

/** Of all products. */
const registerTiles = ({ pixels, vectors }: ProductTile, { tiles, products, outputs }: Work, { lanes }: Target) =>
  products * Math.ceil(tiles / pixels) * Math.ceil(outputs / (vectors * lanes));

function productCycles(product: ProductTile, work: Work, target: Target): number {
  const { pixels, vectors, terms } = product;
  const { inputs } = work;
  const count = registerTiles(product, work, target);
  if (target.lanes === 1) {
    const rest = { raggedShare: 0, terms: inputs, termsPerIteration: 1, termsPerTap: inputs };
    return instructions({ pixels, channels: vectors, tiles: count, ...rest }, target);
  }
  // What is written out is computed no faster, though fewer instructions count the loop.
  const tile = { pixels, vectors, lanes: "output channels", terms: 1 } as const;
  const busy = inputs * termCycles(tile, inputs, target) * spilling({ ...tile, terms }, target);
  // Each term waits for the one before, which shows as far as nothing else can be done meanwhile.
  const waiting = target.fma ? inputs * LATENCY * Math.min(1, busy / WINDOW) : 0;
  return count * Math.hypot(busy, waiting);
}

/** For rows of tiles that pass by a few weights, where they are too many for the first-level cache. */
function cyclesOfPassing(block: WinogradBlock, work: Work, target: Target): number {
  const row = work.inputs * BYTES.f32;
  if (block.stays === "tiles" || Math.min(block.tiles, work.tiles) * row <= L1_BYTES) return 0;
  return (registerTiles(block, work, target) * block.pixels * row) / ROWS_BYTES_PER_CYCLE;
}

/** For what a block leaves between its stages, where that is too much for the cache, and for weights, which each block reads anew. */
function cyclesOfReading(block: number, { tiles, products, inputs, outputs }: Work): number {
  const perTile = products * (inputs + outputs) * BYTES.f32;
  const weights = products * inputs * outputs * BYTES.f32;
  const between = Math.min(block, tiles) * perTile;
  const read = Math.ceil(tiles / block) * weights;
  return (
    (between > L2_BYTES ? (2 * tiles * perTile) / BYTES_PER_CYCLE : 0) +
    read / (between + weights > L2_BYTES ? BYTES_PER_CYCLE : L2_BYTES_PER_CYCLE)
  );
}

function transformCycles({ tiles, inputs, outputs, input, output }: Work, target: Target): number {
  return tiles * (2 * TILE + transformed(inputs, input, target) + transformed(outputs, output, target));
}

/** Cycles for all channels of a tile. */
function transformed(channels: number, { terms, moves }: Transform, { lanes, pairs, hoistsLoads }: Target): number {
  if (lanes === 1) return channels * (SCALAR.arithmetic * terms + SCALAR.move * moves);
  if (channels < lanes) return channels * SINGLE * terms;
  return Math.ceil(channels / (pairs ? 2 * lanes : lanes)) * (hoistsLoads ? VECTOR_HOISTED : VECTOR) * terms;
}
