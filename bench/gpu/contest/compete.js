// @ts-check
/** Lets entrants take turns (A B C A B C ...), so that a noisy machine disturbs them alike, and sums up what each call took. */

/**
 * @typedef {{ wall: number, gpu?: number | undefined, cpu?: number | undefined }} Sample milliseconds per call: until done, in
 *   compute passes, and of processor time where the GPU is software
 * @typedef {{ low: number, median: number, high: number }} Spread the quartiles
 * @typedef {{ name: string, wall: Spread, gpu: Spread | undefined, cpu: Spread | undefined }} Standing
 * @typedef {{ rounds: number, turnMs: number }} Effort
 */

/** Passes are timed up to a limit, and a call takes several. */
const MOST_CALLS = 200;

/**
 * @param {readonly string[]} names @param {(name: string, count: number) => Promise<Sample>} turn `count` calls
 * @param {Effort} effort @returns {Promise<Standing[]>}
 */
export async function compete(names, turn, { rounds, turnMs }) {
  /** @type {Map<string, { count: number, samples: Sample[] }>} */
  const entrants = new Map();
  for (const name of names) {
    const { wall } = await turn(name, 1);
    entrants.set(name, { count: Math.min(MOST_CALLS, Math.max(1, Math.round(turnMs / wall))), samples: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const [name, { count, samples }] of entrants) samples.push(await turn(name, count));
  }
  return [...entrants].map(([name, { samples }]) => ({
    name,
    wall: /** @type {Spread} */ (spreadOf(samples.map(({ wall }) => wall))),
    gpu: spreadOf(samples.map(({ gpu }) => gpu)),
    cpu: spreadOf(samples.map(({ cpu }) => cpu)),
  }));
}

/** Undefined unless all are known. @param {readonly (number | undefined)[]} values @returns {Spread | undefined} */
function spreadOf(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (sorted.length < values.length) return undefined;
  const at = (/** @type {number} */ share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}
