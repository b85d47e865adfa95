/** Shows tuning: as a live table on a terminal, as a line for each kernel elsewhere, and the results at the end. */
import { createLogUpdate } from "log-update";
import type { PointName } from "../codegen/search/space.js";
import { counted } from "../report/format.js";
import { geometricMean } from "../tune/statistics.js";
import type { TuneEvent } from "../tune/tune.js";
import type { Io } from "./io.js";
import { columns } from "./table.js";

interface Progress {
  readonly show: (event: TuneEvent) => void;
  readonly end: () => void;
}

/** The most rows of the live table. A small terminal would scroll further rows away, and then cannot redraw them. */
const ROWS = 15;

export function progressOn({ err, isTerminal }: Io, total: number, isSilent: boolean): Progress {
  if (isSilent) return { show: () => undefined, end: () => undefined };
  const events = new Map<string, TuneEvent>();
  if (!isTerminal) {
    return {
      show(event) {
        if (event.state === "measuring") return;
        events.set(event.kernel.name, event);
        err(`[${events.size}/${total}] ${rowOf(event).slice(0, 5).join("  ")}\n`);
      },
      end: () => undefined,
    };
  }
  const draw = createLogUpdate(process.stderr);
  return {
    show(event) {
      events.set(event.kernel.name, event);
      const rows = [...events.values()].slice(-ROWS).map(rowOf);
      draw([...columns([HEAD, ...rows], RIGHT), `${events.size} of ${counted(total, "kernel")}`].join("\n"));
    },
    // The results repeat the content of the table.
    end: () => draw.clear(),
  };
}

const HEAD = ["KERNEL", "CANDIDATES", "UNTUNED", "BEST", "GAIN", "LEFT"];
const RIGHT = [1, 2, 3, 4, 5];

function rowOf({ kernel, candidates, points, best, untuned, left, state }: TuneEvent): string[] {
  const gain = best?.gain.median ?? 1;
  return [
    kernel.name,
    `${candidates} of ${points}`,
    untuned === undefined ? "" : time(untuned),
    untuned === undefined ? "" : time(untuned / gain),
    best ? `${gain.toFixed(2)}x` : "none",
    state === "measuring" ? (Number.isFinite(left) ? `${(left / 1000).toFixed(0)} s` : "") : state,
  ];
}

const time = (ms: number): string => (ms >= 1 ? `${ms.toFixed(2)} ms` : `${(1000 * ms).toFixed(2)} us`);

export function formatResults(results: readonly TuneEvent[], records: string, skipped: number): string {
  const rows = results.map((result) => [
    ...rowOf(result).slice(0, 5),
    result.best ? pointRow(result.best.record) : "the model's pick",
  ]);
  const gains = results.map(({ best }) => best?.gain.median ?? 1);
  const measured = results.reduce((sum, { candidates }) => sum + candidates, 0);
  return [
    ...columns([[...HEAD.slice(0, 5), "BY"], ...rows], RIGHT.slice(0, 4)),
    `${counted(results.length, "kernel")}, ${counted(measured, "schedule")} measured, ` +
      `${geometricMean(gains).toFixed(2)}x in the geometric mean; ` +
      `records in ${records}${skipped > 0 ? `, of which ${counted(skipped, "line")} cannot be read` : ""}`,
    "",
  ].join("\n");
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
  const kernels = results.map(({ kernel, candidates, points, untuned, best, state }) => ({
    ...kernel,
    state,
    candidates,
    points,
    untuned,
    best: best && { gain: best.gain, algorithm: best.record.algorithm, knobs: best.record.knobs, id: best.record.id },
  }));
  return `${JSON.stringify({ kernels, records, skipped }, null, 2)}\n`;
}
