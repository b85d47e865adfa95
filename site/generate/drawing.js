// @ts-check
/**
 * Nests, tables and code as the pages show them. Markup comes in lines without a blank one, so that markdown
 * leaves it whole.
 */
import { html, printMarkup } from "../../build/report/html.js";
import { nestBoxes } from "../../build/report/nestBoxes.js";

/**
 * Loops as nested boxes, with the drawing that `tilewright explain --html` has.
 * @param {string} nest a loop or statement a line
 * @param {string} label for readers who reach it by keyboard
 * @param {{ operations: readonly number[], all: number, bytes: readonly number[] }} [work] what each line costs
 */
export const drawnNest = (nest, label, work) => onePiece(printMarkup(nestBoxes(nest, label, work)));

/** Markup that neither markdown nor Vue looks into. @param {string} markup */
export const onePiece = (markup) => `<div v-pre>${markup.replace(/\n\s*\n/g, "\n")}</div>`;

/** A table of markdown. @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
export const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");

/** @param {string} text */
const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** @param {string} language @param {string} text */
export const fenced = (language, text) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/** A formula, whose long lines are broken on the page. @param {string} text */
export const formulaText = (text) => `<div class="wraps">\n\n${fenced("text", text)}\n\n</div>`;

/** Text in markup. @param {string} text */
export const escaped = (text) => printMarkup(html`${text}`);

/** A page's text out of its parts, with a blank line between. @param {readonly (string | undefined)[]} parts */
export const pageOf = (...parts) => `${parts.filter((part) => part !== undefined && part !== "").join("\n\n")}\n`;

/**
 * What a page is called, in the tab and in what is found by searching, and whether one can edit it.
 * @param {string} title @param {string} description @param {string} [more] lines of the front matter
 */
export const frontMatter = (title, description, more) =>
  ["---", `title: ${JSON.stringify(title)}`, `description: ${JSON.stringify(description)}`, more, "---"]
    .filter((line) => line !== undefined)
    .join("\n");
