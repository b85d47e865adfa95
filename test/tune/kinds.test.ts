/** Which kinds of device need a schedule of their own: those for which it surely pays, and those on which the best of all fails. */
import { describe, expect, test } from "vitest";
import { pointsByKind } from "../../src/tune/kinds.js";
import type { Machine, TuningRecord } from "../../src/tune/record.js";
import { tunedKey } from "../../src/tune/selection.js";
import { recordOf, recordWith } from "../support/tuning.js";

const on = (engine: string, processor = ""): { machine: Machine } => ({ machine: { engine, processor, threads: 1 } });
const V8 = on("V8 13.6", "x64");
const CHROME = on("Chrome 140");
const PHONE = on("Chrome 140", "phone");
const FIREFOX = on("Firefox 145");
const GPU = { target: { language: "wgsl", storage: "f32" } } as const;

/** Rounds of a schedule, which is told from others by its number of pixels. */
const gain = (pixels: number, times: number, rounds = 9): Parameters<typeof recordOf> => [
  new Array<number>(rounds).fill(times),
  { knobs: { row: "ox", pixels } },
];
const record = ([gains, change]: Parameters<typeof recordOf>, where: { machine: Machine }) =>
  recordOf(gains, { ...change, ...where });

/** The numbers of pixels by kind; undefined stands for the model's pick. */
function kindsOf(records: readonly TuningRecord[]): Record<string, unknown> {
  const all = pointsByKind(records);
  expect([...all.keys()]).toEqual(all.size === 0 ? [] : [tunedKey(records[0] as TuningRecord)]);
  const kinds = [...all.values()].flat();
  return Object.fromEntries(kinds.map(({ kind, point }) => [kind, point?.knobs.pixels]));
}

describe("a kind of device", () => {
  // Most of what is known comes from V8.
  const COMMON = record(gain(1, 2, 60), V8);

  test("has no schedule of its own where the best of all does as well", () => {
    expect(kindsOf([COMMON, record(gain(1, 2), FIREFOX)])).toEqual({});
    expect(kindsOf([COMMON, record(gain(1, 1.9), FIREFOX), record(gain(2, 2), FIREFOX)])).toEqual({});
  });

  test("has one that is surely a tenth faster there", () => {
    expect(kindsOf([COMMON, record(gain(1, 1.2), FIREFOX), record(gain(2, 1.5), FIREFOX)])).toEqual({
      spidermonkey: 2,
    });
    expect(kindsOf([COMMON, record(gain(2, 1.5), FIREFOX)])).toEqual({ spidermonkey: 2 });
    expect(kindsOf([COMMON, record(gain(2, 1.5, 3), FIREFOX)])).toEqual({});
    expect(kindsOf([COMMON, recordOf([1.05, 1.5, 1.5, 1.5, 1.5], { ...gain(2, 1)[1], ...FIREFOX })])).toEqual({});
  });

  test("has the model's pick where the best of all loses, and nothing else wins", () => {
    expect(kindsOf([COMMON, record(gain(1, 0.8), FIREFOX)])).toEqual({ spidermonkey: undefined });
    expect(kindsOf([COMMON, record(gain(1, 0.95), FIREFOX)])).toEqual({});
    const lost = { ...gain(1, 1)[1], outcome: "crashed", samples: [], baseline: [], check: null } as const;
    expect(kindsOf([COMMON, recordWith({ ...lost, ...FIREFOX })])).toEqual({ spidermonkey: undefined });
    expect(kindsOf([COMMON, recordWith({ ...lost, ...FIREFOX }), record(gain(3, 1.05), FIREFOX)])).toEqual({
      spidermonkey: 3,
    });
  });

  test("is an engine, whatever its version and place, a phone's engine, or a GPU's maker", () => {
    const both = [record(gain(1, 1), V8), record(gain(2, 1.5), V8), record(gain(2, 1.5), CHROME)];
    expect(kindsOf([...both, record(gain(3, 4), PHONE), record(gain(2, 0.5), PHONE)])).toEqual({ v8: 2 });
    const makers = [
      record(gain(4, 1.5), on("Chrome 140", "Apple M1")),
      record(gain(5, 2), on("Chrome 140", "intel gen-9")),
    ];
    expect(kindsOf(makers.map((one) => recordWith({ ...one, ...GPU })))).toEqual({ apple: 4 });
  });

  test("that programs cannot tell has none", () => {
    expect(kindsOf([COMMON, record(gain(2, 1.5), on("a browser"))])).toEqual({});
    expect(kindsOf([COMMON, record(gain(2, 1.5), on("toString"))])).toEqual({});
    const odd = record(gain(2, 1.5), on("Chrome 140", "../../x y"));
    expect(kindsOf([COMMON, odd].map((one) => recordWith({ ...one, ...GPU })))).toEqual({});
  });

  test("counts by records of this version alone", () => {
    const stale = recordOf(gain(2, 3)[0], { ...gain(2, 3)[1], ...FIREFOX, compiler: "0.0.1" });
    expect(kindsOf([COMMON, stale])).toEqual({});
  });
});
