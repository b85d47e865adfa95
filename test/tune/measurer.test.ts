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

  test.each([
    ["the convolution family", { op: "conv1d", value: [1, 9, 4], filters: [3, 4, 5], strides: [2] } as const],
    ["formulas", { formula: "out[i] = a[i] * b[i]", tensors: { a: [8], b: [8] } } as const],
  ])("takes specs of %s as they come from another process, without programs", async (_, spec) => {
    const baseline = structuredClone(compileModule(spec, { target: JS }));
    const problem = { baseline, threads: 1, sampleMs: 0.1 };
    const reply = await new Measurer(() => undefined).answer({ do: "open", problem });
    expect(reply).toMatchObject({ did: "open", opened: { check: { error: 0 } } });
  });
});
