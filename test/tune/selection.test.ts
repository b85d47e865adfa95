/** Which schedule records speak for: one that is surely faster, here if it was measured here, by this version of the compiler. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outcome, TuningRecord } from "../../src/tune/record.js";
import { MIN_ROUNDS } from "../../src/tune/sampling.js";
import { best, bestPoints, byKernel, gainOf, ranked, tunedKey } from "../../src/tune/selection.js";
import { PAIRS, SEED } from "../support/effort.js";
import { MACHINE, recordOf, recordWith, SPEC, WASM } from "../support/tuning.js";

const ELSEWHERE = { ...MACHINE, processor: "Another processor" };
const rounds = (gain: number, count = 9): number[] => new Array<number>(count).fill(gain);
const knobs = (pixels: number) => ({ row: "ox", pixels });

/** What it is that was chosen. */
const chosen = (records: readonly TuningRecord[], machine = MACHINE) => best(records, machine)?.record.knobs.pixels;

describe("the best schedule", () => {
  test("is the one whose gain is largest, whatever the order of the records", () => {
    const records = [1.5, 3, 2].map((gain, i) => recordOf(rounds(gain), { knobs: knobs(i + 1) }));
    expect(chosen(records)).toBe(2);
    expect(chosen(records.toReversed())).toBe(2);
    expect(best(records)?.gain).toEqual({ low: 3, median: 3, high: 3 });
  });

  test("is the one whose gain is sure, and not what has the better median by luck", () => {
    const lucky = recordOf([1.1, 1.2, 4, 4, 4, 4, 4, 1.3, 1.1], { knobs: knobs(1) });
    const steady = recordOf(rounds(1.5), { knobs: knobs(2) });
    expect(chosen([lucky, steady])).toBe(2);
  });

  test("of 20,000 records of one schedule takes each sample once", () => {
    const records = Array.from({ length: 20_000 }, (_, i) => ({ ...recordOf(rounds(2, 50)), id: `${i}` }));
    expect(best(records)?.record.samples.length).toBe(1_000_000);
    expect(best(records)?.gain.median).toBe(2);
  });

  test("is none where there are no records", () => {
    expect(best([])).toBeUndefined();
    expect(best([], MACHINE)).toBeUndefined();
  });

  test.each<[string, number[]]>([
    ["as fast in each round", rounds(1)],
    ["slower in each round", rounds(0.5)],
    ["faster by no more than what differs between processes", rounds(1.019)],
    ["faster in most rounds", [0.99, 0.98, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2, 0.97]],
    ["faster but for one round of few", [1, 1.2, 1.2, 1.2, 1.2]],
    ["faster by the median alone", [0.5, 0.6, 0.7, 0.8, 1.01, 1.1, 1.2, 1.3, 1.4]],
  ])("is none where one is %s: a tie is no reason", (_, gains) => {
    expect(best([recordOf(gains)], MACHINE)).toBeUndefined();
    expect(best([recordOf(gains)])).toBeUndefined();
  });

  test("needs no more than to be faster for sure", () => {
    expect(chosen([recordOf(rounds(1.021), { knobs: knobs(3) })])).toBe(3);
  });

  test("may have lost a round where there are many", () => {
    expect(chosen([recordOf([...rounds(1.2, 14), 0.1], { knobs: knobs(3) })])).toBe(3);
  });

  test.each(Array.from({ length: MIN_ROUNDS - 1 }, (_, i) => i + 1))("is never one of %i rounds", (count) => {
    const hasty = recordOf(rounds(10, count), { knobs: knobs(1) });
    expect(best([hasty], MACHINE)).toBeUndefined();
    expect(chosen([hasty, recordOf(rounds(1.1), { knobs: knobs(2) })])).toBe(2);
  });

  test("may be one of the fewest rounds that tell", () => {
    expect(chosen([recordOf(rounds(2, MIN_ROUNDS), { knobs: knobs(1) })])).toBe(1);
  });

  test("is by all samples of one schedule together, in whatever order its knobs are", () => {
    const few = [
      recordOf(rounds(2, 3), { knobs: { row: "ox", pixels: 1 } }),
      recordOf(rounds(2, 3), { knobs: { pixels: 1, row: "ox" }, date: "2026-02-02T00:00:00.000Z" }),
    ];
    expect(best(few.slice(0, 1), MACHINE)).toBeUndefined();
    expect(best(few.slice(1), MACHINE)).toBeUndefined();
    const both = best(few, MACHINE);
    expect(both?.record.samples.length).toBe(6);
    expect(both?.record.baseline.length).toBe(6);
    expect(both?.record.date).toBe("2026-02-02T00:00:00.000Z");
  });

  test("is not one that was fast at one time and slow at another", () => {
    const records = [rounds(2, 6), rounds(0.5, 6)].map((gains) => recordOf(gains));
    expect(best(records, MACHINE)).toBeUndefined();
  });

  test("is not the same schedule as another one of the same knobs by another algorithm", () => {
    const records = [
      recordOf(rounds(2, 3), { algorithm: { kind: "winograd", tile: [2, 2] } }),
      recordOf(rounds(2, 3), { algorithm: { kind: "winograd", tile: [4, 4] } }),
    ];
    expect(ranked(records).length).toBe(2);
    expect(best(records, MACHINE)).toBeUndefined();
  });

  test.each<Outcome>(["wrong", "crashed", "hung", "refused"])("is never one that was %s, however fast", (outcome) => {
    const failed = recordOf(rounds(100), { outcome, knobs: knobs(1) });
    expect(best([failed], MACHINE)).toBeUndefined();
    expect(chosen([failed, recordOf(rounds(1.1), { knobs: knobs(2) })])).toBe(2);
  });

  test("is never one that another version of the compiler made", () => {
    const stale = recordOf(rounds(100), { compiler: "0.0.1", knobs: knobs(1) });
    expect(best([stale], MACHINE)).toBeUndefined();
    expect(best([stale])).toBeUndefined();
    expect(chosen([stale, recordOf(rounds(1.1), { knobs: knobs(2) })])).toBe(2);
  });

  test("has no samples of another version of the compiler", () => {
    const records = [recordOf(rounds(3), { compiler: "0.0.1" }), recordOf(rounds(1.5))];
    expect(best(records, MACHINE)?.gain).toMatchObject({ low: 1.5, high: 1.5 });
  });

  test("is one of this machine if anything was measured here, though others were faster", () => {
    const own = recordOf(rounds(1.2), { knobs: knobs(1) });
    const other = recordOf(rounds(5), { knobs: knobs(2), machine: ELSEWHERE });
    expect(chosen([own, other])).toBe(1);
    expect(chosen([other, own])).toBe(1);
    expect(chosen([own, other], ELSEWHERE)).toBe(2);
  });

  test("is one of this class of device if nothing was measured here", () => {
    const CLASS = { ...MACHINE, processor: "x64" };
    const own = recordOf(rounds(1.2), { knobs: knobs(1) });
    const ofClass = recordOf(rounds(2), { knobs: knobs(2), machine: CLASS });
    const other = recordOf(rounds(5), { knobs: knobs(3), machine: ELSEWHERE });
    const chosenHere = (...records: TuningRecord[]) => best(records, MACHINE, CLASS)?.record.knobs.pixels;
    expect(chosenHere(other, ofClass, own)).toBe(1);
    expect(chosenHere(other, ofClass)).toBe(2);
    expect(chosenHere(other)).toBe(3);
  });

  test("is none where it is no faster here, whatever others say", () => {
    const own = recordOf(rounds(0.9));
    expect(best([own, recordOf(rounds(5), { machine: ELSEWHERE })], MACHINE)).toBeUndefined();
  });

  test.each([
    ["engine", { ...MACHINE, engine: "V8 14.0" }],
    ["processor", ELSEWHERE],
    ["number of threads", { ...MACHINE, threads: 2 }],
  ])("is that of others where nothing was measured here: another %s is another machine", (_, machine) => {
    const own = recordOf(rounds(1.2), { knobs: knobs(1) });
    const other = recordOf(rounds(5), { knobs: knobs(2), machine });
    expect(chosen([own, other])).toBe(1);
    expect(chosen([other])).toBe(2);
  });

  test("is that of others where all that was measured here is by another version of the compiler", () => {
    const stale = recordOf(rounds(3), { compiler: "0.0.1", knobs: knobs(1) });
    const other = recordOf(rounds(2), { knobs: knobs(2), machine: ELSEWHERE });
    expect(chosen([stale, other])).toBe(2);
  });

  test("is surely faster, fresh and measured, whatever the records", () => {
    const record = fc
      .record({
        gains: fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 1, maxLength: 12 }),
        outcome: fc.constantFrom<Outcome>("measured", "measured", "measured", "wrong", "crashed"),
        pixels: fc.integer({ min: 1, max: 4 }),
        machine: fc.constantFrom(MACHINE, ELSEWHERE),
        isStale: fc.boolean(),
      })
      .map(({ gains, outcome, pixels, machine, isStale }) =>
        recordOf(gains, { outcome, machine, knobs: knobs(pixels), ...(isStale ? { compiler: "0.0.1" } : {}) }),
      );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), (records) => {
        const choice = best(records, MACHINE);
        expect(best(records.toReversed(), MACHINE)?.gain).toEqual(choice?.gain);
        if (!choice) return;
        expect(choice.gain.low).toBeGreaterThan(1);
        expect(choice.record.outcome).toBe("measured");
        expect(choice.record.samples.length).toBeGreaterThanOrEqual(MIN_ROUNDS);
        expect(gainOf(choice.record)).toEqual(choice.gain);
        expect(records.some((one) => one.compiler === choice.record.compiler && one.compiler !== "0.0.1")).toBe(true);
      }),
      { seed: SEED, numRuns: PAIRS },
    );
  });
});

describe("kernels", () => {
  const others = {
    spec: recordWith({ spec: { ...SPEC, rate: 2 } }),
    accuracy: recordWith({ wanted: { accuracy: "fast", algorithm: "auto" } }),
    target: recordWith({ target: { ...WASM, threads: true } as typeof WASM }),
  };

  test("are told apart by spec, by what is wanted and by target, and by nothing else", () => {
    const [one, two] = [
      recordWith(),
      recordWith({ knobs: knobs(9), machine: ELSEWHERE, date: "2026-03-03T00:00:00Z" }),
    ];
    expect(tunedKey(one)).toBe(tunedKey(two));
    const all = [one, ...Object.values(others)];
    expect(new Set(all.map(tunedKey)).size).toBe(all.length);
  });

  test("each have all of their records, in order", () => {
    const two = recordWith({ knobs: knobs(9) });
    const groups = byKernel([recordWith(), others.spec, two, others.target]);
    expect(groups.size).toBe(3);
    expect(groups.get(tunedKey(two))).toEqual([recordWith(), two]);
    expect(groups.get(tunedKey(others.spec))).toEqual([others.spec]);
    expect(byKernel([]).size).toBe(0);
  });

  test("each have the name of their best schedule, if there is one", () => {
    const slow = recordOf(rounds(0.5), { spec: { ...SPEC, rate: 3 } });
    const fast = recordOf(rounds(3), { knobs: knobs(7) });
    const points = bestPoints([others.spec, slow, recordWith({ knobs: knobs(2) }), fast], MACHINE);
    expect(points.size).toBe(2);
    expect(points.get(tunedKey(fast))).toEqual({ algorithm: { kind: "direct" }, knobs: knobs(7) });
    expect(points.get(tunedKey(slow))).toBeUndefined();
  });
});
