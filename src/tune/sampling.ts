/**
 * Taking turns: a candidate and the model's pick are timed one after the other, round by round, so that a machine that slows down
 * slows both. A sample is as many calls as take many steps of the clock; rounds end when the answer is clear.
 */
import { clockStep } from "../runtime/host/clock.js";
import { type Interval, intervalOf } from "./statistics.js";

/** Something that can be timed. */
export interface Contender {
  /** Milliseconds of one call, over so many of them. */
  sample(calls: number): number | Promise<number>;
}

export interface Samples {
  readonly candidate: number[];
  readonly baseline: number[];
}

export interface Limits {
  /** At most. */
  readonly rounds: number;
  /** A sample takes so many milliseconds at least. */
  readonly sampleMs: number;
  /** The gain that is to be beaten: who surely stays below it need not be known any better. */
  readonly atLeast: number;
  /** By `performance.now()`. */
  readonly deadline: number;
}

/** So many steps of the clock to a sample, which is then known to a hundredth. */
const STEPS = 100;
const MOST_CALLS = 2 ** 16;

/** Times calls on the calling thread, or one after the other where they are promised. */
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

/** As many calls as a sample takes, once they take as long as they will. `warmMs`: at least. */
export async function warmCalls(
  contender: Contender,
  { sampleMs, deadline }: Pick<Limits, "sampleMs" | "deadline">,
  warmMs: number,
): Promise<{ calls: number; ms: number }> {
  const enough = Math.max(sampleMs, STEPS * clockStep());
  const begin = performance.now();
  let [best, calls, still] = [Number.POSITIVE_INFINITY, 1, 0];
  // Tiers rise behind our back: two samples in a row that are no faster, and some time for a compiler beside us.
  while ((still < 2 || performance.now() - begin < warmMs) && performance.now() < deadline) {
    const ms = await contender.sample(calls);
    // A coarse clock says 0 of few calls, which is no reason for very many of them.
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

export const WARM_MS = 15;
/** Where code starts in a lower tier: Chromium's best one was seen to take over after 30 to 100 ms, five to fifteen times as fast. */
export const TIERS_MS = 150;
const NO_FASTER = 0.97;
/** Of a sample's time: with less of it the clock's step is more than a few percent. */
const CLEAR = 0.25;
const GROWTH = 8;

/** Lets the engine install what it has compiled. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Fewer rounds tell who is beaten, and not who is better. */
export const MIN_ROUNDS = 5;

/** In memory of its own. */
export interface Placed extends Contender {
  dispose(): void;
}

/** What takes part: warm, and placed anew as often as it is asked to be. */
export interface Entrant {
  /** Of a sample. */
  readonly calls: number;
  place(): Promise<Placed>;
}

/**
 * Rounds until the candidate is clearly beaten, or its gain is known; undefined if time is up before that.
 *
 * Each round gives both new memory: where it lies decides by up to a fifth how well caches work, as long as a process keeps it.
 */
export async function takeTurns(candidate: Entrant, baseline: Entrant, limits: Limits): Promise<Samples | undefined> {
  const { rounds, atLeast, deadline } = limits;
  const samples: Samples = { candidate: [], baseline: [] };
  for (let round = 1; round <= rounds; round++) {
    // Who comes first has the older memory, and the colder machine.
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
 * Milliseconds of a call of each: the least of two, as all that disturbs makes it longer. Each sample follows one of the other,
 * which has left the caches as it likes: who followed itself would find its data there.
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

/** By how much, for each number of rounds: one alone is easily disturbed. */
const MARGINS = [1.3, 1.15, 1.05];

const isBeaten = ({ high }: Interval, rounds: number, atLeast: number): boolean =>
  high * (MARGINS[rounds - 1] ?? 1) < atLeast;

const TIGHT = 0.02;

const isTight = ({ low, median, high }: Interval, rounds: number): boolean =>
  rounds >= MIN_ROUNDS && high - low < TIGHT * median;
