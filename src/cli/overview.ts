/** The first screen of `explain`: which kernel a spec gets, how fast it may be, and where its time goes. */
import type { Explanation, RegisterUse } from "../codegen/explanation.js";
import { boundInWords, countedInWords, liveInWords } from "../ir/ops/factsInWords.js";
import { specRow } from "../ir/ops/specRow.js";
import { VERSION } from "../ir/version.js";
import { counted, figure, percent, whole } from "../report/format.js";
import type { Markup } from "../report/html.js";
import { renderNests } from "../report/nestPage.js";
import { labelled, targetRow } from "./text.js";
import { callTime, pointRow } from "./tuneText.js";

/** The most loops that are listed. */
const MOST_LOOPS = 5;

export const formatOverview = (explanation: Explanation): string =>
  [
    ...labelled(factsOf(explanation)),
    "",
    ...loopRows(explanation),
    "",
    "--all prints the road from the spec to the code, --stage NAME one step of it, --html FILE draws the loops",
    "",
  ].join("\n");

/** A page with the same facts, with the roofline if it could be drawn, and with the loops of a call. */
export const overviewPage = (explanation: Explanation, chart: Markup | undefined): string =>
  renderNests({
    title: specRow(explanation.spec),
    version: VERSION,
    facts: factsOf(explanation),
    chart,
    nests: explanation.kernels
      .filter(({ when }) => when === "run")
      .map(({ name, steps, operations, bytes }) => ({ name, text: steps[0]?.ir ?? "", operations, bytes })),
  });

function factsOf(explanation: Explanation): (readonly [name: string, value: string])[] {
  const { spec, outputShape, algorithm, schedule, memory } = explanation;
  return [
    ["spec", `${specRow(spec)}; output ${outputShape.join("x")}`],
    ["target", targetRow(schedule.target)],
    ["algorithm", algorithm],
    ["error", boundInWords(explanation)],
    ["schedule", explanation.pick ? pointRow(explanation.pick) : schedule.row],
    ["cost", costOf(explanation)],
    ["speed", speedOf(explanation)],
    ["work", workOf(explanation)],
    ...(memory.length === 0 ? [] : [["memory", memoryOf(explanation)] as const]),
    ["registers", explanation.registers.map(registersOf).join("; ")],
  ];
}

function costOf({ pick, schedule }: Explanation): string {
  if (pick === undefined) return "not estimated, as the schedule was given";
  const unit = schedule.target.lanes === 1 ? "instructions" : "cycles";
  return `${whole(Number(pick.cycles.toPrecision(3)))} ${unit} a call, by the cost model`;
}

/** The roofline. It counts the operations of the definition, of which Winograd's algorithm does a fraction. */
function speedOf({ spec, algorithm, roofline }: Explanation): string {
  const { milliseconds, gflops, binds, peak, bandwidth } = roofline;
  const whose = algorithm.startsWith("winograd") ? "a direct kernel takes at least" : "at best";
  return (
    `${whose} ${callTime(milliseconds)}, ${figure(gflops)} GFLOP/s counting all ${countedInWords(spec)}; ` +
    `bound by ${binds}, if the machine has ${figure(peak)} GFLOP/s and ${figure(bandwidth)} GB/s`
  );
}

const workOf = ({ spec, work: { flops, liveShare, bytes } }: Explanation): string =>
  `${figure(flops / 1e6)} MFLOP${liveInWords(spec, liveShare, percent(liveShare))}; ${counted(bytes, "byte")} moved`;

const memoryOf = ({ memory }: Explanation): string =>
  memory
    .map(({ when, bytes, codeBytes, shared }) => {
      const block = `${counted(bytes, "byte")}${shared ? ", shared by threads," : ""}`;
      return `${block} and ${counted(codeBytes, "byte")} of code for ${when}`;
    })
    .join("; ");

function registersOf({ kernel, accumulators, values, estimate, available }: RegisterUse): string {
  const verdict = estimate > available ? ", so some may spill to memory, which takes time" : "";
  return `${kernel} needs ${accumulators} + ${values} of ${available}${verdict}`;
}

/** The loops of a call, each with its share of all operations. */
function loopRows({ loops }: Explanation): string[] {
  if (loops.length === 0) return ["There is nothing to compute."];
  const rest = loops.slice(MOST_LOOPS);
  const row = (share: number, what: string) => `${percent(share).padStart(7)}  ${what}`;
  return [
    "Where the time goes: operations by loop (a vector counts as one, guards as true)",
    ...loops.slice(0, MOST_LOOPS).map(({ kernel, loops, share }) => row(share, `${kernel}: ${loops.join(" ")}`)),
    ...(rest.length === 0
      ? []
      : [
          row(
            rest.reduce((sum, { share }) => sum + share, 0),
            counted(rest.length, "more loop"),
          ),
        ]),
  ];
}
