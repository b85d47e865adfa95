// @ts-check
/**
 * `npm run bench -- tuned --records FILE`: what tuning brought, measured anew in fresh processes: the fastest schedule of each kernel
 * and the model's pick take turns. Also how far the pick is from the best that was ever measured, and how well the model orders.
 */
import { parseArgs } from "node:util";
import { chooseAlgorithm, compileModule, findPoint, programOf, spaceOf, targetOf } from "../build/codegen/index.js";
import { kernelName } from "../build/ir/ops/specName.js";
import { EFFORTS } from "../build/tune/levels.js";
import { startChild } from "../build/tune/node/channel.js";
import { loadRecords } from "../build/tune/node/recordFile.js";
import { RemoteMeasurer } from "../build/tune/remote.js";
import { best, byKernel, gainOf, isFresh, pointKey } from "../build/tune/selection.js";
import { geometricMean, intervalOf, rankCorrelation } from "../build/tune/statistics.js";
import { SUITE } from "./peers/options.js";

/** @typedef {import("../build/tune/record.js").TuningRecord} TuningRecord */

const PROCESSES = 3;
const { rounds, sampleMs } = EFFORTS.exhaustive;
const WITHIN_MS = 20_000;

export async function run() {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { records: { type: "string", default: "tilewright.tuning.jsonl" } },
  });
  const { records } = loadRecords(values.records);
  const rows = [];
  for (const group of byKernel(records.filter(isFresh)).values()) rows.push(await remeasure(group));
  if (rows.length === 0)
    throw new Error(`${values.records} holds no fresh records; run tilewright tune --records FILE`);
  const head = ["kernel", "schedules", "untuned", "tuned", "gain, anew", "best ever", "rank correlation"];
  const cells = rows.map(({ name, count, untuned, gain, ever, correlation }) => [
    name,
    String(count),
    `${untuned.toFixed(4)} ms`,
    `${(untuned / gain.median).toFixed(4)} ms`,
    `${gain.median.toFixed(3)}x (${gain.low.toFixed(3)} to ${gain.high.toFixed(3)})`,
    `${ever.toFixed(3)}x`,
    correlation === undefined ? "" : correlation.toFixed(2),
  ]);
  console.table(cells.map((row) => Object.fromEntries(row.map((cell, i) => [head[i], cell]))));
  const gains = rows.map(({ gain }) => gain.median);
  const correlations = rows.flatMap(({ correlation }) => correlation ?? []);
  console.log(`geometric mean ${geometricMean(gains).toFixed(3)}x, least ${Math.min(...gains).toFixed(3)}x`);
  console.log(
    `the model's pick is within ${Math.max(...rows.map(({ ever }) => ever)).toFixed(3)}x of the best ever measured`,
  );
  console.log(`median rank correlation ${intervalOf(correlations).median.toFixed(2)}`);
}

/** @param {readonly TuningRecord[]} records of one kernel */
async function remeasure(records) {
  const [{ spec, wanted, target: features, machine }] = /** @type {[TuningRecord]} */ (
    /** @type {unknown} */ (records)
  );
  const target = targetOf(features);
  const pick = chooseAlgorithm(programOf(spec), target, wanted);
  const choice = best(records);
  const point = (choice && findPoint(programOf(spec), target, wanted, choice.record)) ?? pick;
  const [baseline, module] = [pick, point].map(({ algorithm, plan }) =>
    compileModule(spec, { target, algorithm, schedule: plan().schedule }),
  );
  if (!baseline || !module) throw new Error("nothing was compiled");
  const gains = [];
  const times = [];
  for (let i = 0; i < PROCESSES; i++) {
    const measurer = new RemoteMeasurer(startChild);
    await measurer.open({ baseline, threads: machine.threads, sampleMs });
    const verdict = await measurer.try({ module, rounds, sampleMs, atLeast: 0, within: WITHIN_MS });
    measurer.close();
    if (verdict.is !== "measured") throw new Error(`${kernelName(spec)} is ${verdict.is}`);
    gains.push(gainOf({ samples: verdict.samples.candidate, baseline: verdict.samples.baseline }).median);
    times.push(intervalOf(verdict.samples.baseline).median);
  }
  const measured = records.filter(({ outcome }) => outcome === "measured");
  const cycles = new Map([...spaceOf(programOf(spec), target, wanted)].map((one) => [pointKey(one), one.cycles]));
  const pairs = measured.map(
    (record) => /** @type {const} */ ([cycles.get(pointKey(record)) ?? 0, intervalOf(record.samples).median]),
  );
  const [name] = Object.entries(SUITE).find(([, one]) => kernelName(one) === kernelName(spec)) ?? [kernelName(spec)];
  return {
    name: `${name}, ${features.language}, ${wanted.accuracy}`,
    count: measured.length,
    untuned: intervalOf(times).median,
    gain: intervalOf(gains),
    ever: Math.max(1, ...measured.filter(({ samples }) => samples.length >= 5).map((record) => gainOf(record).median)),
    correlation: rankCorrelation(pairs),
  };
}
