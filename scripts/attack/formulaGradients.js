// @ts-check
/** Gradients of random formulas, held to differences of the oracle's results in float64. */
import { compile, gradient } from "tilewright";
import { difference, elementsIn } from "./compare.js";
import { computeLine } from "./oracle/formula.js";

/** @typedef {import("./random.js").Random} Random */
/** @typedef {import("./drawFormula.js").FormulaDrawer} FormulaDrawer */

/** The step of a difference. Elements are no multiples of anything, so hardly any lies as close to a kink. */
const STEP = 1e-5;
/** Results may be off by so much of the largest number on the way. */
const ALLOWED = 2e-3;
/** Slopes that say that the difference lies across a kink or a pole. */
const STEEP = 1e5;

/** @param {Random} random @param {import("./tally.js").Tally} tally @param {FormulaDrawer} drawn @param {any} spec */
export async function gradientRound(random, tally, drawn, spec) {
  const tensor = random.pick(drawn.inputs);
  const target = random.pick(["wasm", "js", "plain"]);
  await tally.attempt(JSON.stringify({ gradient: spec, tensor, target }), async () => {
    const kernel = /** @type {any} */ (await compile(gradient(spec, tensor), /** @type {any} */ ({ target })));
    const floats = (/** @type {readonly number[]} */ shape) =>
      Float32Array.from({ length: elementsIn(shape) }, () => 4 * random.next() - 2);
    const given = Object.fromEntries(drawn.inputs.map((name) => [name, floats(drawn.shapes[name] ?? [])]));
    const upstream = floats(drawn.shapes.output ?? []);
    const { slopes, largest, isEndless } = differences(drawn, given, tensor, upstream);
    const all = /** @type {Record<string, any>} */ ({ ...given, upstream });
    const named = Object.fromEntries(kernel.inputNames.map((/** @type {string} */ name) => [name, all[name]]));
    const { output } = await kernel.run(named);
    kernel.dispose();
    // The largest of no terms is no number, and has no slope.
    if (isEndless || !slopes.every((slope) => Math.abs(slope) < STEEP)) return;
    return difference(output, tally.alter(slopes), () => ALLOWED * largest);
  });
}

/** @param {FormulaDrawer} drawn @param {Record<string, Float32Array>} given @param {string} tensor @param {Float32Array} upstream */
function differences(drawn, given, tensor, upstream) {
  let largest = 1;
  let isEndless = false;
  const product = (/** @type {Record<string, ArrayLike<number>>} */ values) => {
    const tensors = new Map(
      Object.entries(values).map(([name, data]) => [name, { shape: drawn.shapes[name] ?? [], data }]),
    );
    const run = /** @type {any} */ ({ tensors, largest, isRounded: false, isEndless });
    for (const line of drawn.lines) computeLine(line, run);
    ({ largest, isEndless } = run);
    return run.tensors
      .get("output")
      .data.reduce(
        (/** @type {number} */ sum, /** @type {number} */ x, /** @type {number} */ i) => sum + x * (upstream[i] ?? 0),
        0,
      );
  };
  const slopes = Float64Array.from(given[tensor] ?? [], (_, i) => {
    const at = (/** @type {number} */ step) => {
      const moved = Float64Array.from(given[tensor] ?? [], (x, j) => (i === j ? x + step : x));
      return product({ ...given, [tensor]: moved });
    };
    return (at(STEP) - at(-STEP)) / (2 * STEP);
  });
  return { slopes, isEndless, largest: slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), largest) };
}
