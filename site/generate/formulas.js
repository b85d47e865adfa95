// @ts-check
/** Pages on the formula language: what follows from each example, and the mistakes that the tests make. */
import { accessOf } from "../../build/ir/access.js";
import { programOfAny } from "../../build/specs/anySpec.js";
import { CHAPTERS, FORMULA_EXAMPLES } from "../data/formulas.js";
import { fenced, formulaText, frontMatter, pageOf, table } from "./drawing.js";
import { formulaLink } from "./playground.js";
import { snapshotsOf } from "./snapshots.js";

/** @typedef {import("./directives.js").Page} Page */
/** @typedef {import("../data/formulas.js").FormulaExample} FormulaExample */

/** @returns {readonly Page[]} */
export const formulaPages = () => [examplesPage(), errorsPage()];

/** @returns {Page} */
function examplesPage() {
  return {
    path: "formulas/examples.md",
    text: pageOf(
      frontMatter("Examples of formulas", "Ops as lines of index notation, from a scaled sum to attention."),
      `# ${FORMULA_EXAMPLES.length} formulas`,
      "Each is compiled by the tests, for JavaScript and for WebAssembly, and its results are those of its " +
        "definition. Below each stands what " +
        "follows from the text: the shapes, and of each stage the [roles](../inside/schedules.md) by which it " +
        "is scheduled.",
      ...CHAPTERS.flatMap(({ title, examples }) => [`## ${title}`, ...examples.map(exampleText)]),
    ),
  };
}

/** @param {FormulaExample} example */
function exampleText({ title, says, ...spec }) {
  const { buffers } = programOfAny(spec);
  const shapes = buffers
    .filter(({ role }) => role !== "scratch")
    .map(({ name, role, shape }) => `\`${name}\` ${role === "output" ? "" : `${role} `}[${shape.join(", ")}]`);
  return pageOf(
    `### ${title}`,
    says,
    formulaText(spec.formula),
    `${shapes.join(" · ")}`,
    ...rolesOf(spec).map(({ stage, roles }) => `- stage \`${stage}\`: ${roles}`),
    formulaLink(spec),
  ).trimEnd();
}

/**
 * The roles of axes, by stage, in the order in which a call runs them.
 * @param {unknown} spec
 */
export function rolesOf(spec) {
  const program = programOfAny(spec);
  return [...program.prepare, ...program.run].map((stage) => {
    const { space, reduce } = accessOf(stage, program);
    const roles = [...space, ...reduce].map(({ name, role, extent }) => `\`${name}\` < ${extent} ${role}`);
    return { stage: stage.name, roles: roles.join(", ") || "one number" };
  });
}

/** @returns {Page} */
function errorsPage() {
  const shown = snapshotsOf("test/formula/errors.test.ts").filter(({ text }) => /^invalid-formula: /.test(text));
  const suites = [...new Set(shown.map(({ suite }) => suite))];
  return {
    path: "formulas/errors.md",
    text: pageOf(
      frontMatter(
        "Mistakes in formulas",
        "What the compiler says of text that is no formula, and of formulas that do not fit their tensors.",
      ),
      "# Mistakes",
      "A mistake in a formula is one sentence, with the line of the text below it and carets under the place. " +
        "It throws a `TilewrightError` with " +
        "the code `invalid-formula`. These are the mistakes that the tests make, with the messages that they expect.",
      ...suites.flatMap((suite) => [
        `## ${capital(suite)}`,
        ...shown.filter((one) => one.suite === suite).map(({ title, text }) => mistake(title, text)),
      ]),
      "## Other errors",
      table(["more", "where"], [["every code, and what it means", "[Errors](../reference/errors.md)"]]),
    ),
  };
}

/** @param {string} title @param {string} text */
function mistake(title, text) {
  const [sentence = "", ...place] = text.replace(/^invalid-formula: /, "").split("\n");
  return pageOf(
    `**${capital(title)}**`,
    sentence.replace(/([[\]*_<>`{}|\\])/g, "\\$1"),
    place.length > 0 ? fenced("text", place.join("\n")) : undefined,
  ).trimEnd();
}

/** @param {string} text */
const capital = (text) => `${text[0]?.toUpperCase()}${text.slice(1)}`;
