/** When a phone is left alone. */
import { describe, expect, test } from "vitest";
import { COOLING_MS, Heat, reasonToRest } from "../../src/farm/page/courtesy.js";
import { GONE_MS, HELLO_MS } from "../../src/farm/roll.js";

describe("a device rests", () => {
  const PLUGGED = { isHidden: false, isCharging: true, charge: 0.1 };
  test.each([
    ["never while it charges", PLUGGED, undefined],
    [
      "never where nothing is known of its battery",
      { ...PLUGGED, isCharging: undefined, charge: undefined },
      undefined,
    ],
    ["not with a full battery", { ...PLUGGED, isCharging: false, charge: 0.9 }, undefined],
    ["with a low one", { ...PLUGGED, isCharging: false }, "the battery is low; plug it in"],
    ["while its page is hidden", { ...PLUGGED, isHidden: true }, "the page is hidden"],
  ])("%s", (_, state, reason) => {
    expect(reasonToRest(state)).toBe(reason);
  });

  test("where code that it has run before takes much longer than it did, twice in a row", () => {
    const heat = new Heat();
    const isHot = (...times: readonly (readonly [string, number])[]) => times.map((time) => heat.isHot(...time));
    expect(isHot(["a", 10], ["a", 12], ["b", 100], ["a", 15], ["b", 150])).toEqual([false, false, false, false, true]);
    // What it can do once it has cooled down is what it can do.
    expect(isHot(["a", 15], ["a", 15], ["a", 16], ["a", 30], ["a", 31])).toEqual([false, false, false, false, true]);
  });

  test("not where it is busy for a moment", () => {
    const heat = new Heat();
    expect([10, 15, 11, 30, 13, 15].map((time) => heat.isHot("a", time))).not.toContain(true);
  });

  test("for so short a time that its farm still counts on it", () => {
    expect(COOLING_MS + HELLO_MS).toBeLessThan(GONE_MS);
  });
});
