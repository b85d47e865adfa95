/** How many workers must say the same: one that lies alone decides nothing, and no more are asked than needed. */
import { describe, expect, test } from "vitest";
import { agreeing, mostAsked, recordOfAll } from "../../src/farm/verdict.js";
import type { TuningRecord } from "../../src/tune/record.js";
import { ranked, surest } from "../../src/tune/selection.js";
import { recordOf, recordWith } from "../support/tuning.js";

const FASTER = recordOf([1.4, 1.4, 1.5, 1.4, 1.4, 1.4]);
const NO_FASTER = recordOf([0.9, 0.9, 1.1, 0.9, 0.9, 0.9]);
const FAILED = recordWith({ outcome: "wrong", samples: [], baseline: [], check: { error: 2, tolerance: 1 } });
const LIE = recordOf(new Array(6).fill(10));

describe("the verdict on a candidate", () => {
  test.each<[string, readonly TuningRecord[], number, readonly TuningRecord[] | undefined]>([
    ["of nobody is open", [], 1, undefined],
    ["of one counts where one is enough", [FASTER], 1, [FASTER]],
    ["of one that it is no faster counts whatever the quorum", [NO_FASTER], 3, [NO_FASTER]],
    ["of one that it is faster is open where two are needed", [FASTER], 2, undefined],
    ["of one that it failed is open where two are needed", [FAILED], 2, undefined],
    ["of two that agree counts", [FASTER, FASTER], 2, [FASTER, FASTER]],
    ["of two that disagree is open", [LIE, NO_FASTER], 2, undefined],
    ["of three is that of two", [LIE, NO_FASTER, NO_FASTER], 2, [NO_FASTER, NO_FASTER]],
    [
      "of three is that of two, where the first would have it thrown away",
      [FAILED, FASTER, FASTER],
      2,
      [FASTER, FASTER],
    ],
    ["of three that all disagree is open", [FAILED, FASTER, NO_FASTER], 2, undefined],
  ])("%s", (_, records, quorum, expected) => {
    expect(agreeing(records, quorum)).toEqual(expected);
  });

  test("needs no more workers than make a majority of the quorum", () => {
    expect([1, 2, 3].map(mostAsked)).toEqual([1, 3, 5]);
  });

  test("has all samples, so that one of two that exaggerates wins by no more than the other says", () => {
    const both = recordOfAll([LIE, FASTER]);
    expect(both.samples.length).toBe(12);
    expect(surest(ranked([both]))?.gain.low).toBe(1.4);
  });
});
