/**
 * The cost model for GPU kernels, in cycles per call.
 *
 * The cycles follow from the multiply-adds of a workgroup, its traffic through shared and global memory, and the number
 * of workgroups for each multiprocessor.
 */
import type { Target } from "../target.js";

/**
 * Operations and bytes per cycle and multiprocessor, and its sizes, as NVIDIA publishes them for Hopper and Ada. A pair
 * of AMD's RDNA compute units is alike.
 */
const MULTIPLY_ADDS = 128;
const SHARED_BYTES = 128;
const GLOBAL_BYTES = 32; // from the second-level cache
const REGISTERS = 65_536;
const SHARED_MEMORY = 100_000;
const WARP = 32;
const MAX_WARPS = 48;
/** Warps of a multiprocessor that can start an instruction in the same cycle. */
const SCHEDULERS = 4;
/** Cycles that a warp waits at a barrier, of which a step has two. An estimate. */
const BARRIER = 16;
/** Cycles of a step that nothing hides: from a global read over two barriers to the first use. An estimate. */
const STEP_LATENCY = 900;
/** Cycles of a global read that nothing hides. An estimate. */
const READ_LATENCY = 300;
/** Cycles of a dispatch with nothing to do. An estimate. */
const LAUNCH = 4000;
/** Bytes from memory, per cycle and multiprocessor. */
const MEMORY_BYTES = 12;
const LINE_BYTES = 128;

/** The size of a product: `batch` matrices of rows by columns, whose elements are sums over taps and depth. */
export interface ProductWork {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly taps: number;
  readonly depth: number;
}

export interface DirectTile {
  /** Vectors of 4 columns that one invocation computes. */
  readonly vectors: number;
  /** Invocations of a workgroup, each of which computes a row of its own. */
  readonly team: number;
}

export interface SharedTile {
  /** The register tile of one invocation; columns are a multiple of 4. */
  readonly rows: number;
  readonly columns: number;
  /** Invocations of a workgroup, along rows and along columns. */
  readonly teamRows: number;
  readonly teamColumns: number;
  /** Terms of the depth that one step copies, a multiple of 4. */
  readonly depth: number;
}

export const sharedCycles = (tile: SharedTile, work: ProductWork, { multiprocessors }: Target): number =>
  LAUNCH + cyclesOf(sharedGroups(tile, work), multiprocessors);

export const directCycles = (tile: DirectTile, work: ProductWork, { multiprocessors }: Target): number =>
  LAUNCH + cyclesOf(directGroups(tile, work), multiprocessors);

/** Cycles of a stage that is bound by the bytes that it reads and writes. */
export const streamCycles = (bytes: number, { multiprocessors }: Target): number =>
  LAUNCH + bytes / (MEMORY_BYTES * multiprocessors);

function sharedGroups(tile: SharedTile, work: ProductWork): Groups {
  const { rows, columns, teamRows, teamColumns, depth } = tile;
  const team = teamRows * teamColumns;
  const [tall, wide] = [rows * teamRows, columns * teamColumns];
  const groups = work.batch * Math.ceil(work.rows / tall) * Math.ceil(work.columns / wide);
  const steps = work.taps * Math.ceil(work.depth / depth);
  // Each operand is read as a vector of four numbers along the depth or along the columns.
  const loads = 1 + (rows + columns) / (4 * rows * columns);
  const multiply = (team * rows * columns * depth * loads) / MULTIPLY_ADDS;
  const copied = (tall + wide) * depth * BYTES;
  const shared = ((rows + columns) * team * depth * BYTES + copied) / SHARED_BYTES;
  const registers = team * (rows * columns + 2 * (rows + columns) + 24);
  const warps = Math.ceil(team / WARP);
  const step = Math.max(multiply, shared, copied / GLOBAL_BYTES) + 2 * BARRIER * warps;
  const resident = Math.max(1, Math.floor(Math.min(MAX_WARPS / warps, REGISTERS / registers, SHARED_MEMORY / copied)));
  const alone = STEP_LATENCY + (multiply * SCHEDULERS) / Math.min(SCHEDULERS, warps);
  return { groups, resident, busy: steps * step, alone: steps * alone };
}

function directGroups({ vectors, team }: DirectTile, work: ProductWork): Groups {
  const groups = work.batch * Math.ceil(work.rows / team) * Math.ceil(work.columns / (4 * vectors));
  const warps = Math.ceil(team / WARP);
  const iterations = (work.taps * work.depth) / 4;
  const multiply = (warps * (16 * vectors + 2 * (1 + 4 * vectors))) / SCHEDULERS;
  // The matrices of a batch, such as parts of sums or places of Winograd's tiles, lie side by side in a row.
  const rowBytes = BYTES * work.depth * work.batch;
  // Neighbouring invocations read neighbouring rows, most of them from different cache lines. They share the columns.
  const lines = warps * (WARP * Math.min(1, rowBytes / LINE_BYTES) + 4 * vectors);
  const busy = iterations * Math.max(multiply, lines);
  return { groups, resident: MAX_WARPS / warps, busy, alone: iterations * READ_LATENCY };
}

const BYTES = 4;

interface Groups {
  readonly groups: number;
  /** Workgroups that fit a multiprocessor side by side. */
  readonly resident: number;
  /** Cycles for which one workgroup keeps a multiprocessor busy. */
  readonly busy: number;
  /** Cycles that one workgroup takes if it is alone on a multiprocessor. */
  readonly alone: number;
}

/** Cycles of all workgroups. On average half of the multiprocessors wait for the last workgroups of the others. */
function cyclesOf({ groups, resident, busy, alone }: Groups, multiprocessors: number): number {
  const each = groups / multiprocessors;
  const queued = each <= 1 ? 1 : each + 0.5;
  return Math.max(queued * busy, Math.ceil(each / resident) * alone);
}
