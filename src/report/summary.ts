/** The summary above the shapes: a table of all shapes, a chart of their gains, and the records that were left out. */
import { geometricMean } from "../tune/statistics.js";
import { barsSpec, drawable } from "./bars.js";
import { COLOUR } from "./chartBase.js";
import type { ReportData, ShapeReport } from "./data.js";
import { bounds, counted, decimal, figure, percent, times, whole } from "./format.js";
import { html, type Markup, trusted } from "./html.js";
import { isPositive, rate, shareOfRoof, shownGain, triedOf, untunedOf, winnerOf } from "./measures.js";
import { drawFigure } from "./svg.js";
import { columnHeads, estimateCell, numberCell, scrolling } from "./tables.js";

const COLUMNS = [
  ["Shape", "words"],
  ["Target", "words"],
  ["Untuned, ms", "number"],
  ["Tuned, ms", "number"],
  ["Gain", "number"],
  ["GFLOP/s", "number"],
  ["Share of roof", "number"],
  ["Measured", "number"],
  ["Rank correlation", "number"],
] as const;

type LeftOut = ReportData["leftOut"];

/** The section that summarizes all shapes. */
export async function summary({ shapes, leftOut }: ReportData): Promise<Markup> {
  const nothing = html`<p>No shapes were tuned: there is nothing to report.</p>${leftOutNote(leftOut)}`;
  return html`<section aria-labelledby="summary"><h2 id="summary">Summary</h2>
${shapes.length === 0 ? nothing : await results(shapes, leftOut)}</section>`;
}

const NOTES = trusted(
  "Gain: how many times as fast as what the cost model picks untuned, with the bounds it lies between. " +
    "GFLOP/s of the tuned kernel count every tap, padding included, as others do; " +
    "the share of the roof counts what has to be computed. " +
    "Rank correlation is Spearman's, of predicted cost with measured time.",
);

async function results(shapes: readonly ShapeReport[], leftOut: LeftOut): Promise<Markup> {
  return html`${scrolling("Summary of all shapes", summaryTable(shapes))}
<div class="pair">${await gainsFigure(shapes)}
<div class="block notes"><p>${NOTES}</p>
${leftOutNote(leftOut)}</div></div>`;
}

const summaryTable = (shapes: readonly ShapeReport[]): Markup => html`<table>
<thead><tr>${columnHeads(COLUMNS)}</tr></thead>
<tbody>${shapes.map(summaryRow)}</tbody>
${shapes.length > 1 ? meanRow(shapes) : undefined}</table>`;

function summaryRow(shape: ShapeReport, place: number): Markup {
  const winner = winnerOf(shape);
  const link = html`<a href="#shape-${place + 1}">${shape.name}</a>`;
  const tried = triedOf(shape);
  const measured = `${whole(tried.measured)} of ${whole(tried.all)}`;
  return html`<tr><th scope="row" class="words">${link}</th><td class="words">${shape.target}</td>
${estimateCell(untunedOf(shape)?.ms, figure)}${estimateCell(winner?.ms, figure)}${estimateCell(shownGain(shape), times)}
${numberCell(figure(rate(shape.work.flops, winner?.ms?.median)))}${numberCell(percent(shareOfRoof(shape)))}
${numberCell(measured)}${numberCell(decimal(shape.rankCorrelation))}</tr>
`;
}

function meanRow(shapes: readonly ShapeReport[]): Markup {
  const gains = shapes.map((shape) => shownGain(shape)?.median).filter(isPositive);
  const ofHowMany = gains.length === shapes.length ? "" : `, of ${gains.length}`;
  const mean = times(gains.length === 0 ? undefined : geometricMean(gains));
  const head = html`<th scope="row" colspan="4">Geometric mean${ofHowMany}</th>`;
  return html`<tfoot><tr>${head}<td class="number">${mean}</td><td colspan="4"></td></tr></tfoot>`;
}

async function gainsFigure(shapes: readonly ShapeReport[]): Promise<Markup | undefined> {
  const isUnique = (name: string) => shapes.filter((shape) => shape.name === name).length === 1;
  const bars = shapes.flatMap((shape) => {
    const estimate = shownGain(shape);
    if (estimate === undefined) return [];
    const label = isUnique(shape.name) ? shape.name : `${shape.name}, ${shape.target}`;
    return [{ label, estimate, text: times(estimate.median), colour: COLOUR.tuned }];
  });
  const drawn = drawable(bars);
  if (drawn.length === 0) return undefined;
  const words = drawn.map((bar) => `${bar.label} ${bar.text} ${bounds(bar.estimate, times)}`.trim()).join("; ");
  return drawFigure(
    barsSpec(drawn, "times as fast as untuned", 1),
    `Gains: ${words}`,
    "Gain of each shape, with its bounds. The dashed line is untuned.",
  );
}

function leftOutNote(leftOut: LeftOut): Markup {
  const [first] = leftOut;
  if (first === undefined) return html`<p>No record was left out.</p>`;
  const total = leftOut.reduce((sum, { count }) => sum + count, 0);
  const reasons = leftOut.map(({ reason, count }) => `${reason} (${count})`).join("; ");
  return html`<p>Left out of the records: ${counted(total, "line")}. The reasons: ${reasons}.</p>`;
}
