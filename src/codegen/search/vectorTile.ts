/**
 * The sketches for targets with vectors: a register tile of rows by vectors of columns.
 *
 * Blocks of columns are the outermost loop: what a block reads of the packed factor stays in cache while it passes over
 * the rest. Tiles of channels, which share nothing with one another, follow one another as they lie in memory.
 * The register tile is inside the reduction. The columns of a convolution are output channels, which share the splat of
 * a pixel. The lanes are output channels, too, or input channels if a few output channels would leave lanes empty.
 *
 * Tiles where a row meets the image's edge are peeled: each is written out, so that a tap multiplies only the points
 * that it meets. If that is too much code, the taps are tested as the tile runs.
 */
import type { Access } from "../../ir/access.js";
import type { Target } from "../target.js";
import { allBands, bandsToPick, bandsToShare } from "./bands.js";
import { type Sketch, sketchOf } from "./sketch.js";
import { registersOf } from "./vectorCost.js";
import { iterationsOf, MANY, parallelAxis, type VectorTile, vectorDirectives } from "./vectorDirectives.js";
import { canPair, VectorModel } from "./vectorModel.js";
import { canLoad, channelViews, isFolded, moves, productViews, reductionViews, type TileView } from "./view.js";

type RegisterTile = Pick<VectorTile, "rows" | "columns">;

const MAX_ROWS = 12;
const MAX_COLUMNS = 4;
/** A pick unrolls a reduction of at most so many iterations. */
const SHORT = 8;
/** Multiply-adds of vectors in one iteration of a pick at most. More code takes longer to compile and to fetch. */
const MAX_ITERATION = 64;
/** The same limit for all settings of the search space. */
const MAX_WRITTEN = 128;
/** Registers beyond the target's that are tried: engines reserve different numbers, and load in different orders. */
const SPARE_REGISTERS = 1;
const UNROLLED = [1, 2, 4, 8];

/** A sketch over the views of `viewsOf`; the sketches differ in nothing else. */
const vectorSketch = (name: string, viewsOf: (access: Access, lanes: number) => readonly TileView[]): Sketch =>
  sketchOf<TileView, VectorTile>({
    name,
    read: (access, target) =>
      target.lanes > 1 ? viewsOf(access, target.lanes).filter((view) => suits(view, target)) : [],
    picks,
    all,
    cycles: (tile, view, target) => modelOf(view, target).cycles(tile),
    refined: (tile, view, target) => modelOf(view, target).refined(tile),
    directives: vectorDirectives,
  });

/** Matrix products and convolutions: columns share the factor that moves along the rows. */
export const VECTOR_PRODUCT = vectorSketch("product", (access, lanes) =>
  productViews(access, lanes).filter(({ columns }) => columns.role === "reuse"),
);

/** Depthwise convolutions, pooling, elementwise ops: lanes share no factor, rows share a window. */
export const CHANNEL_WISE = vectorSketch("channels", channelViews);

/** Long sums or maxima with outputs that are no neighbours in memory: lanes hold partial results. */
export const REDUCTION = vectorSketch("reduction", reductionViews);

/** False for lanes along the reduction if the engine can join vectors: it joins only those that a splat multiplies. */
const suits = (view: TileView, target: Target): boolean => !isFolded(view) || !canPair(view, 2, target);

const models = new WeakMap<TileView, { readonly target: Target; readonly model: VectorModel }>();

/** The model of a view, kept as it is asked about thousands of tiles. */
function modelOf(view: TileView, target: Target): VectorModel {
  const known = models.get(view);
  if (known?.target === target) return known.model;
  const model = new VectorModel(view, target);
  models.set(view, { target, model });
  return model;
}

function* picks(view: TileView, target: Target): Generator<VectorTile> {
  const model = modelOf(view, target);
  for (const registers of registerTiles(model, target.registers)) {
    const shape = { ...registers, unrolled: unrolledOf(registers, model) };
    const packed = view.packed !== undefined;
    for (const { parallel, bands } of waysToShare(registers, model)) {
      const peeled = model.canPeel(shape) && canPeelWhere(parallel, view);
      for (const band of bands) yield { ...shape, peeled, band, packed, parallel };
    }
  }
}

function* all(view: TileView, target: Target): Generator<VectorTile> {
  const model = modelOf(view, target);
  for (const registers of registerTiles(model, target.registers + SPARE_REGISTERS)) {
    const ways = target.threads ? (["blocks", "outside"] as const) : (["nothing"] as const);
    for (const unrolled of allUnrolled(registers, model)) {
      const mayPeel = model.canPeel({ ...registers, unrolled });
      for (const peeled of mayPeel ? [true, false] : [false])
        for (const band of allBands(view, registers))
          for (const packed of packings(registers, model))
            for (const parallel of ways)
              if (!peeled || canPeelWhere(parallel, view))
                yield { ...registers, unrolled, peeled, band, packed, parallel };
    }
  }
}

/** A loop that threads share stays whole. */
const canPeelWhere = (parallel: VectorTile["parallel"], view: TileView): boolean =>
  view.sliding === undefined || parallelAxis({ parallel }, view) !== view.sliding;

/**
 * True if channels are neighbours as they lie, too. Then the copy is for whole tiles alone, as a ragged one cannot move
 * back in it.
 */
const isOptionalCopy = ({ access, columns, packed, blocked }: TileView, { lanes }: Target): boolean =>
  packed !== undefined && blocked === undefined && canLoad(access, columns, lanes);

/** Register tiles that need no more than so many registers. */
function* registerTiles(model: VectorModel, registers: number): Generator<RegisterTile> {
  const { view, target } = model;
  const [mostRows, mostColumns] = view.row
    ? [Math.min(MAX_ROWS, Math.max(1, view.row.extent)), Math.min(MAX_COLUMNS, model.turnsOf({ columns: 1 }))]
    : [1, Math.min(MAX_ROWS, Math.max(1, view.columns.extent))];
  for (let columns = 1; columns <= mostColumns; columns++) {
    if (target.pairs && !canPair(view, columns, target)) continue;
    if (isOptionalCopy(view, target) && view.columns.extent % (columns * target.lanes) !== 0) continue;
    for (let rows = 1; rows <= mostRows; rows++) {
      const tile = { rows, columns };
      if (registersOf(model.registerTile(tile), target) <= registers) yield tile;
    }
  }
}

/**
 * The iterations that a pick unrolls. It is mostly one: the loop's own instructions hide behind the arithmetic, and
 * more code takes longer to compile. A short loop is unrolled whole, unless the engine hoists all loads of its body.
 */
function unrolledOf({ rows, columns }: RegisterTile, { view, target }: VectorModel): number {
  const iterations = iterationsOf(view, target.lanes);
  if (target.hoistsLoads) return 1;
  const mayWrite = (unrolled: number) => iterations % unrolled === 0 && unrolled * rows * columns <= MAX_ITERATION;
  if (iterations <= SHORT && mayWrite(iterations)) return iterations;
  // Without rows there is too little arithmetic for the loop to hide behind.
  return isFolded(view) && !view.row ? (UNROLLED.filter(mayWrite).at(-1) ?? 1) : 1;
}

/** Divisors of the iterations, and all of them where those are few. */
function allUnrolled({ rows, columns }: RegisterTile, { view, target }: VectorModel): number[] {
  const iterations = iterationsOf(view, target.lanes);
  return [...new Set([...UNROLLED, iterations])].filter(
    (count) => count === 1 || (iterations % count === 0 && count * rows * columns <= MAX_WRITTEN),
  );
}

/** A factor may be left as it is if its lanes are neighbours in memory, and no tile reads past its end. */
function packings({ rows, columns }: RegisterTile, { view, target }: VectorModel): boolean[] {
  const { packed, row } = view;
  if (packed === undefined) return [false];
  const fits = view.columns.extent % columns === 0 && (!row || !moves(row, packed) || row.extent % rows === 0);
  return isFolded(view) && fits && canLoad(view.access, view.lane, target.lanes) ? [true, false] : [true];
}

/** A loop that threads may share, and the bands to pick from beside it. */
interface Sharing {
  readonly parallel: VectorTile["parallel"];
  readonly bands: readonly number[];
}

/**
 * Blocks of columns if there are enough of them, as each keeps its weights to itself; and a loop outside, or one over
 * bands of rows, as threads then write no lines in common.
 */
function waysToShare(tile: RegisterTile, model: VectorModel): Sharing[] {
  const { view, target } = model;
  const bands = bandsToPick(view, tile, model.passesOf(tile), target);
  if (!target.threads) return [{ parallel: "nothing", bands }];
  // Without blocks, any loop outside comes before the one over tiles.
  if (view.blocked === undefined && view.outside.length > 0) return [{ parallel: "outside", bands }];
  const hasMany = view.outside.some((axis) => !moves(axis, view.blocked) && axis.extent >= MANY);
  const outside = hasMany ? bands : bandsToShare(view, tile, MANY);
  return [
    ...(model.blocksOf(tile) >= MANY || outside.length === 0 ? [{ parallel: "blocks", bands } as const] : []),
    ...(outside.length > 0 ? [{ parallel: "outside", bands: outside } as const] : []),
  ];
}
