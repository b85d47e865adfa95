/** Loops drawn as boxes in boxes, from their text: what is indented below a line lies inside its box. */
import { html, type Markup } from "./html.js";

interface Line {
  readonly text: string;
  readonly indent: number;
  readonly children: Line[];
}

/** Browsers flatten what is nested more than 512 deep, and each box takes two. What lies deeper keeps its spaces instead. */
const DEEPEST = 64;
/** Longer nests are folded away at first. */
const LONG = 48;

/** The accent of a box: how a loop runs, or what else a line opens. */
const LOOP_KINDS = ["unrolled", "vectorized", "parallel", "workgroup", "invocation", "peeled"] as const;
const OTHER_KINDS = ["kernel", "if", "else", "alloc"] as const;
type Kind = "for" | "other" | (typeof LOOP_KINDS)[number] | (typeof OTHER_KINDS)[number];

/** The nest as lists in lists; long ones in a fold. */
export function nestBoxes(nest: string): Markup {
  const lines = nest.split(/\r?\n/).filter((line) => line.trim() !== "");
  const boxes = html`<div class="nest scroll" tabindex="0" role="region" aria-label="Loops of the winner"><ul>${treeOf(lines).map(drawLine)}</ul></div>`;
  if (lines.length <= LONG) return boxes;
  return html`<details><summary>Show all ${lines.length} lines</summary>${boxes}</details>`;
}

function treeOf(lines: readonly string[]): readonly Line[] {
  const roots: Line[] = [];
  const open: Line[] = [];
  for (const line of lines) {
    const indent = line.search(/\S/);
    while (open.length > 0 && (open.at(-1) as Line).indent >= indent) open.pop();
    const parent = open.at(-1);
    const deeper = open.length < DEEPEST ? 0 : indent - (parent as Line).indent - 2;
    const placed: Line = { text: " ".repeat(Math.max(0, deeper)) + line.trim(), indent, children: [] };
    (parent?.children ?? roots).push(placed);
    if (open.length < DEEPEST) open.push(placed);
  }
  return roots;
}

function drawLine({ text, children }: Line): Markup {
  const kind = kindOf(text);
  if (children.length === 0 && kind === "other") return html`<li class="line"><code>${text}</code></li>`;
  const inner = children.length === 0 ? undefined : html`<ul>${children.map(drawLine)}</ul>`;
  return html`<li class="box kind-${kind}"><div class="opening">${openingOf(text, kind)}</div>${inner}</li>`;
}

/** How a loop runs stands at the end of its line: there it becomes a label. */
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
