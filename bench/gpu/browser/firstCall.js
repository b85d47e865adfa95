// @ts-check
/** A page of its own: from nothing to the first result of one kernel. */
import { compile, warmUp } from "tilewright";
import { problemOf } from "../../peers/problem.js";

/**
 * Milliseconds; `compiled` and `result` from the call of `compile` on, `warmUp` before that.
 * @typedef {{ warmUp: number | undefined, compiled: number, result: number }} FirstCall
 *
 * @param {import("../../peers/problem.js").DenseSpec} spec @param {boolean} isWarmedUp @returns {Promise<FirstCall>}
 */
async function firstCall(spec, isWarmedUp) {
  const { value, filters } = problemOf(spec);
  const started = performance.now();
  if (isWarmedUp) await warmUp([spec], { target: "webgpu" });
  const called = performance.now();
  const kernel = await compile(spec, { target: "webgpu" });
  const compiled = performance.now();
  await kernel.run(value, await kernel.prepare(filters));
  const finished = performance.now();
  return {
    warmUp: isWarmedUp ? called - started : undefined,
    compiled: compiled - called,
    result: finished - called,
  };
}
Object.assign(globalThis, { firstCall });
