/**
 * Products on a GPU: outputs as a matrix of rows by columns (of a convolution pixels by channels), summed over taps and depth.
 *
 * Direct: an invocation computes one row and reads all that it needs itself; no barrier. Shared: a workgroup computes a tile of both. For
 * each tap and a few terms of the depth its invocations copy what all of them need into workgroup memory, zeros where a tap misses the
 * image, and multiply a register tile each: rows + columns numbers read for rows * columns multiply-adds.
 */
import type { Access } from "../../ir/access.js";
import { BYTES } from "../../ir/dtype.js";
import { failInternally } from "../../ir/errors.js";
import type { Target, WorkgroupLimits } from "../target.js";
import {
  type DirectTile,
  directCycles,
  type ProductWork,
  type SharedTile,
  sharedCycles,
  streamCycles,
} from "./gpuCost.js";
import { directDirectives, sharedDirectives } from "./gpuDirectives.js";
import { copiedElements, LANES, type ProductView, productViews } from "./productView.js";
import { sketchOf } from "./sketch.js";
import { canLoad, isReadOnce } from "./view.js";

/** Sizes of shared tiles that are tried, and how much code one may come to. */
interface Ranges {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly depths: readonly number[];
  /** Multiply-adds of one invocation that are written out, in vectors. */
  readonly written: number;
}

const PICKED: Ranges = { rows: [2, 4, 8], columns: [4, 8], depths: [4, 8, 16, 32], written: 256 };
/** A renderer on the CPU keeps in its cache what does not fit its registers, and takes ten seconds to compile many copies. */
const PICKED_IN_SOFTWARE: Ranges = { ...PICKED, rows: [2, 4, 8, 16], depths: [4, 8] };
const ALL: Ranges = { rows: [1, 2, 4, 8, 16], columns: [4, 8, 16], depths: [4, 8, 16, 32, 64], written: 512 };
const TEAMS = [1, 2, 4, 8, 16, 32, 64];
/** Without barriers and shared memory a kernel is simpler, and right on every machine. */
const WORTHWHILE = 1.2;
/** No GPU has so few multiprocessors. */
const FEW = 4;
const MIN_TEAM = 64;
/** A tile may be so much longer than what it covers (see `split` in `nestStage.ts`). */
const MOST_EMPTY = 63;

function read(access: Access, { workgroups }: Target): ProductView[] {
  const views = workgroups ? productViews(access) : [];
  return views.filter(({ work }) => Object.values(work).every((size) => size > 0));
}

/** An invocation reads the factor of the columns where it lies, unless that is packed. */
const isReadable = ({ access, columns, packs }: ProductView): boolean => packs || canLoad(access, columns, LANES);

/** Cycles of the copy that each call makes. */
function copyCycles(view: ProductView, target: Target): number {
  const elements = copiedElements(view);
  return elements === 0 ? 0 : streamCycles(2 * BYTES.f32 * elements, target);
}

export const GPU_DIRECT = sketchOf<ProductView, DirectTile>({
  name: "direct",
  read: (access, target) => read(access, target).filter(isReadable),
  picks: (view, target) => directTiles(view, [1, 2, 3, 4], [64], target),
  all: (view, target) => directTiles(view, [1, 2, 3, 4, 6, 8], [32, 64, 128, 256], target),
  cycles: (tile, view, target) => directCycles(tile, view.work, target) + copyCycles(view, target),
  directives: directDirectives,
});

export const GPU_SHARED = sketchOf<ProductView, SharedTile>({
  name: "shared",
  handicap: WORTHWHILE,
  // A copy serves one read, and there is one of each factor.
  read: (access, target) => read(access, target).filter(() => access.factors.every((one) => isReadOnce(access, one))),
  picks: (view, target) => sharedTiles(view, target.multiprocessors <= FEW ? PICKED_IN_SOFTWARE : PICKED, target),
  all: (view, target) => sharedTiles(view, ALL, target),
  cycles: (tile, view, target) => sharedCycles(tile, view.work, target) + copyCycles(view, target),
  directives: sharedDirectives,
});

const limitsOf = ({ workgroups }: Target): WorkgroupLimits =>
  workgroups ?? failInternally("a GPU's schedule for a target without workgroups");

/** Columns in whole vectors. */
const widthOf = ({ columns }: ProductWork): number => LANES * Math.ceil(columns / LANES);

function* directTiles(
  { work }: ProductView,
  vectors: readonly number[],
  teams: readonly number[],
  target: Target,
): Generator<DirectTile> {
  const { invocations } = limitsOf(target);
  for (const count of vectors.filter((size) => 4 * size <= widthOf(work)))
    for (const team of new Set(teams.map((size) => Math.min(size, invocations))))
      if (team <= work.rows + MOST_EMPTY) yield { vectors: count, team };
}

function* sharedTiles({ work }: ProductView, ranges: Ranges, target: Target): Generator<SharedTile> {
  const wide = widthOf(work);
  for (const rows of ranges.rows)
    for (const columns of ranges.columns.filter((size) => size <= wide))
      for (const teamRows of TEAMS)
        for (const teamColumns of teamsAlong(wide, columns))
          for (const depth of ranges.depths.filter((size) => size < work.depth + 4)) {
            const tile = { rows, columns, teamRows, teamColumns, depth };
            if ((rows * columns * depth) / 4 <= ranges.written && fits(tile, work, limitsOf(target))) yield tile;
          }
}

/** Powers of two, and the team that covers all columns at once. */
const teamsAlong = (width: number, columns: number): number[] => {
  const whole = Math.ceil(width / columns);
  return [...new Set([...TEAMS.filter((size) => size < whole), Math.min(whole, TEAMS.at(-1) as number)])];
};

function fits(tile: SharedTile, work: ProductWork, limits: WorkgroupLimits): boolean {
  const { rows, columns, teamRows, teamColumns, depth } = tile;
  const [tall, wide, team] = [rows * teamRows, columns * teamColumns, teamRows * teamColumns];
  const [x, y] = limits.invocationsAlong;
  return (
    team >= MIN_TEAM &&
    team <= limits.invocations &&
    teamColumns <= x &&
    teamRows <= y &&
    (tall + wide) * depth * 4 <= limits.workgroupBytes &&
    tall <= work.rows + MOST_EMPTY &&
    wide <= work.columns + MOST_EMPTY
  );
}
