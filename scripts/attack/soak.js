// @ts-check
/** Kernels that come and go by the hundred, a third of them left to the garbage collector: memory must stay flat. */
import { compile } from "tilewright";
import { difference, elementsIn } from "./compare.js";
import { drawRated } from "./drawSpec.js";
import { sumsOf } from "./oracle/convolution.js";
import { problemOf } from "./oracle/problem.js";

/** Kernels of a round. */
const KERNELS = 20;
/** Growth that a garbage collector's mood explains, in bytes. */
const ALLOWED = 64 * 2 ** 20;
/** Rounds below which nothing can be said of growth: caches fill first. */
const LEAST_ROUNDS = 40;

/** What the process held after each round. @type {number[]} */
const held = [];

/** @param {import("./random.js").Random} random @param {import("./tally.js").Tally} tally */
export async function round(random, tally) {
  for (let i = 0; i < KERNELS; i++) {
    const spec = { ...drawRated(random), bias: random.once(2) };
    const problem = problemOf(spec);
    if (typeof problem !== "object") continue;
    await tally.attempt(JSON.stringify(spec), async () => {
      const kernel = /** @type {any} */ (await compile(spec, { threads: 2 }));
      const value = random.integers(elementsIn(problem.value));
      const filters = random.integers(elementsIn(problem.filters));
      const bias = problem.bias ? random.integers(problem.outputs) : undefined;
      const weights = kernel.prepare(filters, bias);
      const result = random.once(2) ? await kernel.run(value, weights) : kernel.runSync(value, weights);
      if (!random.once(3)) kernel.dispose();
      return difference(result, tally.alter(sumsOf(problem, { value, filters, bias })));
    });
  }
  held.push(process.memoryUsage.rss());
}

/** The first half fills the caches; from then on nothing may grow. @param {import("./tally.js").Tally} tally */
export function finish(tally) {
  const [middle, last] = [held[Math.floor(held.length / 2)], held.at(-1)];
  if (held.length < LEAST_ROUNDS || middle === undefined || last === undefined || last <= middle + ALLOWED) return;
  const [from, to] = [middle, last].map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`);
  tally.note("WRONG", `memory grew from ${from} to ${to} in the second half`, `${held.length} rounds`);
}
