/** When a phone is left alone. */
import { describe, expect, test } from "vitest";
import { Heat, reasonToRest } from "../../src/farm/page/courtesy.js";

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

  test("where code that it has run before takes much longer than it did", () => {
    const heat = new Heat();
    expect([heat.isHot("a", 10), heat.isHot("a", 12), heat.isHot("b", 100), heat.isHot("a", 15)]).toEqual([
      ...[false, false, false, true],
    ]);
  });
});
