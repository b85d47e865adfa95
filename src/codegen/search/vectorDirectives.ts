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
  /** Iterations over input channels (or vectors of them) that are written out: one, or all. */
  readonly terms: number;
  /** Whether the tiles at the edges, and the taps along the row, are written out. */
  readonly peeled: boolean;
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
  /** Subscripts of the packed weights inside the taps. */
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
        packed: ["ic", "ocu", "lane"],
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
        packed: ["ico", "ocu", "lane"],
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
        packed: ["ic"],
      };
  }
}

export function directivesOf(tile: VectorTile, stage: Stage, target: Target): readonly Directive[] {
  const { along, across } = tapAxes(tile.row);
  const { splits, block, channels, tile: loops, packed } = shapeOf(tile, target);
  const images = [...batchAxes(stage), tile.row === "ox" ? "oy" : "ox"];
  const shared = target.threads ? sharedLoop(tile, block, images, stage, target) : undefined;
  const outside = [block, ...images].sort((a, b) => Number(b === shared) - Number(a === shared));
  const unrolled = [...loops.slice(0, -1), ...(tile.terms > 1 ? [channels] : []), ...(tile.peeled ? [along] : [])];
  return [
    ...splits,
    { do: "reorder", axes: [...outside, `${tile.row}o`, across, along, channels, ...loops] },
    ...unrolled.map((axis): Directive => ({ do: "unroll", axis })),
    tile.peeled ? { do: "peel", axis: `${tile.row}o` } : { do: "partition", axis: along },
    { do: "vectorize", axis: "lane" },
    ...(shared === undefined ? [] : [{ do: "parallel", axis: shared } as const]),
    { do: "pack", buffer: "filters", layout: [block, across, along, ...packed] },
  ];
}

/** What threads share, and stands outermost: blocks of channels, which keep their weights to themselves, if there are many. */
function sharedLoop(tile: VectorTile, block: string, images: readonly string[], stage: Stage, target: Target): string {
  const channelsPerBlock = tile.vectors * (tile.lanes === "output channels" ? target.lanes : 1);
  const blocks = Math.ceil(extentOf(stage, "oc") / channelsPerBlock);
  return blocks >= MANY ? block : (images.find((name) => extentOf(stage, name) >= MANY) ?? block);
}
