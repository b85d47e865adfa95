// @ts-check
/** The layers as a table, what they come to together, and what is left out with its reason. */
import { CONTESTANTS } from "../peers/contestants/index.js";
import {
  bestByPeer,
  geometricMean,
  printAbsences,
  printColumns,
  printTitle,
  printVersions,
  ratioText,
  speedCell,
} from "../peers/report.js";

/**
 * @typedef {import("../peers/compare.js").Comparison} Comparison
 * @typedef {import("../peers/compare.js").Row} Row
 * @typedef {{ layer: string, best: ReadonlyMap<string, Row> }} Line `best` by contestant
 * @typedef {(best: Line["best"]) => number | undefined} Figure of a line, where it has one
 * @typedef {{ head: string, figure: Figure }} Ratio
 */

/** @param {Comparison} comparison */
export function printLayers({ setting, peers, versions, peaks, rows, absences }) {
  const peak = Math.max(...peaks.map(({ gflops }) => gflops));
  const lines = [...new Set(rows.map(({ shape }) => shape))].map((layer) => ({ layer, best: bestByPeer(layer, rows) }));
  const ratios = ratiosOf(peers);
  printTitle(setting, peaks);
  printColumns([
    ["", ...peers.flatMap(headsOf), ...ratios.map(({ head }) => head)],
    ...lines.map(({ layer, best }) => [
      layer,
      ...peers.flatMap((peer) => cellsOf(peer, best.get(peer), peak)),
      ...ratios.map(({ figure }) => ratioText(figure(best))),
    ]),
  ]);
  printMeans(lines, Object.keys(versions), ratios, peak);
  printLeast(lines, ratios);
  printVersions(versions);
  printAbsences(absences);
}

const isOurs = (/** @type {string} */ peer) => CONTESTANTS[peer]?.kind === "ours";
const titleOf = (/** @type {string} */ peer) => CONTESTANTS[peer]?.title ?? peer;

/** @param {string} peer */
const headsOf = (peer) => (isOurs(peer) ? [titleOf(peer), "of peak"] : [titleOf(peer)]);

/** @param {string} peer @param {Row | undefined} row @param {number} peak */
const cellsOf = (peer, row, peak) =>
  isOurs(peer) ? [speedCell(row), row ? share(row.gflops, peak) : "-"] : [speedCell(row)];

const share = (/** @type {number} */ gflops, /** @type {number} */ peak) => `${((100 * gflops) / peak).toFixed(0)} %`;

/** How many times as fast each of ours is as the best of the others in WebAssembly, and as native code. @param {readonly string[]} peers @returns {Ratio[]} */
function ratiosOf(peers) {
  const kinds = ["wasm", "native"].filter((kind) => peers.some((peer) => CONTESTANTS[peer]?.kind === kind));
  return peers.filter(isOurs).flatMap((ours) =>
    kinds.map((kind) => ({
      head: `${titleOf(ours)} vs ${kind === "wasm" ? "WASM" : kind}`,
      figure: (/** @type {Line["best"]} */ best) => {
        const times = [...best.values()].filter(({ peer }) => CONTESTANTS[peer]?.kind === kind).map(({ ms }) => ms);
        const mine = best.get(ours)?.ms;
        return mine === undefined || times.length === 0 ? undefined : Math.min(...times) / mine;
      },
    })),
  );
}

/** Over the layers that all have, as else each would be measured on others. @param {readonly Line[]} lines @param {readonly string[]} peers @param {readonly Ratio[]} ratios @param {number} peak */
function printMeans(lines, peers, ratios, peak) {
  const shared = lines.filter(({ best }) => peers.every((peer) => best.has(peer)));
  console.log(
    `\nGeometric means over the ${shared.length} of ${lines.length} layers that all who could be loaded have`,
  );
  const mean = (/** @type {Figure} */ figure) => geometricMean(shared.map(({ best }) => figure(best)));
  const speeds = peers.map((peer) => {
    const speed = mean((best) => best.get(peer)?.gflops);
    const text = speed === undefined ? "-" : `${speed.toFixed(1)}${isOurs(peer) ? ` (${share(speed, peak)})` : ""}`;
    return [titleOf(peer), text];
  });
  printColumns([...speeds, ...ratios.map(({ head, figure }) => [head, ratioText(mean(figure))])]);
}

/** @param {readonly Line[]} lines @param {readonly Ratio[]} ratios */
function printLeast(lines, ratios) {
  for (const { head, figure } of ratios) {
    const known = lines.flatMap(({ layer, best }) => ({ layer, ratio: figure(best) ?? Number.POSITIVE_INFINITY }));
    const least = known.toSorted((a, b) => a.ratio - b.ratio)[0];
    if (least && Number.isFinite(least.ratio)) {
      const behind = known.filter(({ ratio }) => ratio < 1).length;
      console.log(`${head}: least ${ratioText(least.ratio)} (${least.layer}), behind on ${behind}`);
    }
  }
}
