// @ts-check
/** The page of what was measured, out of site/measured/*.json: each file is one run of a bench, as it was published. */
import { readdirSync, readFileSync } from "node:fs";
import { escaped, frontMatter, onePiece, pageOf, table } from "./drawing.js";

/**
 * One run of a bench. Cells are text, as units and spreads differ.
 * @typedef {object} Measured
 * @property {number} order its place on the page
 * @property {string} title
 * @property {string} command what anybody may run to measure it anew
 * @property {string} date
 * @property {string} machine
 * @property {string} engine and its version, threads and vectors
 * @property {readonly string[]} versions of other libraries
 * @property {readonly string[]} says paragraphs before the table
 * @property {string} unit of the table
 * @property {readonly string[]} columns
 * @property {readonly (readonly string[])[]} rows
 * @property {readonly number[]} ours columns that are of this project
 * @property {{ readonly columns: readonly number[], readonly unit: string }} [chart] columns that are drawn, in rows
 *   where all of them are numbers
 * @property {readonly string[]} ops that the rows are of
 * @property {readonly string[]} notes paragraphs behind the table
 */

/** @typedef {import("./directives.js").Page} Page */

const FOLDER = new URL("../measured/", import.meta.url);

/** @type {ReadonlyMap<string, Measured>} By the name of the file, in the order of the page. */
export const MEASURED = new Map(
  readdirSync(FOLDER)
    .map((file) => /** @type {const} */ ([file.replace(/\.json$/, ""), readMeasured(file)]))
    .sort(([, a], [, b]) => a.order - b.order),
);

/** @param {string} file @returns {Measured} */
function readMeasured(file) {
  /** @type {Measured} */
  const measured = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
  const short = measured.rows.find(({ length }) => length !== measured.columns.length);
  if (short) throw new Error(`site/measured/${file}: the row "${short[0]}" must have ${measured.columns.length} cells`);
  return measured;
}

/** @param {string} name */
function named(name) {
  const measured = MEASURED.get(name);
  if (measured === undefined) throw new Error(`there is no site/measured/${name}.json`);
  return measured;
}

/** @returns {readonly Page[]} */
export const measuredPages = () => [
  {
    path: "measured/index.md",
    text: pageOf(
      frontMatter(
        "Measured",
        "What was measured, with the command, the date, the machine and the versions.",
        "outline: [2, 2]",
      ),
      "# Measured",
      "A shared machine is noisy: what counts is who is ahead within one run, not the absolute figures. A " +
        "kernel must be right before its " +
        "time counts. Every table names the command that measures it anew, and lies in the repository as " +
        "JSON, from which this page is made.",
      ...[...MEASURED.values()].map(measuredText),
    ),
  },
];

/** @param {Measured} measured */
function measuredText(measured) {
  const { title, command, date, machine, engine, versions, says, unit, notes } = measured;
  const facts = [
    ["date", date],
    ["machine", machine],
    ["engine", engine],
    ...(versions.length > 0 ? [["beside", versions.join(", ")]] : []),
    ["unit", unit],
  ];
  const list = facts.map(([name = "", fact = ""]) => `<dt>${name}</dt><dd>${escaped(fact)}</dd>`).join("\n");
  return pageOf(
    `## ${title}`,
    `\`${command}\``,
    onePiece(`<dl class="facts">\n${list}\n</dl>`),
    ...says,
    chartOf(measured),
    tableOf(measured),
    ...notes,
  ).trimEnd();
}

/** @param {Measured} measured */
const tableOf = ({ columns, rows, ours }) =>
  table(
    columns.map((name) => plain(name)),
    rows.map((row) => row.map((text, i) => (ours.includes(i) && text !== "" ? `**${plain(text)}**` : plain(text)))),
  );

/** Markdown of a cell: `33x33x256 -> 256` holds no markup. @param {string} text */
const plain = (text) => text.replaceAll(">", "\\>");

/** Bars of the rows in which all drawn columns are numbers. @param {Measured} measured @param {number} [most] rows */
export function chartOf({ title, columns, rows, chart, ours }, most = Infinity) {
  if (chart === undefined) return undefined;
  const drawn = rows.filter((row) => chart.columns.every((i) => /^[\d.]+$/.test(row[i] ?? ""))).slice(0, most);
  const largest = Math.max(...drawn.flatMap((row) => chart.columns.map((i) => Number(row[i]))));
  const groups = drawn.map((row) => {
    const bars = chart.columns.map((i, bar) => {
      const style = `--share: ${(Number(row[i]) / largest).toFixed(4)}`;
      const name = `<span class="who">${escaped(columns[i] ?? "")}</span>`;
      const kind = ours.includes(i) ? `ours ours-${bar}` : "theirs";
      return `<li class="bar ${kind}" style="${style}">${name}<span class="figure">${row[i]}</span></li>`;
    });
    return `<div class="bars"><p>${escaped(row[0] ?? "")}</p><ul>${bars.join("")}</ul></div>`;
  });
  return onePiece(
    `<figure class="chart"><figcaption>${escaped(title)}: ${chart.unit}, more is faster</figcaption>
${groups.join("\n")}
</figure>`,
  );
}

/** What of an op was measured: its speed beside the peak and beside others. @param {string} op */
export function measuredOf(op) {
  const [peers, machine] = [named("peers"), named("machine")];
  if (![peers, machine].some(({ ops }) => ops.includes(op))) return undefined;
  return pageOf(
    `${peers.engine}; ${peers.machine}; ${peers.date}. In GFLOP/s, where every tap counts, padding included:`,
    table(
      ["shape", "exact", '`accuracy: "fast"`'],
      peers.rows.slice(0, -1).map(([shape = "", exact = "", fast = ""]) => [plain(shape), exact, fast]),
    ),
    "The same beside the peak of the machine, which was measured in turn with the kernels:",
    tableOf(machine),
    "[All tables](../measured/), with those of other libraries.",
  ).trimEnd();
}
