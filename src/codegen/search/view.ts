/** The ways in which a register tile can lie in a stage: axes for its rows, columns and lanes. */
import { type Access, type AxisAccess, type Factor, tapsOver } from "../../ir/access.js";
import { type Affine, coefficientOf } from "../../ir/affine.js";
import { loadsOf } from "../../ir/expr.js";
import { type Axis, adjacentDimension } from "../../ir/program.js";
import type { View } from "./sketch.js";

export interface TileView extends View {
  /** The axis of the lanes. Along an axis of the reduction they hold partial results, which are joined at the end. */
  readonly lane: AxisAccess;
  readonly columns: AxisAccess;
  readonly row: AxisAccess | undefined;
  /** The other axes of the output. Those along which the packed factor moves come first. */
  readonly outside: readonly AxisAccess[];
  /** The row if taps slide over it, else the columns if taps slide over them. */
  readonly sliding: AxisAccess | undefined;
  /** The taps that slide over `sliding`. */
  readonly along: readonly AxisAccess[];
  /** The other taps. */
  readonly across: readonly AxisAccess[];
  /** The axes of the reduction that are no taps, innermost last. */
  readonly depth: readonly AxisAccess[];
  /** The index of the factor that can be copied into the order in which it is read. */
  readonly packed: number | undefined;
}

/** True if lanes hold partial results of one output. */
export const isFolded = ({ access, lane }: TileView): boolean => access.reduce.includes(lane);

export const moves = (axis: AxisAccess, factor: number | undefined): boolean =>
  factor !== undefined && axis.by[factor] !== 0;

/** True if the domain keeps points before the first and after the last of an axis out of the sum. */
export const isGuarded = ({ stage }: Access, { name }: AxisAccess): boolean =>
  [1, -1].every((sign) => stage.domain.some((form) => Math.sign(coefficientOf(form, name)) === sign));

/**
 * True if lanes along the axis are neighbours in memory, or all the same element. An axis shorter than a vector is
 * never read as a vector, so it may subscript a dimension of one element.
 */
function isAdjacent(at: readonly Affine[], shape: readonly number[], { name, extent }: Axis, lanes: number): boolean {
  const along = adjacentDimension(shape);
  return at.every((form, i) => {
    const step = coefficientOf(form, name);
    return step === 0 || (step === 1 && (i === along || (i > along && extent < lanes)));
  });
}

/** True if vectors along the axis can be loaded whole from every factor; the packed one is loaded from its copy. */
export const canLoad = ({ factors }: Access, axis: Axis, lanes: number, packed?: number): boolean =>
  factors.every(({ at, shape }, i) => i === packed || isAdjacent(at, shape, axis, lanes));

/** True if vectors along an axis of the output can be stored whole, and loaded from all that `finish` reads. */
export function canStore({ stage, shapeOf }: Access, axis: AxisAccess, lanes: number): boolean {
  const all = [stage.output, ...loadsOf(stage.finish)];
  return axis.out === 1 && all.every(({ buffer, at }) => isAdjacent(at, shapeOf(buffer), axis, lanes));
}

/** True if an axis of the reduction has whole vectors, of which either all lanes are in the domain or none. */
const isWhole = ({ stage }: Access, { name, extent }: AxisAccess, lanes: number): boolean =>
  extent > 0 && extent % lanes === 0 && stage.domain.every((form) => coefficientOf(form, name) === 0);

const isKnown = ({ isKnown: known }: Factor): boolean => known;

/** The index of the first factor that is known before the call, so that copying it costs a call nothing. */
function knownFactor({ factors }: Access): number | undefined {
  const place = factors.findIndex(isKnown);
  return place < 0 ? undefined : place;
}

export interface Tile {
  readonly row: AxisAccess | undefined;
  readonly columns: AxisAccess;
  readonly lane: AxisAccess;
  readonly packed: number | undefined;
}

/** The view that follows from the axes of a tile. */
function viewOf(access: Access, { row, columns, lane, packed }: Tile): TileView {
  const sliding = [row, columns].find((axis) => axis && tapsOver(access, axis.name).length > 0);
  const taps = sliding ? tapsOver(access, sliding.name) : [];
  const rest = access.space.filter((axis) => axis !== row && axis !== columns);
  return {
    name: [row, columns, lane].map((axis) => axis?.name ?? "-").join(" "),
    access,
    lane,
    columns,
    row,
    outside: [...rest.filter((axis) => moves(axis, packed)), ...rest.filter((axis) => !moves(axis, packed))],
    sliding,
    along: access.reduce.filter(({ name }) => taps.includes(name)),
    across: access.reduce.filter(({ name, role }) => role === "tap" && !taps.includes(name)),
    depth: access.reduce.filter(({ role }) => role === "depth"),
    packed,
  };
}

/**
 * The views for products. A factor that moves along the columns stays along the row, so it is read once for all rows.
 * The lanes are columns, or an axis of the reduction along which every factor has neighbours.
 */
export function productViews(access: Access, lanes: number): TileView[] {
  const { space, reduce } = access;
  const packed = knownFactor(access);
  const adjacent = space.filter((axis) => canLoad(access, axis, lanes, packed) && canStore(access, axis, lanes));
  // Columns that fill no vector are better than none.
  const filled = adjacent.findLast(({ extent }) => extent >= lanes) ?? adjacent.at(-1);
  const columns = filled ?? space.findLast(({ role }) => role === "reuse");
  if (!columns) return [];
  const folded = reduce.filter((axis) => {
    return axis.role === "depth" && isWhole(access, axis, lanes) && canLoad(access, axis, lanes, packed);
  });
  return rowsFor(access, columns).flatMap((row) =>
    [...(filled ? [filled] : []), ...folded].map((lane) => viewOf(access, { row, columns, lane, packed })),
  );
}

/**
 * The axes that can be rows, as rows along them share reads: a factor that moves along the columns stays, or else taps
 * slide and neighbours read the same numbers. If taps slide over some of the axes, the others are left out.
 */
function rowsFor(access: Access, columns: AxisAccess): (AxisAccess | undefined)[] {
  const slides = ({ name }: AxisAccess) => tapsOver(access, name).length > 0;
  const stays = (axis: AxisAccess) => columns.by.some((step, i) => step !== 0 && axis.by[i] === 0);
  const others = access.space.filter((axis) => axis !== columns && (axis.extent > 1 || slides(axis))).reverse();
  const sharing = others.filter(stays);
  const rows = sharing.length > 0 ? sharing : others.filter(slides);
  const sliding = rows.filter(slides);
  if (sliding.length > 0) return sliding;
  return rows.length > 0 ? rows : [undefined];
}

/** The views whose lanes are a batch axis along which every factor and the output have neighbours. */
export function channelViews(access: Access, lanes: number): TileView[] {
  const { space } = access;
  const known = knownFactor(access);
  const adjacent = space.filter(
    (axis) => axis.role === "batch" && canLoad(access, axis, lanes, known) && canStore(access, axis, lanes),
  );
  const columns = adjacent.findLast(({ extent }) => extent >= lanes) ?? adjacent.at(-1);
  if (!columns) return [];
  // Each number of a factor is read for one lane only, so a copy is made only if vectors cannot be loaded without it.
  const packed = canLoad(access, columns, lanes) ? undefined : known;
  return rowsFor(access, columns).map((row) => viewOf(access, { row, columns, lane: columns, packed }));
}

/** The views whose lanes are an axis of the reduction, for stages where no axis of the output can be lanes. */
export function reductionViews(access: Access, lanes: number): TileView[] {
  const { space, reduce } = access;
  const hasColumns = productViews(access, lanes).length > 0 || channelViews(access, lanes).length > 0;
  const lane = reduce.findLast((axis) => {
    return axis.role === "depth" && isWhole(access, axis, lanes) && canLoad(access, axis, lanes);
  });
  const columns = space.findLast(({ extent }) => extent > 1) ?? space.at(-1);
  return hasColumns || !lane || !columns ? [] : [viewOf(access, { row: undefined, columns, lane, packed: undefined })];
}
