/** Tensors of f16 on a GPU: arrays are converted both ways, buffers are as they are. */
import { describe, expect, test } from "vitest";
import { round } from "../../src/ir/dtype.js";
import { fromHalves } from "../../src/runtime/webgpu/half.js";
import { specWith } from "../support/calls.js";
import { bufferOf, gpuCallOf, read } from "../support/gpuCalls.js";
import { HALF, needs } from "../support/needs.js";
import { gpuDevice, nullDevice } from "../support/webgpu.js";

const found = await gpuDevice();
const runs = found?.features.has("shader-f16") ?? false;
const storage = "f16";

describe("f16", needs({ [HALF]: runs }), () => {
  const device = found as GPUDevice;

  test.each([
    ["an even number of elements", specWith({ bias: true })],
    ["an odd number", specWith({ value: [1, 5, 5, 1], filters: [3, 3, 3, 1], bias: true })],
    ["many channels", specWith({ value: [1, 9, 9, 16], filters: [3, 3, 16, 16], rate: 2 })],
  ])("%s", async (_, spec) => {
    const { kernel, weights, value, expected } = await gpuCallOf(spec, { device, storage });
    expect(await kernel.run(value, weights)).toEqual(expected.map((x) => round.f16(x)));
  });

  test("results are rounded once, at the end", async () => {
    const { kernel, weights, value } = await gpuCallOf(specWith({ value: [1, 4, 5, 1], filters: [1, 1, 1, 1] }), {
      device,
      storage,
    });
    const one = await kernel.prepare(Float32Array.of(1));
    expect((await kernel.run(value.fill(1 / 3), one))[0]).toBe(round.f16(1 / 3));
    expect((await kernel.run(value.fill(1e5), one))[0]).toBe(Number.POSITIVE_INFINITY);
    weights.dispose();
  });

  test("buffers hold f16", async () => {
    const { kernel, filters, value, expected } = await gpuCallOf(specWith(), { device, storage });
    const weights = await kernel.prepare(bufferOf(device, filters, { storage }));
    const result = await kernel.run(bufferOf(device, value, { storage }), weights);
    expect(result.size).toBe(120);
    const numbers = new Float32Array(60);
    fromHalves(new Uint16Array(await read(device, result)), numbers);
    expect(numbers).toEqual(expected);
  });
});

test("f16 is accepted by what validates", async () => {
  const device = await nullDevice();
  const { kernel, weights, value } = await gpuCallOf(specWith({ bias: true }), { device, storage });
  expect(await kernel.run(value, weights)).toHaveLength(60);
  expect(kernel.explain()).toContain("tensors of f16");
});
