/** Random specs of which each call chooses a size equal the kernels of each length, on small integers, to the last bit. */
import fc from "fast-check";
import { compile, TilewrightError } from "tilewright";
import { expect, test } from "vitest";
import { dataFor, type LengthCase, lengthCases } from "../support/anyLength.js";
import { HAS_TIME, PAIRS, SEED } from "../support/effort.js";
import { FEATURES, needs } from "../support/needs.js";
import { firstDifference } from "../support/run.js";
import { WAYS, type Way } from "../support/ways.js";

/** The kernel of all lengths, or why there is none. */
const compiled = async (one: LengthCase, options: Way["options"]) =>
  compile(one.spec, options).catch((error: unknown) => {
    if (error instanceof TilewrightError && error.code !== "internal") return error;
    throw error;
  });

for (const { title, options, runsHere } of WAYS) {
  test(title, { ...needs({ [FEATURES]: runsHere }), timeout: 240_000 }, async () => {
    console.log(`seed ${SEED}`);
    const seen = new Set<string>();
    const holds = fc.asyncProperty(lengthCases, fc.nat(100), async (one, choice) => {
      const { spec, at, multiple, most } = one;
      const kernel = await compiled(one, options);
      const longest = await compile(at(most * multiple), options).catch(() => undefined);
      if (kernel instanceof TilewrightError) {
        // What has no length at all is refused, and what lies in memory in another way for each.
        seen.add("refused");
        if (longest) expect(kernel.message).toMatch(/dimensions before the one|no size up to/);
        return;
      }
      // The longest first: what it leaves in memory must not reach a shorter one.
      for (const units of new Set([most, 1 + (choice % most), 1])) {
        const alone = await compile(at(units * multiple), options).catch(() => undefined);
        if (!alone || alone.outputShape.some((size) => size === 0)) {
          const { inputs, weights } = dataFor(at(units * multiple), kernel.outputShape);
          const call = kernel.run(inputs, kernel.prepare(weights));
          await expect(call).rejects.toMatchObject({ code: "invalid-argument" });
          seen.add("too short");
          continue;
        }
        const { inputs, weights } = dataFor(at(units * multiple), alone.outputShape);
        const expected = await alone.run(inputs, alone.prepare(weights));
        const actual = await kernel.run(inputs, kernel.prepare(weights));
        expect(firstDifference([...(actual.output as Float32Array)], [...(expected.output as Float32Array)])).toBe(
          undefined,
        );
        seen.add(spec.op);
        alone.dispose();
      }
      kernel.dispose();
    });
    await fc.assert(holds, { seed: SEED, numRuns: PAIRS });
    const all = ["conv1d", "conv2d", "conv1dTranspose", "conv2dTranspose", "depthwiseConv2d"];
    if (HAS_TIME) for (const what of [...all, "refused", "too short"]) expect([...seen]).toContain(what);
  });
}
