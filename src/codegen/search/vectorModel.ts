/** What a tile of vectors costs in a stage, and whether it is too much code. */
import { type AxisAccess, pointsOf, tapsOver } from "../../ir/access.js";
import { BYTES } from "../../ir/dtype.js";
import { subexpressions } from "../../ir/expr.js";
import type { Target } from "../target.js";
import { type LiveRange, lengthOf, liveRanges, tilesOf } from "./live.js";
import { L2_BYTES_OF_IMAGE, MEMORY_BYTES_PER_CYCLE } from "./machine.js";
import { iterationCycles, loopCycles, spilling, type TermWork, tileCycles } from "./vectorCost.js";
import type { VectorTile } from "./vectorTile.js";
import { copiedElements, isFolded, moves, type TileView } from "./view.js";

/** Straight code beyond this many multiply-adds costs more to compile and to fetch than it saves. */
const MAX_PEELED = 1200;

/** Instructions of a call for each lane of `exp` or `tanh`, which WebAssembly has not. */
const CALL = 60;

/** Cycles for each element that a call copies, one at a time. */
const COPY = 2;

type Shape = Pick<VectorTile, "rows" | "columns" | "terms">;

/** All that the tiles of one view share. */
export class VectorModel {
  readonly target: Target;
  /** By tap along what turns: which of its points it meets. */
  readonly live: readonly LiveRange[];
  /** The axis along which tiles follow each other: the row, or the columns where there is none. */
  readonly #turned: AxisAccess;
  readonly #isFolded: boolean;
  readonly #operations: number;
  readonly #calls: number;

  constructor(
    readonly view: TileView,
    target: Target,
  ) {
    this.target = canPair(view, 2, target) ? target : { ...target, pairs: false };
    this.#turned = view.row ?? view.columns;
    this.live = liveRanges(view.access, this.#turned, view.along);
    this.#isFolded = isFolded(view);
    const parts = [...subexpressions(view.access.stage.term)];
    this.#operations = parts.filter(({ kind }) => kind === "binary").length;
    this.#calls = parts.filter((one) => one.kind === "unary" && one.op !== "negate").length;
  }

  /** Outputs of a tile along the columns. */
  widthOf({ columns }: Pick<VectorTile, "columns">): number {
    return columns * (this.#isFolded ? 1 : this.target.lanes);
  }

  #step(tile: Pick<VectorTile, "rows" | "columns">): number {
    return this.view.row ? tile.rows : this.widthOf(tile);
  }

  /** Tiles side by side along the columns. */
  turnsOf(tile: Pick<VectorTile, "columns">): number {
    return Math.ceil(this.view.columns.extent / this.widthOf(tile));
  }

  /** Blocks of the packed factor, each of which stays in cache while the rest passes by. */
  blocksOf(tile: Pick<VectorTile, "columns">): number {
    const { columns, outside, packed } = this.view;
    const others = pointsOf(outside.filter((axis) => moves(axis, packed)));
    return others * (packed === undefined || moves(columns, packed) ? this.turnsOf(tile) : 1);
  }

  /** True if a peeled tile is not too much code. */
  canPeel(tile: Shape): boolean {
    if (!this.view.sliding) return false;
    const step = this.#step(tile);
    const { extent } = this.#turned;
    // Tiles that some tap does not meet whole: those before the last first point, and from the first last one on.
    const head = Math.ceil(Math.max(0, ...this.live.map(({ first }) => first)) / step);
    const whole = Math.floor((Math.min(extent - 1, ...this.live.map(({ last }) => last)) + 1) / step);
    const cut = Math.ceil(extent / step) - Math.max(0, whole - head);
    return (cut + 1) * this.live.length * tile.rows * tile.columns * tile.terms <= MAX_PEELED;
  }

  cycles(tile: Shape & Pick<VectorTile, "peeled">): number {
    const { view, target } = this;
    const step = this.#step(tile);
    const iterations = Math.max(1, pointsOf(view.depth) / (this.#isFolded ? target.lanes : 1));
    const [turns, all] = [iterations / tile.terms, iterations * pointsOf([...view.along, ...view.across])];
    const sumOf = (points: number) => turns * iterationCycles(this.#workOf(tile, points), all) + loopCycles(turns);
    const most = view.row ? tile.rows : tile.columns;
    let row = 0;
    for (const range of this.live) {
      for (const { live, tiles } of tilesOf(range, step)) {
        const points = Math.ceil((live * most) / step);
        row += tiles * (points < most && !tile.peeled ? points * sumOf(1) : sumOf(points));
      }
    }
    const rest = Math.ceil(this.#turned.extent / step) * tileCycles(tile, this.#isFolded);
    const blocks = view.row ? this.turnsOf(tile) : 1;
    return blocks * (this.#liveOutside() * row + pointsOf(view.outside) * rest) + COPY * copiedElements(view);
  }

  /** Points outside the tile that the other taps meet, each counted once per tap. */
  #liveOutside(): number {
    const { access, across, outside } = this.view;
    return outside.reduce((all, axis) => {
      const taps = across.filter(({ name }) => tapsOver(access, axis.name).includes(name));
      return all * liveRanges(access, axis, taps).reduce((sum, range) => sum + lengthOf(range), 0);
    }, 1);
  }

  /** Of a tile of which so many rows are live (or columns, where there is no row). */
  #workOf(tile: Shape, points: number): TermWork {
    const { view, target } = this;
    const [rows, columns] = view.row ? [points, tile.columns] : [1, points];
    const wide = target.pairs ? columns / 2 : columns;
    let [loads, splats, streamed] = [0, 0, 0];
    view.access.factors.forEach((_, i) => {
      const [inRow, inColumns] = [view.row !== undefined && moves(view.row, i), moves(view.columns, i)];
      const count = (inRow ? rows : 1) * (inColumns ? wide : 1);
      const isSplat = !moves(view.lane, i);
      loads += count;
      if (isSplat) splats += count;
      else if (!inRow && i === (view.packed ?? i)) streamed += inColumns ? columns : 1;
    });
    const fused = target.fma && this.#operations > 0 ? this.#operations : this.#operations + 1;
    return { sums: rows * wide, loads, splats, streamed, arithmetic: fused + this.#calls * CALL, terms: tile.terms };
  }

  /** With sums that do not stay in registers, and what passes by more often than once. */
  refined(tile: VectorTile): number {
    const registers = this.registerTile(tile);
    return this.cycles(tile) * spilling({ ...registers, terms: tile.terms }, this.target) + this.#readingCycles(tile);
  }

  /** Without a row, vectors of columns take the place of rows: each meets the same few numbers of the other factor. */
  registerTile({ rows, columns }: Pick<VectorTile, "rows" | "columns">): Pick<VectorTile, "rows" | "columns"> {
    return this.view.row ? { rows, columns } : { rows: columns, columns: 1 };
  }

  /** The first factor for each block of columns, or the packed one for each band. */
  #readingCycles(tile: VectorTile): number {
    const { access, packed, outside, along, across, depth } = this.view;
    const rest = outside.filter((axis) => !moves(axis, packed));
    const images = pointsOf(rest.slice(0, -1));
    const others = access.space.filter((axis) => !moves(axis, packed) && !rest.slice(0, -1).includes(axis));
    const image = pointsOf([...others, ...depth]) * BYTES.f32;
    const moved = access.space.filter((axis) => moves(axis, packed));
    const weights = pointsOf([...moved, ...along, ...across, ...depth]) * BYTES.f32;
    const bands = tile.band === 0 ? 1 : images * Math.ceil((rest.at(-1)?.extent ?? 1) / tile.band);
    const imageTimes = tile.band === 0 && image > L2_BYTES_OF_IMAGE ? this.blocksOf(tile) : 1;
    return (imageTimes * images * image + bands * weights) / MEMORY_BYTES_PER_CYCLE.images;
  }
}

/** Vectors are joined in twos, from their stores on, so all of them must be packed and stored whole. */
export const canPair = ({ columns, packed }: TileView, vectors: number, { pairs, lanes }: Target): boolean =>
  pairs && moves(columns, packed) && vectors % 2 === 0 && columns.extent % (vectors * lanes) === 0;
