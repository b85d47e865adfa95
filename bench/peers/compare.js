// @ts-check
/**
 * All contestants on all shapes with one number of threads. They take turns (A B C A B C ...), each in its own process, so
 * that a noisy machine disturbs them alike; the machine's peaks take a turn in every round.
 */
import { setTimeout } from "node:timers/promises";
import { summarise } from "../measure.js";
import { layerFlopsOf } from "./layer.js";
import { PeakMeter } from "./peaks.js";
import { flopsOf } from "./problem.js";
import { Team } from "./team.js";

/**
 * @typedef {import("./contestants/index.js").Setting} Setting
 * @typedef {import("./options.js").Effort} Effort
 * @typedef {{ name: string, spec: import("./problem.js").Problem["spec"] }} Shape
 *
 * @typedef {object} Row one contestant in one formulation on one shape
 * @property {string} shape
 * @property {string} peer
 * @property {string} formulation
 * @property {string} variant what the library made of it, where it says so; else the formulation
 * @property {number} ms a call, at the median
 * @property {number} bestMs
 * @property {number} spread half the distance between the quartiles, as a share of the median
 * @property {number} gflops at the median; every tap counts, padding included
 * @property {number[]} roundMs the median of each round; fewer for what was stopped, see `Effort`
 * @property {number} samples how many there are
 * @property {number} callsPerSample
 * @property {number} worstError as a share of the allowed one
 *
 * @typedef {{ shape: string, rounds: (readonly import("./peaks.js").Peak[])[] }} ShapePeaks the peaks of each round on a shape
 *
 * @typedef {object} Comparison
 * @property {Setting} setting
 * @property {readonly string[]} peers
 * @property {Readonly<Record<string, string>>} versions of those that could be loaded
 * @property {readonly import("./peaks.js").Peak[]} peaks
 * @property {readonly ShapePeaks[]} shapePeaks
 * @property {readonly Row[]} rows
 * @property {readonly import("./team.js").Absence[]} absences
 */

/** Thread pools spin before they sleep (ONNX Runtime's for 50 ms); whose turn is next should not share with them. */
const PAUSE_MS = 60;

/**
 * @param {readonly Shape[]} shapes @param {readonly string[]} peers @param {Setting} setting @param {Effort} effort
 * @param {(shape: string) => unknown} onShape called before each, and awaited
 * @returns {Promise<Comparison>}
 */
export async function compare(shapes, peers, setting, effort, onShape) {
  const team = new Team(setting);
  const meter = new PeakMeter(setting);
  const rows = [];
  const shapePeaks = [];
  try {
    for (const peer of peers) await team.start(peer);
    for (const shape of shapes) {
      await onShape(shape.name);
      const runners = await warmedUp(shape, team, effort);
      shapePeaks.push({ shape: shape.name, rounds: await takeTurns(runners, team, meter, effort) });
      for (const peer of team.peers) await team.close(peer, shape.name);
      rows.push(
        ...runners
          .filter((runner) => !hasFailed(runner))
          .map((runner) => rowOf(runner, "rate" in shape.spec ? flopsOf(shape.spec) : layerFlopsOf(shape.spec))),
      );
    }
  } finally {
    team.stop();
    meter.stop();
  }
  return { setting, peers, versions: team.versions, peaks: meter.peaks(), shapePeaks, rows, absences: team.absences };
}

/**
 * @typedef {object} Runner
 * @property {string} peer
 * @property {string} shape
 * @property {string} formulation
 * @property {string} variant
 * @property {number} worstError
 * @property {number} callsPerSample
 * @property {Float64Array[]} turns milliseconds a call, for each round
 */

/** @param {Shape} shape @param {Team} team @param {Effort} effort */
async function warmedUp({ name: shape, spec }, team, { warmUpMs, hopeless }) {
  /** @type {Runner[]} */
  const runners = [];
  for (const peer of team.peers) {
    for (const opened of await withHope(await team.open(peer, shape, spec), { peer, shape }, team, hopeless)) {
      const { formulation } = opened;
      const callsPerSample = await team.ask({ peer, shape, formulation }, { do: "warmUp", ms: warmUpMs });
      runners.push({ peer, shape, ...opened, callsPerSample, turns: [] });
    }
  }
  return runners;
}

/**
 * Without those that are far behind, as warming them up may take minutes. A first call also prepares: what looks hopeless by it
 * has another one.
 * @template {import("./team.js").Opened & { formulation: string }} One
 * @param {readonly One[]} all @param {{ peer: string, shape: string }} whose @param {Team} team @param {Effort["hopeless"]} hopeless
 */
async function withHope(all, whose, team, hopeless) {
  if (!hopeless) return all;
  const limitMs = Math.max(hopeless.ms, hopeless.times * Math.min(...all.map(({ firstMs }) => firstMs)));
  const rest = [];
  for (const one of all) {
    const who = { ...whose, formulation: one.formulation };
    /** @type {number | undefined} */
    const ms = one.firstMs > limitMs ? await team.ask(who, { do: "time" }) : one.firstMs;
    // What has failed is noted already.
    if (ms === undefined) continue;
    if (ms <= limitMs) rest.push(one);
    else
      team.absences.push({ ...who, reason: `a call takes more than ${hopeless.times} times as long as another way` });
  }
  return rest;
}

/**
 * Fills the runners' turns.
 * @param {readonly Runner[]} runners @param {Team} team @param {PeakMeter} meter @param {Effort} effort
 * @returns {Promise<(readonly import("./peaks.js").Peak[])[]>} the peaks of each round
 */
async function takeTurns(runners, team, meter, effort) {
  const pauseMs = meter.threads > 1 ? PAUSE_MS : 0;
  const peaks = [];
  let running = runners;
  for (let round = 0; round < effort.rounds; round++) {
    await setTimeout(pauseMs);
    peaks.push(await meter.take(effort.peakMs / effort.rounds));
    for (const { turns, ...who } of running) {
      await setTimeout(pauseMs);
      turns.push((await team.ask(who, { do: "sample", ms: effort.roundMs })) ?? FAILED);
    }
    running = running.filter((one) => !hasFailed(one) && !isBehind(one, runners, effort) && !isDone(one, effort));
  }
  return peaks;
}

const FAILED = new Float64Array();

const hasFailed = (/** @type {Runner} */ { turns }) => turns.includes(FAILED);

/**
 * Slower than another way of the same library: no more turns, as some take seconds.
 * @param {Runner} runner @param {readonly Runner[]} all @param {Effort} effort
 */
function isBehind(runner, all, { behind }) {
  const best = (/** @type {Runner} */ { turns }) => Math.min(...turns.map((turn) => Math.min(...turn)));
  return all.some((other) => other.peer === runner.peer && best(runner) > behind * best(other));
}

/** @param {Runner} runner @param {Effort} effort */
function isDone({ turns, callsPerSample }, { enough }) {
  const ms = callsPerSample * turns.reduce((sum, turn) => turn.reduce((a, b) => a + b, sum), 0);
  return enough !== undefined && turns.length >= enough.rounds && ms >= enough.ms;
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
