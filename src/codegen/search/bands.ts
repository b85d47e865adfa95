/**
 * Bands: parts of what each block of the blocked factor passes over. A band stays in the second-level cache until all
 * blocks have passed over it, and the blocks are read anew for each band.
 */
import { type AxisAccess, pointsOf } from "../../ir/access.js";
import { BYTES } from "../../ir/dtype.js";
import { storageOf, type Target } from "../target.js";
import { L2_BYTES, MEMORY_BYTES_PER_CYCLE } from "./machine.js";
import { moves, type TileView } from "./view.js";

/** The knobs of a tile that matter here; see `VectorTile`. */
interface Banded {
  readonly rows: number;
  readonly band: number;
}

/** Sizes that are tried, as iterations of the loop of `bandedAxis`. */
const SIZES = [1, 2, 4, 8, 16, 32];

/** The share of the second-level cache that a band may fill, beside the block and what is written. */
const SHARE = 0.5;

/**
 * The axis that bands cut: the innermost one outside the tile that the blocked factor stays along. If there is none, it
 * is the row, and bands count tiles.
 */
export function bandedAxis({ outside, row, blocked }: TileView): AxisAccess | undefined {
  const passing = [...(row ? [row] : []), ...outside.filter(({ extent }) => extent > 1)];
  return blocked === undefined ? undefined : passing.findLast((axis) => !moves(axis, blocked));
}

/** True if bands cut the loop over the tiles of rows. */
export const cutsRows = ({ band }: Pick<Banded, "band">, view: TileView): boolean =>
  band > 0 && view.row !== undefined && bandedAxis(view) === view.row;

/** All settings; 0 stands for one band. */
export const allBands = (view: TileView, { rows }: Pick<Banded, "rows">): number[] => {
  const { iterations } = loopOf(view, rows);
  return [0, ...SIZES.filter((size) => size < iterations)];
};

/**
 * One band, and the largest that stays in cache if not nearly all does. It must at least halve what is read, as
 * processors read ahead of a pass.
 */
export function bandsToPick(view: TileView, { rows }: Pick<Banded, "rows">, passes: number, target: Target): number[] {
  if (passedBytes(view) <= L2_BYTES / SHARE) return [0];
  const { iterations, times } = loopOf(view, rows);
  const bytes = passedBytes(view) / (iterations * times);
  const band = SIZES.findLast((size) => size < iterations && size * bytes <= SHARE * L2_BYTES);
  const readWith = (band: number) => bytesRead(view, { rows, band }, passes, target);
  return band !== undefined && 2 * readWith(band) <= readWith(0) ? [0, band] : [0];
}

/** The largest band of rows of which there are `many` to share between threads; none if bands cut no rows. */
export function bandsToShare(view: TileView, { rows }: Pick<Banded, "rows">, many: number): number[] {
  if (view.row === undefined || bandedAxis(view) !== view.row) return [];
  return SIZES.filter((size) => loopOf(view, rows).iterations >= many * size).slice(-1);
}

/**
 * Cycles for what does not stay in the second-level cache. `passes` are made over all bands. Where there are no
 * blocks and taps slide, most of it is in the cache when it is read.
 */
export const passingCycles = (view: TileView, tile: Banded, passes: number, target: Target): number =>
  view.blocked === undefined && view.sliding
    ? 0
    : bytesRead(view, tile, passes, target) / MEMORY_BYTES_PER_CYCLE.images;

/** Bytes that are read from beyond the second-level cache. */
function bytesRead(view: TileView, { rows, band }: Banded, passes: number, target: Target): number {
  const passed = passedBytes(view);
  if (passed <= L2_BYTES) return 0;
  const { iterations, times } = loopOf(view, rows);
  return band === 0 ? passes * passed : passed + times * Math.ceil(iterations / band) * blockedBytes(view, target);
}

/** The loop that bands cut: its iterations, and how often it runs for one block. */
function loopOf(view: TileView, rows: number): { iterations: number; times: number } {
  const { outside, row, blocked } = view;
  const banded = bandedAxis(view);
  if (banded === undefined) return { iterations: 1, times: 1 };
  const rest = outside.filter((axis) => !moves(axis, blocked));
  if (banded === row) return { iterations: Math.ceil(row.extent / rows), times: pointsOf(rest) };
  return { iterations: banded.extent, times: pointsOf(rest.slice(0, rest.indexOf(banded))) };
}

/** The bytes that one block passes over. */
function passedBytes({ access, columns, depth, blocked }: TileView): number {
  const isPassed = (axis: AxisAccess) => !moves(axis, blocked) && (axis !== columns || blocked !== undefined);
  return pointsOf([...access.space.filter(isPassed), ...depth]) * BYTES.f32;
}

/** The bytes of all blocks. */
function blockedBytes({ access, blocked }: TileView, target: Target): number {
  const dtype = storageOf(target, access.factors[blocked ?? -1]?.role ?? "input");
  return pointsOf([...access.space, ...access.reduce].filter((axis) => moves(axis, blocked))) * BYTES[dtype];
}
