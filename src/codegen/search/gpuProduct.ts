/**
 * The sketches for products on GPUs: matrices of outputs, rows by columns, summed over taps and depth.
 *
 * The rows of a convolution are pixels, its columns are channels. In a direct tile an invocation computes one row and
 * reads all of its operands itself, without barriers. In a shared tile a workgroup computes several rows and columns.
 * For each tap and a few terms of the depth, its invocations copy the operands of all into workgroup memory, with zeros
 * where a tap misses the image. Then each invocation multiplies a register tile: it reads rows + columns numbers for
 * rows * columns multiply-adds.
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
import { LANES, matrixViews, type ProductView, packedElements } from "./productView.js";
import { sketchOf } from "./sketch.js";
import { canLoad, isReadOnce } from "./view.js";

/** The sizes of shared tiles that are tried, and the limit of their code. */
interface Ranges {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly depths: readonly number[];
  /** Multiply-adds of vectors that an invocation's code writes out, at most. */
  readonly written: number;
}

const PICKED: Ranges = { rows: [2, 4, 8], columns: [4, 8], depths: [4, 8, 16, 32], written: 256 };
/**
 * A renderer on the CPU keeps values in its cache that do not fit its registers, so taller tiles pay. It takes ten
 * seconds to compile many copies of the code, so deeper steps do not.
 */
const PICKED_IN_SOFTWARE: Ranges = { ...PICKED, rows: [2, 4, 8, 16], depths: [4, 8] };
const ALL: Ranges = { rows: [1, 2, 4, 8, 16], columns: [4, 8, 16], depths: [4, 8, 16, 32, 64], written: 512 };
/**
 * Sums that an invocation keeps, at most. GPUs have 255 registers for each invocation, and operands need some. A tile
 * of twice as many, with a guard for each step of the depth, took a renderer on the CPU 80 seconds and 2.4 GB to
 * compile.
 */
const MOST_SUMS = 128;
const TEAMS = [1, 2, 4, 8, 16, 32, 64];
/** A shared tile must be so many times as fast as a direct one, which is simpler and needs no barriers. */
const WORTHWHILE = 1.2;
/** A device with so few multiprocessors or fewer is taken for a renderer on the CPU. */
const FEW = 4;
const MIN_TEAM = 64;
/** A tile may be so much longer than the axis that it covers: `split` in `nestStage.ts` refuses more. */
const MOST_EMPTY = 63;

function read(access: Access, { workgroups }: Target): ProductView[] {
  const views = workgroups ? matrixViews(access) : [];
  return views.filter(({ work }) => Object.values(work).every((size) => size > 0));
}

/** An invocation reads the factor of the columns where it lies, unless that is packed. */
const isReadable = ({ access, columns, packs }: ProductView): boolean => packs || canLoad(access, columns, LANES);

/** Cycles of the copy that each call makes. */
function copyCycles(view: ProductView, target: Target): number {
  const elements = packedElements(view);
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

/** The number of columns, rounded up to whole vectors. */
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
            if (rows * columns > MOST_SUMS) continue;
            if ((rows * columns * depth) / 4 <= ranges.written && fits(tile, work, limitsOf(target))) yield tile;
          }
}

/** The numbers of invocations along the columns: powers of two, and the team that covers all columns at once. */
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
