// @ts-check
/** One problem, every contestant in every formulation, on one GPU: checked for rightness, then called by name. Runs in pages and in Node. */
import { worstError } from "../../peers/definition.js";
import { problemOf } from "../../peers/problem.js";
import { watchPasses } from "./passTimes.js";

/**
 * One problem in one formulation. Data stay on the GPU: filters are packed, the value is in place.
 * @typedef {object} Call
 * @property {() => unknown} start one call, without waiting for its result
 * @property {() => Promise<unknown>} done all that was started is computed
 * @property {() => Promise<Float32Array>} output NHWC, of one more call
 * @property {() => unknown} close
 *
 * @typedef {Record<string, (problem: import("../../peers/problem.js").AtrousProblem) => Promise<Call>>} Contestant by formulation
 *
 * @typedef {{ name: string, trouble: string | undefined }} Entrant who takes part unless there is trouble
 * @typedef {{ wall: number, gpu: number | undefined }} Times milliseconds per call; `gpu` in compute passes
 */

export class Contest {
  /** @type {Readonly<Record<string, Contestant>>} */
  #contestants = {};
  /** @type {Map<string, Call>} */
  #calls = new Map();
  // Before any library has asked for its device.
  #readPasses = watchPasses();

  /** @param {Record<string, Contestant>} contestants */
  enter(contestants) {
    this.#contestants = contestants;
  }

  /** @param {import("../../peers/problem.js").DenseSpec} spec @returns {Promise<Entrant[]>} */
  async open(spec) {
    const problem = problemOf(spec);
    const entrants = [];
    for (const [title, contestant] of Object.entries(this.#contestants)) {
      for (const [formulation, openCall] of Object.entries(contestant)) {
        const name = `${title} ${formulation}`;
        entrants.push({ name, trouble: await this.#open(name, () => openCall(problem), problem) });
      }
    }
    return entrants;
  }

  /** @param {string} name @param {() => Promise<Call>} openCall @param {import("../../peers/problem.js").AtrousProblem} problem */
  async #open(name, openCall, problem) {
    try {
      const call = await openCall();
      const error = worstError(problem, await call.output());
      if (!(error <= 1)) {
        await call.close();
        return `its result is off by ${error.toPrecision(3)} times what rounding explains`;
      }
      this.#calls.set(name, call);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** @param {string} name @param {number} count of calls @returns {Promise<Times>} */
  async turn(name, count) {
    const call = this.#calls.get(name);
    if (!call) throw new Error(`${name} does not take part`);
    await this.#readPasses();
    const begin = performance.now();
    for (let i = 0; i < count; i++) await call.start();
    await call.done();
    const wall = (performance.now() - begin) / count;
    const gpu = await this.#readPasses();
    return { wall, gpu: gpu === undefined ? undefined : gpu / count };
  }

  async close() {
    for (const call of this.#calls.values()) await call.close();
    this.#calls.clear();
  }
}
