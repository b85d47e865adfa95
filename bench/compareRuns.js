// @ts-check
/**
 * What got slower or faster between two runs of the suite. Each round's time counts in units of the peak of the same round, as
 * machines are slower at some hours than at others; a difference counts where the intervals of both medians are apart.
 */
import { isDeepStrictEqual } from "node:util";
import { summarise } from "./measure.js";
import { keyOf } from "./runFile.js";

/**
 * @typedef {import("./runFile.js").Run} Run
 * @typedef {import("./runFile.js").RunRow} RunRow
 * @typedef {{ shape: string, contestant: string }} Who
 *
 * @typedef {Who & Judgement & { variants: readonly [before: string, after: string], raw: number }} Change
 *   `raw` is the ratio of the medians as they were measured
 *
 * @typedef {object} Judgement times after, as multiples of those before, in units of the peak
 * @property {number} ratio of the medians
 * @property {number} low the least that it may be, by the noise
 * @property {number} high the most
 * @property {"slower" | "faster" | "tie"} verdict
 *
 * @typedef {object} RunComparison
 * @property {string} kind of the peak that is the unit
 * @property {readonly [before: number, after: number]} peaks
 * @property {readonly Change[]} changes
 * @property {readonly Who[]} onlyBefore
 * @property {readonly Who[]} onlyAfter
 * @property {readonly Who[]} respecified the shape's name is the same and its spec another one
 */

/** @param {Run} before @param {Run} after @returns {RunComparison} */
export function compareRuns(before, after) {
  const kind = commonKind(before, after);
  const earlier = new Map(before.rows.map((row) => [keyOf(row), row]));
  const later = new Map(after.rows.map((row) => [keyOf(row), row]));
  const changes = [];
  const respecified = [];
  for (const [key, row] of earlier) {
    const other = later.get(key);
    if (other === undefined) continue;
    if (!isDeepStrictEqual(row.spec, other.spec)) respecified.push(whoOf(row));
    else {
      changes.push({
        ...whoOf(row),
        variants: /** @type {const} */ ([row.variant, other.variant]),
        raw: median(other.roundMs.flat()) / median(row.roundMs.flat()),
        ...judge(inPeaks(row, before, kind), inPeaks(other, after, kind)),
      });
    }
  }
  const missing = (/** @type {Run} */ run, /** @type {Map<string, RunRow>} */ others) =>
    run.rows.filter((row) => !others.has(keyOf(row))).map(whoOf);
  return {
    kind,
    peaks: [peakOf(before, kind).gflops, peakOf(after, kind).gflops],
    changes,
    onlyBefore: missing(before, later),
    onlyAfter: missing(after, earlier),
    respecified,
  };
}

const whoOf = (/** @type {RunRow} */ { shape, contestant }) => ({ shape, contestant });

/** The fastest of those that both have: engines lack some. @param {Run} before @param {Run} after */
function commonKind(before, after) {
  const speeds = new Map(after.peaks.map(({ name, gflops }) => [name, gflops]));
  const common = before.peaks.flatMap(({ name, gflops }) => {
    const other = speeds.get(name);
    return other === undefined ? [] : [{ name, gflops: gflops * other }];
  });
  if (common.length === 0) throw new Error("the two runs have no kind of peak in common; measure one of them again");
  return common.reduce((best, next) => (next.gflops > best.gflops ? next : best)).name;
}

/** @param {Run} run @param {string} kind */
const peakOf = (run, kind) => /** @type {Run["peaks"][number]} */ (run.peaks.find(({ name }) => name === kind));

/** What the peak would have done meanwhile, by round. @param {RunRow} row @param {Run} run @param {string} kind */
function inPeaks({ shape, roundMs }, run, kind) {
  const peaks = peakOf(run, kind).shapes.find((one) => one.shape === shape)?.roundGflops ?? [];
  return roundMs.flatMap((pass, i) => pass.map((ms, round) => ms * (peaks[i]?.[round] ?? Number.NaN)));
}

/** Runs of the same code differ by so much beyond what their rounds show: memory lies elsewhere in each process. */
export const SLACK = 1.03;

/** @param {readonly number[]} before rounds @param {readonly number[]} after rounds @returns {Judgement} */
function judge(before, after) {
  const [earlier, later] = [intervalOf(before), intervalOf(after)];
  const slower = later.low > earlier.high * SLACK;
  const faster = earlier.low > later.high * SLACK;
  return {
    ratio: median(after) / median(before),
    low: later.low / earlier.high,
    high: later.high / earlier.low,
    verdict: slower ? "slower" : faster ? "faster" : "tie",
  };
}

/** Fewer rounds cannot be told from noise: those of two equal runs are often all apart. */
const FEWEST_ROUNDS = 5;
/** How sure an interval is of its median, where it leaves out any rounds at all. */
const CONFIDENCE = 0.975;

/**
 * By order statistics, whatever the distribution: of n rounds, the median lies below all but the k least, or above all but the
 * k greatest, in 2 * (C(n,0) + .. + C(n,k)) of 2^n cases; these k are left out.
 * @param {readonly number[]} rounds
 */
export function intervalOf(rounds) {
  const count = rounds.length;
  if (count < FEWEST_ROUNDS) return { low: 0, high: Number.POSITIVE_INFINITY };
  let leftOut = 0;
  let binomial = count;
  let cases = 1 + count;
  while (cases / 2 ** (count - 1) <= 1 - CONFIDENCE) {
    leftOut++;
    binomial *= (count - leftOut) / (leftOut + 1);
    cases += binomial;
  }
  const sorted = rounds.toSorted((a, b) => a - b);
  return { low: sorted[leftOut] ?? Number.NaN, high: sorted[count - 1 - leftOut] ?? Number.NaN };
}

/** @param {readonly number[]} times */
const median = (times) => summarise("", times, undefined).ms;
