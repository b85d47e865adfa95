/** The sketch for GPUs: the tile of a product that the cost model likes best, within the limits of the device. */
import { failInternally } from "../../ir/errors.js";
import { loadsOf } from "../../ir/expr.js";
import { elementCount, type Program, type Stage } from "../../ir/program.js";
import type { Directive } from "../schedule.js";
import type { Target, WorkgroupLimits } from "../target.js";
import { extentOf } from "./axes.js";
import { type ProductWork, productCycles, streamCycles } from "./gpuCost.js";
import { type GpuTile, type Product, tileDirectives } from "./gpuTiles.js";
import { launchDirectives } from "./launch.js";
import type { Sketched, SketchedProgram } from "./sketched.js";

/** Sizes of tiles that are tried, and how much code one may come to. */
export interface Ranges {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly depths: readonly number[];
  readonly vectors: readonly number[];
  /** Of direct tiles. */
  readonly teams: readonly number[];
  /** Multiply-adds of one invocation that are written out, in vectors. */
  readonly written: number;
}

const GPU: Ranges = {
  rows: [2, 4, 8],
  columns: [4, 8],
  depths: [4, 8, 16, 32],
  vectors: [1, 2, 3, 4],
  teams: [64],
  written: 256,
};
/** What a renderer on the CPU does not keep in registers lies in its cache, and many copies take it ten seconds to compile. */
const SOFTWARE: Ranges = { ...GPU, rows: [2, 4, 8, 16], depths: [4, 8] };
const TEAMS = [1, 2, 4, 8, 16, 32, 64];
/** Without barriers and shared memory a kernel is simpler, and right on every machine; so many times as fast is a reason for them. */
const WORTHWHILE = 1.2;
/** No GPU has so few multiprocessors. */
const FEW = 4;
const MIN_TEAM = 64;
/** A tile may be so much longer than what it covers (see `split`). */
const MOST_EMPTY = 63;

/** Directives for a stage of axes like those of a convolution; of the product that is its term. */
export function productSketch(stage: Stage, target: Target): Sketched {
  const product = productOf(stage);
  const work = workOf(stage, product);
  if (elementCount([work.batch, work.pixels, work.outputs, work.taps, work.inputs]) === 0) {
    return { knobs: {}, directives: launchDirectives(stage), cycles: streamCycles(0, target) };
  }
  let best: { tile: GpuTile; cycles: number } | undefined;
  for (const tile of gpuTiles(work, target.multiprocessors <= FEW ? SOFTWARE : GPU, target)) {
    const cycles = productCycles(tile, work, target);
    const isBetter = best === undefined || cycles * (tile.kind === best.tile.kind ? 1 : WORTHWHILE) < best.cycles;
    if (isBetter) best = { tile, cycles };
  }
  if (!best) return failInternally(`no tile for ${stage.name}`);
  return { knobs: { ...best.tile }, directives: tileDirectives(best.tile, product), cycles: best.cycles };
}

/** The stage as a product: what its axes and its two factors are. */
export function productOf({ name, space, reduce, term }: Stage): Product {
  const [value, filters] = [...loadsOf(term)].map(({ buffer }) => buffer);
  if (value === undefined || filters === undefined) return failInternally(`the term of ${name} is no product`);
  const isBatch = (axis: string) => axis === "s" || axis === "e";
  const pixels = space.filter((axis) => axis.name !== "oc" && !isBatch(axis.name));
  // Fused loops must be neighbours, so only leading axes of one element can be left out.
  const first = pixels.findIndex(({ extent }) => extent !== 1);
  return {
    pixels: pixels.slice(first < 0 ? -1 : first).map((axis) => axis.name),
    batch: space.find((axis) => isBatch(axis.name))?.name,
    taps: reduce.filter((axis) => axis.name !== "ic").map((axis) => axis.name),
    value,
    filters,
    packed: `${name}${filters[0]?.toUpperCase()}${filters.slice(1)}`,
    inputs: reduce.find((axis) => axis.name === "ic")?.extent ?? 0,
  };
}

export function workOf(stage: Stage, { pixels, batch, taps, inputs }: Product): ProductWork {
  const count = (names: readonly string[]) => elementCount(names.map((name) => extentOf(stage, name)));
  return {
    batch: batch === undefined ? 1 : extentOf(stage, batch),
    pixels: count(pixels),
    outputs: extentOf(stage, "oc"),
    taps: count(taps),
    inputs,
  };
}

/** All tiles within the ranges and the device's limits. */
export function* gpuTiles(work: ProductWork, ranges: Ranges, { workgroups }: Target): Generator<GpuTile> {
  const limits = workgroups ?? failInternally("a GPU's schedule for a target without workgroups");
  const { outputs, inputs } = work;
  const wide = 4 * Math.ceil(outputs / 4);
  for (const vectors of ranges.vectors.filter((size) => 4 * size <= wide))
    for (const team of new Set(ranges.teams.map((size) => Math.min(size, limits.invocations))))
      if (team <= work.pixels + MOST_EMPTY) yield { kind: "direct", vectors, team };
  for (const rows of ranges.rows)
    for (const columns of ranges.columns.filter((size) => size <= wide))
      for (const teamRows of TEAMS)
        for (const teamColumns of teamsAlong(wide, columns))
          for (const depth of ranges.depths.filter((size) => size < inputs + 4)) {
            const tile = { kind: "shared", rows, columns, teamRows, teamColumns, depth } as const;
            if ((rows * columns * depth) / 4 <= ranges.written && fits(tile, work, limits)) yield tile;
          }
}

/** Powers of two, and what covers all channels at once. */
const teamsAlong = (channels: number, columns: number): number[] => {
  const whole = Math.ceil(channels / columns);
  return [...new Set([...TEAMS.filter((size) => size < whole), Math.min(whole, TEAMS.at(-1) as number)])];
};

function fits(tile: Extract<GpuTile, { kind: "shared" }>, work: ProductWork, limits: WorkgroupLimits): boolean {
  const { rows, columns, teamRows, teamColumns, depth } = tile;
  const [pixels, channels, team] = [rows * teamRows, columns * teamColumns, teamRows * teamColumns];
  const [x, y] = limits.invocationsAlong;
  return (
    team >= MIN_TEAM &&
    team <= limits.invocations &&
    teamColumns <= x &&
    teamRows <= y &&
    (pixels + channels) * depth * 4 <= limits.workgroupBytes &&
    pixels <= work.pixels + MOST_EMPTY &&
    channels <= work.outputs + MOST_EMPTY
  );
}

/** Directives for all stages of a direct program: the convolution, and what adds up its parts. `product`: other directives for the former. */
export function gpuSchedule({ run }: Program, target: Target, product?: Sketched): SketchedProgram {
  const sketched = run.map((stage): readonly [string, Sketched] => {
    if (stage.name !== "total") return [stage.name, product ?? productSketch(stage, target)];
    const bytes = 4 * elementCount([...stage.space, ...stage.reduce].map(({ extent }) => extent));
    const directives = launchDirectives(stage, target.lanes);
    return [stage.name, { knobs: {}, directives, cycles: streamCycles(bytes * 2, target) }];
  });
  const schedule: Record<string, readonly Directive[]> = {};
  for (const [name, { directives }] of sketched) schedule[name] = directives;
  const cycles = sketched.reduce((sum, [, one]) => sum + one.cycles, 0);
  return { knobs: Object.assign({}, ...sketched.map(([, { knobs }]) => knobs)), schedule, cycles };
}
