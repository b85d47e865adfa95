/** Tuning by a clock and a measurer of the test's own: what counts as time, what must be measured, and what is said of it. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { KernelModule } from "../../src/ir/module.js";
import { checkSpec } from "../../src/ir/ops/spec.js";
import { EFFORTS, type Level } from "../../src/tune/levels.js";
import type { Reply, Request, Tried } from "../../src/tune/messages.js";
import { type Compiled, OwnBench, type Tools } from "../../src/tune/ownBench.js";
import type { TuningRecord } from "../../src/tune/record.js";
import { type Channel, RemoteMeasurer } from "../../src/tune/remote.js";
import { type TuneEvent, type TuningJob, tune } from "../../src/tune/tune.js";
import { MACHINE, SPEC, WASM } from "../support/tuning.js";

const KERNEL: TuningJob = {
  ...{ name: "one", spec: SPEC, wanted: { accuracy: "exact", algorithm: "auto" }, target: WASM, threads: 1 },
};
const TOO_LARGE: TuningJob = { ...KERNEL, name: "large", spec: checkSpec({ ...SPEC, value: [1, 8000, 8000, 8] }) };

const MODULE = { language: "js" } as KernelModule;
const CHECK = { error: 0, tolerance: 1 };
const measured = (candidate: readonly number[], baseline: readonly number[]): Tried => ({
  ...{ is: "measured", check: CHECK },
  samples: { candidate: [...candidate], baseline: [...baseline] },
});
const TIE = measured([1, 1, 1, 1, 1], [1, 1, 1, 1, 1]);

let now = 0;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

interface World {
  /** Milliseconds of compiling some candidates, of opening the model's pick, and of a trial. */
  readonly compileMs?: number;
  readonly openMs?: number;
  readonly trialMs?: number;
  /** What comes of a trial, by its number from 0; undefined is the end of its process. */
  readonly trial?: (place: number) => Tried | undefined;
  /** The code of what is compiled, by its number, the model's pick first; undefined is refused. */
  readonly code?: (place: number) => string | undefined;
  readonly keep?: (record: TuningRecord) => void;
  readonly opened?: () => void;
}

/** Tools by which all takes as long as the world says, and the limits of the trials in the order they were asked for. */
function toolsOf(world: World): { readonly tools: Tools; readonly limits: number[]; readonly kept: TuningRecord[] } {
  const limits: number[] = [];
  const kept: TuningRecord[] = [];
  let [codes, trials] = [0, 0];
  const channel = (): Channel => {
    let listener: (reply: Reply | undefined) => void = () => undefined;
    return {
      onReply: (next) => {
        listener = next;
      },
      send(request: Request) {
        if (request.do === "open") {
          now += world.openMs ?? 0;
          world.opened?.();
          return listener({ did: "open", opened: { ms: 22.55, check: CHECK } });
        }
        limits.push(request.trial.within);
        now += world.trialMs ?? 1;
        const tried = (world.trial ?? (() => TIE))(trials++);
        listener(tried && { did: "try", tried });
      },
      kill: () => undefined,
    };
  };
  const compiled = (): Compiled => {
    const code = (world.code ?? ((place) => `${place}`.padStart(64, "0")))(codes++);
    return code === undefined ? undefined : { module: MODULE, code };
  };
  const tools: Tools = {
    machine: MACHINE,
    measurer: new RemoteMeasurer(channel),
    compile: async (_, __, candidates) => {
      now += world.compileMs ?? 0;
      return candidates.map(compiled);
    },
    keep: (record) => {
      world.keep?.(record);
      kept.push(record);
    },
  };
  return { tools, limits, kept };
}

interface Asked {
  readonly kernels?: readonly TuningJob[];
  readonly level?: Level;
  readonly budget?: number;
  readonly known?: readonly TuningRecord[];
  readonly stop?: AbortController;
}

async function run(world: World, { kernels = [KERNEL], level = "quick", known = [], stop, ...rest }: Asked = {}) {
  const { tools, ...seen } = toolsOf(world);
  const events: TuneEvent[] = [];
  const signal = (stop ?? new AbortController()).signal;
  const onProgress = (event: TuneEvent) => events.push(event);
  const results = await tune(kernels, () => new OwnBench(tools), { level, known, signal, onProgress, ...rest });
  return { ...seen, events, results, first: results[0] as TuneEvent };
}

const HOUR = 3_600_000;
const { milliseconds, candidates, batch } = EFFORTS.quick;

describe("the clock of tuning", () => {
  test("starts with the first measurement, however long compilers and the check take", async () => {
    const { first, limits } = await run({ openMs: HOUR, trialMs: milliseconds / 8 });
    expect(first).toMatchObject({ compared: 8, candidates: 8, unmeasured: undefined, state: "done" });
    expect(limits).toEqual([Number.POSITIVE_INFINITY, ...[7, 6, 5, 4, 3, 2, 1].map((n) => (n * milliseconds) / 8)]);
  });

  test("counts what is compiled between measurements", async () => {
    expect((await run({ compileMs: milliseconds })).first.compared).toBe(batch);
  });

  test("lets one schedule be measured in full, and no second where the time is up", async () => {
    const { first, limits } = await run({ trialMs: HOUR });
    expect(first).toMatchObject({ compared: 1, unmeasured: undefined });
    expect(limits).toEqual([Number.POSITIVE_INFINITY]);
    expect((await run({ trialMs: HOUR }, { budget: 1 })).first.compared).toBe(1);
  });

  test("lets a winner be confirmed in full where nothing else was measured", async () => {
    const { first, limits } = await run({ trialMs: HOUR, trial: () => measured([1, 1, 1, 1, 1], [2, 2, 2, 2, 2]) });
    expect(first.best?.gain.median).toBe(2);
    expect(limits).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  test("waits for no more than a batch of failures", async () => {
    const { first, kept } = await run({ trialMs: HOUR, trial: () => undefined });
    expect(kept.length).toBe(batch);
    expect(first).toMatchObject({ compared: 0, candidates: batch });
  });

  test("ends at the level's number of schedules where there is time", async () => {
    const { first } = await run({});
    expect(first).toMatchObject({ candidates, limit: candidates, left: 0 });
    expect(first.points).toBeGreaterThan(candidates);
  });

  test("gives kernels equal shares of the time for all, and says whose turn never came", async () => {
    const kernels = ["a", "b", "c", "d"].map((name) => ({ ...KERNEL, name }));
    const { results } = await run({ openMs: 150, trialMs: 100 }, { kernels, budget: 400 });
    // Opening is free for the first alone. The third is opened in time, and then measures one whatever the time.
    expect(results.map(({ compared }) => compared)).toEqual([1, 1, 1, 0]);
    expect(results[3]?.unmeasured).toBe("the time for all kernels was up before its turn");
  });
});

describe("what is said of tuning", () => {
  test("starts before anything is compiled, and runs against the level's limit", async () => {
    const { events } = await run({ compileMs: HOUR, openMs: HOUR, trialMs: milliseconds / 4 });
    expect(events[0]).toMatchObject({ state: "measuring", candidates: 0, limit: candidates, elapsed: 0 });
    const live = events.filter(({ elapsed }) => elapsed > 0);
    expect(live.every(({ elapsed, left }) => elapsed + left <= milliseconds || left === 0)).toBe(true);
    expect(events.at(-1)).toMatchObject({ state: "done", elapsed: milliseconds, left: 0 });
  });

  test("tells the time left by the pace where that is less, and where nothing limits the time", async () => {
    const { events } = await run({ trialMs: 100 });
    expect(events[6]).toMatchObject({ candidates: 6, elapsed: 600, left: 600 });
    const { events: long } = await run({ trialMs: 100 }, { level: "exhaustive", budget: 1000 });
    expect(long[6]).toMatchObject({ elapsed: 600, left: 400, limit: long[0]?.points });
  });

  test("has the times of the comparison that chose, and not that of a cold start", async () => {
    const slow = measured([4, 4, 4, 4, 4], [8, 8.2, 8.4, 8.6, 20]);
    const fast = measured([1, 1.1, 1.2, 1.1, 9], [3, 3.3, 3.6, 3.3, 27]);
    const { first } = await run({ trial: (place) => (place < 3 ? slow : fast) }, { budget: 8 });
    expect(first).toMatchObject({ untuned: 3.3, tuned: 1.1 });
    expect(first.best?.gain.median).toBeCloseTo(3);
  });

  test("has one time before and after where the model's pick stays: that against what came nearest", async () => {
    const trials = [measured([9, 9, 9, 9, 9], [3, 3, 3, 3, 3]), measured([2, 2, 2, 2, 2], [2, 2, 2, 2, 2])];
    const { first } = await run({ trial: (place) => trials[place % 2] });
    expect(first).toMatchObject({ best: undefined, untuned: 2, tuned: 2 });
  });

  test("has times of records where nothing new is to be measured, and says so", async () => {
    const { kept } = await run({ trial: () => measured([5, 5, 5, 5, 5], [10, 10, 10, 10, 10]) });
    const { first, limits } = await run({}, { known: kept });
    expect(limits).toEqual([]);
    expect(first).toMatchObject({ compared: 0, candidates, untuned: 10, tuned: 5 });
    expect(first.unmeasured).toBe("the records have all that level quick tries");
  });

  test("counts no schedule twice, however often the records have it", async () => {
    const { kept } = await run({ trialMs: HOUR });
    const again = Array.from({ length: 20 }, (_, i) => ({ ...(kept[0] as TuningRecord), id: `${i}` }));
    expect((await run({ trialMs: HOUR }, { known: again })).first).toMatchObject({ compared: 1, candidates: 2 });
  });

  test("has no time where nothing was ever measured", async () => {
    const { first } = await run({ trial: () => undefined });
    expect(first).toMatchObject({ untuned: undefined, tuned: undefined, best: undefined });
  });

  const failing = (place: number): Tried | undefined =>
    place % 2 === 0 ? undefined : { is: "wrong", check: { error: 2, tolerance: 1 } };
  test.each<[string, World, string]>([
    ["all fail", { trial: failing, trialMs: HOUR }, "no schedule that was tried could be measured: 2 crashed, 2 wrong"],
    ["all come late", { trial: () => ({ is: "late" }), trialMs: HOUR }, "could be measured: 4 late"],
    ["all are refused", { code: (place) => (place === 0 ? "0" : undefined) }, "could be measured: 12 refused"],
    ["all make the same code", { code: () => "0" }, "there is no schedule but the model's pick"],
  ])("says in words that nothing was measured, as %s", async (_, world, why) => {
    const { first } = await run(world);
    expect(first).toMatchObject({ compared: 0, state: "done", unmeasured: expect.stringContaining(why) });
  });

  test("says that there is nothing to try where there is nothing to compute", async () => {
    const { first } = await run({}, { kernels: [{ ...KERNEL, spec: checkSpec({ ...SPEC, value: [0, 8, 8, 8] }) }] });
    expect(first).toMatchObject({ points: 0, unmeasured: "there is no schedule but the model's pick" });
  });
});

describe("tuning goes on, or ends at once", () => {
  test("with the other kernels, where one cannot be compiled", async () => {
    let place = 0;
    const code = () => (place++ === 0 ? undefined : `${place}`.padStart(64, "0"));
    const { results } = await run({ code }, { kernels: [TOO_LARGE, KERNEL] });
    expect(results[0]).toMatchObject({
      state: "failed",
      unmeasured: expect.stringMatching(/needs \d+ bytes of memory/),
    });
    expect(results[1]).toMatchObject({ state: "done", compared: candidates });
  });

  test("where a record cannot be kept, as all others would be lost as well", async () => {
    const { TilewrightError } = await import("../../src/ir/errors.js");
    const keep = () => {
      throw new TilewrightError("invalid-argument", "the disk is full");
    };
    await expect(run({ keep }, { kernels: [KERNEL, KERNEL] })).rejects.toThrow("the disk is full");
  });

  test.each(["opening", "measuring"])("where it is interrupted while %s", async (stage) => {
    const stop = new AbortController();
    const abort = () => stop.abort();
    const trial = () => {
      abort();
      return undefined;
    };
    const world: World = stage === "opening" ? { opened: abort } : { trial };
    const { results, kept } = await run(world, { kernels: [KERNEL, KERNEL], stop });
    expect(kept).toEqual([]);
    expect(results).toMatchObject([
      { state: "interrupted", unmeasured: "interrupted before the first measurement ended" },
    ]);
  });
});
