/** Kernels on a GPU: what goes in, what comes out, in which memory, and how much of it. */
import { compile, type OpSpec, type Tensor } from "tilewright";
import { describe, expect, test } from "vitest";
import { specWith } from "../support/calls.js";
import { bufferOf, gpuCallOf, readFloats, submit } from "../support/gpuCalls.js";
import { DRIVER, needs } from "../support/needs.js";
import { gpuDevice } from "../support/webgpu.js";

const found = await gpuDevice();

describe("on a GPU", needs({ [DRIVER]: found }), () => {
  const device = found as GPUDevice;
  const doubled = (values: Float32Array) => values.map((x) => 2 * x);

  const SPECS: readonly (readonly [string, OpSpec])[] = [
    ["SAME", specWith()],
    ["VALID", specWith({ padding: "VALID", rate: 3, value: [2, 4, 5, 2] })],
    ["bias and relu", specWith({ bias: true, activation: "relu", filters: [3, 2, 8, 4], value: [1, 7, 6, 4] })],
    [
      "a convolution",
      { op: "conv2d", value: [1, 12, 13, 8], filters: [3, 3, 8, 16], rate: 2, padding: "SAME", bias: true },
    ],
    ["no input channels", specWith({ value: [1, 4, 5, 0], filters: [3, 3, 3, 0], bias: true })],
    ["nothing to compute", specWith({ value: [0, 4, 5, 2] })],
    ["many channels", specWith({ value: [1, 9, 9, 32], filters: [3, 3, 48, 32], rate: 2 })],
  ];

  test.each(SPECS)("%s", async (_, spec) => {
    const { kernel, weights, value, expected } = await gpuCallOf(spec, { device });
    expect(kernel.target).toBe("webgpu");
    const result = await kernel.run(value, weights);
    expect(result).toBeInstanceOf(Float32Array);
    expect(result).toEqual(expected);
    kernel.dispose();
  });

  test("fast", async () => {
    const spec = specWith({ value: [1, 12, 12, 64], filters: [3, 3, 64, 64] });
    const { kernel, weights, value, expected } = await gpuCallOf(spec, { device, algorithm: "winograd" });
    expect(kernel.algorithm).toMatch(/^winograd F/);
    const result = await kernel.run(value, weights);
    const largest = Math.max(...result.map((x, i) => Math.abs(x - (expected[i] as number))));
    expect(largest).toBeLessThan(0.01);
  });

  test("a tensor gives a tensor", async () => {
    const { kernel, weights, value, expected } = await gpuCallOf(specWith({ padding: "VALID", rate: 2 }), { device });
    const result: Tensor = await kernel.run({ shape: [1, 4, 5, 2], data: value }, weights);
    expect(result).toEqual({ shape: [1, 8, 9, 3], data: expected });
  });

  test("writes `out`, and returns that very object", async () => {
    const { kernel, weights, value, expected } = await gpuCallOf(specWith(), { device });
    const out = new Float32Array(expected.length).fill(Number.NaN);
    expect(await kernel.run(value, weights, out)).toBe(out);
    expect(out).toEqual(expected);
    const memory = new Float32Array(expected.length + 4).fill(-1);
    await kernel.run(value, weights, memory.subarray(3, -1));
    expect(memory).toEqual(Float32Array.of(-1, -1, -1, ...expected, -1));
  });

  test("buffers stay on the GPU", async () => {
    const { kernel, weights, value, expected } = await gpuCallOf(specWith(), { device });
    const [input, output] = [bufferOf(device, value), bufferOf(device, expected.length)];
    expect(await kernel.run(input, weights, output)).toBe(output);
    expect(await readFloats(device, output)).toEqual(expected);
    const fresh = await kernel.run(input, weights);
    expect(fresh).not.toBe(output);
    expect(await readFloats(device, fresh)).toEqual(expected);
    kernel.dispose();
    expect(await readFloats(device, fresh)).toEqual(expected);
  });

  test("weights from buffers, as a snapshot", async () => {
    const { kernel, value, filters, bias, expected } = await gpuCallOf(specWith({ bias: true }), { device });
    const buffers = [bufferOf(device, filters), bufferOf(device, bias as Float32Array)] as const;
    const weights = await kernel.prepare(...buffers);
    for (const buffer of buffers) device.queue.writeBuffer(buffer, 0, new Float32Array(buffer.size / 4).fill(99));
    expect(await kernel.run(value, weights)).toEqual(expected);
    const mixed = await kernel.prepare(filters, bufferOf(device, bias as Float32Array));
    expect(await kernel.run(value, mixed)).toEqual(expected);
  });

  test("weights from arrays are a snapshot, too, from the moment of the call", async () => {
    const { kernel, value, filters, expected } = await gpuCallOf(specWith(), { device });
    const changing = filters.slice();
    const weights = kernel.prepare(changing);
    changing.fill(99);
    expect(await kernel.run(value, await weights)).toEqual(expected);
  });

  test("one kernel serves several sets of weights, by turns", async () => {
    const { kernel, weights, value, filters, expected } = await gpuCallOf(specWith(), { device });
    const twice = await kernel.prepare({ shape: [3, 3, 3, 2], data: doubled(filters) });
    for (let i = 0; i < 3; i++) {
      expect(await kernel.run(value, twice)).toEqual(doubled(expected));
      expect(await kernel.run(value, weights)).toEqual(expected);
    }
  });

  test("runs that are not waited for follow each other", async () => {
    const { kernel, weights, value, expected } = await gpuCallOf(specWith(), { device });
    const factors = [1, 2, 3, 4, 5];
    const results = await Promise.all(
      factors.map((factor) =>
        kernel.run(
          value.map((x) => factor * x),
          weights,
        ),
      ),
    );
    factors.forEach((factor, i) => {
      expect(results[i]).toEqual(expected.map((x) => factor * x));
    });
  });

  test("a failed run does not stop the next", async () => {
    const { kernel, weights, value, expected } = await gpuCallOf(specWith(), { device });
    const dead = bufferOf(device, value);
    dead.destroy();
    const [failed, result] = await Promise.allSettled([kernel.run(dead, weights), kernel.run(value, weights)]);
    expect(failed.status).toBe("rejected");
    expect(result).toEqual({ status: "fulfilled", value: expected });
  });

  describe("bound calls", () => {
    test("many in one encoder, each seeing what those before it have written", async () => {
      const spec = specWith({ filters: [3, 3, 2, 2] });
      const { kernel, weights, value, filters } = await gpuCallOf(spec, { device });
      const [first, middle, last] = [bufferOf(device, value), bufferOf(device, 40), bufferOf(device, 40)];
      const there = await kernel.bind(first, weights, middle);
      const on = await kernel.bind(middle, weights, last);
      const back = await kernel.bind(last, weights, first);
      submit(device, there, on, back);
      let expected = value;
      for (let i = 0; i < 3; i++) expected = await kernel.run(expected, weights);
      expect(await readFloats(device, first)).toEqual(expected);
      expect(filters.length).toBe(36);
    });

    test("in a pass of the caller's, again and again", async () => {
      const { kernel, weights, value, expected } = await gpuCallOf(specWith(), { device });
      const [input, output] = [bufferOf(device, value), bufferOf(device, expected.length)];
      const call = await kernel.bind(input, weights, output);
      for (let i = 0; i < 2; i++) {
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        call.encode(pass);
        call.encode(pass);
        pass.end();
        device.queue.submit([encoder.finish()]);
        expect(await readFloats(device, output)).toEqual(expected);
        device.queue.writeBuffer(output, 0, new Float32Array(expected.length));
      }
    });

    test("in buffers that are larger than need be", async () => {
      const { kernel, weights, value, expected } = await gpuCallOf(specWith(), { device });
      const output = bufferOf(device, new Float32Array(expected.length + 9).fill(7));
      submit(device, await kernel.bind(bufferOf(device, Float32Array.of(...value, 1, 2)), weights, output));
      expect(await readFloats(device, output)).toEqual(Float32Array.of(...expected, ...new Array(9).fill(7)));
    });
  });

  test("kernels in a row, and nothing is read back in between", async () => {
    const first = await gpuCallOf(specWith({ filters: [3, 3, 4, 2] }), { device });
    const second = await gpuCallOf(specWith({ value: [1, 4, 5, 4], filters: [2, 2, 3, 4], rate: 2 }), { device });
    const expected = await second.kernel.run(await first.kernel.run(first.value, first.weights), second.weights);
    const middle = await first.kernel.run(bufferOf(device, first.value), first.weights);
    const result = await second.kernel.run(middle, second.weights);
    expect(await readFloats(device, result)).toEqual(expected);
  });

  test("kernels side by side, of the same spec and of others", async () => {
    const specs = [specWith(), specWith(), specWith({ rate: 2 }), specWith({ bias: true })];
    const calls = await Promise.all(specs.map((spec) => gpuCallOf(spec, { device })));
    const runs = calls.flatMap((call) =>
      [1, 2, 3].map(async () => [await call.kernel.run(call.value, call.weights), call.expected]),
    );
    for (const [result, expected] of await Promise.all(runs)) expect(result).toEqual(expected);
  });

  test("disposing of one kernel leaves another of the same spec alone", async () => {
    const [one, other] = [await gpuCallOf(specWith(), { device }), await gpuCallOf(specWith(), { device })];
    await one.kernel.run(one.value, one.weights);
    one.kernel.dispose();
    expect(await other.kernel.run(other.value, other.weights)).toEqual(other.expected);
  });

  test("a thousand calls hold the same memory", async () => {
    const { kernel, weights, value, expected } = await gpuCallOf(specWith(), { device });
    await kernel.run(value, weights);
    const count = buffersMadeOn(device);
    const out = new Float32Array(expected.length);
    for (let i = 0; i < 1000; i++) await kernel.run(value, weights, out);
    expect(count.alive()).toBe(0);
    expect(out).toEqual(expected);
    count.end();
  });

  test("disposing destroys every buffer", async () => {
    const count = buffersMadeOn(device);
    const { kernel, weights, value, filters } = await gpuCallOf(
      specWith({ value: [1, 9, 9, 8], filters: [3, 3, 8, 8] }),
      { device },
    );
    const others = await kernel.prepare(filters);
    await kernel.run(value, weights);
    await kernel.run(value, others);
    const before = count.alive();
    others.dispose();
    await Promise.resolve();
    expect(count.alive()).toBeLessThan(before);
    kernel.dispose();
    expect(count.alive()).toBe(0);
    count.end();
  });

  test("the kernel in words", async () => {
    const kernel = await compile(specWith({ bias: true }), { target: "webgpu", device, schedule: {} });
    const words = kernel.explain().replace(/\d+ bytes of code/, "some code");
    expect(words).toMatchInlineSnapshot(`
      "atrousConv2dTranspose 1x4x5x2 with 3x3x3x2, rate 1, SAME, bias
      tier      webgpu: WGSL compiled for this shape, tensors of f32, pipelines 1 to run and 0 to prepare, some code
      algorithm direct
      error     at most 1.2e-6 * max |value| * (sum of |filters| over the output channel)
      schedule  in order
      work      0.00 MFLOP counting all taps, of which 72 % meet the image
      memory    628 bytes of inputs, weights and outputs"
    `);
    expect(kernel.device).toBe(device);
  });
});

/** Counts the buffers that are made from now on, and not destroyed. */
function buffersMadeOn(device: GPUDevice): { alive(): number; end(): void } {
  const { createBuffer } = device;
  let alive = 0;
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer.call(device, descriptor);
    const { destroy } = buffer;
    alive++;
    buffer.destroy = () => {
      alive--;
      return destroy.call(buffer);
    };
    return buffer;
  };
  return {
    alive: () => alive,
    end: () => {
      device.createBuffer = createBuffer;
    },
  };
}
