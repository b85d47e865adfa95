/**
 * The sketch for targets without vectors: channels outermost (a block of packed weights stays in cache while it passes over
 * the image), then pixels; a register tile of pixels by channels inside the reduction, which is written out along the
 * row where it is short. Guards are told apart at the outermost loop whose tiles they distinguish.
 */
import { elementCount, type Stage } from "../../ir/program.js";
import { liveTerms } from "../../ir/work.js";
import type { Directive } from "../schedule.js";
import type { Target } from "../target.js";
import { batchAxes, extentOf, type Row, tapAxes } from "./axes.js";
import { instructions } from "./scalarCost.js";
import type { Sketched } from "./sketched.js";

/** The knobs of the sketch. */
interface Tile {
  /** The spatial axis that is tiled. */
  readonly row: Row;
  readonly pixels: number;
  readonly channels: number;
  /** Whether the taps along the row and the input channels are written out instead of looped over. */
  readonly written: boolean;
}

/** Straight code beyond this many multiply-adds costs more to compile and to fetch than it saves. */
const MAX_WRITTEN = 40;
const MAX_TILE = 8;

/** The tile that the cost model likes best. */
export function scalarSketch(stage: Stage, target: Target): Sketched {
  const points = elementCount(stage.space.map((axis) => axis.extent));
  const terms = points === 0 ? 0 : liveTerms(stage) / points;
  const one: Tile = { row: "ox", pixels: 1, channels: 1, written: false };
  let best = { tile: one, cost: costOf(one, stage, terms, target) };
  for (const tile of tiles(stage, target)) {
    const cost = costOf(tile, stage, terms, target);
    if (cost < best.cost) best = { tile, cost };
  }
  return { directives: directives(best.tile, stage), cycles: best.cost };
}

function* tiles(stage: Stage, target: Target): Generator<Tile> {
  const most = (name: string) => Math.min(MAX_TILE, extentOf(stage, name));
  for (const row of ["ox", "oy"] as const) {
    for (let pixels = 1; pixels <= most(row); pixels++) {
      for (let channels = 1; channels <= most("oc"); channels++) {
        if (pixels * channels > target.registers) continue;
        yield { row, pixels, channels, written: false };
        if (rowTerms(stage, row) * pixels * channels <= MAX_WRITTEN) yield { row, pixels, channels, written: true };
      }
    }
  }
}

/** Terms that one row of taps contributes. */
const rowTerms = (stage: Stage, row: Tile["row"]): number =>
  extentOf(stage, tapAxes(row).along) * extentOf(stage, "ic");

/** `terms`: those of one output element, on average. */
function costOf({ row, pixels, channels, written }: Tile, stage: Stage, terms: number, target: Target): number {
  const size = (name: string) => extentOf(stage, name);
  const points = elementCount(stage.space.map((axis) => axis.extent));
  const rowTiles = Math.ceil(size(row) / pixels);
  const rows = points / Math.max(1, size(row) * size("oc"));
  // Every tap but the middle one has one edge of the row where a tile is cut.
  const cutTiles = size(tapAxes(row).along) > 1 && pixels > 1 ? 1 : 0;
  const unit = Math.max(1, written ? rowTerms(stage, row) : size("ic"));
  return instructions(
    {
      pixels,
      channels,
      tiles: rows * rowTiles * Math.ceil(size("oc") / channels),
      raggedShare: Math.min(1, cutTiles / Math.max(1, rowTiles)),
      terms,
      termsPerIteration: written ? unit : 1,
      termsPerTap: unit,
    },
    target,
  );
}

function directives({ row, pixels, channels, written }: Tile, stage: Stage): readonly Directive[] {
  const { along, across } = tapAxes(row);
  const other = row === "ox" ? "oy" : "ox";
  const batch = batchAxes(stage);
  const [outer, inner] = [`${row}o`, `${row}u`] as const;
  const unrolled = [inner, "ocu", ...(written ? [along, "ic"] : [])];
  return [
    { do: "split", axis: row, by: pixels, into: [outer, inner], tail: "roundUp" },
    { do: "split", axis: "oc", by: channels, into: ["oco", "ocu"], tail: "roundUp" },
    { do: "reorder", axes: ["oco", ...batch, other, outer, across, along, "ic", inner, "ocu"] },
    ...unrolled.map((axis): Directive => ({ do: "unroll", axis })),
    // Written-out taps are told apart by the tiles, looped-over taps by themselves.
    { do: "partition", axis: written ? outer : along },
    { do: "pack", buffer: "filters", layout: ["oco", across, along, "ic", "ocu"] },
  ];
}
