/**
 * The cost model for GPU kernels: cycles per call, from what a workgroup multiplies, what it moves through shared and global memory,
 * and how many workgroups there are for the multiprocessors.
 */
import type { Target } from "../target.js";

/** Per multiprocessor and cycle, as vendors publish it (NVIDIA's Hopper and Ada; a compute unit pair of AMD's RDNA is alike). */
const MULTIPLY_ADDS = 128;
const SHARED_BYTES = 128;
const GLOBAL_BYTES = 32; // out of the second-level cache
const REGISTERS = 65_536;
const SHARED_MEMORY = 100_000;
const WARP = 32;
const MAX_WARPS = 48;
/** Warps that start an instruction in one cycle. */
const SCHEDULERS = 4;
/** Cycles that a warp takes to meet the others, twice in a step. */
const BARRIER = 16;
/** Cycles from a global read over two barriers to the first use, and of a read on its own. */
const STEP_LATENCY = 900;
const READ_LATENCY = 300;
/** Cycles that a dispatch takes however little there is to do. */
const LAUNCH = 4000;
/** Out of memory, for each multiprocessor. */
const MEMORY_BYTES = 12;
const LINE_BYTES = 128;

/** What a kernel computes: outputs as a matrix of rows by columns, `batch` times over, each a sum over taps and depth. */
export interface ProductWork {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly taps: number;
  readonly depth: number;
}

export interface DirectTile {
  /** Vectors of 4 columns of one invocation. */
  readonly vectors: number;
  /** Invocations of a workgroup, each with a row of its own. */
  readonly team: number;
}

export interface SharedTile {
  /** Register tile of one invocation; columns are a multiple of 4. */
  readonly rows: number;
  readonly columns: number;
  /** Invocations of a workgroup along rows and along columns. */
  readonly teamRows: number;
  readonly teamColumns: number;
  /** Terms of the depth that are copied at once, a multiple of 4. */
  readonly depth: number;
}

export const sharedCycles = (tile: SharedTile, work: ProductWork, { multiprocessors }: Target): number =>
  LAUNCH + cyclesOf(sharedGroups(tile, work), multiprocessors);

export const directCycles = (tile: DirectTile, work: ProductWork, { multiprocessors }: Target): number =>
  LAUNCH + cyclesOf(directGroups(tile, work), multiprocessors);

/** Cycles of a stage that reads and writes memory, and computes little in between. */
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
  // Parts, and the places of Winograd's tiles, lie side by side in a row.
  const rowBytes = BYTES * work.depth * work.batch;
  // Neighbouring invocations read neighbouring rows, most in a cache line of its own; columns are the same for all.
  const lines = warps * (WARP * Math.min(1, rowBytes / LINE_BYTES) + 4 * vectors);
  const busy = iterations * Math.max(multiply, lines);
  return { groups, resident: MAX_WARPS / warps, busy, alone: iterations * READ_LATENCY };
}

const BYTES = 4;

interface Groups {
  readonly groups: number;
  /** Workgroups that fit a multiprocessor side by side. */
  readonly resident: number;
  /** Cycles that one workgroup keeps the multiprocessor busy, and those it takes if nobody else is there. */
  readonly busy: number;
  readonly alone: number;
}

/** Multiprocessors work side by side; what is left over at the end keeps half of them waiting. */
function cyclesOf({ groups, resident, busy, alone }: Groups, multiprocessors: number): number {
  const each = groups / multiprocessors;
  const queued = each <= 1 ? 1 : each + 0.5;
  return Math.max(queued * busy, Math.ceil(each / resident) * alone);
}
