/** Estimates the cost of a tile of vectors in a stage, and the size of its code. */
import { type AxisAccess, pointsOf, tapsOver } from "../../ir/access.js";
import { type Expr, subexpressions } from "../../ir/expr.js";
import { storageOf, type Target } from "../target.js";
import { passingCycles } from "./bands.js";
import { lineCycles } from "./lines.js";
import { type LiveRange, lengthOf, liveRanges, tilesOf } from "./live.js";
import {
  iterationCycles,
  loopCycles,
  type Storing,
  shufflesOf,
  spilling,
  type TermWork,
  tileCycles,
  waitingCycles,
} from "./vectorCost.js";
import { tailOf, type VectorTile } from "./vectorDirectives.js";
import { canStore, copiedElements, isFolded, isScattered, moves, type TileView } from "./view.js";

/** Straight code of more multiply-adds of vectors costs more to compile and to fetch than it saves. */
const MAX_PEELED = 1200;

/** Instructions of a call of a function for each lane, as WebAssembly has no such instruction. */
const CALL = 60;

/** Cycles for each element that a call copies, one at a time. */
const COPY = 2;

type TileShape = Pick<VectorTile, "rows" | "columns" | "unrolled">;

/** The cost model of all tiles of one view. */
export class VectorModel {
  readonly target: Target;
  /** The points of `#turned` that each tap along it meets. */
  readonly live: readonly LiveRange[];
  /** The axis along which tiles follow each other: the row, or the columns if there is no row. */
  readonly #turned: AxisAccess;
  readonly #isFolded: boolean;
  readonly #storing: Storing;
  readonly #operations: number;
  readonly #calls: number;

  constructor(
    readonly view: TileView,
    target: Target,
  ) {
    const readsHalves = view.access.factors.some(({ role }) => storageOf(target, role) === "f16");
    this.target = { ...target, pairs: canPair(view, 2, target), storage: readsHalves ? "f16" : "f32" };
    this.#turned = view.row ?? view.columns;
    this.live = liveRanges(view.access, this.#turned, view.along);
    this.#isFolded = isFolded(view);
    this.#storing = this.#isFolded ? "folded" : isScattered(view, target.lanes) ? "scattered" : "whole";
    const parts = subexpressions(view.access.stage.term);
    const count = (kind: Expr["kind"]) => parts.filter((one) => one.kind === kind).length;
    // A select compares, too.
    this.#operations = count("binary") + 2 * count("select");
    this.#calls = parts.filter((one) => one.kind === "unary" && one.op !== "negate").length;
  }

  /** Columns of a tile. */
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

  /** Blocks of the blocked factor, each of which stays in cache while it passes over the rest. */
  blocksOf(tile: Pick<VectorTile, "columns">): number {
    const { columns, outside, blocked } = this.view;
    const others = pointsOf(outside.filter((axis) => moves(axis, blocked)));
    return others * (blocked === undefined || moves(columns, blocked) ? this.turnsOf(tile) : 1);
  }

  /** True if a tile can be peeled without too much code. */
  canPeel(tile: TileShape): boolean {
    if (!this.view.sliding) return false;
    const step = this.#step(tile);
    const { extent } = this.#turned;
    // The tiles between `head` and `whole` are met whole by every tap; each of the others is written out.
    const head = Math.ceil(Math.max(0, ...this.live.map(({ first }) => first)) / step);
    const whole = Math.floor((Math.min(extent - 1, ...this.live.map(({ last }) => last)) + 1) / step);
    const cut = Math.ceil(extent / step) - Math.max(0, whole - head);
    return (cut + 1) * this.live.length * tile.rows * tile.columns * tile.unrolled <= MAX_PEELED;
  }

  cycles(tile: Omit<VectorTile, "packed">): number {
    const { view, target } = this;
    const step = this.#step(tile);
    const iterations = Math.max(1, pointsOf(view.depth) / (this.#isFolded ? target.lanes : 1));
    const [turns, all] = [iterations / tile.unrolled, iterations * pointsOf([...view.along, ...view.across])];
    const window = this.#readInWindow(tile);
    const waiting = window < 1 ? waitingCycles(tile, target) / pointsOf(view.along) : 0;
    const sumOf = (points: number) =>
      turns * (iterationCycles(this.#workOf(tile, points, window), all) + waiting) + loopCycles(turns);
    const most = view.row ? tile.rows : tile.columns;
    let row = 0;
    for (const range of this.live) {
      for (const { live, tiles } of this.#tilesOf(range, step, tile)) {
        const points = Math.ceil((live * most) / step);
        row += tiles * (points < most && !tile.peeled ? points * sumOf(1) : sumOf(points));
      }
    }
    const isShort = view.columns.role === "batch";
    const ofTile = tileCycles(tile, this.#storing, isShort) + lineCycles(view, tile);
    const rest = Math.ceil(this.#turned.extent / step) * ofTile;
    const blocks = view.row ? this.turnsOf(tile) : 1;
    const sums = blocks * (this.#liveOutside() * row + pointsOf(view.outside) * rest);
    const passing = passingCycles(view, tile, this.passesOf(tile), target);
    return sums + passing + COPY * copiedElements(view);
  }

  /** A last tile that moves back until it fits is a whole one. */
  #tilesOf(range: LiveRange, step: number, tile: Pick<VectorTile, "peeled" | "parallel" | "band">) {
    const { extent } = this.#turned;
    const shifts = tailOf(this.#turned, step, tile, this.view) === "shiftInwards";
    return shifts ? [{ live: step, tiles: Math.ceil(extent / step) }] : tilesOf(range, step);
  }

  /** How often blocks pass over the first factor. */
  passesOf(tile: Pick<VectorTile, "rows" | "columns">): number {
    const { row, blocked } = this.view;
    const rows = row && moves(row, blocked) ? Math.ceil(row.extent / tile.rows) : 1;
    return blocked === undefined ? this.turnsOf(tile) : this.blocksOf(tile) * rows;
  }

  /** Points of the axes outside the tile that their taps meet, counted once for each tap. */
  #liveOutside(): number {
    const { access, across, outside } = this.view;
    return outside.reduce((all, axis) => {
      const taps = across.filter(({ name }) => tapsOver(access, axis.name).includes(name));
      return all * liveRanges(access, axis, taps).reduce((sum, range) => sum + lengthOf(range), 0);
    }, 1);
  }

  /**
   * The share of a window's reads that are made. A peeled tile unrolls all of its taps side by side, so they share the
   * reads of each number. If a loop over the depth lies between taps, each tap reads its own numbers.
   */
  #readInWindow({ rows, peeled }: Pick<VectorTile, "rows" | "peeled">): number {
    const { sliding, row, along, depth, access } = this.view;
    const taps = pointsOf(along);
    if (!peeled || !row || row !== sliding || depth.length > 0 || rows * taps === 0) return 1;
    const steps = access.factors.map((_, i) => Math.abs((row.by[i] ?? 0) / (along[0]?.by[i] || 1)));
    const stride = Math.max(...steps);
    return Math.min(1, ((rows - 1) * stride + taps) / (rows * taps));
  }

  /** The work of a tile with `points` live rows, or live columns if there is no row. */
  #workOf(tile: TileShape, points: number, window: number): TermWork {
    const { view, target } = this;
    const [rows, columns] = view.row ? [points, tile.columns] : [1, points];
    const wide = target.pairs ? columns / 2 : columns;
    let [loads, splats, streamed, widened] = [0, 0, 0, 0];
    view.access.factors.forEach(({ role }, i) => {
      const isHalf = storageOf(target, role) === "f16";
      const [inRow, inColumns] = [view.row !== undefined && moves(view.row, i), moves(view.columns, i)];
      const count = (inRow ? rows * window : 1) * (inColumns ? wide : 1);
      const isSplat = !moves(view.lane, i);
      loads += count;
      if (isHalf) widened += count;
      if (isSplat) splats += count;
      else if (!inRow && i === (view.packed ?? i)) streamed += (inColumns ? columns : 1) / (isHalf ? 2 : 1);
    });
    const fused = target.fma && this.#operations > 0 ? this.#operations : this.#operations + 1;
    return {
      sums: rows * wide,
      loads,
      splats,
      shuffles: shufflesOf(splats, target),
      streamed,
      widened,
      arithmetic: fused + this.#calls * CALL,
      unrolled: tile.unrolled,
    };
  }

  /** Cycles per call, with the cost of values that do not fit the registers. */
  refined(tile: VectorTile): number {
    return this.cycles(tile) * spilling({ ...this.registerTile(tile), unrolled: tile.unrolled }, this.target);
  }

  /** The tile as registers see it. Without a row, vectors of columns are its rows: all meet the same other numbers. */
  registerTile({ rows, columns }: Pick<VectorTile, "rows" | "columns">): Pick<VectorTile, "rows" | "columns"> {
    return this.view.row ? { rows, columns } : { rows: columns, columns: 1 };
  }
}

/** True if the engine can join the vectors in pairs. It starts from stores, so all must be packed and stored whole. */
export const canPair = ({ access, columns, packed }: TileView, vectors: number, { pairs, lanes }: Target): boolean =>
  pairs &&
  moves(columns, packed) &&
  vectors % 2 === 0 &&
  columns.extent % (vectors * lanes) === 0 &&
  canStore(access, columns, lanes);
