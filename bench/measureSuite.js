// @ts-check
/**
 * One run of the suite on one thread: all contestants take turns on all shapes, several times over and each time in new
 * processes. What disturbs a shape for seconds is then in some of its rounds and not in all, and so is luck with memory.
 */
import { bandwidthMeter } from "./bandwidth.js";
import { summarise } from "./measure.js";
import { compare } from "./peers/compare.js";
import { machineName, showProgress } from "./peers/main.js";
import { SUITE } from "./peers/options.js";
import { flopsOf } from "./peers/problem.js";

/**
 * @typedef {import("./runFile.js").Run} Run
 * @typedef {import("./runFile.js").Settings} Settings
 * @typedef {import("./peers/compare.js").Comparison} Comparison
 * @typedef {import("./peers/compare.js").Row} Row
 * @typedef {Omit<Row, "roundMs"> & { roundMs: number[][] }} SuiteRow `roundMs` of each pass
 * @typedef {{ run: Run, rows: readonly SuiteRow[], absences: Comparison["absences"] }} Measured `rows` are the best of each contestant
 */

/** Before each shape; one time through the memory takes some 10. */
const BANDWIDTH_MS = 50;

/** @param {Settings} settings shapes and contestants are known ones @returns {Promise<Measured>} */
export async function measureSuite(settings) {
  const { contestants, effort } = settings;
  const shapes = settings.shapes.map((name) => ({ name, spec: specOf(name) }));
  const memory = bandwidthMeter();
  const setting = { threads: 1, revectorize: false };
  const passes = [];
  for (let pass = 1; pass <= effort.passes; pass++) {
    const onShape = async (/** @type {string} */ shape) => {
      showProgress(`${pass}/${effort.passes} ${shape}`);
      await memory.take(BANDWIDTH_MS);
    };
    passes.push(await compare(shapes, contestants, setting, effort, onShape));
  }
  showProgress("");
  const rows = rowsOf(passes);
  return {
    run: runOf(settings, passes, rows, memory.bandwidth()),
    rows,
    absences: passes.flatMap((one) => one.absences),
  };
}

const specOf = (/** @type {string} */ shape) => /** @type {import("./peers/problem.js").DenseSpec} */ (SUITE[shape]);

const median = (/** @type {readonly number[]} */ numbers) => summarise("", numbers, undefined).ms;

/** What failed in any pass is left out. @param {readonly Comparison[]} passes @returns {SuiteRow[]} */
function rowsOf(passes) {
  const [first, ...others] = passes;
  const all = (first?.rows ?? []).flatMap((row) => {
    const same = (/** @type {Row} */ { shape, peer, formulation }) =>
      shape === row.shape && peer === row.peer && formulation === row.formulation;
    const roundMs = [row, ...others.flatMap(({ rows }) => rows.filter(same))].map((one) => one.roundMs);
    if (roundMs.length < passes.length) return [];
    const { ms, best, spread } = summarise("", roundMs.flat(), undefined);
    return [{ ...row, roundMs, ms, bestMs: best, spread, gflops: flopsOf(specOf(row.shape)) / ms / 1e6 }];
  });
  return all.filter((row) => {
    const ways = all.filter(({ shape, peer }) => shape === row.shape && peer === row.peer);
    return ways.reduce((best, next) => (next.ms < best.ms ? next : best)) === row;
  });
}

/** @param {Settings} settings @param {readonly Comparison[]} passes @param {readonly SuiteRow[]} rows @param {Run["bandwidth"]} bandwidth */
const runOf = (settings, passes, rows, bandwidth) =>
  /** @satisfies {Run} */ ({
    format: /** @type {const} */ ("tilewright-bench"),
    version: /** @type {const} */ (1),
    date: new Date().toISOString(),
    node: process.version,
    v8: process.versions.v8,
    machine: machineName(),
    settings,
    peaks: (passes[0]?.peaks ?? []).map(({ name, tile }, kind) => {
      const shapes = settings.shapes.map((shape, at) => ({
        shape,
        roundGflops: passes.map(({ shapePeaks }) =>
          (shapePeaks[at]?.rounds ?? []).map((peaks) => peaks[kind]?.gflops ?? Number.NaN),
        ),
      }));
      return { name, tile, gflops: median(shapes.flatMap(({ roundGflops }) => roundGflops.flat())), shapes };
    }),
    bandwidth,
    versions: Object.entries(passes[0]?.versions ?? {}).map(([contestant, version]) => ({ contestant, version })),
    rows: rows.map(({ shape, peer, variant, ms, spread, roundMs }) => {
      const { op, value, filters, rate, padding } = specOf(shape);
      const spec = { op, value: shape4(value), filters: shape4(filters), rate, padding };
      return { shape, spec, contestant: peer, variant, ms, spread, roundMs };
    }),
  });

/** @param {readonly [number, number, number, number]} sizes @returns {[number, number, number, number]} */
const shape4 = (sizes) => [...sizes];
