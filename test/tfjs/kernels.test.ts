/** Every kernel that is replaced: random calls equal those of TensorFlow.js' own backend in JavaScript. */
import fc from "fast-check";
import { type InstalledTfjs, install } from "tilewright/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAIRS, SEED } from "../support/effort.js";
import { elementsOn, expectClose, tf, use } from "../support/tfjs.js";
import { ACTIVATIONS, fusedConv2d, fusedDepthwise, KERNELS, type KernelCalls } from "../support/tfjsCalls.js";

const RUNS = Math.max(8, Math.ceil(PAIRS / 3));

let installed: InstalledTfjs;

const oursOf = (kernel: string): number => installed.report().kernels.find((one) => one.kernel === kernel)?.ours ?? 0;

/** Holds for random calls, and at least one of them ran on our kernels. */
async function holds({ kernel, calls, examples, make }: KernelCalls): Promise<void> {
  console.log(`seed ${SEED}`);
  const before = oursOf(kernel);
  const property = fc.asyncProperty(calls, async (call) => {
    const [given, run] = make(call);
    const expected = await elementsOn("cpu", given, run);
    expectClose(await elementsOn("wasm", given, run), expected);
  });
  await fc.assert(property, { seed: SEED, numRuns: RUNS, examples: examples.map((call): [unknown] => [call]) });
  expect(oursOf(kernel)).toBeGreaterThan(before);
}

describe("in WebAssembly", () => {
  beforeAll(async () => {
    await use("wasm");
    installed = await install(tf);
  });
  afterAll(() => installed.uninstall());

  for (const calls of KERNELS) test(calls.kernel, () => holds(calls));

  test.each(ACTIVATIONS)("FusedConv2D, %s", (activation) => holds(fusedConv2d(activation)));

  // Sigmoids would take longer than the sums, and stay with TensorFlow.js.
  test.each(ACTIVATIONS.filter((one) => one !== "sigmoid"))("FusedDepthwiseConv2D, %s", (activation) =>
    holds(fusedDepthwise(activation)),
  );
});
