/** Figures that follow from a report: gains, rates, shares of the roof. Undefined if there is nothing to divide. */
import type { Interval } from "../tune/statistics.js";
import type { CandidateReport, ShapeReport } from "./data.js";

const UNCHANGED: Interval = { low: 1, median: 1, high: 1 };

/**
 * True if a log axis can show the value: not zero, and not near the limits of floating point, where axes have no ticks.
 */
export const isPositive = (value: number | undefined): value is number =>
  value !== undefined && value > 1e-30 && value < 1e30;

export const untunedOf = ({ candidates, untuned }: ShapeReport): CandidateReport | undefined => candidates[untuned];
export const winnerOf = ({ candidates, winner }: ShapeReport): CandidateReport | undefined => candidates[winner];

/** The gain of a candidate over the model's pick, whose own gain is one. */
export const shownGain = (shape: ShapeReport, candidate = winnerOf(shape)): Interval | undefined =>
  candidate !== undefined && candidate === untunedOf(shape) ? UNCHANGED : candidate?.gain;

export const measuredOf = ({ candidates }: ShapeReport): CandidateReport[] =>
  candidates.filter(({ outcome, ms }) => outcome === "measured" && ms !== undefined);

/** How many schedules were tried, and measured of them. As in `tune`, the pick that they were compared with is none. */
export function triedOf(shape: ShapeReport): { readonly measured: number; readonly all: number } {
  const isTried = (one: CandidateReport) => one !== untunedOf(shape);
  return { measured: measuredOf(shape).filter(isTried).length, all: shape.candidates.filter(isTried).length };
}

/** The shapes, those that gained most first, and those of no known gain last. */
export function byGain(shapes: readonly ShapeReport[]): ShapeReport[] {
  const gainOf = (shape: ShapeReport): number => {
    const gain = shownGain(shape)?.median;
    return isPositive(gain) ? gain : 0;
  };
  return shapes.toSorted((a, b) => gainOf(b) - gainOf(a));
}

/** GFLOP/s of `flops` operations in `ms` milliseconds. */
export const rate = (flops: number, ms: number | undefined): number | undefined =>
  isPositive(flops) && isPositive(ms) ? flops / ms / 1e6 : undefined;

/** The operations that have to be computed, for each byte that has to be moved. */
export function intensityOf({ work }: ShapeReport): number | undefined {
  const intensity = work.liveFlops / work.bytes;
  return isPositive(intensity) ? intensity : undefined;
}

/** The GFLOP/s that the machine can reach at most for this shape. */
function roofOf(shape: ShapeReport): number | undefined {
  const intensity = intensityOf(shape);
  if (intensity === undefined) return undefined;
  const roof = Math.min(shape.machine.peak, intensity * shape.machine.bandwidth);
  return isPositive(roof) ? roof : undefined;
}

/** The share of the roof that the winner reaches, 0..1. */
export function shareOfRoof(shape: ShapeReport): number | undefined {
  const reached = rate(shape.work.liveFlops, winnerOf(shape)?.ms?.median);
  const roof = roofOf(shape);
  return reached === undefined || roof === undefined ? undefined : reached / roof;
}
