// @ts-check
/** Two runs side by side in words: what got slower, what faster, and what could not be compared. */
import { SLACK } from "./compareRuns.js";
import { geometricMean, printColumns } from "./peers/report.js";

/**
 * @typedef {import("./runFile.js").Run} Run
 * @typedef {import("./compareRuns.js").RunComparison} RunComparison
 * @typedef {import("./compareRuns.js").Change} Change
 */

/** @param {Run} before @param {Run} after @param {RunComparison} comparison */
export function printRunComparison(before, after, comparison) {
  const { kind, peaks, changes, onlyBefore, onlyAfter, respecified } = comparison;
  console.log(`\nFrom ${before.date} to ${after.date}`);
  for (const warning of warningsOf(before, after)) console.log(`WARNING: ${warning}`);
  console.log(
    `The peak (${kind}) went from ${peaks[0].toFixed(1)} to ${peaks[1].toFixed(1)} GFLOP/s, memory from ` +
      `${before.bandwidth.gigabytesPerSecond.toFixed(1)} to ${after.bandwidth.gigabytesPerSecond.toFixed(1)} GB/s.`,
  );
  console.log(
    "Times after, as multiples of those before. What decides is the ratio by the peak: each round in units of the peak of the " +
      "same round, as machines drift. In brackets how far noise may take it; a tie if that comes within " +
      `${Math.round(100 * (SLACK - 1))} % of 1.`,
  );
  for (const verdict of /** @type {const} */ (["slower", "faster"])) {
    const these = changes.filter((change) => change.verdict === verdict).toSorted((a, b) => distance(b) - distance(a));
    console.log(`\n${verdict}: ${these.length === 0 ? "none" : these.length}`);
    if (these.length > 0) printColumns([["", "by the peak", "", "as measured", ""], ...these.map(cellsOf)]);
  }
  console.log(`\nties: ${changes.filter(({ verdict }) => verdict === "tie").length}`);
  console.log("\nGeometric means; where other libraries moved too, though they are the same, it was the machine.");
  printMeans(changes);
  const names = (/** @type {RunComparison["onlyBefore"]} */ rows) =>
    rows.map(({ shape, contestant }) => `${shape} ${contestant}`).join(", ");
  if (onlyBefore.length > 0) console.log(`only before: ${names(onlyBefore)}`);
  if (onlyAfter.length > 0) console.log(`only after: ${names(onlyAfter)}`);
  if (respecified.length > 0) console.log(`another spec under the same name, not compared: ${names(respecified)}`);
}

const distance = (/** @type {Change} */ { ratio }) => Math.abs(Math.log(ratio));

/** @param {Run} before @param {Run} after */
function warningsOf(before, after) {
  const warnings = [];
  if (before.machine !== after.machine) {
    warnings.push(
      `another machine, or other processors of it (${before.machine}; ${after.machine}): the ratios are not about the code alone`,
    );
  }
  if (before.node !== after.node || before.v8 !== after.v8) {
    warnings.push(
      `another engine (Node ${before.node}, V8 ${before.v8}; Node ${after.node}, V8 ${after.v8}): the same holds`,
    );
  }
  const versions = new Map(before.versions.map(({ contestant, version }) => [contestant, version]));
  for (const { contestant, version } of after.versions) {
    const earlier = versions.get(contestant);
    if (earlier !== undefined && earlier !== version) warnings.push(`${contestant} was ${earlier} and is ${version}`);
  }
  return warnings;
}

/** @param {Change} change */
function cellsOf({ shape, contestant, variants: [before, after], raw, ratio, low, high }) {
  return [
    `${shape} ${contestant}`,
    `${ratio.toFixed(2)}x`,
    `(${low.toFixed(2)} to ${high.toFixed(2)})`,
    `${raw.toFixed(2)}x`,
    before === after ? "" : `was ${before}, is ${after}`,
  ];
}

/** @param {readonly Change[]} changes */
function printMeans(changes) {
  for (const contestant of new Set(changes.map((change) => change.contestant))) {
    const theirs = changes.filter((change) => change.contestant === contestant);
    const mean = (/** @type {"ratio" | "raw"} */ of) => geometricMean(theirs.map((change) => change[of]))?.toFixed(3);
    console.log(`  ${contestant.padEnd(18)} geometric mean ${mean("ratio")}x by the peak, ${mean("raw")}x as measured`);
  }
}
