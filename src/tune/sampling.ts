/**
 * Times a candidate and the model's pick in turns, so that a machine that slows down slows both.
 *
 * A sample is as many calls as take many steps of the clock. Rounds end when the answer is clear.
 */
import { clockStep } from "../runtime/host/clock.js";
import { type Interval, intervalOf } from "./statistics.js";

/** Something that can be timed. */
export interface Contender {
  /** Milliseconds of one call, as the mean of so many calls. */
  sample(calls: number): number | Promise<number>;
  /** The step in milliseconds of the clock of its own, after a sample. By default it is that of `performance.now()`. */
  readonly clockStep?: (() => number) | undefined;
}

export interface Samples {
  readonly candidate: number[];
  readonly baseline: number[];
}

export interface Limits {
  /** Rounds at most. */
  readonly rounds: number;
  /** Milliseconds of a sample at least. */
  readonly sampleMs: number;
  /** The gain to beat. A candidate that is surely below it is measured no further. */
  readonly atLeast: number;
  /** The end of the time, in the milliseconds of `performance.now()`. */
  readonly deadline: number;
}

/** Steps of the clock that a sample takes at least, so that an error of one step is a hundredth. */
const STEPS = 100;
const MOST_CALLS = 2 ** 16;

/** Times calls one after the other; a call that returns a promise is awaited. */
export function timed(call: () => void | Promise<void>): Contender {
  return {
    sample(calls) {
      const begin = performance.now();
      const first = call();
      if (first) return rest(call, first, calls, begin);
      for (let i = 1; i < calls; i++) call();
      return (performance.now() - begin) / calls;
    },
  };
}

async function rest(
  call: () => void | Promise<void>,
  first: Promise<void>,
  calls: number,
  begin: number,
): Promise<number> {
  await first;
  for (let i = 1; i < calls; i++) await call();
  return (performance.now() - begin) / calls;
}

/** Warms up for at least `warmMs`, until calls become no faster. Returns the number of calls of a sample. */
export async function warmCalls(
  contender: Contender,
  { sampleMs, deadline }: Pick<Limits, "sampleMs" | "deadline">,
  warmMs: number,
): Promise<{ calls: number; ms: number }> {
  const step = clockStep();
  const begin = performance.now();
  let [best, calls, still] = [Number.POSITIVE_INFINITY, 1, 0];
  // The engine replaces code by faster code at any time. So two samples in a row must be no faster, after some time.
  while ((still < 2 || performance.now() - begin < warmMs) && performance.now() < deadline) {
    const ms = await contender.sample(calls);
    const enough = Math.max(sampleMs, STEPS * (contender.clockStep?.() ?? step));
    // A coarse clock may read 0 for few calls. That is no reason to make very many calls next.
    const isClear = ms * calls >= CLEAR * enough || calls === MOST_CALLS;
    if (isClear) {
      still = ms >= NO_FASTER * best ? still + 1 : 0;
      best = Math.min(best, ms);
    }
    const most = isClear ? MOST_CALLS : Math.min(MOST_CALLS, GROWTH * calls);
    calls = Math.min(most, Math.max(1, Math.ceil(enough / Math.max(isClear ? best : ms, 1e-6))));
    await pause();
  }
  return { calls, ms: best };
}

/** Milliseconds of warming up at least, for code that starts in its best tier. */
export const WARM_MS = 15;
/**
 * Milliseconds of warming up at least, for code that starts in a lower tier. Chromium's best tier was seen to take over
 * after 30 to 100 ms, and to be five to fifteen times as fast.
 */
export const TIERS_MS = 150;
/** A sample of this share of the best time or more counts as no faster. */
const NO_FASTER = 0.97;
/** A measurement counts from this share of a sample's time on. Below it the clock's step is more than a few percent. */
const CLEAR = 0.25;
/** The number of calls grows at most by this factor while measurements are too short to count. */
const GROWTH = 8;

/** Lets the engine install code that it has compiled. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Rounds that a gain needs to be believed: fewer can tell that a candidate is slower, and not that it is faster. */
export const MIN_ROUNDS = 5;

/** A contender in memory of its own. */
export interface Placed extends Contender {
  dispose(): void;
}

/** A kernel that takes part, which is warm. */
export interface Entrant {
  /** The number of calls of a sample. */
  readonly calls: number;
  /** Puts the kernel into new memory. */
  place(): Promise<Placed>;
}

/**
 * Plays rounds until the candidate is clearly beaten, or its gain is known. Undefined if time is up before that.
 *
 * Both kernels get new memory in each round. Its place can change the speed by up to a fifth, as caches work better or
 * worse, and without new memory that would last as long as the process.
 */
export async function takeTurns(candidate: Entrant, baseline: Entrant, limits: Limits): Promise<Samples | undefined> {
  const { rounds, atLeast, deadline } = limits;
  const samples: Samples = { candidate: [], baseline: [] };
  for (let round = 1; round <= rounds; round++) {
    // The two take turns at being first: the first one has older memory and a colder machine.
    const isFirst = round % 2 === 1;
    const times = await playRound(isFirst ? [candidate, baseline] : [baseline, candidate]);
    samples.candidate.push(times[isFirst ? 0 : 1]);
    samples.baseline.push(times[isFirst ? 1 : 0]);
    const gain = intervalOf(samples.candidate.map((ms, i) => (samples.baseline[i] as number) / ms));
    if (isBeaten(gain, round, atLeast) || isTight(gain, round)) break;
    if (performance.now() > deadline) return round < MIN_ROUNDS ? undefined : samples;
  }
  return samples;
}

/**
 * Milliseconds of one call of each kernel: the lesser of two samples, as disturbances only make a sample longer. Each
 * sample follows one of the other kernel, so neither finds its data in the caches.
 */
async function playRound(contestants: readonly [Entrant, Entrant]): Promise<[number, number]> {
  const [first, second] = [await contestants[0].place(), await contestants[1].place()];
  const play = async (): Promise<[number, number]> => [
    await first.sample(contestants[0].calls),
    await second.sample(contestants[1].calls),
  ];
  try {
    await play(); // touches the memory
    const [one, other] = [await play(), await play()];
    return [Math.min(one[0], other[0]), Math.min(one[1], other[1])];
  } finally {
    for (const placed of [first, second]) placed.dispose();
  }
}

/** Margins below the gain to beat, by number of rounds: few rounds are easily disturbed, and must be clearly slower. */
const MARGINS = [1.3, 1.15, 1.05];

const isBeaten = ({ high }: Interval, rounds: number, atLeast: number): boolean =>
  high * (MARGINS[rounds - 1] ?? 1) < atLeast;

/** The width of an interval, as a share of its median, at which a gain counts as known. */
const TIGHT = 0.02;

const isTight = ({ low, median, high }: Interval, rounds: number): boolean =>
  rounds >= MIN_ROUNDS && high - low < TIGHT * median;
