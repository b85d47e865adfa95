/** How much a program computes and moves: the figures behind `explain`, rooflines and cost models. */
import { type Affine, add, coefficientOf, type Guard, range, restrict } from "./affine.js";
import { BYTES } from "./dtype.js";
import { type Axis, elementCount, type Program, type Stage } from "./program.js";

export interface Work {
  /** Two for each multiply-add of all taps, including the padding, as others count. */
  readonly flops: number;
  /** Two for each multiply-add whose tap meets the image. These have to be computed. */
  readonly liveFlops: number;
  /** Each input, weight and output element moved once. */
  readonly bytes: number;
}

/** Below this, waking a thread takes longer than the work it could take over: some 50 microseconds of one thread. */
const MIN_SHARED_FLOPS = 2e6;

export const isWorthSharing = ({ liveFlops }: Work): boolean => liveFlops >= MIN_SHARED_FLOPS;

/** `terms` counts the terms of all outputs, including the padding. */
export function workOf({ program, terms }: { readonly program: Program; readonly terms: number }): Work {
  const moved = program.buffers.filter((buffer) => buffer.role !== "scratch");
  return {
    flops: 2 * terms,
    liveFlops: 2 * program.run.reduce((count, stage) => count + liveTerms(stage), 0),
    bytes: moved.reduce((bytes, { shape, dtype }) => bytes + elementCount(shape) * BYTES[dtype], 0),
  };
}

/**
 * Live terms of a stage: how often `term` is evaluated in all. The longest of connected axes is counted in one
 * step.
 */
export function liveTerms(stage: Pick<Stage, "space" | "reduce" | "domain" | "where">): number {
  const axes = [...stage.space, ...stage.reduce].sort((a, b) => a.extent - b.extent);
  if (axes[0]?.extent === 0) return 0;
  return componentsOf(axes, [...stage.domain, ...(stage.where ?? [])]).reduce(
    (count, part) => count * countPoints(part.axes, part.guard),
    1,
  );
}

/** Groups axes that share a guard form; unrelated groups multiply. */
export function componentsOf(axes: readonly Axis[], guard: Guard): { axes: Axis[]; guard: Affine[] }[] {
  let groups: { axes: Axis[]; guard: Affine[] }[] = axes.map((axis) => ({ axes: [axis], guard: [] }));
  for (const form of guard) {
    const touched = groups.filter((group) => group.axes.some((axis) => coefficientOf(form, axis.name) !== 0));
    const merged = {
      axes: axes.filter((axis) => touched.some((group) => group.axes.includes(axis))),
      guard: [...touched.flatMap((group) => group.guard), form],
    };
    groups = [...groups.filter((group) => !touched.includes(group)), merged];
  }
  return groups;
}

function countPoints(axes: readonly Axis[], guard: Guard): number {
  const [first, ...rest] = axes;
  if (first === undefined) return guard.every((form) => range(form, new Map()).min >= 0) ? 1 : 0;
  if (guard.length === 0) return axes.reduce((count, axis) => count * axis.extent, 1);
  if (rest.length === 0) return countAlong(first, guard);
  let count = 0;
  for (let i = 0; i < first.extent; i++) {
    const fixed = guard.map((form) =>
      add(
        restrict(form, (name) => name !== first.name),
        form.constant + coefficientOf(form, first.name) * i,
      ),
    );
    count += countPoints(rest, fixed);
  }
  return count;
}

/** Points of one axis where every form holds: those between the tightest bounds. */
function countAlong({ name, extent }: Axis, guard: Guard): number {
  let first = 0;
  let last = extent - 1;
  for (const form of guard) {
    const slope = coefficientOf(form, name);
    if (slope > 0) first = Math.max(first, Math.ceil(-form.constant / slope));
    else if (slope < 0) last = Math.min(last, Math.floor(form.constant / -slope));
    else if (form.constant < 0) return 0;
  }
  return Math.max(0, last - first + 1);
}
