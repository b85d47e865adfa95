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
import { iterationCycles, registersOf, storeCycles, TAP_CYCLES, TILE_CYCLES } from "./vectorCost.js";
import type { WinogradBlock } from "./winogradSketch.js";

/** Of one vector in a transform: arithmetic, and a load or store. */
interface Costs {
  readonly arithmetic: number;
  readonly move: number;
}

/** Cycles per event, on x64 with AVX (Zen 3), fitted to the stages of the suite's shapes. */
const VECTOR: Costs = { arithmetic: 0.5, move: 0.8 };
/** Where all loads come first, most of what is loaded has to wait in memory. */
const VECTOR_HOISTED: Costs = { arithmetic: 0.8, move: 1.6 };
/** Without vectors instructions are counted, as for the direct algorithm there. */
const SCALAR: Costs = { arithmetic: 2, move: 6 };
const TILE = 60; // divisions that tell where a tile lies
const L2_BYTES = 500_000; // of 512 KiB: what does not fit is read again in the order in which it left
const L2_BYTES_PER_CYCLE = 32;
const BYTES_PER_CYCLE = 8; // from beyond

const MAX_PIXELS = 8;
const MAX_VECTORS = 4;
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
  const tile = least(model.registerTiles(), (one) => model.productCycles(one));
  const tiles = model.bestSize(tile.best.pixels);
  const block: WinogradBlock = { ...tile.best, tiles, stays: "weights", terms: 1 };
  return { block, cycles: model.cycles(block) };
}

function least<T>(all: Iterable<T>, cyclesOf: (one: T) => number): { best: T; cycles: number } {
  const found = [...all].map((best) => ({ best, cycles: cyclesOf(best) }));
  return found.reduce((best, next) => (next.cycles < best.cycles ? next : best));
}

type RegisterTile = Pick<WinogradBlock, "pixels" | "vectors">;

/** What the blocks of one algorithm cost. */
export class WinogradModel {
  readonly work: Work;
  readonly #target: Target;
  /** That of products, which are joined in pairs from their stores on, so all vectors must be stored whole; else they are used one by one. */
  readonly #machine: Target;

  constructor(spec: OpSpec, sizes: WinogradSizes, target: Target) {
    const vector = target.hoistsLoads ? VECTOR_HOISTED : VECTOR;
    this.work = workOf(spec, sizes, target.lanes > 1 ? vector : SCALAR);
    this.#target = target;
    this.#machine = { ...target, pairs: target.pairs && this.work.outputs % (2 * target.lanes) === 0 };
  }

  *registerTiles(): Generator<RegisterTile> {
    const { tiles, outputs } = this.work;
    const { lanes, registers, pairs } = this.#machine;
    for (let vectors = 1; vectors <= Math.min(MAX_VECTORS, Math.ceil(outputs / lanes)); vectors++) {
      if (pairs && (vectors % 2 !== 0 || outputs % (vectors * lanes) !== 0)) continue;
      for (let pixels = 1; pixels <= Math.min(MAX_PIXELS, tiles); pixels++) {
        if (registersOf({ pixels, vectors }, this.#machine) <= registers) yield { pixels, vectors };
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
    return (
      transformCycles(this.work, this.#target) + this.productCycles(block) + cyclesOfReading(block.tiles, this.work)
    );
  }

  productCycles(tile: RegisterTile): number {
    return productCycles(tile, this.work, this.#machine);
  }

  /** Tiles of a block of register tiles of so many. */
  bestSize(pixels: number): number {
    return least(this.blocks(pixels), (block) => cyclesOfReading(block, this.work)).best;
  }
}

interface Work {
  readonly tiles: number;
  /** Of one tile and pair of channels. */
  readonly products: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Cycles of the transforms of one tile and vector. */
  readonly input: number;
  readonly output: number;
}

function workOf(spec: OpSpec, { tiles, y, x }: WinogradSizes, { arithmetic, move }: Costs): Work {
  const { inputChannels, outputChannels } = geometryOf(spec);
  const terms = (matrix: readonly (readonly number[])[]) => matrix.flat().filter((value) => value !== 0).length;
  const products = y.products * x.products;
  const inputTerms = x.products * terms(y.input) + y.products * terms(x.input);
  const outputTerms = x.products * terms(y.output) + y.outputs * terms(x.output);
  const outputMoves = products + 2 * y.outputs * x.products + y.outputs * x.outputs;
  return {
    tiles,
    products,
    inputs: inputChannels,
    outputs: outputChannels,
    input: arithmetic * inputTerms + move * 4 * products,
    output: arithmetic * outputTerms + move * outputMoves,
  };
}

function productCycles({ pixels, vectors }: RegisterTile, work: Work, target: Target): number {
  const { tiles, products, inputs, outputs } = work;
  const count = products * Math.ceil(tiles / pixels) * Math.ceil(outputs / (vectors * target.lanes));
  if (target.lanes === 1) {
    const rest = { raggedShare: 0, terms: inputs, termsPerIteration: 1, termsPerTap: inputs };
    return instructions({ pixels, channels: vectors, tiles: count, ...rest }, target);
  }
  const isRagged = outputs % (vectors * target.lanes) !== 0;
  const tile = { pixels, vectors, lanes: "output channels", terms: 1 } as const;
  const perTile =
    inputs * iterationCycles(tile, inputs, target) + TAP_CYCLES + TILE_CYCLES + storeCycles(tile, isRagged);
  return count * perTile;
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

function transformCycles({ tiles, inputs, outputs, input, output }: Work, { lanes, pairs }: Target): number {
  const width = pairs ? 2 * lanes : lanes;
  // Channels that do not fill a vector are transformed one by one.
  const vectors = (channels: number) => (channels < lanes ? channels : Math.ceil(channels / width));
  return tiles * (2 * TILE + vectors(inputs) * input + vectors(outputs) * output);
}
