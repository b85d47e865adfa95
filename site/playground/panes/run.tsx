/** Running on this device: right, how fast, and beside TensorFlow.js. */
import type { Interval } from "tilewright/tuning";
import { figure } from "../../../src/report/format.js";
import { activity, measuredPeer, measuredRun, measuringRefusal, run, runPeer, stop } from "../measuring.js";
import type { PeerResult, RunResult } from "../messages.js";
import { setup } from "../store.js";

export function RunPane() {
  const [result, peer, doing] = [measuredRun.value, measuredPeer.value, activity.value];
  const isFormula = setup.value.source.kind === "formula";
  return (
    <>
      <p class="actions">
        {doing === "run" || doing === "peer" ? (
          <button type="button" onClick={stop}>
            Stop
          </button>
        ) : (
          <>
            <button type="button" class="main" data-do="run" onClick={run}>
              Run here
            </button>
            <button
              type="button"
              data-do="peer"
              onClick={runPeer}
              disabled={isFormula}
              aria-describedby={isFormula ? "no-peer" : undefined}
            >
              Beside TensorFlow.js
            </button>
          </>
        )}
      </p>
      {isFormula && (
        <p id="no-peer" class="muted">
          Not beside TensorFlow.js, which has ops and no formulas: begin with an op to compare.
        </p>
      )}
      {doing === undefined && !result && !measuringRefusal.value && (
        <p class="muted">
          Compiles the kernel, checks it against its definition, and times it, all on this device and in a worker.
        </p>
      )}
      {(doing === "run" || doing === "peer") && (
        <p role="status">{doing === "run" ? "Running …" : "Loading and running TensorFlow.js …"}</p>
      )}
      {measuringRefusal.value && <p class="wrong">{measuringRefusal.value.sentence}</p>}
      {result && <Result result={result} counted={isFormula ? "terms" : "taps"} />}
      {result && <Times rows={[["tilewright", result.samples, result.time], ...peerRow(peer)]} />}
      {peer && <Peer peer={peer} ours={result} />}
    </>
  );
}

const peerRow = (peer: PeerResult | undefined): Row[] => (peer ? [[peer.name, peer.samples, peer.time]] : []);

export const timeText = (ms: number): string => (ms >= 1 ? `${figure(ms)} ms` : `${figure(1000 * ms)} µs`);

const spreadText = ({ low, high }: Interval): string => `${timeText(low)} to ${timeText(high)}`;

interface ResultProps {
  readonly result: RunResult;
  /** What the work of a call is counted in. */
  readonly counted: "terms" | "taps";
}

function Result({ result: { compileMs, check, time, gflops, terms }, counted }: ResultProps) {
  return (
    <dl class="tiles">
      <div>
        <dt>Compiled in</dt>
        <dd>{timeText(compileMs)}</dd>
      </div>
      <div data-check={check ? check.error <= check.tolerance : "skipped"}>
        <dt>Against the definition</dt>
        <dd>{check ? (check.error <= check.tolerance ? "right" : "wrong") : "not checked"}</dd>
        <small>
          {check
            ? `off by ${figure(check.error)} at most, ${figure(check.tolerance)} would pass`
            : `${figure(terms)} million terms take too long to interpret`}
        </small>
      </div>
      <div>
        <dt>One call</dt>
        <dd>{timeText(time.median)}</dd>
        <small>{spreadText(time)}</small>
      </div>
      <div>
        <dt>Speed</dt>
        <dd>{figure(gflops)} GFLOP/s</dd>
        <small>counting all {counted}, on one thread</small>
      </div>
    </dl>
  );
}

function Peer({ peer, ours }: { readonly peer: PeerResult; readonly ours: RunResult | undefined }) {
  const ratio = ours && peer.time.median / ours.time.median;
  return (
    <p>
      {peer.name} takes {timeText(peer.time.median)} ({spreadText(peer.time)})
      {ratio !== undefined &&
        `, ${ratio >= 1 ? `${figure(ratio)} times as long` : `${figure(1 / ratio)} times as fast`}`}
      . It is off by {figure(peer.difference)} from the definition.
    </p>
  );
}

type Row = readonly [name: string, samples: readonly number[], time: Interval];

/** Each sample as a dot, so that the spread is seen and not only said. */
function Times({ rows }: { readonly rows: readonly Row[] }) {
  const most = Math.max(...rows.flatMap(([, samples]) => samples));
  return (
    <table class="times">
      <caption>Each dot is a sample; the line is the median.</caption>
      <tbody>
        {rows.map(([name, samples, time]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="dots">
              {samples.map((ms, i) => (
                <i key={i} style={{ left: `${(96 * ms) / most}%` }} />
              ))}
              <b style={{ left: `${(96 * time.median) / most}%` }} />
            </td>
            <td class="number">{timeText(time.median)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
