// @ts-check
/** A page for each directive: what its declaration says, and the loops of a small stage before it and after. */
import { readFileSync } from "node:fs";
import ts from "typescript";
import { DEFAULT_LIMITS, DEFAULT_TARGET, explain, wasmTarget, wgslTarget } from "../../build/codegen/index.js";
import { printDirective } from "../../build/codegen/schedule.js";
import { EXAMPLES, PAIR, SIGNAL } from "../data/directives.js";
import { drawnNest, fenced, frontMatter, pageOf, table } from "./drawing.js";

/**
 * @typedef {import("../../build/codegen/index.js").Directive} Directive
 * @typedef {{ readonly path: string, readonly text: string }} Page
 */

const TARGETS = {
  vectors: DEFAULT_TARGET,
  threads: wasmTarget({ simd: "relaxed", hoistsLoads: false, pairs: false, threads: true }),
  gpu: wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" }),
};

const SOURCE = new URL("../../src/codegen/schedule.ts", import.meta.url);

/** What the type `Directive` and its comments say of each, in the order of its members. */
export function declaredDirectives() {
  const file = ts.createSourceFile("schedule.ts", readFileSync(SOURCE, "utf8"), ts.ScriptTarget.Latest, true);
  const declared = file.statements.find((one) => ts.isTypeAliasDeclaration(one) && one.name.text === "Directive");
  if (!declared || !ts.isTypeAliasDeclaration(declared) || !ts.isUnionTypeNode(declared.type))
    throw new Error("src/codegen/schedule.ts has no union named Directive: site/generate/directives.js reads it");
  let end = declared.name.getEnd();
  return declared.type.types.map((member) => {
    const comment = /\/\*\*([\s\S]*?)\*\//.exec(file.text.slice(end, member.getStart(file)))?.[1];
    end = member.getEnd();
    const text = member.getText(file);
    const name = /do: "(\w+)"/.exec(text)?.[1] ?? "";
    return { name, signature: signatureOf(text), says: proseOf(comment ?? "") };
  });
}

/** @param {string} comment */
const proseOf = (comment) =>
  comment
    .replace(/^\s*\* ?/gm, "")
    .replace(/\s+/g, " ")
    .trim();

/** Types of the compiler, as who writes a schedule sees them. */
const SPELLED_OUT = {
  'Exclude<AllocSpace, "register">': '"local" | "workgroup"',
  GpuDimension: '"x" | "y" | "z"',
};

/** A member with a field a line. @param {string} text */
function signatureOf(text) {
  const plain = Object.entries(SPELLED_OUT).reduce((rest, [name, type]) => rest.replace(name, () => type), text);
  const fields = plain
    .replace(/readonly /g, "")
    .replace(/^\{|\}$/g, "")
    .split(";")
    .map((field) => field.trim());
  return ["{", ...fields.filter((field) => field !== "").map((field) => `  ${field};`), "}"].join("\n");
}

/** @returns {readonly Page[]} */
export function directivePages() {
  const declared = declaredDirectives();
  return [indexPage(declared), ...declared.map(directivePage)];
}

/** @param {ReturnType<typeof declaredDirectives>} declared @returns {Page} */
function indexPage(declared) {
  const rows = declared.map(({ name, says }) => [`[\`${name}\`](./${name}.md)`, firstSentence(says)]);
  return {
    path: "directives/index.md",
    text: pageOf(
      frontMatter("Directives", "What a schedule may say of a stage: each directive, with the loops before and after."),
      "# Directives",
      "A schedule says how a stage is computed: in which order, in which tiles, with which vectors. It is " +
        "plain data, a list of " +
        "directives for each stage, and edits a list of loops. It never touches the formula, so it changes " +
        "the speed of an answer " +
        "and the last bit of a sum, and nothing else.",
      table(["directive", "what it does"], rows),
      "The pages show one stage, a signal of seven points that meets filters of three taps:",
      fenced("text", SIGNAL.formula),
      "Without directives its loops are those of the formula, in order:",
      drawnNest(nestOf(SIGNAL, [], "vectors", "nest"), "The loops without a schedule"),
      "## Where schedules come from",
      "`compile` picks one by a cost model. [Tuning](../guide/tuning.md) measures others. A schedule of your " +
        "own goes to " +
        "`compile(spec, { schedule })` or to `npx tilewright explain --schedule schedule.json`, by stage " +
        "name. Directives run in the " +
        "order in which they stand. One that does not fit the stage throws `invalid-schedule`, and the " +
        "sentence says why.",
    ),
  };
}

/** @param {ReturnType<typeof declaredDirectives>[number]} declared @returns {Page} */
function directivePage({ name, signature, says }) {
  const examples = EXAMPLES[name];
  if (examples === undefined) throw new Error(`site/data/directives.js has no example of the directive ${name}`);
  return {
    path: `directives/${name}.md`,
    text: pageOf(
      frontMatter(name, firstSentence(says), "aside: false"),
      `# ${name}`,
      says,
      fenced("ts", signature),
      ...examples.flatMap((example) => exampleOf(name, example)),
    ),
  };
}

/** @param {string} name @param {import("../data/directives.js").Example} example */
function exampleOf(name, { title, before = [], directives, target = "vectors", on = "signal", shows = "nest", note }) {
  const spec = on === "signal" ? SIGNAL : PAIR;
  const [first, second] = [
    nestOf(spec, before, target, "nest"),
    nestOf(spec, [...before, ...directives], target, "nest"),
  ];
  const lowered = shows === "nest" ? undefined : nestOf(spec, [...before, ...directives], target, shows);
  if (first === second) throw new Error(`the example "${title}" of the directive ${name} changes nothing`);
  const row = /** @param {readonly Directive[]} list */ (list) => list.map(printDirective).join(" ");
  return [
    `## ${title}`,
    note,
    before.length > 0 ? `Both schedules begin with \`${row(before)}\`.` : undefined,
    fenced("ts", directives.map(written).join("\n")),
    `<div class="before-after">\n<div>\n<p class="side">Before</p>`,
    drawnNest(first, `The loops before: ${title}`),
    `</div>\n<div>\n<p class="side">After <code>${row(directives)}</code></p>`,
    drawnNest(second, `The loops after: ${title}`),
    "</div>\n</div>",
    ...(lowered === undefined
      ? []
      : [
          "The mark stays on the loop until the pass " +
            `[\`${shows}\`](../inside/passes.md#${shows.toLowerCase()}), which makes this of it:`,
          drawnNest(lowered, `The loops after the pass: ${title}`),
        ]),
  ];
}

/** A directive as one writes it. @param {Directive} directive */
const written = (directive) =>
  JSON.stringify(directive, null, 1)
    .replace(/\n\s*/g, " ")
    .replace(/"(\w+)":/g, "$1:")
    .replace(/\[ /g, "[")
    .replace(/ \]/g, "]");

/**
 * The loops of a call, after the schedule or after a pass.
 * @param {typeof SIGNAL | typeof PAIR} spec
 * @param {readonly Directive[]} directives
 * @param {keyof typeof TARGETS} target
 * @param {string} step
 */
function nestOf(spec, directives, target, step) {
  const stage = directives.some((one) => one.do === "computeAt") ? "hidden" : "output";
  const { kernels } = explain(spec, { target: TARGETS[target], schedule: { [stage]: directives } });
  return kernels
    .filter(({ name, when }) => when === "run" || name.startsWith("pack"))
    .map(({ steps }) => (steps.find(({ name }) => name === step) ?? steps[0])?.ir.trimEnd())
    .join("\n");
}

/** @param {string} text */
const firstSentence = (text) => /^.*?[^. ][.:](?= |$)/.exec(text)?.[0].replace(/:$/, ".") ?? text;
