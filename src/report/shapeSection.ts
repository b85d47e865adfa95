/** The section of one shape on one target: figures, charts, the winner's loops, the best candidates. */
import type { Interval } from "../tune/statistics.js";
import { barsSpec, drawable } from "./bars.js";
import { bestTable } from "./bestTable.js";
import { COLOUR } from "./chartBase.js";
import type { CandidateReport, ShapeReport } from "./data.js";
import { bounds, counted, decimal, figure, formatSpec, percent, times, whole } from "./format.js";
import { html, type Markup } from "./html.js";
import { intensityOf, rate, shareOfRoof, shownGain, triedOf, untunedOf, winnerOf } from "./measures.js";
import { nestBoxes } from "./nestBoxes.js";
import { MOST_PEERS, rooflineSpec } from "./roofline.js";
import { scatterOf } from "./scatter.js";
import { drawFigure } from "./svg.js";

const FAILURES = ["wrong", "crashed", "hung", "refused"] as const;

/** @param place the position of the shape from 0, from which the address of the section is made */
export async function shapeSection(shape: ShapeReport, place: number): Promise<Markup> {
  const id = `shape-${place + 1}`;
  return html`<section class="shape" id="${id}" aria-labelledby="${id}-name">
<div class="lead"><h2 id="${id}-name">${shape.name}</h2>
<p>${formatSpec(shape.spec)}</p>
<p class="about">${shape.target}. Measured on ${shape.measuredOn}.</p></div>
<div class="pair">${facts(shape)}
${await timesFigure(shape)}
${await rooflineFigure(shape)}
${await scatterFigure(shape)}</div>
<div class="block"><h3>Best candidates</h3>${bestTable(shape)}</div>
<div class="block"><h3>Loops of the winner</h3>
${loopsOf(shape)}</div>
</section>
`;
}

const loopsOf = ({ nest }: ShapeReport): Markup =>
  nest.trim() === "" ? html`<p class="muted">There are none to show.</p>` : nestBoxes(nest, "Loops of the winner");

function facts(shape: ShapeReport): Markup {
  const fact = (name: string, value: string, range = ""): Markup =>
    html`<div><dt>${name}</dt><dd>${value}${range === "" ? undefined : html` <small>${range}</small>`}</dd></div>`;
  const [untuned, tuned, gain] = [untunedOf(shape)?.ms, winnerOf(shape)?.ms, shownGain(shape)];
  const gained = fact("Gain", times(gain?.median), bounds(gain, times));
  const tried = triedOf(shape);
  const speed = figure(rate(shape.work.flops, tuned?.median));
  return html`<dl class="facts">${fact("Untuned, ms", figure(untuned?.median), bounds(untuned, figure))}
${fact("Tuned, ms", figure(tuned?.median), bounds(tuned, figure))}${gained}
${fact("GFLOP/s, every tap", speed)}${fact("Share of roof", percent(shareOfRoof(shape)))}
${fact("Schedules measured", whole(tried.measured), `of ${whole(tried.all)}`)}</dl>`;
}

const noFigure = (why: string): Markup => html`<p class="muted">${why}</p>`;

async function rooflineFigure(shape: ShapeReport): Promise<Markup> {
  const spec = rooflineSpec(shape);
  if (spec === undefined)
    return noFigure("No roofline: this shape has nothing to compute, or its machine is not known.");
  const { peak, bandwidth, isMeasured } = shape.machine;
  const roof = `${figure(peak)} GFLOP/s and ${figure(bandwidth)} GB/s`;
  const origin = isMeasured ? "measured on this machine" : "typical of such machines, not measured on this one";
  const share = shareOfRoof(shape);
  const reached =
    share === undefined
      ? "the tuned kernel has no time to compare with it"
      : `the tuned kernel reaches ${percent(share)} of it at ${figure(intensityOf(shape))} FLOP per byte`;
  const others =
    shape.peers.length > MOST_PEERS ? ` Of other ways to run it, the fastest ${MOST_PEERS} are shown.` : "";
  return drawFigure(
    spec,
    `Roofline of ${shape.name}, a roof of ${roof}: ${reached}.`,
    `Roofline. The roof, ${roof}, is ${origin}. Counted is what has to be computed; ${reached}.${others}`,
  );
}

async function scatterFigure(shape: ShapeReport): Promise<Markup> {
  const scatter = scatterOf(shape);
  const outcomes = `${counted(triedOf(shape).measured, "schedule")} measured${failures(shape.candidates)}.`;
  if (scatter === undefined) return noFigure(`No comparison with the cost model: ${outcomes}`);
  const correlation =
    shape.rankCorrelation === undefined
      ? "Too few for a rank correlation."
      : `Rank correlation ${decimal(shape.rankCorrelation)}.`;
  const drawn =
    scatter.drawn === scatter.all ? "" : ` Of points that cover each other one is drawn, ${scatter.drawn} in all.`;
  return drawFigure(
    scatter.spec,
    `Predicted cost and measured time of ${shape.name}. ${correlation}`,
    `Predicted and measured. ${outcomes} ${correlation}${drawn}`,
  );
}

function failures(candidates: readonly CandidateReport[]): string {
  const counts = FAILURES.map(
    (outcome) => [outcome, candidates.filter((one) => one.outcome === outcome).length] as const,
  );
  return counts
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `, ${count} ${outcome}`)
    .join("");
}

const exactly = (ms: number): Interval => ({ low: ms, median: ms, high: ms });

async function timesFigure(shape: ShapeReport): Promise<Markup | undefined> {
  const times = [
    { label: "untuned", estimate: untunedOf(shape)?.ms, colour: COLOUR.untuned },
    { label: "tuned", estimate: winnerOf(shape)?.ms, colour: COLOUR.tuned },
    ...shape.peers.map(({ name, ms }) => ({ label: name, estimate: exactly(ms), colour: COLOUR.peer })),
  ];
  const bars = times.flatMap(({ label, estimate, colour }) =>
    estimate === undefined ? [] : [{ label, estimate, text: figure(estimate.median), colour }],
  );
  const drawn = drawable(bars);
  if (drawn.length === 0) return undefined;
  const words = drawn.map(({ label, text }) => `${label} ${text} ms`).join(", ");
  const others = shape.peers.length > 0 ? ", and of other ways to run this shape" : "";
  return drawFigure(
    barsSpec(drawn, "ms of one call"),
    `Times of ${shape.name}: ${words}.`,
    `Time of one call, untuned and tuned${others}. Less is better.`,
  );
}
