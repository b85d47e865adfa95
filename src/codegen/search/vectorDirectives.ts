/** The schedule that a vector tile stands for: how it splits, orders, writes out and packs. */
import type { Stage } from "../../ir/program.js";
import type { Directive } from "../schedule.js";
import type { Target } from "../target.js";
import { batchAxes, extentOf, type Row, tapAxes } from "./axes.js";

/** The knobs of the sketch: a register tile of pixels by vectors, and what the lanes of a vector are. */
export interface VectorTile {
  readonly row: Row;
  readonly pixels: number;
  /** Vectors of output channels; output channels by themselves where the lanes are input channels. */
  readonly vectors: number;
  readonly lanes: "output channels" | "input channels" | "pixels";
  /** Iterations over input channels (or vectors of them) that are written out: a divisor of all there are. */
  readonly terms: number;
  /** Whether the tiles at the edges, and the taps along the row, are written out. */
  readonly peeled: boolean;
  /** Rows across the tile's that take turns with each block of channels, and stay in cache meanwhile; 0: the whole image. */
  readonly rows: number;
  /** Whether weights are copied into the order in which they are read. Needed unless the lanes are input channels. */
  readonly packed: boolean;
  /** What threads share, and stands outermost. */
  readonly shared: "nothing" | "channels" | "images";
}

/** Enough iterations to share out between threads. */
const MANY = 8;

/** Loops of the tile, in order, with the splits that make them. */
interface Shape {
  readonly splits: readonly Directive[];
  /** Outside everything: blocks of channels. */
  readonly block: string;
  /** The reduction over input channels. */
  readonly channels: string;
  /** The tile itself, lanes last. */
  readonly tile: readonly string[];
  /** Subscripts of the packed weights inside the taps and input channels. */
  readonly packed: readonly string[];
}

function shapeOf({ row, pixels, vectors, lanes, peeled }: VectorTile, { lanes: width }: Target): Shape {
  const tail = peeled ? "guard" : "roundUp";
  const [outer, inner, unrolled] = [`${row}o`, `${row}i`, `${row}u`] as const;
  const pixelTile: Directive = { do: "split", axis: row, by: pixels, into: [outer, unrolled], tail };
  switch (lanes) {
    case "output channels":
      return {
        splits: [
          pixelTile,
          { do: "split", axis: "oc", by: vectors * width, into: ["oco", "oci"], tail: "roundUp" },
          { do: "split", axis: "oci", by: width, into: ["ocu", "lane"], tail: "roundUp" },
        ],
        block: "oco",
        channels: "ic",
        tile: [unrolled, "ocu", "lane"],
        packed: ["ocu", "lane"],
      };
    case "input channels":
      return {
        splits: [
          pixelTile,
          { do: "split", axis: "oc", by: vectors, into: ["oco", "ocu"], tail: "roundUp" },
          { do: "split", axis: "ic", by: width, into: ["ico", "lane"], tail: "guard" },
        ],
        block: "oco",
        channels: "ico",
        tile: [unrolled, "ocu", "lane"],
        packed: ["ocu", "lane"],
      };
    case "pixels":
      return {
        splits: [
          { do: "split", axis: row, by: pixels * width, into: [outer, inner], tail },
          { do: "split", axis: inner, by: width, into: [unrolled, "lane"], tail },
        ],
        block: "oc",
        channels: "ic",
        tile: [unrolled, "lane"],
        packed: [],
      };
  }
}

export function directivesOf(tile: VectorTile, stage: Stage, target: Target): readonly Directive[] {
  const { along, across } = tapAxes(tile.row);
  const shape = shapeOf(tile, target);
  const outside = outsideOf(tile, shape.block, stage);
  const channels = channelLoops(shape.channels, tile.terms, iterationsOf(tile.lanes, stage, target));
  const unrolled = [...shape.tile.slice(0, -1), ...channels.written, ...(tile.peeled ? [along] : [])];
  return [
    ...shape.splits,
    ...outside.splits,
    ...channels.splits,
    { do: "reorder", axes: [...outside.loops, `${tile.row}o`, across, along, ...channels.loops, ...shape.tile] },
    ...unrolled.map((axis): Directive => ({ do: "unroll", axis })),
    tile.peeled ? { do: "peel", axis: `${tile.row}o` } : { do: "partition", axis: along },
    { do: "vectorize", axis: "lane" },
    ...(tile.shared === "nothing" ? [] : [{ do: "parallel", axis: outside.loops[0] as string } as const]),
    ...(tile.packed ? [packing([shape.block, across, along, ...channels.loops, ...shape.packed])] : []),
  ];
}

const packing = (layout: readonly string[]): Directive => ({ do: "pack", buffer: "filters", layout });

/** Loops and the splits that make them. */
interface Loops {
  readonly splits: readonly Directive[];
  readonly loops: readonly string[];
}

/** Blocks of channels and the image's rows, what is shared first. */
function outsideOf({ row, rows, shared }: VectorTile, block: string, stage: Stage): Loops {
  const other = row === "ox" ? "oy" : "ox";
  const batch = batchAxes(stage);
  if (rows === 0) {
    const loops = [block, ...batch, other];
    return { splits: [], loops: shared === "images" ? toFront(loops, mostOf([...batch, other], stage)) : loops };
  }
  // Rows in blocks, outside of blocks of channels, or they would not stay in cache while those pass.
  const [rowBlock, rowInside] = [`${other}b`, `${other}i`] as const;
  const loops = [...batch, rowBlock, block, rowInside];
  const front = { nothing: loops, channels: toFront(loops, block), images: toFront(loops, rowBlock) };
  return {
    splits: [{ do: "split", axis: other, by: rows, into: [rowBlock, rowInside], tail: "guard" }],
    loops: front[shared],
  };
}

const toFront = (loops: readonly string[], first: string): string[] => [first, ...loops.filter((one) => one !== first)];

/** The first with enough iterations for all threads, or with most of them. */
function mostOf(axes: readonly string[], stage: Stage): string {
  const most = axes.reduce((best, next) => (extentOf(stage, next) > extentOf(stage, best) ? next : best));
  return axes.find((name) => extentOf(stage, name) >= MANY) ?? most;
}

/** The loops over input channels, and which of them is written out. */
function channelLoops(channels: string, terms: number, iterations: number): Loops & { readonly written: string[] } {
  if (terms === iterations || terms === 1) {
    return { splits: [], loops: [channels], written: terms > 1 ? [channels] : [] };
  }
  const [outer, inner] = ["icb", "icu"] as const;
  const split: Directive = { do: "split", axis: channels, by: terms, into: [outer, inner], tail: "guard" };
  return { splits: [split], loops: [outer, inner], written: [inner] };
}

/** Iterations over input channels, or over vectors of them. */
export const iterationsOf = (lanes: VectorTile["lanes"], stage: Stage, target: Target): number =>
  Math.max(1, extentOf(stage, "ic") / (lanes === "input channels" ? target.lanes : 1));

/** By the number of iterations: blocks of channels, which keep their weights to themselves, if there are enough of them. */
export function sharedBy(
  tile: Pick<VectorTile, "row" | "vectors" | "lanes">,
  stage: Stage,
  target: Target,
): VectorTile["shared"] {
  if (!target.threads) return "nothing";
  const blocks = channelBlocks(tile, stage, target);
  const images = [...batchAxes(stage), tile.row === "ox" ? "oy" : "ox"];
  return blocks >= MANY || images.every((name) => extentOf(stage, name) < MANY) ? "channels" : "images";
}

export function channelBlocks(
  { vectors, lanes }: Pick<VectorTile, "vectors" | "lanes">,
  stage: Stage,
  target: Target,
): number {
  return Math.ceil(extentOf(stage, "oc") / (vectors * (lanes === "output channels" ? target.lanes : 1)));
}
