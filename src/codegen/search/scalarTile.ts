/**
 * The sketch for targets without vectors: a register tile of rows by columns inside the reduction.
 *
 * Blocks of columns are the outermost loop, so a block of packed weights stays in cache while it passes over the image.
 * The reduction is unrolled along the row if it is short. Guards are resolved at the outermost loop whose tiles they
 * distinguish.
 */
import { type AxisAccess, pointsOf } from "../../ir/access.js";
import { liveTerms } from "../../ir/work.js";
import type { Directive, Tail } from "../schedule.js";
import { storageOf, type Target } from "../target.js";
import { LoopNames } from "./loopNames.js";
import { instructions, type TileCost } from "./scalarCost.js";
import { sketchOf } from "./sketch.js";
import { axisNames, canShift, isPadded, packing, split } from "./tileDirectives.js";
import { copiedElements, isGuarded, moves, productViews, type TileView } from "./view.js";

/** The knobs of the sketch. */
export interface ScalarTile {
  readonly rows: number;
  readonly columns: number;
  /** True if the taps along the row, and the rest of the reduction, are unrolled. */
  readonly written: boolean;
  /** The loop that is partitioned at edges of the image: the loop over tiles, or the loop over taps. */
  readonly edges: "tiles" | "taps";
  /** The outermost loops: blocks of columns, or the other axes of the output. */
  readonly outside: "blocks" | "rest";
}

/** Straight code beyond this many multiply-adds costs more to compile and to fetch than it saves. */
const MAX_WRITTEN = 40;
const MAX_TILE = 8;
/** Instructions for each element that a call copies: a read, a store, and the loops around them. */
const COPY = 20;
/** A sum that waits in memory costs less than it seems where the processor has something else to do. */
const SPARE_REGISTERS = 3;

/** Unrolled taps can be told apart only by the tiles; taps of a loop can be partitioned themselves. */
const LOOPED = { written: false, edges: "taps", outside: "blocks" } as const;
const WRITTEN = { written: true, edges: "tiles", outside: "blocks" } as const;

export const SCALAR_PRODUCT = sketchOf<TileView, ScalarTile>({
  name: "scalar",
  read: (access, { lanes }) =>
    lanes > 1 && productViews(access, lanes).length > 0
      ? []
      : productViews(access, 1).filter((view) => view.lane === view.columns),
  *picks(view, target) {
    yield { rows: 1, columns: 1, ...LOOPED };
    yield* tiles(view, target.registers);
  },
  *all(view, target) {
    for (const tile of tiles(view, target.registers + SPARE_REGISTERS))
      for (const edges of ["tiles", "taps"] as const)
        for (const outside of ["blocks", "rest"] as const) yield { ...tile, edges, outside };
  },
  cycles: costOf,
  directives: scalarDirectives,
});

/** Tiles with no more sums than registers. */
function* tiles(view: TileView, registers: number): Generator<ScalarTile> {
  const most = (axis: AxisAccess | undefined) => Math.min(MAX_TILE, axis?.extent ?? 1);
  for (let rows = 1; rows <= most(view.row); rows++) {
    for (let columns = 1; columns <= most(view.columns); columns++) {
      if (rows * columns > registers) continue;
      yield { rows, columns, ...LOOPED };
      if (rowTerms(view) * rows * columns <= MAX_WRITTEN) yield { rows, columns, ...WRITTEN };
    }
  }
}

/** Terms of one row of taps. */
const rowTerms = ({ along, depth }: TileView): number => pointsOf(along) * pointsOf(depth);

const averages = new WeakMap<TileView, number>();

/** Terms of one output element, on average. */
function termsPerPoint(view: TileView): number {
  const known = averages.get(view);
  if (known !== undefined) return known;
  const points = pointsOf(view.access.space);
  const terms = points === 0 ? 0 : liveTerms(view.access.stage) / points;
  averages.set(view, terms);
  return terms;
}

/** Instructions per call. */
function costOf({ rows, columns, written }: ScalarTile, view: TileView, target: Target): number {
  const size = view.row?.extent ?? 1;
  const points = pointsOf(view.access.space);
  const rowTiles = Math.ceil(size / rows);
  const lines = points / Math.max(1, size * view.columns.extent);
  // Each tap but the middle one misses the image at one end of the row, and there it cuts one tile.
  const cutTiles = pointsOf(view.along) > 1 && rows > 1 ? 1 : 0;
  const unit = Math.max(1, written ? rowTerms(view) : pointsOf(view.depth));
  const sums = instructions(
    {
      rows,
      columns,
      tiles: lines * rowTiles * Math.ceil(view.columns.extent / columns),
      raggedShare: Math.min(1, cutTiles / Math.max(1, rowTiles)),
      terms: termsPerPoint(view),
      termsPerIteration: written ? unit : 1,
      termsPerTap: unit,
      halves: halvesOf(view, target),
    },
    target,
  );
  return sums + COPY * copiedElements(view);
}

/** The sides of a tile that read halves: a side reads the factors that move along it. */
function halvesOf({ access, row, columns }: TileView, target: Target): TileCost["halves"] {
  const places = access.factors.flatMap(({ role }, i) => (storageOf(target, role) === "f16" ? [i] : []));
  const reads = (axis: AxisAccess | undefined) => axis !== undefined && places.some((place) => moves(axis, place));
  return { rows: reads(row), columns: reads(columns) };
}

function scalarDirectives(tile: ScalarTile, view: TileView): readonly Directive[] {
  const { row, columns, access } = view;
  const names = new LoopNames(access.stage);
  const parts = (axis: AxisAccess) => [names.of(axis.name, "o"), names.of(axis.name, "u")] as const;
  const [along, depth, rest] = [axisNames(view.along), axisNames(view.depth), axisNames(view.outside)];
  const ofRow = row ? [parts(row)] : [];
  const [ro, ru] = [ofRow.map(([outer]) => outer), ofRow.map(([, inner]) => inner)];
  const [co, cu] = parts(columns);
  const outside = tile.outside === "blocks" ? [co, ...rest] : [...rest, co];
  const unrolled = [...ru, cu, ...(tile.written ? [...along, ...depth] : [])];
  const order = [...outside, ...ro, ...axisNames(view.across), ...along, ...depth, ...ru, cu];
  const splitInto = (axis: AxisAccess, by: number) => split(axis.name, by, parts(axis), tailOf(axis, by, view));
  const splits = [...(row ? [splitInto(row, tile.rows)] : []), splitInto(columns, tile.columns)];
  return [
    ...splits,
    { do: "reorder", axes: order },
    ...unrolled.map((axis): Directive => ({ do: "unroll", axis })),
    ...(tile.edges === "tiles" ? ro : along).map((axis): Directive => ({ do: "partition", axis })),
    ...packing(order, splits, view),
  ];
}

/** The way in which the last tile along an axis ends. */
function tailOf(axis: AxisAccess, by: number, view: TileView): Tail {
  if (isPadded(axis, view) || isGuarded(view.access, axis, view.packed)) return "roundUp";
  return canShift(axis, by, view) ? "shiftInwards" : "guard";
}
