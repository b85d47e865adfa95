// @ts-check
/** The first page: one picture, of a formula on its way to instructions, one call, and what was measured. */
import { readFileSync } from "node:fs";
import { DEFAULT_TARGET, explain } from "../../build/codegen/index.js";
import { ROAD, SIGNAL } from "../data/directives.js";
import { FORMULA_EXAMPLES } from "../data/formulas.js";
import { drawnNest, escaped, onePiece, pageOf } from "./drawing.js";
import { chartOf, MEASURED } from "./measured.js";

/** @typedef {import("./directives.js").Page} Page */

/** @param {string} path */
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const DOORS = [
  ["Five minutes", "/guide/", "From nothing to an op of your own, compiled and run."],
  [
    `${FORMULA_EXAMPLES.length} formulas`,
    "/formulas/examples",
    "The language by examples: a scaled sum, a convolution, attention.",
  ],
  ["Gallery of ops", "/ops/", "Each op of the library: its formula, its axes, its loops."],
  ["Directives", "/directives/", "What a schedule may say, with the loops before and after."],
  ["Inside", "/inside/", "The road of one kernel, pass by pass."],
  ["In TensorFlow.js", "/guide/tfjs", "One line, and its convolutions run on our kernels."],
];

/** @returns {readonly Page[]} */
export const homePages = () => [
  {
    path: "index.md",
    text: pageOf(
      '---\nlayout: page\ntitle: "tilewright"\ntitleTemplate: "A kernel compiler for Node and browsers"\n---',
      '<main class="front">',
      onePiece(opening()),
      onePiece(picture()),
      '<section class="pair">\n<div class="vp-doc">',
      "## One call",
      "Compiled once for a shape, prepared once for a set of weights, and run as often as you like. Nothing is copied.",
      firstCode("site/pages/guide/index.md"),
      '</div>\n<div class="vp-doc">',
      "## Measured",
      measured(),
      "</div>\n</section>",
      onePiece(doors()),
      "</main>",
    ),
  },
];

function opening() {
  return `<div class="opening-words">
<p class="kicker">A kernel compiler for Node and browsers</p>
<h1>One call in, one kernel out</h1>
<p class="lead">tilewright takes the shapes of a call, or a line of index notation, and makes the kernel for
exactly that: WebAssembly with vectors, WGSL for GPUs, JavaScript where a page allows no more. In the page,
or in a build.</p>
<p class="ways"><a class="way first" href="/guide/">Five minutes</a>
<a class="way" href="/playground/" target="_self">Playground</a></p>
</div>`;
}

/** A formula, its loops and its innermost instructions, which are all made of the same text. */
function picture() {
  const { kernels } = explain(SIGNAL, { target: DEFAULT_TARGET, schedule: ROAD });
  const nest = kernels.find(({ name }) => name === "output")?.steps[0]?.ir ?? "";
  const code = /<!-- example wasm: .*?-->\n\n([\s\S]*?)\n\n<!--/.exec(read("ARCHITECTURE.md"))?.[1] ?? "";
  const text = code.replace(/^ {4}/gm, "");
  return `<section class="road" aria-label="From a formula to instructions">
<div class="step written"><p class="side">You write</p>
${plainText(wrapped(SIGNAL.formula))}
<p>A convolution of a signal: seven points, three taps, two channels that become four. Beyond its ends the signal
counts as zero.</p></div>
<div class="step scheduled"><p class="side">It schedules</p>
${drawnNest(nest, "The loops of the kernel").replace(/^<div v-pre>|<\/div>$/g, "")}</div>
<div class="step emitted"><p class="side">It emits</p>
${plainText(text)}
<p>The innermost loop: a filter is read once for two points.
<a class="road-link" href="/inside/">The whole road</a></p></div>
</section>`;
}

/** Text in a frame, which a keyboard reaches. @param {string} text */
const plainText = (text) => `<pre tabindex="0" class="plain"><code>${escaped(text)}</code></pre>`;

/** A formula with a break behind its equals sign. @param {string} formula */
const wrapped = (formula) => formula.replace(" = ", " =\n  ").replace(" * ", "\n    * ").replace(" for ", "\n  for ");

/** The first code of a written page. @param {string} page */
function firstCode(page) {
  const code = /^```js\n[\s\S]*?^```$/m.exec(read(page))?.[0];
  if (code === undefined) throw new Error(`${page} has no code in JavaScript, and the first page shows it`);
  return code;
}

function measured() {
  const peers = MEASURED.get("peers");
  const means = peers?.rows.at(-1);
  if (peers === undefined || means === undefined)
    throw new Error("site/measured/peers.json ends with the geometric means");
  return pageOf(
    `One thread of ${peers.engine.replace(/, one thread/, "")}, beside the best of ${peers.versions.join(", ")}: ` +
      `**${means[6]}** as fast, and **${means[7]}** with ` +
      `\`accuracy: "fast"\` (geometric means of ${peers.rows.length - 1} shapes; ${peers.machine}, ${peers.date}).`,
    chartOf(peers, 3),
    "[All tables](./measured/), with the commands that measure them anew.",
  ).trimEnd();
}

const doors = () =>
  `<nav class="doors" aria-label="Where to go"><ul>${DOORS.map(
    ([title, link, says]) => `<li><a href="${link}"><strong>${title}</strong><span>${says}</span></a></li>`,
  ).join("\n")}</ul></nav>`;
