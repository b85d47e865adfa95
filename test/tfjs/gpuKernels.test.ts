/** Every kernel that is replaced on a GPU, whichever is faster: random calls equal those of TensorFlow.js' backend in JavaScript. */
import fc from "fast-check";
import { type InstalledTfjs, install, warmUp } from "tilewright/tfjs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { HAS_TIME, PAIRS, SEED } from "../support/effort.js";
import { DRIVER, needs, TIME } from "../support/needs.js";
import { elementsOn, expectClose, tf } from "../support/tfjs.js";
import { ACTIVATIONS, fusedConv2d, fusedDepthwise, KERNELS, type KernelCalls } from "../support/tfjsCalls.js";
import { hasGpu, refusals, useWebgpu } from "../support/tfjsGpu.js";

vi.mock("../../src/tfjs/gain.js", () => ({ speedUpOf: () => 2 }));

const RUNS = Math.ceil(PAIRS / 30);

/** True if a software renderer takes seconds to compile the tiles. */
const isLarge = ({ kernel }: KernelCalls): boolean => ["Conv2D", "BatchMatMul", "_FusedMatMul"].includes(kernel);

describe("on a GPU", needs({ [DRIVER]: hasGpu }), () => {
  let installed: InstalledTfjs;
  beforeAll(async () => {
    await useWebgpu();
    installed = await install(tf);
  });
  afterAll(() => {
    installed.uninstall();
    expect(refusals).toEqual([]);
  });

  const oursOf = (kernel: string): number => installed.report().kernels.find((one) => one.kernel === kernel)?.ours ?? 0;

  async function holds({ kernel, calls, make }: KernelCalls): Promise<void> {
    console.log(`seed ${SEED}`);
    const property = fc.asyncProperty(calls, async (call) => {
      const [given, run] = make(call);
      const expected = await elementsOn("cpu", given, run);
      const onGpu = () => elementsOn("webgpu", given, run);
      await warmUp({ predict: async () => void (await onGpu()) }, []);
      const before = oursOf(kernel);
      expectClose(await onGpu(), expected);
      expect(oursOf(kernel)).toBeGreaterThan(before);
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  }

  const [large, small] = [KERNELS.filter(isLarge), KERNELS.filter((calls) => !isLarge(calls))];
  for (const calls of small) test(calls.kernel, () => holds(calls));

  describe("that takes long", needs({ [TIME]: HAS_TIME }), () => {
    for (const calls of large) test(calls.kernel, () => holds(calls));
    test.each(ACTIVATIONS)("FusedConv2D, %s", (activation) => holds(fusedConv2d(activation)));
    test.each(ACTIVATIONS)("FusedDepthwiseConv2D, %s", (activation) => holds(fusedDepthwise(activation)));
  });
});
