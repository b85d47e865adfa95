/** How a register tile can lie in a stage: rows by columns of outputs, and an axis for the lanes. */
import { type Access, type AxisAccess, type Factor, pointsOf, tapsOver } from "../../ir/access.js";
import { type Affine, affine, coefficientOf, type Guard, isConstant, subtract } from "../../ir/affine.js";
import { loadsOf } from "../../ir/expr.js";
import { type Axis, adjacentDimension } from "../../ir/program.js";
import type { View } from "./sketch.js";

export interface TileView extends View {
  /** The axis of the lanes. Along an axis of the reduction they hold partial results, which are joined at the end. */
  readonly lane: AxisAccess;
  readonly columns: AxisAccess;
  readonly row: AxisAccess | undefined;
  /** The other axes of the output. Those along which the blocked factor moves come first. */
  readonly outside: readonly AxisAccess[];
  /** The row if taps slide over it, else the columns if taps slide over them. */
  readonly sliding: AxisAccess | undefined;
  /** The taps that slide over `sliding`. */
  readonly along: readonly AxisAccess[];
  /** The other taps. */
  readonly across: readonly AxisAccess[];
  /** The axes of the reduction that are no taps, innermost last. */
  readonly depth: readonly AxisAccess[];
  /** The factor that is copied into the order in which it is read: before the call if known, else by each call. */
  readonly packed: number | undefined;
  /**
   * The factor whose blocks stay in cache while they pass over the rest: the packed one. Where columns share nothing
   * that passes, there are no blocks.
   */
  readonly blocked: number | undefined;
}

/** True if lanes hold partial results of one output. */
export const isFolded = ({ access, lane }: TileView): boolean => access.reduce.includes(lane);

/** True if lanes are outputs that are no neighbours, which are stored one by one. */
export const isScattered = (view: TileView, lanes: number): boolean =>
  !isFolded(view) && !canStore(view.access, view.lane, lanes);

export const moves = (axis: AxisAccess, factor: number | undefined): boolean =>
  factor !== undefined && axis.by[factor] !== 0;

/** True if the domain tells points of the axis apart. */
export const isBounded = ({ stage }: Access, { name }: Axis): boolean =>
  stage.domain.some((form) => coefficientOf(form, name) !== 0);

/** True if the domain keeps out of the sum all that would be read past the axis's end. A copy is padded there. */
export function isGuarded({ stage, factors }: Access, { name }: Axis, packed?: number): boolean {
  const limits = factors.flatMap(({ at, shape }, i) =>
    at.flatMap((form, dimension) => {
      const step = i === packed ? 0 : coefficientOf(form, name);
      return step === 0 ? [] : step < 0 ? [form] : [subtract(affine((shape[dimension] as number) - 1), form)];
    }),
  );
  return limits.every((limit) => isSaid(limit, stage.domain));
}

/** True if a guard says that the form is not below zero, or says more. */
const isSaid = (form: Affine, guard: Guard): boolean =>
  guard.some((known) => {
    const rest = subtract(form, known);
    return isConstant(rest) && rest.constant >= 0;
  });

/**
 * True if lanes along the axis are neighbours, or one and the same element; a single lane is no vector. No vector is
 * ever read along an axis that fills none, so such an axis may lie in a dimension of one element.
 */
function isAdjacent(at: readonly Affine[], shape: readonly number[], { name, extent }: Axis, lanes: number): boolean {
  const along = adjacentDimension(shape);
  if (lanes === 1) return true;
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

/** True if the term reads the factor's buffer nowhere else: a copy serves one read. */
export const isReadOnce = ({ factors }: Access, { buffer }: Factor): boolean =>
  factors.filter((other) => other.buffer === buffer).length === 1;

/** The factor that a copy before the call costs nothing. */
function knownFactor(access: Access): number | undefined {
  const place = access.factors.findIndex((factor) => factor.isKnown && isReadOnce(access, factor));
  return place < 0 ? undefined : place;
}

/** Factors known only at the call, which each call copies where that pays. */
const unknownFactors = (access: Access): number[] =>
  access.factors.flatMap((factor, i) => (!factor.isKnown && isReadOnce(access, factor) ? [i] : []));

/** Elements that each call copies. */
export function copiedElements({ access, packed }: TileView): number {
  if (packed === undefined || access.factors[packed]?.isKnown) return 0;
  return pointsOf([...access.space, ...access.reduce].filter((axis) => moves(axis, packed)));
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
  const copied = access.factors[packed ?? -1];
  const blocked = columns.role === "batch" ? undefined : packed;
  return {
    name: [row?.name ?? "-", columns.name, lane.name, ...(copied?.isKnown === false ? [copied.buffer] : [])].join(" "),
    access,
    lane,
    columns,
    row,
    outside: [...rest.filter((axis) => moves(axis, blocked)), ...rest.filter((axis) => !moves(axis, blocked))],
    sliding,
    along: access.reduce.filter(({ name }) => taps.includes(name)),
    across: access.reduce.filter(({ name, role }) => role === "tap" && !taps.includes(name)),
    depth: access.reduce.filter(({ role }) => role === "depth"),
    packed,
    blocked,
  };
}

/**
 * The views for products. A factor that moves along the columns stays along the row, so it is read once for all rows.
 * The lanes are columns, or an axis of the reduction along which every factor has neighbours.
 */
export function productViews(access: Access, lanes: number): TileView[] {
  // A copy that each call makes must serve many rows.
  const copying = unknownFactors(access).flatMap((packed) =>
    viewsPacking(access, lanes, packed).filter(({ row, columns, lane }) => {
      return row && lane === columns && moves(columns, packed) && !moves(row, packed);
    }),
  );
  const known = knownFactor(access);
  return [...viewsPacking(access, lanes, known), ...scatteredViews(access, lanes, known), ...copying];
}

function viewsPacking(access: Access, lanes: number, packed: number | undefined): TileView[] {
  const { space, reduce } = access;
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
 * The views whose lanes are no neighbours in the output, for stages that cannot store a whole vector. Such a store is
 * made lane by lane, with all that it reads.
 */
function scatteredViews(access: Access, lanes: number, packed: number | undefined): TileView[] {
  const long = access.space.filter((axis) => axis.extent >= lanes && canLoad(access, axis, lanes, packed));
  if (lanes === 1 || long.some((axis) => canStore(access, axis, lanes))) return [];
  return long
    .filter(({ role, out }) => role === "reuse" && out !== 1)
    .flatMap((columns) =>
      rowsFor(access, columns).map((row) => viewOf(access, { row, columns, lane: columns, packed })),
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

/**
 * The views whose lanes are a batch axis along which every factor and the output have neighbours. The known factor is
 * packed where it has to be, and also where taps read numbers of it that lie apart: those of a copy lie side by side.
 */
export function channelViews(access: Access, lanes: number): TileView[] {
  const { space } = access;
  const known = knownFactor(access);
  const adjacent = space.filter(
    (axis) => axis.role === "batch" && canLoad(access, axis, lanes, known) && canStore(access, axis, lanes),
  );
  const columns = adjacent.findLast(({ extent }) => extent >= lanes) ?? adjacent.at(-1);
  if (!columns) return [];
  const gains = moves(columns, known) && access.reduce.some((axis) => moves(axis, known));
  const copies = canLoad(access, columns, lanes) ? [...(gains ? [known] : []), undefined] : [known];
  return rowsFor(access, columns).flatMap((row) =>
    copies.map((packed) => viewOf(access, { row, columns, lane: columns, packed })),
  );
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
