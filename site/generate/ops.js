// @ts-check
/** The gallery of ops: a page for each op of the library, out of the table by which the tests try every op. */
import { readFileSync } from "node:fs";
import { explain } from "../../build/codegen/index.js";
import { formulaOf } from "../../build/formula/index.js";
import { checkAnySpec, programOfAny } from "../../build/specs/anySpec.js";
import { drawnNest, escaped, fenced, formulaText, frontMatter, onePiece, pageOf, table } from "./drawing.js";
import { rolesOf } from "./formulas.js";
import { measuredOf } from "./measured.js";
import { opLink } from "./playground.js";

/** @typedef {import("./directives.js").Page} Page */
/** @typedef {{ readonly op: string }} OpSpec */

/** @param {string} path */
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** @type {readonly OpSpec[]} */
export const EVERY_OP = JSON.parse(read("test/support/everyOp.json"));

/** What the gallery says of each op, in the order of the table. */
const SAYS = /** @type {Readonly<Record<string, string>>} */ ({
  atrousConv2dTranspose: "TensorFlow's dilated transposed convolution",
  conv1d: "A convolution of signals",
  conv2d: "A convolution of images",
  conv3d: "A convolution of volumes",
  conv1dTranspose: "A transposed convolution of signals",
  conv2dTranspose: "A transposed convolution of images",
  conv3dTranspose: "A transposed convolution of volumes",
  depthwiseConv2d: "Each channel by filters of its own",
  matmul: "A product of matrices, or of stacks of them",
  dense: "A layer in which all meets all",
  maxPool: "The largest of each window",
  averagePool: "The mean of each window",
  softmax: "Powers that add up to one",
  layerNorm: "A row less its mean, by its spread",
  batchNorm: "Channels by statistics that are known",
  resize: "An image in another size",
  pixelShuffle: "Channels that become pixels",
  pad: "A tensor with a border",
  add: "a + b, broadcast",
  subtract: "a - b, broadcast",
  multiply: "a * b, broadcast",
  divide: "a / b, broadcast",
  maximum: "The larger of a and b, broadcast",
  minimum: "The smaller of a and b, broadcast",
  activate: "One function for each number",
  reduceSum: "The sum along axes",
  reduceMean: "The mean along axes",
  reduceMax: "The largest along axes",
  reduceMin: "The smallest along axes",
});

/** Ops with a page of their own in the words of people, by the name of the page. */
const FAMILY = /^(conv[123]d|depthwise)/;

/** @returns {readonly Page[]} */
export const opPages = () => [galleryPage(), ...EVERY_OP.map(opPage)];

/** @returns {Page} */
function galleryPage() {
  const cards = EVERY_OP.map((spec) => {
    const [line = "", ...more] = textOf(spec).split("\n");
    const rest =
      more.length > 0 ? `<small>and ${more.length} more ${more.length === 1 ? "line" : "lines"}</small>` : "";
    const says = `<strong>${spec.op}</strong><span>${escaped(saysOf(spec.op))}</span>`;
    return `<li><a class="op" href="./${spec.op}">${says}<code>${escaped(line)}</code>${rest}</a></li>`;
  });
  return {
    path: "ops/index.md",
    text: pageOf(
      frontMatter("Ops", "Every op of the library, as the line of index notation that it is."),
      "# Ops",
      "An op of the library is a name for a formula. Each has a page: the formula, what its axes do, and the " +
        "loops that the compiler " +
        "chooses. What an op has no name for is a [formula of your own](../formulas/).",
      onePiece(`<ul class="gallery">\n${cards.join("\n")}\n</ul>`),
      "What each of them can is tried by the tests, on every target: [support](./support.md).",
    ),
  };
}

/** @param {OpSpec} spec @returns {Page} */
function opPage(spec) {
  const { op } = spec;
  const { algorithm, kernels, schedule, outputShape } = explain(spec);
  const all = kernels.filter(({ when }) => when === "run").reduce((sum, { operations: [most = 0] }) => sum + most, 0);
  const nests = kernels.filter(({ when }) => when === "run");
  const prepared = kernels.filter(({ when }) => when === "prepare").map(({ name }) => `\`${name}\``);
  return {
    path: `ops/${op}.md`,
    text: pageOf(
      frontMatter(
        op,
        `${saysOf(op)}: its formula, what its axes do, and the loops that the compiler chooses.`,
        "outline: [2, 2]",
      ),
      `# ${op}`,
      `${saysOf(op)}. ${whereToRead(op)}`,
      "## Formula",
      formulaText(textOf(spec)),
      `This is what the call below means; its output is [${outputShape.join(", ")}].`,
      fenced("js", `import { compile } from "tilewright";\n\nconst kernel = await compile(${callOf(spec)});`),
      opLink(spec),
      "## Roles",
      "By what each axis does its stages are scheduled.",
      table(
        ["stage", "axes"],
        rolesOf(spec).map(({ stage, roles }) => [`\`${stage}\``, roles]),
      ),
      "## Loops",
      `The compiler picks this for WebAssembly with relaxed SIMD (${algorithm}), and each line tells its ` +
        "share of the operations of a call.",
      ...nests.map(({ name, steps, operations, bytes }) =>
        drawnNest(steps[0]?.ir ?? "", `Loops of ${name}`, { operations, all, bytes }),
      ),
      prepared.length > 0 ? `Once per set of weights runs ${prepared.join(", ")}.` : undefined,
      "::: details The schedule in one row",
      fenced("text", schedule.row.replaceAll(" | ", "\n").replace(/(.{90,110}?\)) /g, "$1\n    ")),
      ":::",
      "## Measured",
      measuredOf(op) ?? NOT_MEASURED,
      "## What it can",
      supportRow(op),
    ),
  };
}

const NOT_MEASURED =
  "No figure of this op is in the repository yet. `npm run bench -- ops` measures ops of all sorts beside the " +
  "peak of the machine.";

/** @param {string} op */
function saysOf(op) {
  return SAYS[op] ?? missing(`site/generate/ops.js says nothing of the op ${op}`);
}

/** @param {string} what @returns {never} */
function missing(what) {
  throw new Error(what);
}

/** @param {string} op */
function whereToRead(op) {
  if (op === "atrousConv2dTranspose") return "[What it means](./atrous.md) in full.";
  if (FAMILY.test(op)) return "All attributes are those of [the convolution family](./family.md).";
  return "All attributes are in [the table of other ops](./others.md).";
}

/** The formula that the op stands for, or the one that its program is. @param {OpSpec} spec */
function textOf(spec) {
  const checked = /** @type {{ formula?: string }} */ (checkAnySpec(spec));
  return checked.formula ?? formulaOf(programOfAny(spec)).formula;
}

/** The spec as one writes it, a field a line. @param {OpSpec} spec */
function callOf(spec) {
  const fields = Object.entries(spec).map(
    ([name, value]) => `  ${name}: ${JSON.stringify(value).replaceAll(",", ", ")},`,
  );
  return `{\n${fields.join("\n")}\n}`;
}

/** The row of the table that test/house/supportMatrix.test.ts writes, with its heads. @param {string} op */
function supportRow(op) {
  const lines = read("site/pages/ops/support.md").split("\n");
  const row =
    lines.find((line) => line.startsWith(`| \`${op}\` |`)) ?? missing(`the table of support has no row of ${op}`);
  const heads = lines.find((line) => line.startsWith("| op |")) ?? missing("the table of support has no heads");
  const [names, cells] = [heads, row].map((line) =>
    line
      .split("|")
      .slice(2, -1)
      .map((one) => one.trim()),
  );
  return table(names ?? [], [(cells ?? []).map((one) => one || "–")]);
}
