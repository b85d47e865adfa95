/** Draws the text of loops as nested boxes. Lines that are indented below a line lie inside its box. */
import { byteText, counted, percent } from "./format.js";
import { html, type Markup } from "./html.js";

/** The work of a nest, where it is known. */
export interface NestWork {
  /** The operations at and below each line that is not blank. */
  readonly operations: readonly number[];
  /** The operations of a whole call. */
  readonly all: number;
  /** The bytes that each loop reaches in one run, by line; 0 for other lines. */
  readonly bytes: readonly number[];
}

interface Line {
  readonly text: string;
  /** The operations at and below the line, their share of a whole call, and the bytes that a loop reaches. */
  readonly work: { readonly operations: number; readonly share: number; readonly bytes: number } | undefined;
  readonly indent: number;
  readonly children: Line[];
}

/**
 * The depth of the innermost boxes. Browsers flatten elements deeper than 512, and a box has two. Deeper lines keep
 * their spaces.
 */
const DEEPEST = 64;
/** The most lines that are shown at once. A longer nest is folded. */
const LONG = 48;

/** The kind of a line decides the accent of its box: how a loop runs, or the other statement that the line opens. */
const LOOP_KINDS = ["unrolled", "vectorized", "parallel", "workgroup", "invocation", "peeled"] as const;
const OTHER_KINDS = ["kernel", "if", "else", "alloc"] as const;
type Kind = "for" | "other" | (typeof LOOP_KINDS)[number] | (typeof OTHER_KINDS)[number];

/** The nest as nested lists. @param label the name of the list for readers who reach it by keyboard */
export function nestBoxes(nest: string, label: string, work?: NestWork): Markup {
  const lines = nest.split(/\r?\n/).filter((line) => line.trim() !== "");
  const list = html`<ul>${treeOf(lines, work).map(drawLine)}</ul>`;
  const boxes = html`<div class="nest scroll" tabindex="0" role="region" aria-label="${label}">${list}</div>`;
  if (work !== undefined || lines.length <= LONG) return boxes;
  return html`<details><summary>Show all ${lines.length} lines</summary>${boxes}</details>`;
}

function treeOf(lines: readonly string[], work: NestWork | undefined): readonly Line[] {
  const roots: Line[] = [];
  const open: Line[] = [];
  for (const [place, line] of lines.entries()) {
    const indent = line.search(/\S/);
    while (open.length > 0 && (open.at(-1) as Line).indent >= indent) open.pop();
    const parent = open.at(-1);
    const deeper = open.length < DEEPEST ? 0 : indent - (parent as Line).indent - 2;
    const text = " ".repeat(Math.max(0, deeper)) + line.trim();
    const placed: Line = { text, work: work && workAt(place, work), indent, children: [] };
    (parent?.children ?? roots).push(placed);
    if (open.length < DEEPEST) open.push(placed);
  }
  return roots;
}

function workAt(place: number, { operations, all, bytes }: NestWork): Line["work"] {
  const own = operations[place] ?? 0;
  return own === 0 ? undefined : { operations: own, share: own / all, bytes: bytes[place] ?? 0 };
}

function drawLine({ text, work, children }: Line): Markup {
  const kind = kindOf(text);
  if (children.length === 0 && kind === "other")
    return html`<li class="line"><code>${text}</code>${shareOf(work)}</li>`;
  const inner = children.length === 0 ? undefined : html`<ul>${children.map(drawLine)}</ul>`;
  const opening = html`<div class="opening">${openingOf(text, kind)}${shareOf(work)}</div>`;
  return html`<li class="box kind-${kind}">${opening}${inner}</li>`;
}

function shareOf(work: Line["work"]): Markup | undefined {
  if (work === undefined) return undefined;
  const bar = html`<meter value="${work.share}"></meter>${percent(work.share)}`;
  const reach = work.bytes > 0 ? html` <span class="reach">${byteText(work.bytes)}</span>` : undefined;
  return html` <span class="share" title="${counted(work.operations, "operation")} a call">${bar}${reach}</span>`;
}

/** The opening line of a box. The last words of a loop say how it runs, and become a label. */
function openingOf(text: string, kind: Kind): Markup {
  const [, loop, label] = /^(for .*?) ([a-z]+(?:\.[xyz])?(?: partition)?)$/.exec(text) ?? [];
  if (loop === undefined || label === undefined || kind === "for") return html`<code>${text}</code>`;
  return html`<code>${loop}</code> <span class="tag">${label}</span>`;
}

function kindOf(text: string): Kind {
  const words = text.split(/[\s.(]+/);
  const [first = ""] = words;
  if (first === "for") return LOOP_KINDS.find((kind) => words.includes(kind)) ?? "for";
  return [...LOOP_KINDS, ...OTHER_KINDS].find((kind) => kind === first) ?? "other";
}
