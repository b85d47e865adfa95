/**
 * Cache lines that a tile touches.
 *
 * A tile of channels reads few numbers of each line, in many lines at once. Tiles side by side share their lines, but
 * where these evict one another: lines that lie a large power of two apart, as pixels of 512 channels do, share a few
 * places of the first level. Any tile may write a part of a line of which another thread writes the rest meanwhile.
 */
import { type AxisAccess, pointsOf } from "../../ir/access.js";
import { greatestCommonDivisor } from "../../ir/affine.js";
import { BYTES } from "../../ir/dtype.js";
import { L1_BYTES, VECTOR_BYTES } from "./machine.js";
import type { VectorTile } from "./vectorDirectives.js";
import { isFolded, moves, type TileView } from "./view.js";

const LINE_BYTES = 64;
/** Lines that can have the same place in the first level. */
const WAYS = 8;
/** Bytes after which places repeat. */
const PERIOD = L1_BYTES / WAYS;

/**
 * Cycles for bringing a line near. Fitted to 500 schedules of 15 depthwise convolutions of 16 to 1024 channels (3x3 and
 * 5x5 taps, strides 1 and 2, rates 1 and 2) on Zen 3 with Node 24: what picks lose on the best of them fell from 18 to
 * 6 %.
 */
const LINE = 1;

/** The knobs that say which lines a tile touches. */
type LineKnobs = Pick<VectorTile, "rows" | "columns" | "parallel">;

/** Cycles of a tile for its lines. */
export const lineCycles = (view: TileView, tile: LineKnobs): number =>
  nearCycles(view, tile) + contestedCycles(view, tile);

function nearCycles(view: TileView, { rows, columns }: LineKnobs): number {
  if (view.columns.role !== "batch") return 0;
  const lines = rows + view.access.factors.reduce((sum, _, i) => sum + linesOf(view, rows, i), 0);
  const isShared = lines <= (WAYS * PERIOD) / Math.min(PERIOD, Math.max(LINE_BYTES, distanceOf(view)));
  return LINE * lines * (isShared ? Math.min(1, (columns * VECTOR_BYTES) / LINE_BYTES) : 1);
}

/**
 * Cycles of a line that two threads write, which goes from one to the other and back. With it two threads on two cores
 * of Zen 3 are 1.25 to 2.3 times as fast as one, and 0.8 to 2.3 times without (34 real layers above 100 MFLOP).
 */
const CONTESTED = 40;

/** Cycles for lines that a tile has in common with the block of another thread. */
function contestedCycles(view: TileView, { rows, columns, parallel }: LineKnobs): number {
  const { columns: axis, row, blocked } = view;
  if (parallel !== "blocks" || !moves(axis, blocked) || axis.out !== 1) return 0;
  const width = columns * (isFolded(view) ? BYTES.f32 : VECTOR_BYTES);
  const isWhole = width % LINE_BYTES === 0 && (BYTES.f32 * (row?.out ?? 0)) % LINE_BYTES === 0;
  return isWhole || width >= BYTES.f32 * axis.extent ? 0 : CONTESTED * rows;
}

/** Lines of a factor. Those of a copy lie side by side and stay near. */
function linesOf({ row, along, across, packed }: TileView, rows: number, i: number): number {
  if (i === packed) return 0;
  const taps = [...along, ...across].filter((axis) => moves(axis, i));
  if (!row || !moves(row, i)) return pointsOf(taps);
  const [tap, ...rest] = taps;
  if (!tap || !along.includes(tap)) return rows * pointsOf(taps);
  // Neighbours in a row meet the same numbers where steps of taps and rows fall together.
  const [step, tapStep] = [Math.abs(row.by[i] as number), Math.abs(tap.by[i] as number)];
  const places = ((rows - 1) * step + (tap.extent - 1) * tapStep) / greatestCommonDivisor(step, tapStep) + 1;
  return Math.min(rows * tap.extent, places) * pointsOf(rest);
}

/** The largest power of two, in bytes, by which all lines of a tile lie apart. */
function distanceOf({ row, along, across, packed }: TileView): number {
  const axes: readonly AxisAccess[] = [...(row ? [row] : []), ...along, ...across];
  const steps = axes.flatMap(({ by, out }) => [out, ...by.filter((_, i) => i !== packed)]);
  return steps.reduce((divisor, step) => greatestCommonDivisor(divisor, BYTES.f32 * step), PERIOD);
}
