/** Taking turns, by contenders who only say how long they took: who comes when, and when it is enough. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Limits, MIN_ROUNDS, takeTurns, timed, WARM_MS, warmCalls } from "../../src/tune/sampling.js";
import { FakeClock } from "../support/tuning.js";

const LIMITS: Limits = { rounds: 15, sampleMs: 1, atLeast: 1, deadline: Number.POSITIVE_INFINITY };

/** So noisy that 31 rounds do not settle it. */
const noisy = (round: number): number => [1, 1.4, 0.8, 1.2, 0.9][round % 5] as number;

type Times = (round: number, sample: number) => number;

function setUp(candidate: Times, baseline: Times = () => 1) {
  const clock = new FakeClock();
  return { clock, both: [clock.entrant("candidate", candidate), clock.entrant("baseline", baseline)] as const };
}

/** How many rounds there were; undefined where they told nothing. */
const roundsOf = async (candidate: Times, limits: Partial<Limits> = {}): Promise<number | undefined> =>
  (await takeTurns(...setUp(candidate).both, { ...LIMITS, ...limits }))?.candidate.length;

afterEach(() => vi.restoreAllMocks());

describe("taking turns", () => {
  test("times both by turns, in memory that is new in each round, and who was second in one is first in the next", async () => {
    const { clock, both } = setUp(noisy);
    await takeTurns(...both, { ...LIMITS, rounds: 2 });
    const round = (first: string, second: string) => [
      ...[`place ${first}`, `place ${second}`],
      ...[`${first} x1`, `${second} x1`], // which touch the memory
      ...[`${first} x1`, `${second} x1`, `${first} x1`, `${second} x1`],
      ...[`dispose ${first}`, `dispose ${second}`],
    ];
    expect(clock.log).toEqual([...round("candidate", "baseline"), ...round("baseline", "candidate")]);
  });

  test("asks each for as many calls as a sample of it takes", async () => {
    const clock = new FakeClock();
    const both = [clock.entrant("fast", noisy, 100), clock.entrant("slow", () => 1, 3)] as const;
    await takeTurns(...both, { ...LIMITS, rounds: 2 });
    const timed = clock.log.filter((entry) => entry.includes(" x"));
    expect(new Set(timed)).toEqual(new Set(["fast x100", "slow x3"]));
    expect(timed.filter((entry) => entry === "slow x3").length).toBe(timed.length / 2);
  });

  test("gives what each took in each round, in order", async () => {
    const { both } = setUp(noisy, (round) => 2 + round / 100);
    const samples = await takeTurns(...both, { ...LIMITS, rounds: 5 });
    expect(samples).toEqual({ candidate: [1, 1.4, 0.8, 1.2, 0.9], baseline: [2, 2.01, 2.02, 2.03, 2.04] });
  });

  test("does not count the first call of a round, nor what disturbs one of two samples", async () => {
    // The first is fast by a clock that was set, say, and the second is disturbed.
    const { both } = setUp(
      (_, sample) => [0.01, 9, 1.5][sample] as number,
      (_, sample) => [50, 2, 8][sample] as number,
    );
    const samples = await takeTurns(...both, { ...LIMITS, rounds: 1 });
    expect(samples).toEqual({ candidate: [1.5], baseline: [2] });
  });

  test("waits for samples that are promised", async () => {
    const { both, clock } = setUp(noisy);
    const [candidate, baseline] = both;
    const place = async () => {
      const placed = await candidate.place();
      return { ...placed, sample: async (calls: number) => await placed.sample(calls) };
    };
    const samples = await takeTurns({ ...candidate, place }, baseline, { ...LIMITS, rounds: 2 });
    expect(samples?.candidate).toEqual([1, 1.4]);
    expect(clock.log.slice(2, 8).filter((entry) => entry.startsWith("candidate")).length).toBe(3);
  });

  test.each([5, 7, 15, 31])("goes on to the last of %i rounds while it is noisy", async (rounds) => {
    expect(await roundsOf(noisy, { rounds })).toBe(rounds);
  });

  test("ends when the gain is known to a hundredth, and not before there are enough rounds", async () => {
    expect(await roundsOf(() => 0.5, { rounds: 31 })).toBe(MIN_ROUNDS);
    const settling = await roundsOf((round) => (round < 3 ? noisy(round) : 0.5), { rounds: 1000 });
    expect(settling).toBeGreaterThan(MIN_ROUNDS);
    expect(settling).toBeLessThan(31);
  });

  test("knows a gain whatever the machine does to both", async () => {
    // Rounds that are ten times as slow as others, with the same share of both.
    const drift = (round: number) => [1, 10, 3, 7, 2][round % 5] as number;
    const { both } = setUp(drift, (round) => 2 * drift(round));
    const samples = await takeTurns(...both, { ...LIMITS, rounds: 31 });
    expect(samples?.candidate.length).toBe(MIN_ROUNDS);
  });

  test("ends after one round where the candidate is far slower", async () => {
    expect(await roundsOf(() => 3)).toBe(1);
  });

  test("ends the later, the less slow the candidate is", async () => {
    const counts: (number | undefined)[] = [];
    for (const ms of [1.31, 1.2, 1.06, 1.01]) counts.push(await roundsOf(() => ms));
    expect(counts).toEqual([1, 2, 3, 4]);
  });

  test("does not take one disturbed round for the end", async () => {
    expect(await roundsOf((round) => (round === 0 ? 1.25 : 0.5))).toBeGreaterThanOrEqual(MIN_ROUNDS);
  });

  test("measures no further what surely stays below the best there is", async () => {
    expect(await roundsOf(() => 0.5, { atLeast: 4 })).toBe(1);
  });

  test("goes on where it may yet be the best", async () => {
    expect(await roundsOf((round) => 0.25 * noisy(round), { atLeast: 4 })).toBe(LIMITS.rounds);
  });

  test("gives nothing where time is up before there are enough rounds", async () => {
    const ends = (deadline: number) => roundsOf(noisy, { deadline });
    // Three samples of each to a round, those of the other a millisecond each.
    const timeOf = (rounds: number) =>
      Array.from({ length: rounds }, (_, i) => 3 * (noisy(i) + 1)).reduce((sum, ms) => sum + ms, 0);
    expect(await ends(-1)).toBeUndefined();
    expect(await ends(timeOf(MIN_ROUNDS - 1) - 0.1)).toBeUndefined();
    expect(await ends(timeOf(MIN_ROUNDS) - 0.1)).toBe(MIN_ROUNDS);
    expect(await ends(timeOf(MIN_ROUNDS + 1) - 0.1)).toBe(MIN_ROUNDS + 1);
  });

  test("says who is beaten, even if that was all there was time for", async () => {
    expect(await roundsOf(() => 3, { deadline: -1 })).toBe(1);
  });

  test("passes on what a contender throws, and keeps no memory of either", async () => {
    const { both, clock } = setUp(() => {
      throw new Error("trap");
    });
    await expect(takeTurns(...both, LIMITS)).rejects.toThrow("trap");
    const of = (what: string) => clock.log.filter((entry) => entry.startsWith(what)).length;
    expect(of("dispose")).toBe(of("place"));
  });
});

describe("warming up", () => {
  test("finds how many calls make a sample that the clock can tell", async () => {
    // A clock of microseconds, by which a call takes twenty; clockStep needs one that moves.
    let time = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      time += 0.001;
      return Math.floor(time * 1000) / 1000;
    });
    const contender = {
      sample: (calls: number) => {
        time += 0.02 * calls;
        return 0.02;
      },
    };
    const { calls, ms } = await warmCalls(contender, LIMITS, WARM_MS);
    expect(ms).toBe(0.02);
    expect(calls).toBeGreaterThanOrEqual(50);
    expect(calls).toBeLessThan(200);
  });

  test("asks as much of a clock of the contender's own, whose step only samples show", async () => {
    // The page's clock has steps of a microsecond, and the GPU's has steps of 100: two readings may be multiples of more.
    let time = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      time += 0.001;
      return time;
    });
    const [one, step] = [0.02, 0.1];
    let least = Number.POSITIVE_INFINITY;
    const contender = {
      sample: (calls: number) => {
        time += one * calls;
        least = Math.min(least, calls === 1 ? 7000 : step);
        return (step * Math.floor((one * calls) / step)) / calls;
      },
      clockStep: () => least,
    };
    const { calls, ms } = await warmCalls(contender, LIMITS, WARM_MS);
    expect(calls * one).toBeGreaterThanOrEqual(99 * step);
    expect(calls * one).toBeLessThan(200 * step);
    expect(ms).toBeCloseTo(one, 3);
  });

  test("goes on while calls get faster, as engines compile them anew", async () => {
    let time = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      time += 0.001;
      return time;
    });
    const times = [9, 8, 7, 6, 5, 4, 3, 2, 1, 1, 1, 1];
    let asked = 0;
    const { ms } = await warmCalls(
      {
        sample: (calls) => {
          const one = times[Math.min(asked++, times.length - 1)] as number;
          time += one * calls;
          return one;
        },
      },
      LIMITS,
      WARM_MS,
    );
    expect(ms).toBe(1);
    expect(asked).toBeGreaterThanOrEqual(11);
  });

  test("ends at the deadline, however much faster calls get", async () => {
    let time = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      time += 0.001;
      return time;
    });
    let one = 1000;
    const sample = (calls: number) => {
      time += one * calls;
      one /= 2;
      return 2 * one;
    };
    await warmCalls({ sample }, { ...LIMITS, deadline: 100 }, WARM_MS);
    expect(one).toBe(500);
  });
});

describe("a timed call", () => {
  test("is made as often as it is asked for, and its time is that of one", async () => {
    let time = 0;
    let calls = 0;
    vi.spyOn(performance, "now").mockImplementation(() => time);
    const contender = timed(() => {
      calls++;
      time += 3;
    });
    expect(await contender.sample(7)).toBe(3);
    expect(calls).toBe(7);
  });

  test("is waited for where it is promised: no two run at once", async () => {
    let time = 0;
    let running = 0;
    let most = 0;
    vi.spyOn(performance, "now").mockImplementation(() => time);
    const contender = timed(async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      time += 2;
      running--;
    });
    expect(await contender.sample(5)).toBe(2);
    expect(most).toBe(1);
    expect(time).toBe(10);
  });
});
