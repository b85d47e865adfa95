/** Threads: the same bits on two as on one, calls that wait for each other, and a worker that dies. */
import { Worker } from "node:worker_threads";
import { type CompileOptions, compile, type Kernel, type OpSpec } from "tilewright";
import { afterEach, expect, test, vi } from "vitest";
import { elementCount } from "../../src/ir/program.js";
import { smallIntegers } from "../support/run.js";

/** Large enough to be shared. */
const SPEC: OpSpec = {
  op: "atrousConv2dTranspose",
  value: [1, 24, 20, 32],
  filters: [3, 3, 48, 32],
  rate: 2,
  padding: "SAME",
  bias: true,
  activation: "relu",
};

async function setUp(options: CompileOptions, spec = SPEC) {
  const kernel = await compile(spec, { target: "wasm", ...options });
  const weights = kernel.prepare(smallIntegers(elementCount(spec.filters), 2), smallIntegers(spec.filters[2], 3));
  return { kernel, weights, value: (seed: number) => smallIntegers(elementCount(spec.value), seed) };
}

const threadsOf = (kernel: Kernel): string | undefined => kernel.explain().match(/one thread|\d+ threads/)?.[0];

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([2, 3, 5])("%i threads give the bits of one", async (threads) => {
  const one = await setUp({});
  const many = await setUp({ threads });
  expect(threadsOf(one.kernel)).toBe("one thread");
  expect(threadsOf(many.kernel)).toBe(`${threads} threads`);
  for (const seed of [1, 2, 3]) {
    const expected = one.kernel.runSync(one.value(seed), one.weights);
    expect(await many.kernel.run(many.value(seed), many.weights)).toEqual(expected);
  }
});

test("runSync stays on the calling thread and gives the same", async () => {
  const { kernel, weights, value } = await setUp({ threads: 2 });
  const expected = await kernel.run(value(1), weights);
  expect(kernel.runSync(value(1), weights)).toEqual(expected);
});

test("calls that are not awaited wait for each other", async () => {
  const { kernel, weights, value } = await setUp({ threads: 2 });
  const alone = [1, 2, 3, 4].map((seed) => kernel.runSync(value(seed), weights));
  const together = await Promise.all([1, 2, 3, 4].map((seed) => kernel.run(value(seed), weights)));
  expect(together).toEqual(alone);
});

test("what needs the memory at once is refused while a run is under way", async () => {
  const { kernel, weights, value } = await setUp({ threads: 2 });
  const running = kernel.run(value(1), weights);
  expect(() => kernel.runSync(value(1), weights)).toThrow(/still under way/);
  await running;
  expect(kernel.runSync(value(1), weights)).toBeInstanceOf(Float32Array);
});

test("shapes that are done before anybody is awake stay on one thread", async () => {
  const { kernel } = await setUp({ threads: 4 }, { ...SPEC, value: [1, 2, 2, 32] });
  expect(threadsOf(kernel)).toBe("one thread");
});

test.each([0, -1, 1.5, 1000, "2"])("threads: %j is refused", async (threads) => {
  await expect(setUp({ threads: threads as number })).rejects.toMatchObject({ code: "invalid-argument" });
});

test("a worker that dies is a typed error, and the next call has a new one", async () => {
  let made = 0;
  let mortal = false;
  /** Dies of the next job once it is mortal. */
  class Watched extends Worker {
    constructor(url: URL) {
      super(url);
      made++;
    }

    override postMessage(message: { kind: string }): void {
      if (mortal && message.kind === "run") {
        mortal = false;
        void this.terminate();
      } else super.postMessage(message);
    }
  }
  const load = process.getBuiltinModule;
  vi.spyOn(process, "getBuiltinModule").mockImplementation(((id: string) =>
    id === "node:worker_threads" ? { ...load("node:worker_threads"), Worker: Watched } : load(id)) as typeof load);
  // More threads than any test before, so that the pool makes some while it is watched.
  const { kernel, weights, value } = await setUp({ threads: 7 });
  const expected = await kernel.run(value(1), weights);
  const before = made;
  expect(before).toBeGreaterThan(0);

  mortal = true;
  await expect(kernel.run(value(1), weights)).rejects.toMatchObject({ code: "worker-failed" });
  expect(await kernel.run(value(1), weights)).toEqual(expected);
  expect(made).toBe(before + 1);
});
