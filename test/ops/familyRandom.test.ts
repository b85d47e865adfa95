/** Random members of the convolution family equal loops by the book, on small integers, to the last bit. */
import fc from "fast-check";
import { compile } from "tilewright";
import { expect, test } from "vitest";
import { elementCount } from "../../src/ir/program.js";
import { HAS_TIME, PAIRS, SEED } from "../support/effort.js";
import { naiveCases, naiveOutput, specOfCase } from "../support/naiveFamily.js";
import { FEATURES, needs } from "../support/needs.js";
import { smallIntegers } from "../support/run.js";
import { WAYS } from "../support/ways.js";

for (const { title, options, runsHere } of WAYS) {
  test(title, { ...needs({ [FEATURES]: runsHere }), timeout: 120_000 }, async () => {
    console.log(`seed ${SEED}`);
    const seen = new Set<string>();
    const holds = fc.asyncProperty(naiveCases, async (one) => {
      const spec = specOfCase(one);
      const value = smallIntegers(elementCount(spec.value), 1);
      const filters = smallIntegers(elementCount(spec.filters), 2);
      const bias = spec.bias ? smallIntegers(one.groups * one.outputs, 3) : undefined;
      const kernel = await compile(spec, options);
      const output = await kernel.run(value, kernel.prepare(filters, bias));
      // A zero of either sign is zero.
      expect(Array.from(output, (x) => x + 0)).toEqual(
        Array.from(naiveOutput(one, { value, filters, ...(bias ? { bias } : {}) }), (x) => x + 0),
      );
      seen.add(spec.op).add(`${one.groups} groups`);
    });
    await fc.assert(holds, { seed: SEED, numRuns: PAIRS });
    const ops = [
      "conv1d",
      "conv2d",
      "conv3d",
      "conv1dTranspose",
      "conv2dTranspose",
      "conv3dTranspose",
      "depthwiseConv2d",
    ];
    if (HAS_TIME) for (const what of [...ops, "3 groups"]) expect([...seen]).toContain(what);
  });
}
