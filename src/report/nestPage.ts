/** A page about one kernel: its facts, and its loops as boxes, each with its share of all operations. */
import { html, type Markup } from "./html.js";
import { nestBoxes } from "./nestBoxes.js";
import { pageOf } from "./page.js";

export interface DrawnNest {
  readonly name: string;
  /** The loops as text: one loop or statement a line, indented by two spaces for each level. */
  readonly text: string;
  /** The operations at and below each line. */
  readonly operations: readonly number[];
  /** The bytes that each loop reaches in one run, by line. */
  readonly bytes: readonly number[];
}

export interface NestPage {
  readonly title: string;
  readonly version: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** The kernels of a call, in the order in which they run. */
  readonly nests: readonly DrawnNest[];
  /** The roofline, if it could be drawn. */
  readonly chart: Markup | undefined;
}

/** The whole page. The same data gives the same bytes. */
export function renderNests({ title, version, facts, nests, chart }: NestPage): string {
  const all = nests.reduce((sum, { operations: [most = 0] }) => sum + most, 0);
  const rows = facts.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td class="words">${value}</td></tr>\n`,
  );
  return pageOf(
    title,
    html`<header><h1>${title}</h1><p class="about">tilewright ${version}</p></header>
<main>
<section><table><tbody>${rows}</tbody></table>
${chart}<p class="muted">${NOTE}</p></section>
${nests.map((nest) => section(nest, all))}</main>`,
  );
}

const NOTE =
  "Each line tells its share of the operations of a call, those in its loops included. An operation is arithmetic on " +
  "a number or a vector, or an access to memory; guards count as true. The bytes behind a loop are those of the " +
  "tensors that one run of the loop reaches.";

function section({ name, text, operations, bytes }: DrawnNest, all: number): Markup {
  const boxes = nestBoxes(text, `Loops of ${name}`, { operations, all, bytes });
  return html`<section class="shape"><h2>${name}</h2>${boxes}</section>
`;
}
