/**
 * The sketch for targets with vectors: blocks of output channels outermost, whose packed weights stay in cache while they
 * pass over the image; inside the reduction a register tile of P pixels of a row by V vectors.
 *
 * The lanes are output channels, which share the splat of a pixel; or input channels, where a few output channels would leave
 * lanes empty, and each lane has a sum of its own until the end; or pixels, where there is only one channel of either.
 * The tiles where a row meets the image's edge are peeled: written out, so that each tap multiplies the pixels it meets
 * and no others. Where that would be too much code, taps are told apart as they come.
 */
import { elementCount, type Stage } from "../../ir/program.js";
import type { Target } from "../target.js";
import { batchAxes, extentOf, livePixels, type Row, tapAxes } from "./axes.js";
import type { Sketched } from "./sketched.js";
import { iterationCycles, loopCycles, registersOf, tileCycles } from "./vectorCost.js";
import { channelBlocks, directivesOf, iterationsOf, sharedBy, type VectorTile } from "./vectorDirectives.js";

const MAX_PIXELS = 12;
const MAX_VECTORS = 4;
/** So few iterations over input channels may be written out. */
const SHORT = 8;
/** Straight code beyond this many multiply-adds costs more to compile and to fetch than it saves. */
const MAX_ITERATION = 64;
const MAX_PEELED = 1200;

const NOTHING: Sketched = { knobs: {}, directives: [], cycles: 0 };

/** The tile that the cost model likes best. */
export function vectorSketch(stage: Stage, target: Target): Sketched {
  let best: { tile: VectorTile; cycles: number } | undefined;
  for (const row of ["ox", "oy"] as const) {
    const image = new RowOfTiles(stage, row, target);
    for (const tile of image.candidates()) {
      const cycles = image.cycles(tile);
      if (best === undefined || cycles < best.cycles) best = { tile, cycles };
    }
  }
  if (!best) return NOTHING;
  return { knobs: { ...best.tile }, directives: directivesOf(best.tile, stage, target), cycles: best.cycles };
}

/** All that the tiles of one orientation cost. */
export class RowOfTiles {
  readonly target: Target;
  readonly #size: number;
  readonly #inputs: number;
  readonly #outputs: number;
  /** By tap along the row: which pixels it meets. */
  readonly #live: readonly { first: number; last: number }[];
  /** Rows that taps across meet, each counted once per tap. */
  readonly #rows: number;
  readonly #taps: number;
  /** Rows that are stored. */
  readonly #stores: number;

  constructor(
    readonly stage: Stage,
    readonly row: Row,
    target: Target,
  ) {
    const { along, across } = tapAxes(row);
    const other = row === "ox" ? "oy" : "ox";
    this.#size = extentOf(stage, row);
    this.#inputs = extentOf(stage, "ic");
    this.#outputs = extentOf(stage, "oc");
    this.target = target;
    if (!this.#canPair(2)) this.target = { ...target, pairs: false };
    this.#live = livePixels(stage, row, along);
    const rowTaps = livePixels(stage, other, across).map(({ first, last }) => Math.max(0, last - first + 1));
    const batch = elementCount(batchAxes(stage).map((name) => extentOf(stage, name)));
    this.#taps = extentOf(stage, along) * extentOf(stage, across);
    this.#rows = batch * rowTaps.reduce((sum, rows) => sum + rows, 0);
    this.#stores = batch * extentOf(stage, other);
  }

  /** Those that the model is asked about: with all that it could not tell apart as is best on most machines. */
  *candidates(): Generator<VectorTile> {
    for (const registers of this.registerTiles(this.target.registers)) {
      const tile = { ...registers, terms: this.#terms(registers) };
      const shared = sharedBy(tile, this.stage, this.target);
      yield { ...tile, peeled: this.canPeel(tile), rows: 0, packed: true, shared };
    }
  }

  /** Register tiles that need no more than so many registers. */
  *registerTiles(registers: number): Generator<Pick<VectorTile, "row" | "pixels" | "vectors" | "lanes">> {
    const { row, target } = this;
    for (const lanes of this.#lanes()) {
      const most = lanes === "pixels" ? 1 : channelBlocks({ vectors: 1, lanes }, this.stage, target);
      for (let vectors = 1; vectors <= Math.min(MAX_VECTORS, most); vectors++) {
        if (target.pairs && !this.#canPair(vectors)) continue;
        for (let pixels = 1; pixels <= Math.min(MAX_PIXELS, Math.max(1, this.#size)); pixels++) {
          if (registersOf({ pixels, vectors }, target) <= registers) yield { row, pixels, vectors, lanes };
        }
      }
    }
  }

  /** Vectors are joined in twos, from their stores on, so all of them must be stored whole. */
  #canPair(vectors: number): boolean {
    return vectors % 2 === 0 && this.#outputs % (vectors * this.target.lanes) === 0;
  }

  /** What the lanes can be. */
  #lanes(): VectorTile["lanes"][] {
    const { lanes, pairs } = this.target;
    const longest = Math.max(0, ...this.#live.map(({ first, last }) => last - first + 1));
    if (this.#inputs === 1 && this.#outputs === 1 && this.row === "ox" && longest >= lanes) return ["pixels"];
    // What is joined in pairs are vectors that a splat multiplies.
    return this.#inputs > 0 && this.#inputs % lanes === 0 && !pairs
      ? ["output channels", "input channels"]
      : ["output channels"];
  }

  /**
   * One iteration at a time: the loop's own instructions hide behind the arithmetic, and more code takes longer to compile.
   * A handful is worth writing out, except where all loads of the body would be hoisted.
   */
  #terms({ pixels, vectors, lanes }: Pick<VectorTile, "pixels" | "vectors" | "lanes">): number {
    const iterations = iterationsOf(lanes, this.stage, this.target);
    const isShort = iterations <= SHORT && iterations * pixels * vectors <= MAX_ITERATION;
    return isShort && !this.target.hoistsLoads ? iterations : 1;
  }

  /** Whether what is written out then is not too much code. */
  canPeel({ pixels, vectors, lanes, terms }: Pick<VectorTile, "pixels" | "vectors" | "lanes" | "terms">): boolean {
    const step = this.#pixelsPerTile({ pixels, lanes });
    // Tiles that some tap does not meet whole: those before the last first pixel, and from the first last one on.
    const head = Math.ceil(Math.max(0, ...this.#live.map(({ first }) => first)) / step);
    const whole = Math.floor((Math.min(this.#size - 1, ...this.#live.map(({ last }) => last)) + 1) / step);
    const cut = Math.ceil(this.#size / step) - Math.max(0, whole - head);
    return (cut + 1) * this.#live.length * pixels * vectors * terms <= MAX_PEELED;
  }

  #pixelsPerTile({ pixels, lanes }: Pick<VectorTile, "pixels" | "lanes">): number {
    return lanes === "pixels" ? pixels * this.target.lanes : pixels;
  }

  cycles(tile: VectorTile): number {
    const { target } = this;
    const step = this.#pixelsPerTile(tile);
    const channels = tile.vectors * (tile.lanes === "output channels" ? target.lanes : 1);
    const iterations = iterationsOf(tile.lanes, this.stage, target);
    const [turns, all] = [iterations / tile.terms, iterations * this.#taps];
    const sumOf = (pixels: number) => turns * iterationCycles({ ...tile, pixels }, all, target) + loopCycles(turns);
    let row = 0;
    for (const { first, last } of this.#live) {
      for (const { live, tiles } of partsOf(first, last, step)) {
        const pixels = Math.ceil((live * tile.pixels) / step);
        const isCut = pixels < tile.pixels && !tile.peeled;
        row += tiles * (isCut ? pixels * sumOf(1) : sumOf(pixels));
      }
    }
    const rest = Math.ceil(this.#size / step) * tileCycles(tile);
    return Math.ceil(this.#outputs / channels) * (this.#rows * row + this.#stores * rest);
  }
}

/** The pixels first .. last as tiles of `step` hold them: how many are live in a tile, and in how many tiles. */
function partsOf(first: number, last: number, step: number): { live: number; tiles: number }[] {
  if (last < first) return [];
  const firstTile = Math.floor(first / step);
  const lastTile = Math.floor(last / step);
  if (firstTile === lastTile) return [{ live: last - first + 1, tiles: 1 }];
  return [
    { live: (firstTile + 1) * step - first, tiles: 1 },
    { live: step, tiles: lastTile - firstTile - 1 },
    { live: last - lastTile * step + 1, tiles: 1 },
  ];
}
