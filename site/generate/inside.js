// @ts-check
/** Pages on the inside of the compiler: chapters of ARCHITECTURE.md, and each pass with what it changes. */
import { readFileSync } from "node:fs";
import { structuredPatch } from "diff";
import { DEFAULT_TARGET, explain, PASSES } from "../../build/codegen/index.js";
import { ROAD, SIGNAL } from "../data/directives.js";
import { fenced, frontMatter, pageOf } from "./drawing.js";
import { snapshotsOf } from "./snapshots.js";

/** @typedef {import("./directives.js").Page} Page */

/** @param {string} path */
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/**
 * Chapters of ARCHITECTURE.md by page. Together they are all that it has.
 * @type {readonly { path: string, title: string, description: string, chapters: readonly string[] }[]}
 */
const PAGES = [
  {
    path: "inside/index.md",
    title: "The road of one kernel",
    description: "One small kernel, from its program to the instructions of its innermost loop.",
    chapters: ["The road of one kernel", "One kernel, step by step"],
  },
  {
    path: "inside/schedules.md",
    title: "How a schedule is chosen",
    description:
      "Roles of axes, views, sketches with knobs, cost models and algorithms; measuring, here and on a farm.",
    chapters: ["How a schedule is chosen", "Tuning", "A farm"],
  },
  {
    path: "inside/meaning.md",
    title: "Formulas, families and gradients",
    description: "How text becomes a program, what a convolution is, and how programs are derived.",
    chapters: ["Formulas", "The convolution family", "Derivation", "Any length"],
  },
  {
    path: "inside/hosts.md",
    title: "Targets and hosts",
    description: "What code is for, and what loads and runs it.",
    chapters: ["Targets", "Hosts", "Ahead of time", "In TensorFlow.js"],
  },
  {
    path: "inside/rules.md",
    title: "Layers, rules and files",
    description: "Who imports whom, eight rules, and where things are.",
    chapters: [
      "Layers",
      "Eight rules",
      "What is not there yet",
      "Where this differs from a classic loop compiler",
      "Where things are",
    ],
  },
];

/** @returns {readonly Page[]} */
export function insidePages() {
  const [introduction = "", ...chapters] = read("ARCHITECTURE.md").split(/^## /m);
  const byTitle = new Map(
    chapters.map((chapter) => [chapter.split("\n")[0] ?? "", chapter.split("\n").slice(1).join("\n")]),
  );
  const placed = new Set([...PAGES.flatMap((page) => page.chapters), "The passes, in order"]);
  const left = [...byTitle.keys()].filter((title) => !placed.has(title));
  if (left.length > 0) throw new Error(`site/generate/inside.js has no page for these chapters: ${left.join(", ")}`);
  const pages = PAGES.map(({ path, title, description, chapters }) => {
    const texts = chapters.map((chapter) => {
      const text = onPages(byTitle.get(chapter) ?? missing(chapter));
      return chapter === title ? text : `## ${chapter}\n${text}`;
    });
    const opening = path === "inside/index.md" ? onPages(introduction.replace(/^# .*/, "")) : undefined;
    return { path, text: pageOf(frontMatter(title, description), `# ${title}`, opening, ...texts) };
  });
  return [...pages, passesPage()];
}

/** @param {string} chapter @returns {never} */
function missing(chapter) {
  throw new Error(`ARCHITECTURE.md has no chapter "${chapter}": site/generate/inside.js puts it on a page`);
}

/**
 * The text as a page has it: no marks of generators, links to where chapters are here. Indented code may come
 * first.
 * @param {string} text
 */
const onPages = (text) =>
  text
    .replace(/^<!-- .* -->\n/gm, "")
    .replaceAll("](#any-length)", "](./meaning.md#any-length)")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\s+$/g, "");

/** @returns {Page} */
function passesPage() {
  const { before, after } = exampleSteps();
  return {
    path: "inside/passes.md",
    text: pageOf(
      frontMatter(
        "Passes",
        "Each pass of the compiler: what it does, why it stands where it stands, and what it changes.",
      ),
      "# Passes",
      "A kernel is a few loops and statements. Passes rewrite it one after another, until an emitter can " +
        "print it as it stands. They are " +
        "an array in `codegen/lower.ts`, and an interpreter can run the kernel between any two of them: on " +
        "small integers the results " +
        "must be equal. Where a pass changes the kernel of [the road](./index.md), the lines that it changed " +
        "are marked. For the others " +
        "stands what one of its tests expects of it.",
      ...PASSES.map(({ name }) =>
        pageOf(
          `## ${name}`,
          headerOf(name),
          reasonFor(name),
          after.has(name) ? changes(before.get(name) ?? "", after.get(name) ?? "") : tested(name),
        ).trimEnd(),
      ),
    ),
  };
}

/** The kernel of the road before and after each pass that changes it, as text. */
function exampleSteps() {
  /** @type {Map<string, string>} */
  const before = new Map();
  /** @type {Map<string, string>} */
  const after = new Map();
  const { kernels } = explain(SIGNAL, { target: DEFAULT_TARGET, schedule: ROAD });
  const steps = kernels.find(({ name }) => name === "output")?.steps ?? [];
  for (const [place, { name, ir }] of steps.entries()) {
    if (place === 0) continue;
    before.set(name, steps[place - 1]?.ir ?? "");
    after.set(name, ir);
  }
  return { before, after };
}

/** What a pass changed, with a line around it for orientation. @param {string} before @param {string} after */
function changes(before, after) {
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: 1 });
  return fenced("diff", hunks.map(({ lines }) => lines.join("\n")).join("\n  ...\n"));
}

/** @param {string} name */
function tested(name) {
  const [shown] = snapshotsOf(`test/passes/${name}.test.ts`);
  if (shown === undefined) throw new Error(`test/passes/${name}.test.ts shows no kernel after the pass`);
  return `A test of it, *${shown.title}*, expects\n\n${fenced("text", shown.text)}`;
}

/** The comment at the head of the pass's file. @param {string} name */
function headerOf(name) {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(read(`src/codegen/passes/${name}.ts`))?.[1] ?? "";
  return comment.replace(/^ ?\* ?/gm, "").trim();
}

/** The comment above the pass in the list. @param {string} name */
function reasonFor(name) {
  const comment = new RegExp(`((?:^ *//.*\\n)+) *\\{ name: "${name}"`, "m").exec(read("src/codegen/lower.ts"))?.[1];
  return (
    comment &&
    `*Its place:* ${comment
      .replace(/^ *\/\/ ?/gm, "")
      .replace(/\s+/g, " ")
      .trim()}`
  );
}
