/** Devices that are lost: what is made anew and what cannot be, on a real device where there is one. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { specWith } from "../support/calls.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { bufferOf, gpuCallOf, readFloats } from "../support/gpuCalls.js";
import { DRIVER, needs } from "../support/needs.js";
import { gpu, gpuDevice, newDevice } from "../support/webgpu.js";

const hasDriver = (await gpuDevice()) !== undefined;

const refusal = async (promise: Promise<unknown>): Promise<string> => errorOf(await rejectionOf(promise));

describe("a lost device", needs({ [DRIVER]: hasDriver }), () => {
  afterEach(() => vi.unstubAllGlobals());

  const made: GPUDevice[] = [];
  const fresh = async (): Promise<GPUDevice> => {
    const device = (await newDevice()) as GPUDevice;
    made.push(device);
    return device;
  };
  const newest = () => made.at(-1) as GPUDevice;
  /** A function of its own, so that each test has devices of its own. */
  const source = () => () => fresh();

  describe("given as an object", () => {
    const LOST =
      "device-lost: the GPU device was lost (destroyed: device was destroyed); one that was passed as an object cannot be " +
      "replaced: compile again with another, or pass a function that makes one";

    test("ends all calls with a remedy", async () => {
      const device = await fresh();
      const { kernel, weights, value, filters } = await gpuCallOf(specWith(), { device });
      const [input, output] = [bufferOf(device, value), bufferOf(device, 60)];
      const call = await kernel.bind(input, weights, output);
      device.destroy();
      await device.lost;
      for (const attempt of [
        () => kernel.run(value, weights),
        () => kernel.run(input, weights, output),
        () => kernel.bind(input, weights, output),
        () => kernel.prepare(filters),
        async () => call.time(),
      ]) {
        expect(await refusal(attempt())).toBe(LOST);
      }
      expect(errorOf(thrownBy(() => call.encode(undefined as never)))).toBe(LOST);
      kernel.dispose();
      expect(await refusal(kernel.run(value, weights))).toMatch(/^disposed: /);
    });

    test("also those that are on their way", async () => {
      const device = await fresh();
      const { kernel, weights, value, filters } = await gpuCallOf(specWith(), { device });
      await kernel.run(value, weights);
      const calls = [kernel.run(value, weights), kernel.run(value, weights), kernel.prepare(filters)];
      await Promise.resolve();
      device.destroy();
      for (const call of calls) expect(await refusal(call)).toBe(LOST);
    });
  });

  describe("from a function", () => {
    test("is replaced: pipelines and weights are made again, and calls on arrays give what they would have given", async () => {
      const { kernel, weights, value, expected } = await gpuCallOf(specWith({ bias: true }), { device: source() });
      await kernel.run(value, weights);
      const lost = kernel.device;
      lost.destroy();
      await lost.lost;
      expect(await kernel.run(value, weights)).toEqual(expected);
      expect(kernel.device).toBe(newest());
      expect(kernel.device).not.toBe(lost);
      expect(await kernel.run(value, weights)).toEqual(expected);
    });

    test("while calls are on their way: each is made once more", async () => {
      const { kernel, weights, value, filters, expected } = await gpuCallOf(specWith(), { device: source() });
      await kernel.run(value, weights);
      const before = made.length;
      const calls = [kernel.run(value, weights), kernel.run(value, weights), kernel.run(value, weights)];
      const prepared = kernel.prepare(filters);
      await Promise.resolve();
      kernel.device.destroy();
      for (const call of calls) expect(await call).toEqual(expected);
      expect(await kernel.run(value, await prepared)).toEqual(expected);
      expect(made.length).toBe(before + 1);
    });

    test("kernels that share the function share its devices", async () => {
      const device = source();
      const first = await gpuCallOf(specWith({ filters: [3, 3, 4, 2] }), { device });
      const second = await gpuCallOf(specWith({ value: [1, 4, 5, 4], filters: [2, 2, 3, 4] }), { device });
      expect(second.kernel.device).toBe(first.kernel.device);
      first.kernel.device.destroy();
      const middle = await first.kernel.run(first.value, first.weights);
      expect(await second.kernel.run(second.value, second.weights)).toEqual(second.expected);
      expect(second.kernel.device).toBe(first.kernel.device);
      const chained = await second.kernel.run(bufferOf(newest(), middle), second.weights);
      expect((await readFloats(newest(), chained)).length).toBe(60);
    });

    test("that always gives the same one: a second try and no third", async () => {
      const only = await fresh();
      let asked = 0;
      const device = async () => {
        asked++;
        return only;
      };
      const { kernel, weights, value } = await gpuCallOf(specWith(), { device });
      only.destroy();
      expect(await refusal(kernel.run(value, weights))).toMatch(/^device-lost: /);
      expect(asked).toBe(2);
    });

    test("that has no other: its error, and the next call asks again", async () => {
      const others = [fresh, async () => Promise.reject(new Error("still asleep")), fresh];
      const device = () => (others.shift() as typeof fresh)();
      const { kernel, weights, value, expected } = await gpuCallOf(specWith(), { device });
      kernel.device.destroy();
      expect(await rejectionOf(kernel.run(value, weights))).toEqual(new Error("still asleep"));
      expect(await kernel.run(value, weights)).toEqual(expected);
    });

    test("buffers are lost with it: the call fails once, and the kernel is ready for new ones", async () => {
      const { kernel, weights, value, expected } = await gpuCallOf(specWith(), { device: source() });
      const input = bufferOf(kernel.device, value);
      const call = await kernel.bind(input, weights, bufferOf(kernel.device, 60));
      kernel.device.destroy();
      expect(await refusal(kernel.run(input, weights))).toMatchInlineSnapshot(
        `"device-lost: the GPU device was lost (destroyed: device was destroyed); buffers were lost with it: make them again on kernel.device, which is another one now, prepare weights that came from buffers again, and repeat the call"`,
      );
      expect(errorOf(thrownBy(() => call.encode(undefined as never)))).toMatch(/^device-lost: .*kernel\.device/);
      expect(await refusal(kernel.run(input, weights))).toMatch(/^invalid-argument: value must be a living buffer/);
      const result = await kernel.run(bufferOf(kernel.device, value), weights);
      expect(await readFloats(kernel.device, result)).toEqual(expected);
    });

    test("weights from buffers are lost with it", async () => {
      const { kernel, value, filters, expected } = await gpuCallOf(specWith(), { device: source() });
      const weights = await kernel.prepare(bufferOf(kernel.device, filters));
      kernel.device.destroy();
      expect(await refusal(kernel.run(value, weights))).toMatchInlineSnapshot(
        `"device-lost: these weights came from GPU buffers and were lost with the device; prepare them again"`,
      );
      expect(await kernel.run(value, await kernel.prepare(filters))).toEqual(expected);
    });

    test("after dispose() there is nothing to replace", async () => {
      const { kernel, weights, value } = await gpuCallOf(specWith(), { device: source() });
      const before = made.length;
      kernel.dispose();
      kernel.device.destroy();
      expect(await refusal(kernel.run(value, weights))).toMatch(/^disposed: /);
      expect(made.length).toBe(before);
    });

    test("disposed of while it is replaced", async () => {
      const { kernel, weights, value } = await gpuCallOf(specWith(), { device: source() });
      kernel.device.destroy();
      const call = kernel.run(value, weights);
      await vi.waitUntil(() => made.at(-1) !== kernel.device, { interval: 0 });
      kernel.dispose();
      expect(await refusal(call)).toMatch(/^disposed: /);
      expect(await refusal(kernel.run(value, weights))).toMatch(/^disposed: /);
    });
  });

  test("the library's own is replaced, too, for all kernels", async () => {
    vi.stubGlobal("navigator", { gpu });
    const one = await gpuCallOf(specWith(), {});
    const other = await gpuCallOf(specWith({ rate: 2 }), {});
    const lost = one.kernel.device;
    expect(other.kernel.device).toBe(lost);
    expect(lost.label).toBe("tilewright");
    lost.destroy();
    const results = await Promise.all([one, other].map(({ kernel, weights, value }) => kernel.run(value, weights)));
    expect(results).toEqual([one.expected, other.expected]);
    expect(one.kernel.device).not.toBe(lost);
    expect(other.kernel.device).toBe(one.kernel.device);
    const later = await gpuCallOf(specWith(), {});
    expect(later.kernel.device).toBe(one.kernel.device);
  });
});
