/** Compiling for GPUs: what is made once, what is shared, and what a warm-up saves. */
import { compile, kernelCache, type OpSpec, warmUp } from "tilewright";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { specWith } from "../support/calls.js";
import { rejectionOf } from "../support/errors.js";
import { newNullDevice, nullDevice } from "../support/webgpu.js";

const device = await nullDevice();
const target = "webgpu";

beforeEach(() => kernelCache.clear());

/** How many pipelines a device makes meanwhile. */
async function pipelines(on: GPUDevice, during: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(on, "createComputePipelineAsync");
  await during();
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

describe("pipelines", () => {
  test("are made once for a device", async () => {
    expect(await pipelines(device, () => compile(specWith(), { target, device }))).toBeGreaterThan(0);
    expect(await pipelines(device, () => compile(specWith(), { target, device }))).toBe(0);
    expect(await pipelines(device, () => compile(specWith({ rate: 2 }), { target, device }))).toBeGreaterThan(0);
  });

  test("are joined by compilations at the same time", async () => {
    const one = await pipelines(device, () => compile(specWith(), { target, device }));
    kernelCache.clear();
    const four = () => Promise.all([1, 2, 3, 4].map(() => compile(specWith(), { target, device })));
    expect(await pipelines(device, four)).toBe(one);
  });

  test("are each device's own, from the same code", async () => {
    const [one, other] = [await newNullDevice(), await newNullDevice()];
    await compile(specWith(), { target, device: one });
    const keys = kernelCache.list();
    expect(await pipelines(other, () => compile(specWith(), { target, device: other }))).toBeGreaterThan(0);
    expect(kernelCache.list()).toEqual(keys);
  });

  test("are forgotten with the cache", async () => {
    await compile(specWith(), { target, device });
    expect(kernelCache.list().length).toBe(1);
    kernelCache.clear();
    expect(kernelCache.list()).toEqual([]);
    expect(await pipelines(device, () => compile(specWith(), { target, device }))).toBeGreaterThan(0);
  });
});

describe("the key holds what can change the code", () => {
  const keysOf = async (...options: readonly object[]) => {
    for (const one of options) await compile(specWith(), { target, device, ...one });
    return kernelCache.list().length;
  };

  test("storage", async () => expect(await keysOf({}, { storage: "f32" }, { storage: "f16" })).toBe(2));
  test("schedule", async () => expect(await keysOf({}, { schedule: {} })).toBe(2));
  test("algorithm", async () => expect(await keysOf({}, { algorithm: "winograd" }, { algorithm: "direct" })).toBe(3));
  test("limits", async () => {
    const wide = await newNullDevice();
    const limits = new Proxy(wide.limits, {
      get: (all, name) => (name === "maxStorageBuffersPerShaderStage" ? 10 : Reflect.get(all, name)),
    });
    Object.defineProperty(wide, "limits", { value: limits });
    expect(await keysOf({}, { device: wide })).toBe(2);
  });
});

describe("warmUp", () => {
  const specs: readonly OpSpec[] = [1, 2, 3, 4, 5, 6].map((rate) => specWith({ rate }));

  test("compiles all, and tells of each", async () => {
    const told: [number, number, number][] = [];
    await warmUp(specs, {
      target,
      device,
      onProgress: ({ done, total, spec }) => told.push([done, total, (spec as OpSpec).rate as number]),
    });
    expect(told.map(([done, total]) => [done, total])).toEqual([1, 2, 3, 4, 5, 6].map((done) => [done, 6]));
    expect(told.map(([, , rate]) => rate).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    const later = () => Promise.all(specs.map((spec) => compile(spec, { target, device })));
    expect(await pipelines(device, later)).toBe(0);
  });

  test("takes no memory", async () => {
    const spy = vi.spyOn(device, "createBuffer");
    await warmUp(specs, { target, device });
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  });

  test("of nothing", async () => {
    await warmUp([], { target, device, onProgress: () => expect.fail("there is no progress") });
  });

  test("serves every target, and the default one", async () => {
    await warmUp(specs);
    expect(kernelCache.list().length).toBe(6);
    await warmUp(specs, { target: "js" });
    expect(kernelCache.list().length).toBe(12);
  });

  test("fails with the first that fails", async () => {
    const wrong = specWith({ rate: 0 });
    expect(await rejectionOf(warmUp([...specs, wrong], { target, device }))).toMatchObject({ code: "invalid-spec" });
  });
});
