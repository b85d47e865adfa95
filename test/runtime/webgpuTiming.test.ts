/** How long calls take: by which clock, and over how many of them. */
import { describe, expect, test } from "vitest";
import { specWith } from "../support/calls.js";
import { errorOf, rejectionOf } from "../support/errors.js";
import { bufferOf, gpuCallOf } from "../support/gpuCalls.js";
import { DRIVER, needs, TIMESTAMPS } from "../support/needs.js";
import { gpu, gpuDevice, newDevice } from "../support/webgpu.js";

const found = await gpuDevice();

describe("time", needs({ [DRIVER]: found }), () => {
  const bound = async (device: GPUDevice) => {
    const { kernel, weights, value, expected } = await gpuCallOf(specWith(), { device });
    return kernel.bind(bufferOf(device, value), weights, bufferOf(device, expected.length));
  };
  const withTimestamps = found?.features.has("timestamp-query") ?? false;

  test(
    "by timestamps, over as many calls as last a hundred steps",
    needs({ [TIMESTAMPS]: withTimestamps }),
    async () => {
      const call = await bound(found as GPUDevice);
      const { milliseconds, calls, clock, step } = await call.time();
      expect(clock).toBe("timestamps");
      expect(step).toBeGreaterThan(0);
      expect(milliseconds).toBeGreaterThan(0);
      expect(milliseconds * calls).toBeGreaterThanOrEqual(Math.max(1, 100 * step));
    },
  );

  test("by the clock around the queue, where there are none", async () => {
    const adapter = (await gpu.requestAdapter()) as GPUAdapter;
    const call = await bound(await adapter.requestDevice());
    const { milliseconds, calls, clock, step } = await call.time();
    expect(clock).toBe("queue");
    expect(step).toBeGreaterThan(0);
    expect(milliseconds * calls).toBeGreaterThanOrEqual(50);
  });

  test("over so many calls as are asked for", async () => {
    const call = await bound(found as GPUDevice);
    expect(await call.time({ calls: 3 })).toMatchObject({ calls: 3 });
    for (const calls of [0, 1.5, 2 ** 20]) {
      expect(errorOf(await rejectionOf(call.time({ calls })))).toBe(
        `invalid-argument: calls must be an integer from 1 to 65536; got ${calls}`,
      );
    }
  });

  test("ends with the device", async () => {
    const device = (await newDevice()) as GPUDevice;
    const call = await bound(device);
    const time = call.time();
    await Promise.resolve();
    device.destroy();
    expect(errorOf(await rejectionOf(time))).toMatch(/^device-lost: /);
  });
});

// What browsers do: they round timestamps down to multiples of 65.5 microseconds.
describe(
  "the step of timestamps that are rounded",
  needs({ [TIMESTAMPS]: found?.features.has("timestamp-query") }),
  () => {
    test("is found, and overcome", async () => {
      const { create } = await import("webgpu");
      const kept = globalThis as { tilewrightRounding?: GPU };
      kept.tilewrightRounding ??= create(["enable-dawn-features=timestamp_quantization"]);
      const adapter = (await kept.tilewrightRounding.requestAdapter()) as GPUAdapter;
      const device = await adapter.requestDevice({ requiredFeatures: ["timestamp-query"] });
      const { kernel, weights, value, expected } = await gpuCallOf(specWith(), { device });
      const call = await kernel.bind(bufferOf(device, value), weights, bufferOf(device, expected.length));
      const { milliseconds, calls, step } = await call.time();
      // A few timestamps may all be even multiples, so that the step seems twice as long. It never seems shorter.
      const roundings = step / 0.065536;
      expect(roundings).toBeGreaterThanOrEqual(1 - 1e-9);
      expect(roundings).toBeCloseTo(Math.round(roundings), 6);
      expect(milliseconds * calls).toBeGreaterThanOrEqual(100 * step);
    });
  },
);
