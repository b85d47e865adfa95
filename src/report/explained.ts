/** A kernel that was explained, as a shape of a report, which the report's charts can show. */
import type { TopLevelSpec } from "vega-lite";
import type { Explanation } from "../codegen/explanation.js";
import type { PeerReport, ShapeReport } from "./data.js";
import { figure } from "./format.js";
import { rooflineSpec } from "./roofline.js";

/** Measurements of a kernel. The first candidate is the model's pick. */
type Measurements = Partial<Pick<ShapeReport, "candidates" | "winner" | "peers">>;

/** The kernel as a shape of a report. */
export function explainedShape(
  { spec, work, roofline, schedule }: Explanation,
  { candidates = [], winner = 0, peers = [] }: Measurements,
): ShapeReport {
  const { peak, bandwidth } = roofline;
  return {
    ...{ name: "the kernel", spec, target: schedule.target.language, measuredOn: "", work, candidates, winner, peers },
    ...{ untuned: 0, rankCorrelation: undefined, nest: "" },
    machine: { peak, bandwidth, isMeasured: false },
  };
}

/** The roof, the place of the kernel below it, and times of the kernel by name. */
export const explainedRoofline = (explanation: Explanation, times: readonly PeerReport[]): TopLevelSpec | undefined =>
  rooflineSpec(explainedShape(explanation, { peers: times }));

/** The roofline in words. */
export function rooflineCaption({ roofline: { peak, bandwidth, binds, intensity } }: Explanation): string {
  return (
    `Roofline, if the machine has ${figure(peak)} GFLOP/s and ${figure(bandwidth)} GB/s: ` +
    `at ${figure(intensity)} FLOP per byte the kernel is bound by ${binds}.`
  );
}
