// @ts-check
/** The suite as a table: our targets, how much of the peak they reach, and the best of the other libraries, shape by shape. */
import { CONTESTANTS } from "./peers/contestants/index.js";
import { geometricMean, printAbsences, printColumns, ratioText, spreadOf } from "./peers/report.js";

/**
 * @typedef {import("./measureSuite.js").SuiteRow} Row
 * @typedef {{ shape: string, best: ReadonlyMap<string, Row> }} Line `best` by contestant
 */

/** Calls below this are shown in microseconds. */
const TINY_MS = 0.1;

/** Kinds of other libraries. Native ones are no choice in a page. */
const PEERS = ["wasm", "native"];

const HEAD = [
  "",
  "exact",
  "of peak",
  "fast",
  "of peak",
  "js",
  "best in WASM",
  "exact, fast vs it",
  "best native",
  "exact, fast vs it",
];

/** @param {import("./measureSuite.js").Measured} measured */
export function printSuite({ run: { peaks, bandwidth }, rows, absences }) {
  const peak = Math.max(...peaks.map(({ gflops }) => gflops));
  const lines = [...new Set(rows.map(({ shape }) => shape))].map((shape) => ({
    shape,
    best: new Map(rows.filter((row) => row.shape === shape).map((row) => [row.peer, row])),
  }));
  console.log(
    `\nOne thread. In registers: ${peaks.map(({ name, tile, gflops }) => `${name} ${gflops.toFixed(1)} GFLOP/s (${tile})`).join(", ")}`,
  );
  console.log(
    `Reading memory: ${bandwidth.gigabytesPerSecond.toFixed(1)} GB/s ±${(100 * bandwidth.spread).toFixed(0)} %`,
  );
  console.log("GFLOP/s at the median of all rounds, padding counted as work; ± half the quartiles' distance.\n");
  printColumns([HEAD, ...lines.map((line) => cellsOf(line, peak)), meansOf(lines, peak)]);
  printAbsences(absences);
}

/** @param {Line} line @param {number} peak */
function cellsOf({ shape, best }, peak) {
  const [exact, fast, js] = [best.get("tilewright"), best.get("tilewright-fast"), best.get("tilewright-js")];
  const isTiny = (exact?.ms ?? Number.POSITIVE_INFINITY) < TINY_MS;
  const speed = (/** @type {Row | undefined} */ row) => {
    if (!row) return "-";
    return `${isTiny ? `${(row.ms * 1000).toFixed(2)} us` : row.gflops.toFixed(1)} ${spreadOf(row)}`;
  };
  return [
    shape,
    speed(exact),
    share(exact?.gflops, peak),
    speed(fast),
    share(fast?.gflops, peak),
    speed(js),
    ...PEERS.flatMap((kind) => {
      const peer = bestPeer(best, kind);
      const ratios = [exact, fast].map((ours) => ratioText(over(peer, ours))).join(", ");
      return peer ? [`${CONTESTANTS[peer.peer]?.title} ${speed(peer)}`, ratios] : ["-", "-"];
    }),
  ];
}

/** Each over the shapes that have it. @param {readonly Line[]} lines @param {number} peak */
function meansOf(lines, peak) {
  const mean = (/** @type {(best: Line["best"]) => number | undefined} */ pick) =>
    geometricMean(lines.map(({ best }) => pick(best)));
  const [exact, fast, js] = ["tilewright", "tilewright-fast", "tilewright-js"].map((name) =>
    mean((best) => best.get(name)?.gflops),
  );
  const against = (/** @type {string} */ kind, /** @type {string} */ name) =>
    ratioText(mean((best) => over(bestPeer(best, kind), best.get(name))));
  return [
    "geometric mean",
    exact?.toFixed(1) ?? "-",
    share(exact, peak),
    fast?.toFixed(1) ?? "-",
    share(fast, peak),
    js?.toFixed(1) ?? "-",
    ...PEERS.flatMap((kind) => ["", `${against(kind, "tilewright")}, ${against(kind, "tilewright-fast")}`]),
  ];
}

/** @param {Line["best"]} best @param {string} kind @returns {Row | undefined} */
function bestPeer(best, kind) {
  const peers = [...best.values()].filter(({ peer }) => CONTESTANTS[peer]?.kind === kind);
  return peers.toSorted((a, b) => a.ms - b.ms)[0];
}

/** @param {Row | undefined} peer @param {Row | undefined} ours */
const over = (peer, ours) => (peer && ours ? peer.ms / ours.ms : undefined);

/** @param {number | undefined} gflops @param {number} peak */
const share = (gflops, peak) => (gflops === undefined ? "-" : `${((100 * gflops) / peak).toFixed(0)} %`);
