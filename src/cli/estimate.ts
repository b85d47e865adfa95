/**
 * `tilewright tune --level estimate`: counts the schedules and shows the cost model's favourites. It measures nothing.
 */
import { spaceOf } from "../codegen/compile.js";
import { targetOf } from "../codegen/target.js";
import { programOf } from "../ir/ops/index.js";
import type { TuningJob } from "../tune/tune.js";
import { columns } from "./table.js";
import { pointRow } from "./tuneText.js";

/** The number of schedules that are shown for each kernel. */
const FIRST = 3;

export function formatEstimate(kernels: readonly TuningJob[], asJson: boolean): string {
  const estimates = kernels.map(({ name, spec, wanted, target }) => {
    const points = [...spaceOf(programOf(spec), targetOf(target), wanted)].sort((a, b) => a.cycles - b.cycles);
    const first = points.slice(0, FIRST).map(({ algorithm, knobs, cycles }) => ({ algorithm, knobs, cycles }));
    return { name, points: points.length, first };
  });
  if (asJson) return `${JSON.stringify({ kernels: estimates }, null, 2)}\n`;
  const rows = estimates.flatMap(({ name, points, first }) =>
    first.map((point, i) => [
      i === 0 ? name : "",
      i === 0 ? String(points) : "",
      figure(point.cycles),
      pointRow(point),
    ]),
  );
  return `${columns([["KERNEL", "SCHEDULES", "CYCLES", "FIRST"], ...rows], [1, 2]).join("\n")}\n`;
}

const figure = (cycles: number): string =>
  cycles >= 1e6 ? `${(cycles / 1e6).toFixed(2)} M` : `${(cycles / 1e3).toFixed(1)} k`;
