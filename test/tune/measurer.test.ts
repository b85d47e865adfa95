/** The one that measures, on the thread of the test. */
import { describe, expect, test } from "vitest";
import { compileModule } from "../../src/codegen/compile.js";
import { JS } from "../../src/codegen/target.js";
import { Measurer } from "../../src/tune/measurer.js";
import { TIERS_MS } from "../../src/tune/sampling.js";
import { specWith } from "../support/calls.js";

describe("a measurer", () => {
  test("calls JavaScript until its engine has had time for its best code", async () => {
    const measurer = new Measurer(() => undefined);
    const baseline = compileModule(specWith(), { target: JS });
    const begin = performance.now();
    const reply = await measurer.answer({ do: "open", problem: { baseline, threads: 1, sampleMs: 0.1 } });
    expect(reply).toMatchObject({ did: "open", opened: { check: { error: 0 } } });
    // Kernels that were timed in a lower tier seemed five to thirty times as slow as they are.
    expect(performance.now() - begin).toBeGreaterThanOrEqual(TIERS_MS);
  });
});
