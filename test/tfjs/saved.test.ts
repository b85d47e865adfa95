/** What a report says was saved, by a clock that only work moves on. */
import { install } from "tilewright/tfjs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PlanKernels } from "../../src/tfjs/kernels/planKernels.js";
import type { CallPlan, OpRule } from "../../src/tfjs/plan.js";
import { Runner } from "../../src/tfjs/runner.js";
import { Tally } from "../../src/tfjs/tally.js";
import type { TfCall, TfTensor, TfUtil } from "../../src/tfjs/tf.js";
import { elementsOn, noise, tf, use } from "../support/tfjs.js";

/** Milliseconds of compiling, of new weights, and of a call on ours and on theirs. */
const COMPILE = 500;
const PREPARE = 5;
const OURS = 8;
const THEIRS = 30;

let now = 0;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => void vi.restoreAllMocks());

const OUTPUT: TfTensor = { dataId: {}, shape: [1], dtype: "float32" };

/** In WebAssembly, where a transposed convolution counts as ten times as fast. */
const PLAN = { kind: "transposed", flops: 1e6, spec: {}, inputs: {}, weights: {}, outputShape: [1, 4] } as object;
const RULE: OpRule = { kernelName: "Conv2DBackpropInput", planOf: () => PLAN as CallPlan };

class FakeKernels implements PlanKernels {
  readonly handicap = 1;
  readonly isOnGpu: boolean;
  /** Weights that there is a kernel for. */
  weights: object | undefined;

  constructor(isOnGpu: boolean) {
    this.isOnGpu = isOnGpu;
  }

  ready = async () => undefined;
  obstacle = () => undefined;
  madeFor = (_: CallPlan, { inputs }: TfCall) => [inputs.filter as TfTensor];
  dispose = () => undefined;

  make(_: CallPlan, [filter]: readonly TfTensor[]): boolean {
    const isNew = this.weights === undefined;
    now += (isNew ? COMPILE : 0) + PREPARE;
    this.weights = filter?.dataId;
    return isNew;
  }

  async makeLater(plan: CallPlan, tensors: readonly TfTensor[]): Promise<void> {
    this.make(plan, tensors);
  }

  run(_: CallPlan, { inputs }: TfCall): TfTensor | undefined {
    if (this.weights !== inputs.filter?.dataId) return undefined;
    now += OURS;
    return OUTPUT;
  }
}

function runnerOf(isOnGpu = false) {
  const tally = new Tally();
  const backend = isOnGpu ? "webgpu" : "wasm";
  const runner = new Runner(new FakeKernels(isOnGpu), { backend, accuracy: "exact", minWork: 0 }, {} as TfUtil, tally);
  const filters = (): TfTensor => ({ dataId: {}, shape: [1], dtype: "float32" });
  const callOn = (filter: TfTensor): TfCall => ({ inputs: { filter }, backend: {} });
  const theirs = () => {
    now += THEIRS;
    return OUTPUT;
  };
  return { tally, runner, filters, callOn, theirs, report: () => tally.report() };
}

test("the first call saves nothing, and what compiling took is subtracted", () => {
  const { runner, filters, callOn, theirs, report } = runnerOf();
  runner.serve(RULE, callOn(filters()), "in place", theirs);
  expect(report().kernels).toMatchObject([{ ours: 1, time: OURS, compiled: COMPILE + PREPARE }]);
  expect(report().saved).toBe(-COMPILE - PREPARE);
});

test("a kernel of theirs that was never timed counts as twice as slow at most", () => {
  const { runner, filters, callOn, theirs, report } = runnerOf();
  const call = callOn(filters());
  for (let i = 0; i < 101; i++) runner.serve(RULE, call, "in place", theirs);
  expect(report().saved).toBe(100 * OURS - COMPILE - PREPARE);
});

test("one that was timed bounds what is saved", async () => {
  const { runner, filters, callOn, theirs, report } = runnerOf();
  const call = callOn(filters());
  // The first call of a kernel is often a slow one.
  runner.serve(RULE, call, "later", () => {
    now += 3 * THEIRS;
    return OUTPUT;
  });
  runner.serve(RULE, call, "later", theirs);
  await runner.finish();
  expect(report().kernels).toMatchObject([{ ours: 0, theirs: 2, compiled: COMPILE + PREPARE }]);
  for (let i = 0; i < 100; i++) runner.serve(RULE, call, "later", theirs);
  expect(report().saved).toBe(100 * (THEIRS - OURS) - COMPILE - PREPARE);
});

test("new weights for a kernel that is free are part of the call", () => {
  const { runner, filters, callOn, theirs, report } = runnerOf();
  for (let i = 0; i < 11; i++) runner.serve(RULE, callOn(filters()), "in place", theirs);
  expect(report().kernels).toMatchObject([{ time: OURS + 10 * (OURS + PREPARE), compiled: COMPILE + PREPARE }]);
  expect(report().saved).toBe(10 * (OURS + PREPARE) - COMPILE - PREPARE);
});

test("nothing is saved where TensorFlow.js has no kernel, nor on a GPU", async () => {
  const lacking = runnerOf();
  lacking.runner.mustServe(RULE, lacking.callOn(lacking.filters()));
  expect(lacking.report().kernels).toMatchObject([{ time: OURS, compiled: COMPILE + PREPARE, saved: 0 }]);
  const { runner, filters, callOn, theirs, report } = runnerOf(true);
  const call = callOn(filters());
  runner.serve(RULE, call, "in place", theirs);
  await runner.finish();
  runner.serve(RULE, call, "in place", theirs);
  expect(report().kernels).toMatchObject([{ ours: 1, theirs: 1, time: OURS, compiled: COMPILE + PREPARE, saved: 0 }]);
});

test("a real first call in this process has compiled, and saved nothing", async () => {
  vi.restoreAllMocks();
  await use("wasm");
  const installed = await install(tf);
  const given = [noise([1, 9, 9, 8], 1), noise([3, 3, 4, 8], 2)];
  await elementsOn("wasm", given, (x, filter) =>
    tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [1, 18, 18, 4], 2, "same"),
  );
  const { saved, kernels } = installed.report();
  installed.uninstall();
  expect(kernels.map(({ kernel, ours }) => [kernel, ours])).toEqual([["Conv2DBackpropInput", 1]]);
  expect(kernels[0]?.compiled).toBeGreaterThan(0);
  expect(saved).toBe(-(kernels[0]?.compiled as number));
});
