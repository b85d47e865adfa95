// @ts-check
/**
 * Measuring side by side: every task is warmed up until the engine has tiered it up, then all take turns (A B C A B C ...)
 * so that a noisy machine disturbs them alike. Times are medians; spread is half the distance between the quartiles.
 */
import { Bench } from "tinybench";

/**
 * @typedef {{ name: string, run: () => unknown, flops?: number }} Task `flops` per call
 * @typedef {{ name: string, ms: number, best: number, spread: number, flops: number | undefined }} Result times in ms per call;
 *   spread as a fraction of the median
 */

const WARM_UP_MS = 400;

/**
 * @param {readonly Task[]} tasks
 * @param {{ rounds?: number, roundMs?: number }} [effort]
 * @returns {Promise<Result[]>}
 */
export async function measure(tasks, { rounds = 9, roundMs = 60 } = {}) {
  for (const { run } of tasks) await warmUp(run, WARM_UP_MS);
  /** @type {number[][]} */
  const samples = tasks.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { run }] of tasks.entries()) samples[i]?.push(...(await sample(run, roundMs)));
  }
  return tasks.map(({ name, flops }, i) => summarise(name, samples[i] ?? [], flops));
}

/**
 * Calls until the time is up, with pauses in which background compilation finishes.
 * @param {() => unknown} run @param {number} ms
 */
export async function warmUp(run, ms) {
  for (let part = 0; part < WARM_UP_PARTS; part++) {
    const end = performance.now() + ms / WARM_UP_PARTS;
    while (performance.now() < end) await run();
    await untilIdle();
  }
}

/** What is hot in optimised code may only then show. */
const WARM_UP_PARTS = 3;
const PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 2000;
/** Of the pause. */
const IDLE_SHARE = 0.1;

/** On a single processor, the optimiser gets to work in pauses alone, and needs more than one for a large module. */
async function untilIdle() {
  for (let waited = 0; waited < LONGEST_PAUSE_MS; waited += PAUSE_MS) {
    const start = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const { user, system } = process.cpuUsage(start);
    if ((user + system) / 1000 < IDLE_SHARE * PAUSE_MS) return;
  }
}

/**
 * One turn of a task: what each call took.
 * @param {() => unknown} run @param {number} ms @returns {Promise<readonly number[]>}
 */
export async function sample(run, ms) {
  const bench = new Bench({ time: ms, iterations: 2, warmup: false, retainSamples: true });
  const [task] = await bench.add("task", run).run();
  if (task?.result.state !== "completed") throw new Error(`a task did not complete: ${task?.result.state}`);
  return task.result.latency.samples ?? [];
}

/** @param {string} name @param {readonly number[]} samples @param {number | undefined} flops @returns {Result} */
export function summarise(name, samples, flops) {
  const times = samples.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN;
  const ms = at(0.5);
  return { name, ms, best: at(0), spread: (at(0.75) - at(0.25)) / 2 / ms, flops };
}

/**
 * Medians with their spread, then the best call of each, which a noisy machine disturbs least.
 * @param {string} title @param {readonly Result[]} results
 * @param {string} [reference] ratios are this task's time over the others'
 */
export function printTable(title, results, reference) {
  const base = results.find(({ name }) => name === reference);
  console.log(`\n${title}`);
  for (const { name, ms, best, spread, flops } of results) {
    const speed = (/** @type {number} */ of) => (flops === undefined ? "" : `${(flops / of / 1e6).toFixed(2)} GFLOP/s`);
    const ratio = base ? `${(base.ms / ms).toFixed(2)}x, best ${(base.best / best).toFixed(2)}x` : "";
    const cells = [formatTime(ms).padStart(11), `±${(spread * 100).toFixed(0)} %`.padStart(5), speed(ms).padStart(13)];
    console.log(`  ${name.padEnd(42)} ${cells.join(" ")}  best ${formatTime(best)} ${speed(best)}  ${ratio}`);
  }
}

export const formatTime = (/** @type {number} */ ms) =>
  ms >= 1 ? `${ms.toFixed(2)} ms` : `${(ms * 1000).toFixed(2)} us`;
