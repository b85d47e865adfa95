/** The report's charts in a page, whose policy may allow no code from text: expressions are interpreted. */
import type { Explanation } from "tilewright/compiler";
import { expressionInterpreter } from "vega-interpreter";
import type { TopLevelSpec } from "vega-lite";
import type { CandidateReport, PeerReport } from "../../src/report/data.js";
import { explainedRoofline, explainedShape } from "../../src/report/explained.js";
import { printMarkup } from "../../src/report/html.js";
import { scatterOf } from "../../src/report/scatter.js";
import { drawChart } from "../../src/report/svg.js";

async function drawn(spec: TopLevelSpec | undefined, label: string): Promise<string | undefined> {
  return spec && printMarkup(await drawChart(spec, label, expressionInterpreter));
}

/** The roof, and below it the times of the kernel. */
export const roofline = (explanation: Explanation, times: readonly PeerReport[]): Promise<string | undefined> =>
  drawn(explainedRoofline(explanation, times), "Roofline");

/** Candidates, by what the cost model predicts and by what they took. The first one is the model's pick. */
export const scatter = (
  explanation: Explanation,
  candidates: readonly CandidateReport[],
  winner: number,
): Promise<string | undefined> =>
  drawn(scatterOf(explainedShape(explanation, { candidates, winner }))?.spec, "Predicted and measured");
