/** Makes the schedule of a tile of vectors: its splits, order of loops, unrolling and packing. */
import { type AxisAccess, pointsOf, tapsOver } from "../../ir/access.js";
import { BYTES } from "../../ir/dtype.js";
import type { Directive, Tail } from "../schedule.js";
import type { Target } from "../target.js";
import { bandedAxis, cutsRows } from "./bands.js";
import { LoopNames } from "./loopNames.js";
import { L2_BYTES } from "./machine.js";
import { axisNames, canShift, isPadded, packing, type Split, split } from "./tileDirectives.js";
import { isBounded, isFolded, isGuarded, moves, type TileView } from "./view.js";

/** The knobs of the sketch: a register tile, and the loops around it. */
export interface VectorTile {
  readonly rows: number;
  /** Vectors of columns, or single columns if the lanes are an axis of the reduction. */
  readonly columns: number;
  /** Iterations of the reduction's innermost loop that are written out: a divisor of all there are. */
  readonly unrolled: number;
  /** True if the tiles at the edges, and the taps along the row, are written out. */
  readonly peeled: boolean;
  /** Iterations of the loop of `bandedAxis` that each block passes over while they stay in cache; 0: all. */
  readonly band: number;
  /** True if a factor is copied into the order in which it is read. */
  readonly packed: boolean;
  /** The loop that threads share, and that stands outermost: blocks of columns, or a loop outside the tile. */
  readonly parallel: "nothing" | "blocks" | "outside";
}

/** The number of iterations that are enough for sharing them between threads. */
export const MANY = 8;

/** The loops outside the reduction, outermost first, and the splits that make them. */
interface Outside {
  readonly splits: readonly Split[];
  readonly loops: readonly string[];
}

export function vectorDirectives(tile: VectorTile, view: TileView, { lanes: width }: Target): readonly Directive[] {
  const names = new LoopNames(view.access.stage);
  const tiling = tilingOf(tile, view, width, names);
  const outside = outsideOf(tile, view, tiling, names);
  const depth = depthOf(tile, view, width, names);
  const order = [
    ...aroundTiles(outside.loops, tile, view, tiling),
    ...axisNames(view.across),
    ...axisNames(view.along),
    ...depth.loops,
    ...tiling.inside,
  ];
  const written = [...tiling.inside.slice(0, -1), ...depth.written, ...(tile.peeled ? axisNames(view.along) : [])];
  const splits = [...tiling.splits, ...outside.splits, ...depth.splits];
  return [
    ...splits,
    { do: "reorder", axes: order },
    ...written.map((axis): Directive => ({ do: "unroll", axis })),
    ...edgesOf(tile, view, tiling),
    { do: "vectorize", axis: tiling.inside.at(-1) as string },
    ...(tile.parallel === "nothing" ? [] : [{ do: "parallel", axis: order[0] as string } as const]),
    ...(tile.packed ? packing(order, splits, view) : []),
  ];
}

/** A loop over tiles, and the axis that it walks along. */
interface Turn {
  readonly axis: AxisAccess;
  readonly loop: string;
}

interface Tiling {
  readonly splits: readonly Split[];
  /** The loops over tiles along which the blocked factor moves. */
  readonly blocks: readonly Turn[];
  /** The other loops over tiles, innermost last. */
  readonly turning: readonly Turn[];
  /** The loops of the tile itself, lanes last. */
  readonly inside: readonly string[];
}

function tilingOf(tile: VectorTile, view: TileView, width: number, names: LoopNames): Tiling {
  const { row, columns, lane } = view;
  const [outer, inner, unrolled] = ["o", "i", "u"].map((suffix) => names.of(columns.name, suffix)) as [
    string,
    string,
    string,
  ];
  const lanes = names.named("lane");
  const rows: Split[] = row
    ? [
        split(
          row.name,
          tile.rows,
          [names.of(row.name, "o"), names.of(row.name, "u")],
          tailOf(row, tile.rows, tile, view),
        ),
      ]
    : [];
  const by = isFolded(view) ? tile.columns : tile.columns * width;
  const tail = tailOf(columns, by, tile, view);
  const own: Split[] = isFolded(view)
    ? [
        split(columns.name, by, [outer, unrolled], tail),
        split(lane.name, width, [names.of(lane.name, "o"), lanes], "guard"),
      ]
    : [
        split(columns.name, by, [outer, inner], tail),
        split(inner, width, [unrolled, lanes], tail === "shiftInwards" ? "guard" : tail),
      ];
  const loopOf = (axis: AxisAccess) =>
    axis === columns ? outer : names.of(axis.name, cutsRows(tile, view) && axis === row ? "i" : "o");
  const turns = turningAxes(view).map((axis) => ({ axis, loop: loopOf(axis) }));
  return {
    splits: [...rows, ...own],
    blocks: turns.filter(({ axis }) => moves(axis, view.blocked)),
    turning: turns.filter(({ axis }) => !moves(axis, view.blocked)),
    inside: [...(row ? [names.of(row.name, "u")] : []), unrolled, lanes],
  };
}

/**
 * The axes of the tile, the one whose loop over tiles is innermost last. It is the row if columns share what they read.
 * If they do not, all columns of a row are neighbours in memory, and reading one vector of each row in turn would leave
 * most of a cache line unread. Then it is the columns. Sums along the lanes read a line of their own for each output:
 * if rows share nothing with columns either, the nearer of the two axes comes last, as lines far apart share the few
 * places of a cache.
 */
function turningAxes(view: TileView): AxisAccess[] {
  const { row, columns } = view;
  if (!row) return [columns];
  const shares = columns.by.some((step, i) => step !== 0 && row.by[i] === 0);
  const isNearer = isFolded(view) && !shares && columns.out < row.out;
  return columns.role === "batch" || isNearer ? [row, columns] : [columns, row];
}

/** The knobs that say how a loop ends. */
type TailKnobs = Pick<VectorTile, "peeled" | "parallel" | "band">;

/**
 * The way in which the last tile along an axis ends. Points past the end may be summed if the domain, or the padding of
 * a copy, catches all of their reads. The edge of the axis that slides is guarded and peeled. Along other axes the last
 * tile moves back until it fits, as a guard in the innermost loop costs more.
 */
export function tailOf(axis: AxisAccess, by: number, tile: TailKnobs, view: TileView): Tail {
  if (isPadded(axis, view) || (!tile.peeled && isGuarded(view.access, axis, view.packed))) return "roundUp";
  const isEdge = axis === view.sliding && isBounded(view.access, axis);
  // A loop that threads share, or bands cut, stays where it is.
  const isShared = axis === parallelAxis(tile, view) || (axis === view.row && cutsRows(tile, view));
  return !isEdge && !isShared && canShift(axis, by, view) ? "shiftInwards" : "guard";
}

/** The axis whose loop over tiles is outermost and shared between threads. A loop that shifts cannot be shared. */
export function parallelAxis({ parallel }: Pick<VectorTile, "parallel">, view: TileView): AxisAccess | undefined {
  const { outside, blocked } = view;
  const hasRest = outside.some((axis) => !moves(axis, blocked));
  if (parallel === "nothing" || (parallel === "outside" && hasRest)) return undefined;
  const turning = turningAxes(view);
  return turning.find((axis) => moves(axis, blocked)) ?? (outside.length > 0 ? undefined : turning[0]);
}

/** Directives that separate the tiles at edges from those between. */
function edgesOf(tile: VectorTile, view: TileView, { splits, blocks, turning }: Tiling): Directive[] {
  const marked = (as: "peel" | "partition", loops: readonly string[]) =>
    loops.map((axis): Directive => ({ do: as, axis }));
  const sliding = [...blocks, ...turning].find(({ axis }) => axis === view.sliding);
  // Tiles that move back until they fit have no edge.
  const shifts = splits.some(({ into, tail }) => into[0] === sliding?.loop && tail === "shiftInwards");
  const peeled = tile.peeled && sliding ? [sliding.loop] : [];
  const cut = cutsRows(tile, view) ? turning.flatMap(({ axis, loop }) => (axis === view.row ? [loop] : [])) : [];
  const beside = tile.columns > 1 ? tapsOverColumns(view) : [];
  return [
    ...marked("peel", shifts ? [] : peeled),
    ...marked(
      "partition",
      cut.filter((loop) => !peeled.includes(loop)),
    ),
    ...marked("partition", axisNames(peeled.length > 0 ? beside : [...beside, ...view.along])),
  ];
}

/**
 * The taps that slide over single columns beside those that slide over rows. Columns of a tile meet different ones of
 * them, and each would be guarded in the innermost loop. A vector of columns has one guard for all.
 */
function tapsOverColumns(view: TileView): AxisAccess[] {
  const { access, columns, sliding, across } = view;
  if (!isFolded(view) || columns === sliding || !isBounded(access, columns)) return [];
  const taps = tapsOver(access, columns.name);
  return across.filter(({ name }) => taps.includes(name));
}

/** A block stays in cache while the rest passes by, and the parallel loop comes first. */
function outsideOf(
  { band, parallel }: VectorTile,
  view: TileView,
  { blocks: turns }: Tiling,
  names: LoopNames,
): Outside {
  const isMoved = (axis: AxisAccess) => moves(axis, view.blocked);
  const blocks = [...turns.map(({ loop }) => loop), ...axisNames(view.outside.filter(isMoved))];
  const rest = view.outside.filter((axis) => !isMoved(axis));
  const banded = bandedAxis(view);
  if (band === 0 || !banded) {
    const loops = [...blocks, ...axisNames(rest)];
    return { splits: [], loops: parallel === "outside" && rest.length > 0 ? toFront(loops, mostOf(rest)) : loops };
  }
  // The loop over bands is outside the blocks, so a band stays in cache while all blocks pass over it.
  const [outer, inner] = [names.of(banded.name, "b"), names.of(banded.name, "i")] as const;
  const isRow = banded === view.row;
  const place = isRow ? rest.length : rest.indexOf(banded);
  const within = [...(isRow ? [] : [inner]), ...axisNames(rest.slice(place + 1))];
  const loops = [...axisNames(rest.slice(0, place)), outer, ...blocks, ...within];
  const front = { nothing: loops, blocks: toFront(loops, blocks[0] ?? outer), outside: toFront(loops, outer) };
  const cut = split(isRow ? names.of(banded.name, "o") : banded.name, band, [outer, inner], "guard");
  return { splits: [cut], loops: front[parallel] };
}

/**
 * All loops around a tile. If rows are farther apart in memory than the points of a loop outside, and all of these do
 * not stay in cache, that loop runs inside the one over rows: tiles follow one another as they lie in memory.
 */
function aroundTiles(
  outside: readonly string[],
  { band, parallel }: VectorTile,
  view: TileView,
  { turning }: Tiling,
): string[] {
  const loops = turning.map(({ loop }) => loop);
  const [turn] = turning;
  if (!turn || turn.axis !== view.row || loops.length > 1 || band > 0) return [...outside, ...loops];
  const { out } = turn.axis;
  const nearer = view.outside.filter((axis) => !moves(axis, view.blocked) && axis.out < out);
  if (BYTES.f32 * pointsOf([turn.axis, ...nearer, ...view.depth]) <= L2_BYTES) return [...outside, ...loops];
  const last = outside.findLastIndex((loop) => !axisNames(nearer).includes(loop));
  // The loop that threads share stays the first.
  const place = Math.max(last + 1, parallel === "nothing" ? 0 : 1);
  return [...outside.slice(0, place), ...loops, ...outside.slice(place)];
}

const toFront = (loops: readonly string[], first: string): string[] => [first, ...loops.filter((one) => one !== first)];

/** The name of the first axis with enough iterations for all threads, or of the one with most. */
function mostOf(axes: readonly AxisAccess[]): string {
  const most = axes.reduce((best, next) => (next.extent > best.extent ? next : best));
  return (axes.find(({ extent }) => extent >= MANY) ?? most).name;
}

/** The loops of the reduction beside its taps, and which of them is written out. */
function depthOf({ unrolled }: VectorTile, view: TileView, width: number, names: LoopNames) {
  const innermost = isFolded(view) ? view.lane : view.depth.at(-1);
  if (!innermost) return { splits: [], loops: [], written: [] };
  const loop = isFolded(view) ? names.of(innermost.name, "o") : innermost.name;
  const before = axisNames(view.depth.filter((axis) => axis !== innermost));
  if (unrolled === iterationsOf(view, width) || unrolled === 1)
    return { splits: [], loops: [...before, loop], written: unrolled > 1 ? [loop] : [] };
  const [outer, inner] = [names.of(innermost.name, "b"), names.of(innermost.name, "u")] as const;
  return {
    splits: [split(loop, unrolled, [outer, inner], "guard")],
    loops: [...before, outer, inner],
    written: [inner],
  };
}

/** Iterations of the innermost loop of the reduction; if its axis is the lanes, each is a vector. */
export function iterationsOf(view: TileView, width: number): number {
  const innermost = isFolded(view) ? view.lane : view.depth.at(-1);
  return Math.max(1, (innermost?.extent ?? 1) / (isFolded(view) ? width : 1));
}
