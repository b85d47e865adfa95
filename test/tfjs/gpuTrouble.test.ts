/** A GPU that is lost, a backend that is gone or other than it was: TensorFlow.js is left as it is, and nothing throws. */
import { install, warmUp } from "tilewright/tfjs";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { DRIVER, needs } from "../support/needs.js";
import { distance, noise, tf, use } from "../support/tfjs.js";
import { gpuBackend, hasGpu, useWebgpu } from "../support/tfjsGpu.js";

const dilated = (): tf.Tensor =>
  tf.tidy(() => {
    const x = tf.tensor4d(noise([1, 9, 9, 4], 1).data, [1, 9, 9, 4]);
    return tf.conv2d(x, tf.tensor4d(noise([3, 3, 4, 4], 2).data, [3, 3, 4, 4]), 1, "same", "NHWC", 2);
  });

const compiled = () => warmUp({ predict: dilated }, []);

/** Another backend in the place of the one there is, on another device. */
async function replaceBackend(): Promise<void> {
  const factory = tf.findBackendFactory("webgpu");
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", factory, 3);
  await use("webgpu");
}

describe("on a GPU", needs({ [DRIVER]: hasGpu }), () => {
  beforeAll(useWebgpu);
  beforeEach(() => use("webgpu"));

  const NAMES = ["Conv2D", "FusedConv2D", "Conv2DBackpropInput", "TilewrightConv2D", "BatchMatMul"];
  const registry = () => NAMES.map((name) => tf.getKernel(name, "webgpu"));

  test("uninstall puts back what there was", async () => {
    const originals = registry();
    const { uninstall } = await install(tf, { backends: ["webgpu"] });
    expect(registry().every((kernel, i) => kernel !== originals[i])).toBe(true);
    uninstall();
    expect(registry().every((kernel, i) => kernel === originals[i])).toBe(true);
  });

  test.each([
    ...["device", "tensorMap", "commandEncoder", "computePassEncoder", "commandQueueOwnedIds", "dispatchCountInPass"],
    ...["makeTensorInfo", "uploadToGPU", "ensureCommandEncoderReady", "endComputePassEncoder", "submitQueue"],
  ])("without %s: nothing is replaced, and a sentence says so", async (field) => {
    const backend = gpuBackend() as unknown as Record<string, unknown>;
    const own = Object.getOwnPropertyDescriptor(backend, field);
    const originals = registry();
    if (own) delete backend[field];
    else Object.defineProperty(backend, field, { value: undefined, configurable: true });
    const { report, uninstall } = await install(tf);
    expect(registry().every((kernel, i) => kernel === originals[i])).toBe(true);
    expect(report().notes).toEqual([
      expect.stringMatching(new RegExp(`^the webgpu backend of this TensorFlow.js has no .*${field}.*, as 4.22 has`)),
    ]);
    uninstall();
    if (own) Object.defineProperty(backend, field, own);
    else delete backend[field];
  });

  test("without a flag: the same", async () => {
    const flag = "WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE";
    const env = tf.env();
    const all = env.get.bind(env);
    const get = vi.spyOn(env, "get").mockImplementation((name) => (name === flag ? undefined : all(name)) as number);
    const { report, uninstall } = await install(tf);
    expect(report().notes.join()).toContain(flag);
    get.mockRestore();
    uninstall();
  });

  const reasonsOf = ({ report }: Awaited<ReturnType<typeof install>>) =>
    report().kernels.flatMap(({ reasons }) => Object.keys(reasons));

  test("a device that is lost while kernels are compiled, and after that", async () => {
    const installed = await install(tf);
    const [first] = [dilated()];
    gpuBackend().device.destroy();
    await compiled();
    first.dispose();
    expect(() => dilated().dispose()).not.toThrow();
    expect(reasonsOf(installed)).toContain("the GPU is lost");
    await replaceBackend();
    installed.uninstall();
  });

  test("a device that is lost, and the backend that takes its place", async () => {
    const installed = await install(tf);
    const ours = () => installed.report().kernels.reduce((sum, kernel) => sum + kernel.ours, 0);
    await compiled();
    const [expected, count] = [await dilated().data(), ours()];
    expect(count).toBe(1);
    gpuBackend().device.destroy();
    await gpuBackend().device.lost;
    expect(() => dilated().dispose()).not.toThrow();
    expect(ours()).toBe(count);
    await replaceBackend();
    await compiled();
    expect(distance(await dilated().data(), expected)).toBe(0);
    expect(ours()).toBe(count + 1);
    installed.uninstall();
  });

  test("a backend that is disposed of before kernels are put back", async () => {
    const installed = await install(tf);
    await compiled();
    dilated().dispose();
    await replaceBackend();
    expect(() => installed.uninstall()).not.toThrow();
  });
});
