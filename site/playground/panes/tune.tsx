/** Tuning on this device, while one looks on. */
import type { CandidateReport } from "../../../src/report/data.js";
import { counted, figure, times } from "../../../src/report/format.js";
import { activity, applyBest, measuringRefusal, stop, type Tuning, tune, tuning } from "../measuring.js";
import { Chart } from "./chart.js";
import type { PaneProps } from "./pane.js";
import { timeText } from "./run.js";

export function TunePane({ compiled: { explanation } }: PaneProps) {
  const now = tuning.value;
  const isTuning = activity.value === "tune";
  return (
    <>
      <p class="actions">
        {isTuning ? (
          <button type="button" onClick={stop}>
            Stop
          </button>
        ) : (
          <>
            <button type="button" class="main" data-do="tune" onClick={() => tune(2000)}>
              Tune here, 2 s
            </button>
            <button type="button" onClick={() => tune(20_000)}>
              20 s
            </button>
          </>
        )}
        {best(now) && (
          <button type="button" data-do="apply" onClick={applyBest}>
            Apply the best
          </button>
        )}
      </p>
      {!now && (
        <p class="muted">
          Measures other schedules of this kernel beside the model's pick, on this device, each only after its results
          were found right.
        </p>
      )}
      {measuringRefusal.value && <p class="wrong">{measuringRefusal.value.sentence}</p>}
      {isTuning && <p role="status">{counted(now?.candidates.length ?? 0, "schedule")} so far …</p>}
      {now?.result && <p role="status">{resultText(now)}</p>}
      {now && now.candidates.length > 0 && (
        <Chart
          label="Schedules, predicted and measured"
          caption="Each point is a schedule: what the cost model predicts, and what one call took. Lower is faster."
          draw={(charts) =>
            charts.scatter(
              explanation,
              reports(now),
              1 + now.candidates.indexOf(bestOf(now) as Tuning["candidates"][number]),
            )
          }
          depends={[now]}
        />
      )}
    </>
  );
}

const best = (now: Tuning | undefined) => now?.result?.best;

function resultText({ candidates, result }: Tuning): string {
  const { best, untuned, points, unmeasured } = result as NonNullable<Tuning["result"]>;
  const tried = `${counted(candidates.length, "schedule")} of ${points} tried`;
  if (unmeasured !== undefined) return `${tried}: ${unmeasured}.`;
  if (!best)
    return `${tried}; none is surely faster than the model's pick${untuned ? ` of ${timeText(untuned)}` : ""}.`;
  const gain = times(best.gain.median);
  return `${tried}; the best takes ${timeText(best.milliseconds)}, ${gain} as fast as the model's pick.`;
}

/** The candidate with the best gain that is sure so far. */
function bestOf({ candidates }: Tuning): Tuning["candidates"][number] | undefined {
  return candidates
    .filter(({ gain }) => gain !== undefined && gain.low > 1)
    .toSorted((a, b) => (b.gain?.low ?? 0) - (a.gain?.low ?? 0))[0];
}

/** The model's pick first, as its times follow from those of candidates that were measured in turns with it. */
function reports({ pick, candidates }: Tuning): CandidateReport[] {
  const measured = candidates.flatMap(({ time, gain }) => (time && gain ? [time.median * gain.median] : []));
  const middle = measured.toSorted((a, b) => a - b)[Math.floor(measured.length / 2)];
  const ms = middle === undefined ? undefined : { low: middle, median: middle, high: middle };
  return [
    { knobs: "the model's pick", predicted: pick?.cycles ?? Number.NaN, ms, gain: undefined, outcome: "measured" },
    ...candidates.map(({ knobs, cycles, time, gain, outcome }) => ({
      knobs: Object.entries(knobs)
        .map(([name, value]) => `${name} ${figureOr(value)}`)
        .join(", "),
      ...{ predicted: cycles, ms: time, gain, outcome },
    })),
  ];
}

const figureOr = (value: number | string | boolean): string =>
  typeof value === "number" ? figure(value) : String(value);
