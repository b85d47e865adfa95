/** The results of tuning as text and as data: what a call takes untuned and tuned, and by which schedule. */
import type { PointName } from "../codegen/search/space.js";
import { definitionOf } from "../ir/ops/index.js";
import { workOf } from "../ir/work.js";
import { counted, figure } from "../report/format.js";
import { rate } from "../report/measures.js";
import { geometricMean } from "../tune/statistics.js";
import type { TuneEvent } from "../tune/tune.js";
import { columns } from "./table.js";

export const HEAD = ["KERNEL", "SCHEDULES", "UNTUNED", "BEST", "GAIN", "GFLOP/S"];

/** The cells below `HEAD`. A kernel that was never compared has no times. */
export function rowOf(event: TuneEvent): string[] {
  const { kernel, candidates, limit, untuned, tuned, best } = event;
  const counts = `${candidates} of ${limit}`;
  if (untuned === undefined || tuned === undefined) return [kernel.name, counts, "", "", "", ""];
  const gain = best ? `${best.gain.median.toFixed(2)}x` : "none";
  return [kernel.name, counts, callTime(untuned), callTime(tuned), gain, figure(gflopsOf(event))];
}

/** GFLOP/s of the best schedule, or of the model's pick, counting all taps. */
const gflopsOf = ({ kernel, tuned }: TuneEvent): number | undefined =>
  rate(workOf(definitionOf(kernel.spec)).flops, tuned);

/** The time of a call. */
export const callTime = (ms: number): string => (ms >= 1 ? `${ms.toFixed(2)} ms` : `${(1000 * ms).toFixed(2)} us`);

export function formatResults(results: readonly TuneEvent[], records: string, skipped: number): string {
  const rows = results.map((result) => [...rowOf(result), wayOf(result)]);
  const notes = results.flatMap(({ kernel, unmeasured }) =>
    unmeasured === undefined ? [] : [`${kernel.name}: nothing was measured: ${unmeasured}`],
  );
  return [
    ...columns([[...HEAD, "BY"], ...rows], [1, 2, 3, 4, 5]),
    ...columns(notes.map((note) => [note])),
    `${counted(results.length, "kernel")}, ${measuredText(results)}${recordsText(results, records, skipped)}`,
    "",
  ].join("\n");
}

function wayOf({ state, best }: TuneEvent): string {
  if (state === "failed") return "";
  return best ? pointRow(best.record) : "the model's pick";
}

function measuredText(results: readonly TuneEvent[]): string {
  const compared = results.reduce((sum, result) => sum + result.compared, 0);
  if (compared === 0) return "nothing was measured";
  const gains = results.flatMap(({ best, untuned }) => (untuned === undefined ? [] : [best?.gain.median ?? 1]));
  return `${counted(compared, "schedule")} measured, ${geometricMean(gains).toFixed(2)}x in the geometric mean`;
}

function recordsText(results: readonly TuneEvent[], records: string, skipped: number): string {
  const unread = skipped > 0 ? `, of which ${counted(skipped, "line")} cannot be read` : "";
  return skipped > 0 || results.some(({ candidates }) => candidates > 0) ? `; records in ${records}${unread}` : "";
}

/** A point in one row: algorithm and knobs. */
export const pointRow = ({ algorithm, knobs }: PointName): string =>
  [
    algorithm.kind === "winograd"
      ? `winograd ${algorithm.tile.join("x")}`
      : `direct${algorithm.parts ? ` in ${algorithm.parts}` : ""}`,
    ...Object.entries(knobs).map(([name, value]) =>
      typeof value === "boolean" ? `${value ? "" : "not "}${name}` : `${name} ${value}`,
    ),
  ].join(", ");

export function jsonOf(results: readonly TuneEvent[], records: string, skipped: number): string {
  const kernels = results.map(({ elapsed, left, ...result }) => ({
    ...result.kernel,
    ...{ state: result.state, unmeasured: result.unmeasured },
    ...{ candidates: result.candidates, limit: result.limit, points: result.points, compared: result.compared },
    ...{ untuned: result.untuned, tuned: result.tuned, gflops: gflopsOf({ ...result, elapsed, left }) },
    best: result.best && bestOf(result.best),
  }));
  return `${JSON.stringify({ kernels, records, skipped }, null, 2)}\n`;
}

const bestOf = ({ gain, record: { algorithm, knobs, id } }: NonNullable<TuneEvent["best"]>) => ({
  ...{ gain, algorithm, knobs, id },
});
