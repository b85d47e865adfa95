// @ts-check
/** Inline snapshots of a test file: what the tests hold the compiler to is what the pages show. */
import { readFileSync } from "node:fs";
import ts from "typescript";

/**
 * @typedef {object} Snapshot
 * @property {string} title of the test
 * @property {string} suite of the `describe` around it, or nothing
 * @property {string} text without the quotes and the indentation that vitest adds
 */

/** @param {string} path from the root of the project @returns {readonly Snapshot[]} in the order of the file */
export function snapshotsOf(path) {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {Snapshot[]} */
  const found = [];
  /** @param {ts.Node} node @param {{ suite: string, title: string }} where @returns {void} */
  const visit = (node, where) => {
    if (!ts.isCallExpression(node)) return void ts.forEachChild(node, (child) => visit(child, where));
    const [first] = node.arguments;
    const name = node.expression.getText(file);
    const literal = first && ts.isStringLiteralLike(first) ? first.text : undefined;
    if (name.endsWith(".toMatchInlineSnapshot") && literal !== undefined) {
      found.push({ ...where, text: withoutQuotes(dedented(literal)) });
    }
    const inside = { ...where, ...(name === "describe" ? { suite: literal ?? "" } : {}) };
    if (name === "test" && literal !== undefined) Object.assign(inside, { title: literal });
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(file, { suite: "", title: "" });
  return found;
}

/** Vitest indents all lines behind the first alike. @param {string} text */
function dedented(text) {
  const lines = text
    .replace(/^\n/, "")
    .replace(/\n\s*$/, "")
    .split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const least = text.startsWith("\n") ? Math.min(...indents) : 0;
  return lines.map((line) => line.slice(least)).join("\n");
}

/** @param {string} text */
const withoutQuotes = (text) => text.replace(/^"|"$/g, "").replaceAll('\\"', '"').trimEnd();
