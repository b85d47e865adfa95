// @ts-check
/** Tables: one row for each shape, each contestant in its best formulation; and what was left out, with the reason. */
import { CONTESTANTS } from "./contestants/index.js";

/**
 * @typedef {import("./compare.js").Comparison} Comparison
 * @typedef {import("./compare.js").Row} Row
 * @typedef {{ shape: string, best: Map<string, Row>, overWasm: number | undefined, overNative: number | undefined }} Line
 *   `best` by peer; and how many times as fast as the fastest of the others the faster of ours is
 */

/** Calls below this are also shown in microseconds. */
const SHORT_MS = 0.5;

/** @param {Comparison} comparison */
export function printComparison({ setting, peers, versions, peaks, rows, absences }) {
  const lines = [...new Set(rows.map(({ shape }) => shape))].map((shape) => lineOf(shape, rows));
  printTitle(setting, peaks);

  const head = ["", ...peers.map((peer) => CONTESTANTS[peer]?.title ?? peer), "vs WASM", "vs native"];
  printColumns([
    head,
    ...lines.map((line) => [line.shape, ...peers.map((peer) => speedCell(line.best.get(peer))), ...ratioCells(line)]),
    ["geometric mean", ...peers.map((peer) => meanSpeed(lines, peer)), ...meanRatios(lines)],
  ]);

  const short = lines.filter(({ best }) => [...best.values()].some(({ ms }) => ms < SHORT_MS));
  if (short.length > 0) {
    console.log("\nThe short ones in microseconds");
    printColumns([
      head.slice(0, -2),
      ...short.map(({ shape, best }) => [shape, ...peers.map((peer) => timeCell(best.get(peer)))]),
    ]);
  }
  printVersions(versions);
  printAbsences(absences);
}

/** @param {Comparison["setting"]} setting @param {Comparison["peaks"]} peaks */
export function printTitle(setting, peaks) {
  console.log(`\n${titleOf(setting)}`);
  console.log(
    "GFLOP/s at the median of all calls, padding counted as work for everyone; ± half the quartiles' distance.",
  );
  console.log(
    `In registers: ${peaks.map(({ name, tile, gflops }) => `${name} ${gflops.toFixed(1)} (${tile})`).join(", ")}\n`,
  );
}

/** @param {Comparison["versions"]} versions */
export function printVersions(versions) {
  const named = Object.entries(versions).map(([peer, version]) => `${CONTESTANTS[peer]?.title} ${version}`);
  console.log(`\n${named.join(", ")}`);
}

/** Each contestant's fastest formulation. @param {string} shape @param {readonly Row[]} rows @returns {Map<string, Row>} by peer */
export function bestByPeer(shape, rows) {
  /** @type {Map<string, Row>} */
  const best = new Map();
  for (const row of rows) {
    if (row.shape === shape && !(row.ms >= (best.get(row.peer)?.ms ?? Number.POSITIVE_INFINITY)))
      best.set(row.peer, row);
  }
  return best;
}

/** @param {string} shape @param {readonly Row[]} rows @returns {Line} */
function lineOf(shape, rows) {
  const best = bestByPeer(shape, rows);
  const fastest = (/** @type {string} */ kind) =>
    Math.min(...[...best.values()].filter(({ peer }) => CONTESTANTS[peer]?.kind === kind).map(({ ms }) => ms));
  const over = (/** @type {string} */ kind) => {
    const ratio = fastest(kind) / fastest("ours");
    return ratio > 0 && Number.isFinite(ratio) ? ratio : undefined;
  };
  return { shape, best, overWasm: over("wasm"), overNative: over("native") };
}

/** @param {import("./contestants/index.js").Setting} setting */
const titleOf = ({ threads, revectorize }) =>
  `${threads === 1 ? "One thread" : `${threads} threads`}${revectorize ? ", V8's revectorizer on for everyone" : ""}`;

/** @param {Row | undefined} row */
export function speedCell(row) {
  if (!row) return "-";
  const formulation = CONTESTANTS[row.peer]?.kind === "ours" ? "" : ` ${row.formulation}`;
  return `${row.gflops.toFixed(1)} ${spreadOf(row)}${formulation}`;
}

const timeCell = (/** @type {Row | undefined} */ row) => (row ? `${(row.ms * 1000).toFixed(2)} ${spreadOf(row)}` : "-");

export const spreadOf = (/** @type {{ spread: number }} */ { spread }) => `±${(spread * 100).toFixed(0)} %`;

export const ratioText = (/** @type {number | undefined} */ ratio) =>
  ratio === undefined ? "-" : `${ratio.toFixed(2)}x`;

const ratioCells = (/** @type {Line} */ { overWasm, overNative }) => [ratioText(overWasm), ratioText(overNative)];

/** Over the shapes that the peer ran. @param {readonly Line[]} lines @param {string} peer */
function meanSpeed(lines, peer) {
  const mean = geometricMean(lines.map(({ best }) => best.get(peer)?.gflops));
  return mean === undefined ? "-" : mean.toFixed(1);
}

/** @param {readonly Line[]} lines */
const meanRatios = (lines) => [
  ratioText(geometricMean(lines.map(({ overWasm }) => overWasm))),
  ratioText(geometricMean(lines.map(({ overNative }) => overNative))),
];

/** @param {readonly (number | undefined)[]} values */
export function geometricMean(values) {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  return Math.exp(known.reduce((sum, value) => sum + Math.log(value), 0) / known.length);
}

/** The first column to the left, all others to the right. @param {readonly (readonly string[])[]} table */
export function printColumns(table) {
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of table) {
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    );
  }
}

/** One line for each reason, with the shapes it holds for. @param {Comparison["absences"]} absences */
export function printAbsences(absences) {
  /** @type {Map<string, string[]>} */
  const shapesByReason = new Map();
  for (const { peer, shape, formulation, reason } of absences) {
    const key = `${[CONTESTANTS[peer]?.title, formulation].filter(Boolean).join(" ")} is unavailable: ${reason}`;
    const shapes = shapesByReason.get(key) ?? [];
    shapesByReason.set(key, shape === undefined ? shapes : [...shapes, shape]);
  }
  for (const [key, shapes] of shapesByReason) console.log(key, shapes.length > 0 ? `(${shapes.join(", ")})` : "");
}
