/**
 * The sketch for targets with vectors: blocks of output channels outermost, whose packed weights stay in cache while they
 * pass over the image; inside the reduction a register tile of P pixels of a row by V vectors of channels.
 *
 * The tiles where a row meets the image's edge are peeled: written out, so that each tap multiplies the pixels it meets
 * and no others. Where that would be too much code, taps are told apart as they come. A single channel is no vector;
 * there the lanes are pixels.
 */
import { elementCount, type Stage } from "../../ir/program.js";
import type { Directive } from "../schedule.js";
import type { Target } from "../target.js";
import { batchAxes, extentOf, livePixels, type Row, tapAxes } from "./axes.js";
import { iterationCycles, type RegisterTile, registersOf, tapCycles, tileCycles } from "./vectorCost.js";

/** The knobs of the sketch. */
interface Knobs extends RegisterTile {
  readonly row: Row;
  /** Input channels per iteration: one, or all of them. */
  readonly terms: number;
  /** Whether the tiles at the edges, and the taps along the row, are written out. */
  readonly peeled: boolean;
  readonly lanes: "channels" | "pixels";
}

const MAX_PIXELS = 12;
const MAX_VECTORS = 4;
/** Straight code beyond this many multiply-adds costs more to compile and to fetch than it saves. */
const MAX_ITERATION = 64;
const MAX_PEELED = 1200;
/** Enough blocks to share out between threads. */
const MANY = 8;

/** The directives of the knobs that the cost model likes best. */
export function vectorSketch(stage: Stage, target: Target): readonly Directive[] {
  let best: { knobs: Knobs; cycles: number } | undefined;
  for (const row of ["ox", "oy"] as const) {
    const image = new RowOfTiles(stage, row, target);
    for (const knobs of image.candidates()) {
      const cycles = image.cycles(knobs);
      if (best === undefined || cycles < best.cycles) best = { knobs, cycles };
    }
  }
  return best ? directives(best.knobs, stage, target) : [];
}

/** All that the tiles of one orientation cost. */
class RowOfTiles {
  readonly #live: readonly { first: number; last: number }[];
  /** Rows that taps across meet, each counted once per tap. */
  readonly #rows: number;
  /** Rows that are stored. */
  readonly #stores: number;
  readonly #lanes: "channels" | "pixels";

  constructor(
    readonly stage: Stage,
    readonly row: Row,
    readonly target: Target,
  ) {
    const { along, across } = tapAxes(row);
    const other = row === "ox" ? "oy" : "ox";
    this.#live = livePixels(stage, row, along);
    const rowTaps = livePixels(stage, other, across).map(({ first, last }) => Math.max(0, last - first + 1));
    const batch = elementCount(batchAxes(stage).map((name) => extentOf(stage, name)));
    this.#rows = batch * rowTaps.reduce((sum, rows) => sum + rows, 0);
    this.#stores = batch * extentOf(stage, other);
    const isSingle = extentOf(stage, "oc") === 1 && extentOf(stage, "ic") === 1;
    const longest = Math.max(0, ...this.#live.map(({ first, last }) => last - first + 1));
    this.#lanes = isSingle && row === "ox" && longest >= target.lanes ? "pixels" : "channels";
  }

  *candidates(): Generator<Knobs> {
    const { stage, row, target } = this;
    const size = extentOf(stage, row);
    const most = this.#lanes === "pixels" ? 1 : Math.ceil(extentOf(stage, "oc") / target.lanes);
    // Joined vectors come in pairs.
    const step = target.pairs && most > 1 ? 2 : 1;
    for (let vectors = step; vectors <= Math.min(MAX_VECTORS, most + step - 1); vectors += step) {
      for (let pixels = 1; pixels <= Math.min(MAX_PIXELS, Math.max(1, size)); pixels++) {
        const tile = { pixels, vectors };
        if (registersOf(tile, target) > target.registers) continue;
        const terms = this.#terms(tile);
        yield { ...tile, row, terms, peeled: this.#canPeel(tile, terms), lanes: this.#lanes };
      }
    }
  }

  /**
   * One channel per iteration: the loop's own instructions hide behind the arithmetic, and more code takes longer to compile.
   * A handful of channels is worth writing out, except where all loads of the body would be hoisted.
   */
  #terms({ pixels, vectors }: RegisterTile): number {
    const channels = Math.max(1, extentOf(this.stage, "ic"));
    const isShort = channels <= MANY && channels * pixels * vectors <= MAX_ITERATION;
    return isShort && !this.target.hoistsLoads ? channels : 1;
  }

  #canPeel(tile: RegisterTile, terms: number): boolean {
    const step = this.#pixelsPerTile(tile);
    const size = extentOf(this.stage, this.row);
    // Tiles that some tap does not meet whole: those before the last first pixel, and from the first last one on.
    const head = Math.ceil(Math.max(0, ...this.#live.map(({ first }) => first)) / step);
    const whole = Math.floor((Math.min(size - 1, ...this.#live.map(({ last }) => last)) + 1) / step);
    const cut = Math.ceil(size / step) - Math.max(0, whole - head);
    const bodies = (cut + 1) * this.#live.length;
    return bodies * tile.pixels * tile.vectors * terms <= MAX_PEELED;
  }

  #pixelsPerTile({ pixels }: RegisterTile): number {
    return this.#lanes === "pixels" ? pixels * this.target.lanes : pixels;
  }

  cycles(knobs: Knobs): number {
    const { stage, target } = this;
    const channels = extentOf(stage, "ic");
    const blocks = this.#lanes === "pixels" ? 1 : Math.ceil(extentOf(stage, "oc") / (knobs.vectors * target.lanes));
    const size = extentOf(stage, this.row);
    const step = this.#pixelsPerTile(knobs);
    const perIteration = Array.from({ length: knobs.pixels + 1 }, (_, pixels) =>
      iterationCycles({ pixels, vectors: knobs.vectors }, knobs.terms, target),
    );
    const single = iterationCycles({ pixels: 1, vectors: knobs.vectors }, knobs.terms, target);
    const perTap = knobs.terms === channels ? 0 : tapCycles;
    let row = 0;
    for (const { first, last } of this.#live) {
      for (const { live, tiles } of partsOf(first, last, step)) {
        const pixels = Math.ceil((live * knobs.pixels) / step);
        const isCut = pixels < knobs.pixels && !knobs.peeled;
        const once = isCut ? pixels * single : (perIteration[pixels] as number);
        row += tiles * ((channels / knobs.terms) * once + (isCut ? pixels : 1) * perTap);
      }
    }
    const tiles = Math.ceil(size / step);
    const isRagged = extentOf(stage, "oc") % (knobs.vectors * target.lanes) !== 0;
    const stores = tiles * tileCycles(knobs, isRagged);
    return blocks * (this.#rows * row + this.#stores * stores);
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

function directives(knobs: Knobs, stage: Stage, target: Target): readonly Directive[] {
  const { row, pixels, vectors, terms, peeled } = knobs;
  const { along, across } = tapAxes(row);
  const other = row === "ox" ? "oy" : "ox";
  const isPixels = knobs.lanes === "pixels";
  const block = [...batchAxes(stage), other];
  const blocks = Math.ceil(extentOf(stage, "oc") / (vectors * target.lanes));
  // What is outermost is what threads share.
  const shared =
    blocks >= MANY ? "oco" : [...block, "oco"].find((name) => name === "oco" || extentOf(stage, name) >= MANY);
  const outer = target.threads && shared !== undefined ? [shared] : [];
  const channelLoops = isPixels ? ["oc"] : ["oco"];
  const outside = [...outer, ...[...channelLoops, ...block].filter((name) => !outer.includes(name))];
  const tail = peeled ? "guard" : "roundUp";
  const lanes: readonly Directive[] = isPixels
    ? [
        { do: "split", axis: row, by: pixels * target.lanes, into: ["oxo", "oxi"], tail },
        { do: "split", axis: "oxi", by: target.lanes, into: ["oxu", "lane"], tail },
      ]
    : [
        { do: "split", axis: row, by: pixels, into: [`${row}o`, `${row}u`], tail },
        { do: "split", axis: "oc", by: vectors * target.lanes, into: ["oco", "oci"], tail: "roundUp" },
        { do: "split", axis: "oci", by: target.lanes, into: ["ocu", "lane"], tail: "roundUp" },
      ];
  const tile = isPixels ? [`${row}u`, "lane"] : [`${row}u`, "ocu", "lane"];
  const layout = isPixels ? ["oc", across, along, "ic"] : ["oco", across, along, "ic", "ocu", "lane"];
  const unrolled = [`${row}u`, ...(isPixels ? [] : ["ocu"]), ...(terms > 1 ? ["ic"] : []), ...(peeled ? [along] : [])];
  return [
    ...lanes,
    { do: "reorder", axes: [...outside, `${row}o`, across, along, "ic", ...tile] },
    ...unrolled.map((axis): Directive => ({ do: "unroll", axis })),
    peeled ? { do: "peel", axis: `${row}o` } : { do: "partition", axis: along },
    { do: "vectorize", axis: "lane" },
    ...outer.map((axis): Directive => ({ do: "parallel", axis })),
    { do: "pack", buffer: "filters", layout },
  ];
}
