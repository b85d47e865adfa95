/** What tune shows while it runs and at the end: something at once, a bar against the level's limit, and the truth. */
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Io } from "../../src/cli/io.js";
import { stylerFor } from "../../src/cli/run.js";
import { paintTuning } from "../../src/cli/style.js";
import { progressOn } from "../../src/cli/tuneProgress.js";
import { formatResults, jsonOf } from "../../src/cli/tuneText.js";
import { definitionOf } from "../../src/ir/ops/index.js";
import { workOf } from "../../src/ir/work.js";
import { gainOf } from "../../src/tune/selection.js";
import type { TuneEvent } from "../../src/tune/tune.js";
import { recordOf, recordWith, SPEC, WASM } from "../support/tuning.js";

const FASTER = recordOf([2, 2, 2, 2, 2]);
const [NAME, OTHER] = ["first", "\u001b[2Jsecond"];

/** A kernel that is half done after a second, its best twice as fast as its pick. */
const eventWith = (change: Partial<TuneEvent> = {}, name: string = NAME): TuneEvent => ({
  kernel: { name, spec: SPEC, wanted: { accuracy: "exact", algorithm: "auto" }, target: WASM, threads: 1 },
  ...{ state: "measuring", unmeasured: undefined, candidates: 6, limit: 12, points: 4000, compared: 5 },
  ...{ best: { record: FASTER, gain: gainOf(FASTER) }, untuned: 2, tuned: 1, elapsed: 1000, left: 1000 },
  ...change,
});
const NEVER = { best: undefined, untuned: undefined, tuned: undefined, candidates: 0, compared: 0 } as const;
/** Text with its escapes in sight. */
const seen = (text: string): string => text.replaceAll("\u001b", "~");
const GFLOPS = workOf(definitionOf(SPEC)).flops / 1e6;

describe("the live table", () => {
  let written = "";
  beforeEach(() => {
    vi.useFakeTimers();
    written = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      written += text;
      return true;
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const silent = { input: process.stdin, out: () => undefined, err: () => undefined, isTerminal: true };
  const io: Io = { ...silent, columns: undefined, styled: (text) => text };

  /** What was drawn since the last time, without what steers the terminal. */
  function drawn(): string {
    const text = stripVTControlCharacters(written);
    written = "";
    return text;
  }

  test("is there before anything is known, and goes on by the clock while a measurement runs", () => {
    const progress = progressOn(io, { level: "quick" }, false);
    expect(drawn()).toContain("looking for kernels");
    progress.begin(2);
    expect(drawn()).toContain(
      "0 of 2 kernels, 4s left\nat most 12 schedules and 2 s each, from the first measurement on\n",
    );
    progress.show(eventWith({ ...NEVER, elapsed: 0, left: 2000 }));
    expect(drawn()).toMatch(/first +0 of 12 +compiling\n0 of 2 kernels, 4s left\n/);
    progress.show(eventWith());
    expect(drawn()).toMatch(
      /first +6 of 12 +2\.00 ms +1\.00 ms +2\.00x +[\d.]+ +█{6}░{6} 1s left\n0 of 2 kernels, 3s left\n/,
    );
    vi.advanceTimersByTime(500);
    expect(drawn()).toMatch(/█{9}░{3} 1s left\n0 of 2 kernels, 3s left\n/);
    vi.advanceTimersByTime(5000);
    expect(drawn()).toMatch(/█{12} 0s left\n0 of 2 kernels, 2s left\n/);
    progress.show(eventWith({ state: "done", left: 0 }));
    expect(drawn()).toMatch(/2\.00x +[\d.]+ +done\n1 of 2 kernels/);
    progress.show(eventWith({ ...NEVER, state: "done", unmeasured: "why", left: 0 }, OTHER));
    expect(written).not.toContain("\u001b[2Jsecond");
    expect(drawn()).toMatch(/\\u001b\[2Jsecond +0 of 12 +nothing measured\n2 of 2 kernels/);
    progress.end();
    drawn();
    vi.advanceTimersByTime(5000);
    expect(drawn()).toBe("");
  });

  test("has a bar by the pace where no time is set, and an empty one before there is a pace", () => {
    const progress = progressOn(io, { level: "exhaustive" }, false);
    progress.begin(1);
    progress.show(eventWith({ left: Number.POSITIVE_INFINITY }));
    expect(drawn()).toMatch(/░{12}\n0 of 1 kernel\nevery schedule there is\n/);
    progress.show(eventWith({ elapsed: 3_600_000, left: 10_800_001 }));
    expect(drawn()).toMatch(/█{3}░{9} 3h0m left\n0 of 1 kernel, 3h0m left\nevery schedule there is\n/);
    progress.end();
  });

  test("has colours where the terminal has them", () => {
    const styled = stylerFor({ hasColours: true, columns: 80 });
    const progress = progressOn({ ...io, styled }, { level: "quick" }, false);
    progress.begin(2);
    progress.show(eventWith({ ...NEVER, state: "done", unmeasured: "why", left: 0 }, "second"));
    progress.show(eventWith());
    expect(seen(written)).toContain("~[1mKERNEL");
    expect(seen(written)).toMatch(/second .* ~\[33mnothing measured~\[39m/);
    expect(seen(written)).toMatch(/first .* ~\[32m2\.00x~\[39m .* ~\[36m█{6}░{6}~\[39m 1s left/);
    progress.end();
  });

  test("says nothing where JSON is asked for", () => {
    const progress = progressOn(io, { level: "quick" }, true);
    progress.begin(1);
    progress.show(eventWith());
    progress.end();
    expect(drawn()).toBe("");
  });
});

test("elsewhere there is a line at the start and one for each kernel, with the reason where nothing was measured", () => {
  let said = "";
  const outputs = {
    out: () => undefined,
    err: (text: string) => (said += text),
    columns: undefined,
    styled: (text: string) => text,
  };
  const io = { input: process.stdin, ...outputs, isTerminal: false };
  const progress = progressOn(io, { level: "balanced", budget: 60_000 }, false);
  progress.begin(2);
  progress.show(eventWith());
  progress.show(eventWith({ state: "done" }));
  progress.show(eventWith({ ...NEVER, state: "done", unmeasured: "why" }, "second"));
  progress.end();
  const [begin, first, second, ...rest] = said.split("\n");
  expect(begin).toBe(
    "tuning 2 kernels: at most 160 schedules and 20 s each, from the first measurement on; at most 60 s for all",
  );
  expect(first).toMatch(/^\[1\/2\] first {2}6 of 12 {2}2\.00 ms {2}1\.00 ms {2}2\.00x {2}[\d.]+$/);
  expect(second).toBe("[2/2] second  0 of 12  nothing was measured: why");
  expect(rest).toEqual([""]);
});

describe("the results", () => {
  const done = eventWith({ state: "done" });
  const never = eventWith({ ...NEVER, state: "done", unmeasured: "all that was tried has failed" }, "second");

  test("say what was measured, and for which kernels nothing was", () => {
    const text = formatResults([done, never], "file.jsonl", 0);
    expect(text).toMatch(/^KERNEL +SCHEDULES +UNTUNED +BEST +GAIN +GFLOP\/S +BY\n/);
    expect(text).toMatch(/\nfirst +6 of 12 +2\.00 ms +1\.00 ms +2\.00x +[\d.]+ +direct, row ox/);
    expect(text).toMatch(/\nsecond +0 of 12 +the model's pick\n/);
    expect(text).toContain("\nsecond: nothing was measured: all that was tried has failed\n");
    // The mean is over kernels with a measurement: another one is no proof of 1.00x.
    expect(text).toMatch(/\n2 kernels, 5 schedules measured, 2\.00x in the geometric mean; records in file\.jsonl\n$/);
  });

  test("show in colours what was won, and where nothing was measured", () => {
    const equal = eventWith({ state: "done", best: undefined, tuned: 2 }, "1.50x");
    const text = formatResults([done, equal, never], "file.jsonl", 0);
    const painted = paintTuning(text);
    expect(stripVTControlCharacters(painted)).toBe(text);
    expect(seen(painted).match(/~\[3\dm.*?~\[39m/g)).toEqual([
      "~[32m2.00x~[39m",
      "~[33mnothing was measured~[39m",
      "~[32m1.41x~[39m",
    ]);
  });

  test("of nothing claim nothing: no gain, and no file that was not written", () => {
    const text = formatResults([never], "file.jsonl", 0);
    expect(text).toMatch(/\n1 kernel, nothing was measured\n$/);
    expect(text).not.toMatch(/1\.00x|none|file/);
    expect(formatResults([never], "file.jsonl", 2)).toMatch(
      /; records in file\.jsonl, of which 2 lines cannot be read\n$/,
    );
  });

  test("as data have both times, the rate of what is used, and the reason where nothing was measured", () => {
    const { kernels } = JSON.parse(jsonOf([done, never], "file.jsonl", 0));
    expect(kernels[0]).toMatchObject({ name: NAME, untuned: 2, tuned: 1, limit: 12, compared: 5, state: "done" });
    expect(kernels[0].gflops).toBeCloseTo(GFLOPS);
    expect(kernels[0].best).toMatchObject({ gain: { median: 2 }, id: FASTER.id });
    expect(kernels[1]).toMatchObject({ unmeasured: "all that was tried has failed", compared: 0 });
    expect("untuned" in kernels[1] || "best" in kernels[1] || "gflops" in kernels[1]).toBe(false);
    expect(recordWith().id).not.toBe(FASTER.id);
  });
});
