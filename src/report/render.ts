/** Renders the tuning report as a page: one file that loads nothing, and can be read where no script runs. */
import type { ReportData, ShapeReport } from "./data.js";
import { counted, formatDate } from "./format.js";
import { html, type Markup } from "./html.js";
import { byGain } from "./measures.js";
import { pageOf } from "./page.js";
import { SCRIPT } from "./script.js";
import { shapeSection } from "./shapeSection.js";
import { summary } from "./summary.js";

/**
 * The whole page. The same data gives the same bytes. Strings in `data` are always text, never markup, and the policy
 * of the page allows nothing but its one stylesheet and its one script.
 */
export async function renderReport(given: ReportData): Promise<string> {
  const data = { ...given, shapes: byGain(given.shapes) };
  const sections: Markup[] = [];
  for (const [place, shape] of data.shapes.entries()) sections.push(await shapeSection(shape, place));
  return pageOf(
    data.title,
    html`${header(data)}
<main>
${await summary(data)}
${sections}</main>`,
    SCRIPT,
  );
}

function header({ title, date, version, command, machine, shapes }: ReportData): Markup {
  const made = html`<time datetime="${date}">${formatDate(date)}</time>`;
  return html`<header>
<h1>${title}</h1>
<p class="about">${counted(shapes.length, "shape")} · ${made} · tilewright ${version}</p>
<p class="about">Made by <code>${command}</code> on ${machine}</p>
${shapes.length > 1 ? index(shapes) : undefined}</header>`;
}

const index = (shapes: readonly ShapeReport[]): Markup => html`<nav aria-label="Shapes"><ul>
${shapes.map(({ name }, place) => html`<li><a href="#shape-${place + 1}">${name}</a></li>\n`)}</ul></nav>`;
