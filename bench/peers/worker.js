// @ts-check
/**
 * The process of one contestant: it opens a problem (in all formulations, each checked before it may be timed), warms a
 * formulation up, takes samples of it for a while, and closes the problem.
 *
 *     worker.js CONTESTANT '{ "threads": 1, "revectorize": false }'
 */
import { sample, warmUp } from "../measure.js";
import { CONTESTANTS } from "./contestants/index.js";
import { worstError } from "./definition.js";
import { layerProblemOf } from "./layer.js";
import { problemOf } from "./problem.js";
import { serve } from "./process.js";

/** Calls that take less are timed several at once, as the clock itself takes a part of a microsecond. */
const SHORTEST_SAMPLE_MS = 0.1;

const [name = "", setting = ""] = process.argv.slice(2);
/** @type {import("./contestants/index.js").Contestant} */
let contestant;
/** @type {Map<string, { call: import("./contestants/index.js").Call, repeat: number }>} */
const tasks = new Map();

serve({
  /** @returns {Promise<string>} its version */
  async load() {
    contestant = await (await /** @type {any} */ (CONTESTANTS[name]).module()).load(JSON.parse(setting));
    return contestant.version;
  },

  /** @param {{ formulation: string, spec: import("./problem.js").Problem["spec"] }} request @returns {Promise<import("./team.js").Opened>} */
  async open({ formulation, spec }) {
    const problem = "rate" in spec ? problemOf(spec) : layerProblemOf(spec);
    const call = await contestant.formulations[formulation]?.(problem);
    if (!call) throw new Error(`${name} has no formulation "${formulation}"`);
    const start = performance.now();
    await call.run();
    const firstMs = performance.now() - start;
    const worst = worstError(problem, await call.output());
    if (worst > 1) {
      await call.close();
      throw new Error(`wrong: the largest error is ${worst.toPrecision(2)} times the allowed one`);
    }
    tasks.set(formulation, { call, repeat: 1 });
    return { worstError: worst, variant: call.variant ?? formulation, firstMs };
  },

  /** @param {{ formulation: string }} request @returns {Promise<number>} milliseconds of a call */
  async time({ formulation }) {
    const start = performance.now();
    await taskOf(formulation).call.run();
    return performance.now() - start;
  },

  /** @param {{ formulation: string, ms: number }} request @returns {Promise<number>} how many calls a sample will be of */
  async warmUp({ formulation, ms }) {
    const task = taskOf(formulation);
    await warmUp(task.call.run, ms);
    const start = performance.now();
    for (let i = 0; i < 3; i++) await task.call.run();
    task.repeat = Math.ceil((3 * SHORTEST_SAMPLE_MS) / (performance.now() - start));
    return task.repeat;
  },

  /** @param {{ formulation: string, ms: number }} request @returns {Promise<Float64Array>} milliseconds a call */
  async sample({ formulation, ms }) {
    const { call, repeat } = taskOf(formulation);
    return Float64Array.from(await sample(repeated(call.run, repeat), ms), (time) => time / repeat);
  },

  async close() {
    for (const { call } of tasks.values()) await call.close();
    tasks.clear();
  },
});

/** @param {string} formulation */
function taskOf(formulation) {
  const task = tasks.get(formulation);
  if (!task) throw new Error(`${formulation} is not open`);
  return task;
}

/**
 * Waits only where there is something to wait for: waiting takes as long as a small kernel.
 * @param {() => unknown} run @param {number} times
 */
function repeated(run, times) {
  if (times === 1) return run;
  if (run() instanceof Promise) {
    return async () => {
      for (let i = 0; i < times; i++) await run();
    };
  }
  return () => {
    for (let i = 0; i < times; i++) run();
  };
}
