/** Parts of tables: cells with an estimate, and a frame in which a table scrolls if the page is too narrow for it. */
import type { Interval } from "../tune/statistics.js";
import { bounds } from "./format.js";
import { html, type Markup } from "./html.js";

/** A cell with the median and, below it, the bounds. */
export function estimateCell(estimate: Interval | undefined, print: (value: number | undefined) => string): Markup {
  const range = bounds(estimate, print);
  const small = range === "" ? undefined : html`<small>${range}</small>`;
  return html`<td class="number">${print(estimate?.median)}${small}</td>`;
}

export const numberCell = (text: string): Markup => html`<td class="number">${text}</td>`;

/** Headings of columns. Words are aligned left, numbers right. */
export const columnHeads = (titles: readonly (readonly [title: string, kind: "words" | "number"])[]): Markup[] =>
  titles.map(([title, kind]) => html`<th scope="col" class="${kind}">${title}</th>`);

/** @param label the name of the frame for readers who reach it by keyboard */
export const scrolling = (label: string, table: Markup): Markup =>
  html`<div class="card scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`;
