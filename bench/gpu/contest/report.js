// @ts-check
/** Prints who took how long for a shape, and how many times as fast as the best of the others ours are. */
import { flopsOf } from "../../peers/problem.js";
import { printColumns } from "../columns.js";
import { sizesOf } from "../shapes.js";

/**
 * @typedef {import("./compete.js").Standing} Standing
 * @typedef {"cpu" | "gpu" | "wall"} Measure
 */

const OURS = "tilewright";

/**
 * @param {string} shape @param {import("../../peers/problem.js").DenseSpec} spec @param {readonly Standing[]} standings
 * @param {readonly import("./contest.js").Entrant[]} entrants @param {number} [peak] FLOP/s of the machine
 */
export function printStandings(shape, spec, standings, entrants, peak) {
  const measure = measureOf(standings);
  console.log(`\n${shape}, ${sizesOf(spec)}: milliseconds a call, median (quartiles); speed by ${TITLES[measure]}`);
  const flops = flopsOf(spec);
  const speed = (/** @type {Standing} */ standing) => (flops / (standing[measure]?.median ?? Number.NaN)) * 1e3;
  const known = MEASURES.filter((key) => standings.some((standing) => standing[key]));
  printColumns([
    ["", ...known.map((key) => TITLES[key]), "GFLOP/s", ...(peak ? ["of the peak"] : [])],
    ...standings.map((standing) => [
      standing.name,
      ...known.map((key) => spreadText(standing[key])),
      text(speed(standing) / 1e9),
      ...(peak ? [`${((100 * speed(standing)) / peak).toFixed(0)} %`] : []),
    ]),
  ]);
  for (const { name, trouble } of entrants) if (trouble !== undefined) console.log(`${name} is left out: ${trouble}`);
  printRatios(standings, measure);
}

/** @type {Readonly<Record<Measure, string>>} */
const TITLES = { cpu: "processor", gpu: "passes", wall: "until done" };
const MEASURES = /** @type {readonly Measure[]} */ (Object.keys(TITLES));

/** Processor time where there is one, as it does not depend on what else runs; else what the GPU says, if it does for all. */
const measureOf = (/** @type {readonly Standing[]} */ standings) =>
  MEASURES.find((measure) => standings.every((standing) => standing[measure] !== undefined)) ?? "wall";

/** @param {import("./compete.js").Spread | undefined} spread */
const spreadText = (spread) => (spread ? `${text(spread.median)} (${text(spread.low)}-${text(spread.high)})` : "-");

/** Three digits, but no exponent. @param {number} value */
const text = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** Ours over the best of the others. @param {readonly Standing[]} standings @param {Measure} measure */
function printRatios(standings, measure) {
  const time = (/** @type {Standing} */ standing) => standing[measure]?.median ?? Number.NaN;
  const isOurs = ({ name = "" }) => name.startsWith(OURS);
  const [best] = standings.filter((standing) => !isOurs(standing)).sort((a, b) => time(a) - time(b));
  if (!best) return;
  for (const ours of standings.filter(isOurs)) {
    console.log(`${ours.name} is ${(time(best) / time(ours)).toFixed(2)}x as fast as ${best.name}`);
  }
}
