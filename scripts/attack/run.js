// @ts-check
/** Runs rounds of a part until their time or their number is up. */
import { Random } from "./random.js";
import { Tally } from "./tally.js";

/**
 * @typedef {object} Part
 * @property {(random: Random, tally: Tally) => Promise<void>} round draws inputs and attempts them
 * @property {(tally: Tally) => void} [finish] judges what only many rounds can show
 */

/**
 * @param {string} name
 * @param {Part} part
 * @param {object} options
 * @param {string} options.seed
 * @param {number} [options.seconds] default: no limit
 * @param {number} [options.first] the first round; default 0
 * @param {number} [options.rounds] default: no limit
 * @param {ConstructorParameters<typeof Tally>[1]} [tallied]
 */
export async function runPart(name, part, { seed, seconds = Infinity, first = 0, rounds = Infinity }, tallied) {
  const tally = new Tally(name, tallied);
  const end = performance.now() + seconds * 1000;
  const stray = (/** @type {unknown} */ error) =>
    tally.note(
      "RAW",
      `nobody caught ${String(Object(error).stack ?? typeof error)}`,
      "an earlier attempt of this round",
    );
  process.on("unhandledRejection", stray);
  process.on("uncaughtException", stray);
  try {
    for (tally.round = first; tally.round < first + rounds && performance.now() < end; tally.round++) {
      await part.round(new Random(`${seed} ${name} ${tally.round}`), tally);
      // Timers, rejections that nobody handled, and finalizers have their turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
    part.finish?.(tally);
  } finally {
    process.off("unhandledRejection", stray);
    process.off("uncaughtException", stray);
  }
  return tally;
}
