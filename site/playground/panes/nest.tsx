/** The loops of a call as nested boxes, and the roof that the machine sets. */
import { useEffect, useRef } from "preact/hooks";
import { rooflineCaption } from "../../../src/report/explained.js";
import { figure } from "../../../src/report/format.js";
import { printMarkup } from "../../../src/report/html.js";
import { nestBoxes } from "../../../src/report/nestBoxes.js";
import { marked, roots } from "../marks.js";
import { measuredRun } from "../measuring.js";
import type { RunResult } from "../messages.js";
import { Chart } from "./chart.js";
import type { PaneProps } from "./pane.js";
import { Fact } from "./program.js";

export function NestPane({ compiled: { explanation } }: PaneProps) {
  const { roofline, registers } = explanation;
  const nests = explanation.kernels.filter(({ when }) => when === "run");
  const all = nests.reduce((sum, { operations: [most = 0] }) => sum + most, 0);
  return (
    <>
      <p class="muted">
        Each loop tells its share of a call's operations, and the bytes of the tensors that one run of it reaches.
      </p>
      {nests.map(({ name, steps, operations, bytes }) => (
        <Boxes
          key={name}
          markup={printMarkup(nestBoxes(steps[0]?.ir ?? "", `Loops of ${name}`, { operations, all, bytes }))}
        />
      ))}
      <dl class="facts">
        {registers.map(({ kernel, accumulators, values, available, estimate }) => (
          <Fact
            key={kernel}
            name={`Registers of ${kernel}`}
            value={`${accumulators} + ${values} of ${available}${estimate > available ? ": too many" : ""}`}
          />
        ))}
        <Fact name="Bound by" value={roofline.binds} />
        <Fact name="At best" value={`${figure(roofline.milliseconds)} ms, ${figure(roofline.gflops)} GFLOP/s`} />
      </dl>
      <Chart
        label="Roofline"
        caption={`${rooflineCaption(explanation)} The figures are those of a typical machine.`}
        draw={(charts) => charts.roofline(explanation, timesOf(measuredRun.value))}
        depends={[explanation, measuredRun.value]}
      />
    </>
  );
}

const timesOf = (run: RunResult | undefined) => (run ? [{ name: "measured here", ms: run.time.median }] : []);

/** Names inside the boxes are marked once the boxes stand. */
function Boxes({ markup }: { readonly markup: string }) {
  const place = useRef<HTMLDivElement>(null);
  const known = roots.value;
  useEffect(() => {
    if (!place.current) return;
    place.current.innerHTML = markup;
    for (const code of place.current.querySelectorAll("code")) code.innerHTML = marked(code.textContent ?? "", known);
  }, [markup, known]);
  return <div ref={place} />;
}
