// @ts-check
/** Random convolutions with random options, and their gradients: each result is held to the oracle. */
import { compile, compileSync, gradient, ready } from "tilewright";
import { difference, elementsIn } from "./compare.js";
import { callKernel, drawOptions, ownMemory } from "./drawOptions.js";
import { drawSpec } from "./drawSpec.js";
import { activated, isExact, STEEPEST } from "./oracle/activations.js";
import { allowances, scattered, sumsOf } from "./oracle/convolution.js";
import { problemOf } from "./oracle/problem.js";
import { rawness } from "./tally.js";

/** @typedef {import("./random.js").Random} Random */
/** @typedef {import("./oracle/problem.js").Problem} Problem */

/** Float32 functions are within so much of float64 ones, as a share of 1 and the argument. */
const ROUNDING = 4e-6;
/** Products beyond which a case takes too long for its worth. */
const MOST_WORK = 3e6;

/** @param {Random} random @param {import("./tally.js").Tally} tally */
export async function round(random, tally) {
  let spec = drawSpec(random);
  // Most of what is drawn without thought is illegal: so much of it is not needed.
  while (typeof problemOf(spec) !== "object" && !random.once(8)) spec = drawSpec(random);
  const problem = problemOf(spec);
  if (typeof problem === "object" && work(problem) > MOST_WORK) return;
  if (typeof problem === "object" && random.once(4)) return gradientRound(random, tally, spec, problem);
  const options = drawOptions(random);
  const isPlaced = options.target === "wasm" && random.once(8);
  const isSync = random.once(6);
  await tally.attempt(JSON.stringify({ spec, options, isPlaced, isSync }), async () => {
    const all = isPlaced ? { ...options, memory: ownMemory() } : options;
    /** @type {any} */
    let kernel;
    try {
      if (isSync) await ready({ target: options.target, ...(options.threads ? { threads: options.threads } : {}) });
      kernel = isSync ? compileSync(spec, all) : await compile(spec, all);
    } catch (error) {
      // Of options, the library may refuse some; of legal specs none.
      if (problem === "illegal" || problem === "unknown" || isPlaced || options.algorithm || options.features)
        throw error;
      if (rawness(error) !== undefined) throw error;
      return `a legal spec was refused: ${/** @type {Error} */ (error).message}`;
    }
    if (problem === "illegal") return `an illegal spec was taken, with output ${kernel.outputShape}`;
    if (problem === "unknown") return undefined;
    return judged(random, tally, kernel, problem);
  });
}

/** @param {Problem} problem */
const work = ({ output, axes, inputs }) => elementsIn(output) * axes.reduce((a, { kernel }) => a * kernel, inputs);

/** @param {Random} random @param {Problem} problem */
const drawData = (random, { value, filters, bias, groups, outputs }) => ({
  value: random.integers(elementsIn(value)),
  filters: random.integers(elementsIn(filters)),
  bias: bias ? random.integers(groups * outputs) : undefined,
});

/** @param {Random} random @param {import("./tally.js").Tally} tally @param {any} kernel @param {Problem} problem */
async function judged(random, tally, kernel, problem) {
  if (String(kernel.outputShape) !== String(problem.output)) {
    return `the output has the shape ${kernel.outputShape}, not ${problem.output}`;
  }
  const data = drawData(random, problem);
  const sums = sumsOf(problem, data);
  const expected = tally.alter(sums.map(activated(problem.activation)));
  const isWinograd = kernel.algorithm.startsWith("winograd");
  const off = isWinograd ? allowances(problem, data, kernel.errorBound) : () => 0;
  const isRounded = !isExact(problem.activation) || isWinograd;
  const allowed = (/** @type {number} */ i) =>
    STEEPEST * off(i) + (isRounded ? ROUNDING * (1 + Math.abs(sums[i] ?? 0)) : 0);
  const actual = await callKernel(random, kernel, data);
  const why = typeof actual === "string" ? actual : difference(actual, expected, allowed);
  if (random.once(2)) kernel.dispose();
  return why && `${why} (${kernel.target}, ${kernel.algorithm})`;
}

/** @param {Random} random @param {import("./tally.js").Tally} tally @param {any} drawn @param {Problem} fitting */
async function gradientRound(random, tally, drawn, fitting) {
  const activation = random.pick([undefined, "relu"]);
  const { activation: _, ...plain } = drawn;
  const spec = activation ? { ...plain, activation } : plain;
  const problem = { ...fitting, activation };
  const tensor = random.pick(problem.bias ? ["value", "filters", "bias"] : ["value", "filters"]);
  const target = random.pick(["wasm", "js", "plain"]);
  await tally.attempt(JSON.stringify({ gradient: spec, tensor, target }), async () => {
    /** @type {any} */
    const kernel = await compile(gradient(spec, tensor), /** @type {any} */ ({ target }));
    const data = drawData(random, problem);
    const upstream = random.integers(elementsIn(problem.output));
    const expected = tally.alter(scattered(problem, data, upstream, tensor));
    const all = /** @type {Record<string, any>} */ ({ ...data, upstream });
    const inputs = Object.fromEntries(kernel.inputNames.map((/** @type {string} */ name) => [name, all[name]]));
    const { output } = await kernel.run(inputs);
    kernel.dispose();
    return difference(output, expected);
  });
}
