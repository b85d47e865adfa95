// @ts-check
/** Random and hostile schedules: refused with a typed error, or the result is the oracle's. */
import { compile, interpret } from "tilewright";
import {
  compileModule,
  DEFAULT_LIMITS,
  explain,
  JS,
  printSchedule,
  programOf,
  wasmTarget,
  wgslTarget,
} from "tilewright/compiler";
import { loadKernel } from "tilewright/runtime";
import { difference, elementsIn } from "./compare.js";
import { drawSchedule, spoilt } from "./drawSchedule.js";
import { drawRated } from "./drawSpec.js";
import { sumsOf } from "./oracle/convolution.js";
import { problemOf } from "./oracle/problem.js";

/** @param {import("./random.js").Random} random @param {import("./tally.js").Tally} tally */
export async function round(random, tally) {
  const spec = { ...drawRated(random), ...(random.once(2) ? { bias: true } : {}) };
  const problem = problemOf(spec);
  if (typeof problem !== "object" || elementsIn(problem.output) > 5000) return;
  const program = programOf(spec);
  const isHostile = random.once(4);
  const fitting = drawSchedule(random, program);
  const schedule = isHostile ? spoilt(random, fitting) : fitting;
  const target = drawTarget(random);
  const shown = isHostile ? `schedule spoilt from ${JSON.stringify(fitting)}` : JSON.stringify(schedule);
  const way = random.pick(["module", "module", "compile", "plain", "explain", "print"]);
  await tally.attempt(`${way} ${JSON.stringify({ spec, target })}, ${shown}`, async () => {
    if (way === "print") return void printSchedule(schedule);
    if (way === "explain") return void explain(spec, { target: /** @type {any} */ (target), schedule });
    /** @type {any} */
    let kernel;
    if (way === "module") {
      const module = /** @type {any} */ (compileModule(spec, { target: /** @type {any} */ (target), schedule }));
      // GPU modules run where there is a GPU: here it counts that they are made.
      if (module.language === "wgsl") return;
      kernel = await loadKernel(module, target.threads ? { threads: 2 } : {});
    } else
      kernel = await compile(
        spec,
        /** @type {any} */ ({ target: way === "plain" ? "plain" : target.language === "js" ? "js" : "wasm", schedule }),
      );
    const value = random.integers(elementsIn(problem.value));
    const filters = random.integers(elementsIn(problem.filters));
    const bias = problem.bias ? random.integers(problem.outputs) : undefined;
    const expected = tally.alter(sumsOf(problem, { value, filters, bias }));
    const weights = kernel.prepare(filters, ...(bias ? [bias] : []));
    const result = random.once(2) ? await kernel.run(value, weights) : kernel.runSync(value, weights);
    const again = random.once(10) ? interpret(spec, value, filters, bias) : undefined;
    kernel.dispose();
    return difference(result, expected) ?? (again && difference(again, expected));
  });
}

/** @param {import("./random.js").Random} random @returns {any} */
function drawTarget(random) {
  const which = random.int(0, 5);
  if (which < 2) return JS;
  if (which === 2) return wgslTarget({ limits: DEFAULT_LIMITS, storage: random.pick(["f32", "f16"]) });
  return wasmTarget({
    simd: random.pick(["none", "simd128"]),
    hoistsLoads: random.once(2),
    pairs: false,
    threads: random.once(4),
  });
}
