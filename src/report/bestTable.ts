/** A table of the fastest candidates of a shape, with the rank of the model's pick. */
import type { CandidateReport, ShapeReport } from "./data.js";
import { counted, figure, times } from "./format.js";
import { html, type Markup } from "./html.js";
import { measuredOf, shownGain, untunedOf, winnerOf } from "./measures.js";
import { columnHeads, estimateCell, numberCell, scrolling } from "./tables.js";

const MOST_ROWS = 10;
const COLUMNS = [
  ["Rank", "number"],
  ["Knobs", "words"],
  ["Predicted cost", "number"],
  ["Measured, ms", "number"],
  ["Gain", "number"],
] as const;

/** Sorted by measured time. The model's pick is the last row if it is not among the fastest. */
export function bestTable(shape: ShapeReport): Markup {
  const ranked = measuredOf(shape)
    .toSorted((a, b) => (a.ms?.median as number) - (b.ms?.median as number))
    .map((candidate, i) => ({ candidate, rank: i + 1 }));
  if (ranked.length === 0) return html`<p class="muted">No candidate was measured to the end.</p>`;
  const untuned = untunedOf(shape);
  const shown = ranked.filter(({ candidate, rank }) => rank <= MOST_ROWS || candidate === untuned);
  const table = html`<table><caption>${captionOf(ranked.length)}</caption>
<thead><tr>${columnHeads(COLUMNS)}</tr></thead>
<tbody>${shown.map(({ candidate, rank }) => row(candidate, rank, shape))}</tbody></table>`;
  return scrolling(`Best candidates of ${shape.name}`, table);
}

const captionOf = (count: number): string =>
  count > MOST_ROWS ? `The best ${MOST_ROWS} of ${counted(count, "measured candidate")}` : counted(count, "candidate");

function row(candidate: CandidateReport, rank: number, shape: ShapeReport): Markup {
  const tags = [
    candidate === winnerOf(shape) ? html` <span class="tag tuned">tuned</span>` : undefined,
    candidate === untunedOf(shape) ? html` <span class="tag untuned">untuned</span>` : undefined,
  ];
  const gain = estimateCell(shownGain(shape, candidate), times);
  return html`<tr>${numberCell(String(rank))}<th scope="row" class="knobs"><code>${candidate.knobs}</code>${tags}</th>
${numberCell(figure(candidate.predicted))}${estimateCell(candidate.ms, figure)}${gain}</tr>
`;
}
