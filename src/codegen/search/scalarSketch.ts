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
export interface ScalarTile {
  /** The spatial axis that is tiled. */
  readonly row: Row;
  readonly pixels: number;
  readonly channels: number;
  /** Whether the taps along the row and the input channels are written out instead of looped over. */
  readonly written: boolean;
  /** Whether edges of the image are told apart by tiles or by taps. */
  readonly edges: "tiles" | "taps";
  /** What is outermost: blocks of channels, or rows of the image. */
  readonly outside: "channels" | "rows";
}

/** Straight code beyond this many multiply-adds costs more to compile and to fetch than it saves. */
const MAX_WRITTEN = 40;
const MAX_TILE = 8;

/** The tile that the cost model likes best. */
export function scalarSketch(stage: Stage, target: Target): Sketched {
  const terms = termsPerPoint(stage);
  let best = { tile: ONE, cost: costOf(ONE, stage, terms, target) };
  for (const tile of scalarTiles(stage, target.registers)) {
    const cost = costOf(tile, stage, terms, target);
    if (cost < best.cost) best = { tile, cost };
  }
  return { knobs: { ...best.tile }, directives: scalarDirectives(best.tile, stage), cycles: best.cost };
}

/** Written-out taps are told apart by the tiles, looped-over taps by themselves. */
const LOOPED = { written: false, edges: "taps", outside: "channels" } as const;
const WRITTEN = { written: true, edges: "tiles", outside: "channels" } as const;

const ONE: ScalarTile = { row: "ox", pixels: 1, channels: 1, ...LOOPED };

/** Tiles of no more sums than registers. */
export function* scalarTiles(stage: Stage, registers: number): Generator<ScalarTile> {
  const most = (name: string) => Math.min(MAX_TILE, extentOf(stage, name));
  for (const row of ["ox", "oy"] as const) {
    for (let pixels = 1; pixels <= most(row); pixels++) {
      for (let channels = 1; channels <= most("oc"); channels++) {
        if (pixels * channels > registers) continue;
        yield { row, pixels, channels, ...LOOPED };
        if (rowTerms(stage, row) * pixels * channels <= MAX_WRITTEN) yield { row, pixels, channels, ...WRITTEN };
      }
    }
  }
}

/** Terms of one output element, on average. */
export function termsPerPoint(stage: Stage): number {
  const points = elementCount(stage.space.map((axis) => axis.extent));
  return points === 0 ? 0 : liveTerms(stage) / points;
}

/** Terms that one row of taps contributes. */
const rowTerms = (stage: Stage, row: Row): number => extentOf(stage, tapAxes(row).along) * extentOf(stage, "ic");

/** Instructions per call. `terms`: see `termsPerPoint`. */
export function costOf(tile: ScalarTile, stage: Stage, terms: number, target: Target): number {
  const { row, pixels, channels, written } = tile;
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

export function scalarDirectives(tile: ScalarTile, stage: Stage): readonly Directive[] {
  const { row, pixels, channels, written, edges } = tile;
  const { along, across } = tapAxes(row);
  const images = [...batchAxes(stage), row === "ox" ? "oy" : "ox"];
  const outside = tile.outside === "channels" ? ["oco", ...images] : [...images, "oco"];
  const [outer, inner] = [`${row}o`, `${row}u`] as const;
  const unrolled = [inner, "ocu", ...(written ? [along, "ic"] : [])];
  return [
    { do: "split", axis: row, by: pixels, into: [outer, inner], tail: "roundUp" },
    { do: "split", axis: "oc", by: channels, into: ["oco", "ocu"], tail: "roundUp" },
    { do: "reorder", axes: [...outside, outer, across, along, "ic", inner, "ocu"] },
    ...unrolled.map((axis): Directive => ({ do: "unroll", axis })),
    { do: "partition", axis: edges === "tiles" ? outer : along },
    { do: "pack", buffer: "filters", layout: ["oco", across, along, "ic", "ocu"] },
  ];
}
