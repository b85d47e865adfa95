// @ts-check
/**
 * All contestants on all shapes with one number of threads. They take turns (A B C A B C ...), each in its own process, so
 * that a noisy machine disturbs them alike; the machine's peaks are taken between the shapes.
 */
import { setTimeout } from "node:timers/promises";
import { summarise } from "../measure.js";
import { PeakMeter } from "./peaks.js";
import { flopsOf } from "./problem.js";
import { Team } from "./team.js";

/**
 * @typedef {import("./contestants/index.js").Setting} Setting
 * @typedef {import("./options.js").Effort} Effort
 * @typedef {{ name: string, spec: import("tilewright").OpSpec }} Shape
 *
 * @typedef {object} Row one contestant in one formulation on one shape
 * @property {string} shape
 * @property {string} peer
 * @property {string} formulation
 * @property {number} ms a call, at the median
 * @property {number} bestMs
 * @property {number} spread half the distance between the quartiles, as a share of the median
 * @property {number} gflops at the median; every tap counts, padding included
 * @property {number[]} roundMs the median of each round; fewer for what is twice as slow as another formulation of its peer
 * @property {number} samples how many there are
 * @property {number} callsPerSample
 * @property {number} worstError as a share of the allowed one
 *
 * @typedef {object} Comparison
 * @property {Setting} setting
 * @property {readonly string[]} peers
 * @property {Readonly<Record<string, string>>} versions of those that could be loaded
 * @property {readonly import("./peaks.js").Peak[]} peaks
 * @property {readonly Row[]} rows
 * @property {readonly import("./team.js").Absence[]} absences
 */

/** Thread pools spin before they sleep (ONNX Runtime's for 50 ms); whose turn is next should not share with them. */
const PAUSE_MS = 60;

/**
 * @param {readonly Shape[]} shapes @param {readonly string[]} peers @param {Setting} setting @param {Effort} effort
 * @param {(shape: string) => void} onShape called before each
 * @returns {Promise<Comparison>}
 */
export async function compare(shapes, peers, setting, effort, onShape) {
  const team = new Team(setting);
  const meter = new PeakMeter(setting);
  const rows = [];
  try {
    for (const peer of peers) await team.start(peer);
    for (const shape of shapes) {
      onShape(shape.name);
      await meter.take(effort.peakMs);
      rows.push(...(await compareOn(shape, team, effort, setting.threads > 1 ? PAUSE_MS : 0)));
    }
  } finally {
    team.stop();
    meter.stop();
  }
  return { setting, peers, versions: team.versions, peaks: meter.peaks(), rows, absences: team.absences };
}

/**
 * @typedef {object} Runner
 * @property {string} peer
 * @property {string} shape
 * @property {string} formulation
 * @property {number} worstError
 * @property {number} callsPerSample
 * @property {Float64Array[]} turns milliseconds a call, for each round
 */

/** @param {Shape} shape @param {Team} team @param {Effort} effort @param {number} pauseMs @returns {Promise<Row[]>} */
async function compareOn({ name: shape, spec }, team, { rounds, roundMs, warmUpMs }, pauseMs) {
  /** @type {Runner[]} */
  const runners = [];
  for (const peer of team.peers) {
    for (const { formulation, worstError } of await team.open(peer, shape, spec)) {
      const callsPerSample = await team.ask({ peer, shape, formulation }, { do: "warmUp", ms: warmUpMs });
      runners.push({ peer, shape, formulation, worstError, callsPerSample, turns: [] });
    }
  }
  let running = runners;
  for (let round = 0; round < rounds; round++) {
    for (const { turns, ...who } of running) {
      await setTimeout(pauseMs);
      turns.push((await team.ask(who, { do: "sample", ms: roundMs })) ?? FAILED);
    }
    running = running.filter((runner) => !hasFailed(runner) && !isBehind(runner, runners));
  }
  for (const peer of team.peers) await team.close(peer, shape);
  return runners.filter((runner) => !hasFailed(runner)).map((runner) => rowOf(runner, flopsOf(spec)));
}

const FAILED = new Float64Array();

const hasFailed = (/** @type {Runner} */ { turns }) => turns.includes(FAILED);

/**
 * Twice as slow as another way of the same library: no more turns, as some take seconds.
 * @param {Runner} runner @param {readonly Runner[]} all
 */
function isBehind(runner, all) {
  const best = (/** @type {Runner} */ { turns }) => Math.min(...turns.map((turn) => Math.min(...turn)));
  return all.some((other) => other.peer === runner.peer && best(runner) > 2 * best(other));
}

/** @param {Runner} runner @param {number} flops @returns {Row} */
function rowOf({ turns, ...runner }, flops) {
  const statistics = (/** @type {readonly number[]} */ times) => summarise("", times, undefined);
  const all = turns.flatMap((turn) => [...turn]);
  const { ms, best, spread } = statistics(all);
  return {
    ...runner,
    ms,
    bestMs: best,
    spread,
    gflops: flops / ms / 1e6,
    roundMs: turns.map((turn) => statistics([...turn]).ms),
    samples: all.length,
  };
}
