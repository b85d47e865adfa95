/** Runs of the suite compared with each other, and files that are refused. Nothing is measured here. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareRuns, intervalOf } from "../../bench/compareRuns.js";
import { parseRun, type Run, readRun, writeRun } from "../../bench/runFile.js";
import { SEED } from "../support/effort.js";
import { newFolder } from "../support/folder.js";

type Draw = () => number;

/** In a pass. */
const ROUNDS = 6;
const SHAPES = ["a", "b"];
const CONTESTANTS = ["tilewright", "litert"];

const spec = (rate: number): Run["rows"][number]["spec"] => ({
  op: "atrousConv2dTranspose",
  value: [1, 8, 8, 8],
  filters: [3, 3, 8, 8],
  rate,
  padding: "SAME",
});

/** Of two passes. */
const rounds = (typical: number, draw: Draw) =>
  [1, 2].map(() => Array.from({ length: ROUNDS }, () => typical * (1 + draw())));

/** A run in which every call takes `ms`, give or take what is drawn. */
function runOf({ ms = 2, gflops = 50, draw = () => 0 }: { ms?: number; gflops?: number; draw?: Draw }): Run {
  const peak = (name: string, speed: number) => ({
    name,
    tile: "4x2",
    gflops: speed,
    shapes: SHAPES.map((shape) => ({ shape, roundGflops: rounds(speed, () => 0) })),
  });
  return {
    format: "tilewright-bench",
    version: 1,
    date: "2026-10-01T12:00:00.000Z",
    node: "v24.0.0",
    v8: "13.6",
    machine: "a machine, 2 processors",
    settings: {
      shapes: SHAPES,
      contestants: CONTESTANTS,
      effort: { passes: 2, rounds: ROUNDS, roundMs: 30, warmUpMs: 250, peakMs: 330, behind: 1.3 },
    },
    peaks: [peak("scalar", gflops / 4), peak("128-bit fused", gflops)],
    bandwidth: { gigabytesPerSecond: 20, spread: 0.01 },
    versions: [{ contestant: "tilewright", version: "0.1.0" }],
    rows: SHAPES.flatMap((shape) =>
      CONTESTANTS.map((contestant) => {
        const roundMs = rounds(ms, draw);
        return { shape, spec: spec(2), contestant, variant: "direct", ms, spread: 0.01, roundMs };
      }),
    ),
  };
}

/** Normally distributed numbers, the same for the same seed. */
function normal(deviation: number, seed: number): Draw {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => deviation * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const verdicts = (before: Run, after: Run) => compareRuns(before, after).changes.map(({ verdict }) => verdict);

/** Of pairs of runs with normal noise, the share of rows with that verdict. */
function shareOf(verdict: string, factor: number, noise: number): number {
  const found = Array.from({ length: 200 }, (_, pair) => {
    const [before, after] = [normal(noise, 2 * pair), normal(noise, 2 * pair + 1)];
    return verdicts(runOf({ draw: before }), runOf({ ms: 2 * factor, draw: after }));
  }).flat();
  return found.filter((one) => one === verdict).length / found.length;
}

describe("what is told from noise", () => {
  test("a run is a tie with itself", () => {
    const run = runOf({ draw: normal(0.02, 1) });
    expect(verdicts(run, run)).toEqual(["tie", "tie", "tie", "tie"]);
  });

  test("ten percent are found in a noise of two, either way", () => {
    expect(shareOf("slower", 1.1, 0.02)).toBeGreaterThan(0.9);
    expect(shareOf("faster", 1 / 1.1, 0.02)).toBeGreaterThan(0.9);
  });

  test("three percent in a noise of five are a tie, and so is noise alone", () => {
    expect(shareOf("tie", 1.03, 0.05)).toBeGreaterThan(0.99);
    expect(shareOf("tie", 1, 0.05)).toBeGreaterThan(0.998);
  });

  test("one round that was disturbed changes nothing", () => {
    const [before, after] = [runOf({}), runOf({ ms: 2.2 })];
    for (const { roundMs } of before.rows) (roundMs[1] as number[])[3] = 20;
    expect(verdicts(before, after)).toEqual(["slower", "slower", "slower", "slower"]);
  });

  test("what was slow in one of two passes is a tie", () => {
    const [before, after] = [runOf({}), runOf({})];
    for (const { roundMs } of after.rows) roundMs[1]?.fill(4);
    expect(verdicts(before, after)).toEqual(["tie", "tie", "tie", "tie"]);
  });

  test("four rounds are too few for any difference", () => {
    const [before, after] = [runOf({}), runOf({ ms: 20 })];
    for (const row of after.rows) row.roundMs = row.roundMs.map((pass) => pass.slice(0, 2));
    expect(verdicts(before, after)).toEqual(["tie", "tie", "tie", "tie"]);
    for (const { roundMs } of after.rows) roundMs[0]?.push(20);
    expect(verdicts(before, after)).toEqual(["slower", "slower", "slower", "slower"]);
  });

  test("intervals leave out what they can", () => {
    const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
    expect(intervalOf(upTo(4))).toEqual({ low: 0, high: Number.POSITIVE_INFINITY });
    expect(intervalOf(upTo(5))).toEqual({ low: 0, high: 4 });
    expect(intervalOf(upTo(9))).toEqual({ low: 0, high: 8 });
    expect(intervalOf(upTo(11))).toEqual({ low: 1, high: 9 });
    expect(intervalOf(upTo(100))).toEqual({ low: 38, high: 61 }); // 97.9 %; without the next two it would be 96.5 %
  });
});

describe("the peak is the unit", () => {
  test("a machine that got slower has slowed down nothing", () => {
    const comparison = compareRuns(runOf({}), runOf({ ms: 2 * 1.25, gflops: 50 / 1.25 }));
    expect(comparison).toMatchObject({ kind: "128-bit fused", peaks: [50, 40] });
    for (const change of comparison.changes) {
      expect(change.verdict).toBe("tie");
      expect(change.raw).toBeCloseTo(1.25);
      expect(change.ratio).toBeCloseTo(1);
    }
  });

  test("within a run as well, round by round", () => {
    const after = runOf({});
    const isSlow = (round: number) => round > 1;
    for (const row of after.rows)
      row.roundMs = row.roundMs.map((pass) => pass.map((ms, i) => (isSlow(i) ? 2 * ms : ms)));
    for (const shape of after.peaks.flatMap(({ shapes }) => shapes)) {
      shape.roundGflops = shape.roundGflops.map((pass) => pass.map((speed, i) => (isSlow(i) ? speed / 2 : speed)));
    }
    expect(verdicts(runOf({}), after)).toEqual(["tie", "tie", "tie", "tie"]);
  });

  test("a kernel that did not follow a faster machine got slower", () => {
    expect(verdicts(runOf({}), runOf({ gflops: 60 }))).toEqual(["slower", "slower", "slower", "slower"]);
  });

  test("of another engine, the fastest kind that both have", () => {
    const before = runOf({});
    const after = runOf({});
    after.peaks = after.peaks.filter(({ name }) => name === "scalar");
    expect(compareRuns(before, after).kind).toBe("scalar");
    after.peaks = [{ ...(after.peaks[0] as Run["peaks"][number]), name: "512-bit" }];
    expect(() => compareRuns(before, after)).toThrow("no kind of peak in common");
  });
});

test("rows that cannot be compared are listed", () => {
  const [before, after] = [runOf({}), runOf({})];
  before.rows.splice(0, 1);
  after.rows.splice(3, 1);
  after.rows[1] = { ...(after.rows[1] as Run["rows"][number]), spec: spec(3) };
  const { changes, ...rest } = compareRuns(before, after);
  expect(changes).toMatchObject([{ shape: "b", contestant: "tilewright" }]);
  expect(rest).toMatchObject({
    onlyBefore: [{ shape: "b", contestant: "litert" }],
    onlyAfter: [{ shape: "a", contestant: "tilewright" }],
    respecified: [{ shape: "a", contestant: "litert" }],
  });
});

describe("for any two runs", () => {
  const runs = fc
    .record({
      ms: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      gflops: fc.double({ min: 1, max: 200, noNaN: true }),
      noise: fc.double({ min: 0, max: 0.3, noNaN: true }),
      seed: fc.nat(),
    })
    .map(({ noise, seed, ...rest }) => {
      const draw = normal(noise, seed);
      return runOf({ ...rest, draw: () => Math.max(-0.9, draw()) });
    });

  test("one and itself differ in nothing", () => {
    fc.assert(
      fc.property(runs, (run) => {
        expect(new Set(verdicts(run, run))).toEqual(new Set(["tie"]));
      }),
      { seed: SEED },
    );
  });

  test("the other way round, slower is faster", () => {
    const turned = { slower: "faster", faster: "slower", tie: "tie" };
    const nearby = fc.tuple(runs, fc.double({ min: 0.8, max: 1.25, noNaN: true })).map(([run, factor]) => {
      const rows = run.rows.map((row) => ({
        ...row,
        roundMs: row.roundMs.map((pass) => pass.map((ms) => ms * factor)),
      }));
      return [run, { ...run, rows }] as const;
    });
    fc.assert(
      fc.property(fc.oneof(nearby, fc.tuple(runs, runs)), ([before, after]) => {
        expect(verdicts(after, before)).toEqual(verdicts(before, after).map((verdict) => turned[verdict]));
      }),
      { seed: SEED },
    );
  });

  test("a file gives back what was written into it", () => {
    fc.assert(
      fc.property(runs, (run) => {
        expect(parseRun(JSON.stringify(run))).toEqual(run);
      }),
      { seed: SEED },
    );
  });
});

describe("files", () => {
  const folder = newFolder();
  const file = join(folder, "run.json");
  const text = JSON.stringify(runOf({}));

  test("are read as they were written; what could not be read is not written", async () => {
    await writeRun(file, runOf({}));
    expect(readRun(file)).toEqual(runOf({}));
    await expect(writeRun(file, runOf({ ms: Number.NaN }))).rejects.toThrow();
    expect(readRun(file)).toEqual(runOf({}));
  });

  const replace = (from: string, to: string) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };

  test.each<[string, () => string, string]>([
    ["nothing", () => "", "JSON"],
    ["a truncated one", () => text.slice(0, -100), "JSON"],
    ["deep nesting", () => "[".repeat(100_000) + "]".repeat(100_000), "nested too deeply"],
    ["another format", () => replace("tilewright-bench", "tilewright-shapes"), "format: "],
    ["a later version", () => replace('"version":1', '"version":2'), "version: "],
    ["a wrong type", () => replace('"ms":2', '"ms":"fast"'), "rows.0.ms: "],
    ["null", () => replace('"rows":[', '"rows":null,"old":['), "rows: "],
    ["a key that nobody knows", () => replace('"ms":2', '"ms":2,"toString":1'), "toString"],
    ["__proto__", () => replace('"ms":2', '"ms":2,"__proto__":{"spread":0}'), "__proto__"],
    ["infinite time", () => replace('"ms":2', '"ms":1e999'), "rows.0.ms: "],
    ["no time", () => replace('"roundMs":[[2', '"roundMs":[[0'), "rows.0.roundMs.0.0: "],
    ["years of measuring", () => replace('"warmUpMs":250', '"warmUpMs":1e12'), "settings.effort.warmUpMs: "],
    ["no rows", () => JSON.stringify({ ...runOf({}), rows: [] }), "rows: "],
    [
      "two rows of one name",
      () => JSON.stringify({ ...runOf({}), rows: [...runOf({}).rows, ...runOf({}).rows] }),
      "two",
    ],
    ["rounds without a peak", () => replace('"roundMs":[[2', '"roundMs":[[2,2'), "round without a peak"],
    ["control characters", () => replace('"machine":"', '"machine":"\\u001b[2J'), "machine: "],
  ])("are refused in one sentence: %s", (_, hostile, rule) => {
    writeFileSync(file, hostile());
    const refusal = () => readRun(file);
    expect(refusal).toThrow(rule);
    expect(refusal).toThrow(`${file} is no result of npm run bench: `);
    expect(refusal).toThrow("; measure again with npm run bench -- --json FILE");
    expect(refusal).not.toThrow(/\p{Cc}/u);
  });

  test("are refused if they are none", () => {
    expect(() => readRun(join(folder, "missing.json"))).toThrow("missing.json is no result of npm run bench: ENOENT");
    expect(() => readRun(folder)).toThrow("it is no file");
  });

  test("are refused or read, whatever is in them", () => {
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(20), fc.string({ maxLength: 8 }), (at, count, put) => {
        try {
          expect(parseRun(text.slice(0, at) + put + text.slice(at + count)).format).toBe("tilewright-bench");
        } catch (error) {
          expect((error as Error).message).not.toBe("");
          expect((error as Error).constructor).toBe(Error);
        }
      }),
      { seed: SEED },
    );
  });
});
