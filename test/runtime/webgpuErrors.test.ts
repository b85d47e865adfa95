/** What a GPU is not asked to do: the code and a sentence that helps, on a device that checks everything and computes nothing. */
import { compile, type OpSpec, type TilewrightError, type WebgpuKernel } from "tilewright";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { WgslEntry, WgslModule } from "../../src/ir/module.js";
import { WgslCode } from "../../src/runtime/webgpu/code.js";
import { directFacts } from "../support/algorithms.js";
import { specWith } from "../support/calls.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { bufferOf, gpuCallOf } from "../support/gpuCalls.js";
import { newNullDevice, nullDevice } from "../support/webgpu.js";

const device = await nullDevice();

afterEach(() => vi.unstubAllGlobals());

const refusal = async (promise: Promise<unknown>): Promise<string> => errorOf(await rejectionOf(promise));

describe("options", () => {
  const refused = (options: object, spec: OpSpec = specWith()) =>
    refusal(compile(spec, { target: "webgpu", ...options } as never));

  test("a page without WebGPU", async () => {
    vi.stubGlobal("navigator", {});
    expect(await refused({})).toMatchInlineSnapshot(
      `"target-unavailable: WebGPU needs navigator.gpu and a GPU that it may use, and there is none here; pass a device in the options, or compile for "auto", which needs none"`,
    );
  });
  test("a machine without a GPU", async () => {
    vi.stubGlobal("navigator", { gpu: { requestAdapter: async () => null } });
    expect(await refused({})).toMatch(/^target-unavailable: /);
  });
  test("a device that is none", async () => {
    expect(await refused({ device: { limits: {} } })).toMatchInlineSnapshot(
      `"invalid-argument: device must be a GPUDevice, or a function that promises one; got {"limits":{}}"`,
    );
    expect(await refused({ device: null })).toMatch(/^invalid-argument: device must be a GPUDevice/);
  });
  test("a function that promises something else", async () => {
    expect(await refused({ device: async () => ({}) })).toMatchInlineSnapshot(
      `"invalid-argument: the function given as device must promise a GPUDevice"`,
    );
  });
  test("a function that fails", async () => {
    const error = new Error("no luck");
    const request = async () => {
      throw error;
    };
    expect(await rejectionOf(compile(specWith(), { target: "webgpu", device: request }))).toBe(error);
  });
  test("f16 on a device without it", async () => {
    const plain = await newNullDevice();
    expect(await refused({ device: plain, storage: "f16" })).toMatchInlineSnapshot(
      `"target-unavailable: storage "f16" needs a device with the feature shader-f16; use "f32", or another device"`,
    );
  });
  test("a storage that nobody has", async () => {
    expect(await refused({ device, storage: "f8" })).toMatchInlineSnapshot(
      `"invalid-argument: storage must be "f32" or "f16"; got "f8""`,
    );
  });
  test("what only kernels on the CPU have", async () => {
    expect(await refused({ device, threads: 2 })).toMatchInlineSnapshot(
      `"invalid-argument: the option "threads" is for every target but "webgpu""`,
    );
  });
  test("a device for kernels on the CPU", async () => {
    expect(await refusal(compile(specWith(), { device } as never))).toMatchInlineSnapshot(
      `"invalid-argument: the option "device" is for target: "webgpu" alone"`,
    );
  });
  test("a call in TensorFlow's shape, which prepares weights each time", async () => {
    const { atrousConv2dTranspose } = await import("tilewright");
    const tensor = (shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });
    const options = { target: "webgpu" } as never;
    const call = atrousConv2dTranspose(tensor([1, 2, 2, 1]), tensor([1, 1, 1, 1]), [1, 2, 2, 1], 1, "SAME", options);
    expect(await refusal(call)).toMatchInlineSnapshot(
      `"target-unavailable: atrousConv2dTranspose: this call prepares weights anew each time; for a GPU, compile the spec for "webgpu""`,
    );
  });
});

describe("sizes", () => {
  test.each([
    ["value", { value: [1, 2 ** 13, 2 ** 13, 2], filters: [1, 1, 1, 2] }, 2 ** 29],
    ["filters", { filters: [1, 1, 2 ** 25, 2] }, 2 ** 28],
    ["output", { value: [1, 2 ** 12, 2 ** 12, 2], filters: [1, 1, 4, 2] }, 2 ** 28],
  ] satisfies [string, Partial<OpSpec>, number][])("%s, before anything is made", async (name, change, bytes) => {
    const made = [vi.spyOn(device, "createBuffer"), vi.spyOn(device, "createShaderModule")];
    const error = (await rejectionOf(compile(specWith(change), { target: "webgpu", device }))) as TilewrightError;
    expect(errorOf(error)).toMatch(
      new RegExp(
        `^too-large: ${name} \\[.*\\] needs ${bytes} bytes, and maxStorageBufferBindingSize of this GPU device is 134217728; split`,
      ),
    );
    expect(error.bytes).toBe(bytes);
    for (const spy of made) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  test("what lies in between", async () => {
    const spec = specWith({ value: [1, 512, 512, 64], filters: [3, 3, 64, 64] });
    const options = { target: "webgpu", device, algorithm: { kind: "winograd", tile: [2, 2] } } as const;
    expect(await refusal(compile(spec, options))).toMatch(
      /^too-large: \w+ \[.*\] needs \d+ bytes, .*use algorithm "direct"/,
    );
  });

  test("no room on the GPU", async () => {
    const { kernel, weights, value } = await gpuCallOf(specWith(), { device });
    const { createBuffer, popErrorScope } = device;
    device.createBuffer = (descriptor) => createBuffer.call(device, { ...descriptor, size: 16 });
    // Scopes end innermost first: internal, out of memory, validation.
    let pops = 0;
    device.popErrorScope = async () => {
      await popErrorScope.call(device);
      return pops++ === 1 ? ({ message: "out of memory" } as GPUError) : null;
    };
    const error = (await rejectionOf(kernel.run(value, weights))) as TilewrightError;
    Object.assign(device, { createBuffer, popErrorScope });
    expect(errorOf(error)).toMatchInlineSnapshot(
      `"too-large: the GPU has no room for value [1, 4, 5, 2] (160 bytes); dispose of kernels and buffers"`,
    );
    expect(error.bytes).toBe(160);
    expect(await kernel.run(value, weights)).toBeInstanceOf(Float32Array);
  });
});

describe("arguments", () => {
  const good = async () => {
    const call = await gpuCallOf(specWith({ bias: true }), { device });
    return { ...call, input: bufferOf(device, call.value), output: bufferOf(device, call.expected) };
  };
  const STORAGE = 0x80;

  test("of bind, the legal ones", async () => {
    const { kernel, weights, input, output } = await good();
    await kernel.bind(input, weights, output);
    await kernel.run(input, weights, output);
  });

  type Parts = Awaited<ReturnType<typeof good>>;
  const bound = async (change: (parts: Parts) => { value?: unknown; weights?: unknown; out?: unknown }) => {
    const parts = await good();
    const { value = parts.input, weights = parts.weights, out = parts.output } = change(parts);
    const message = await refusal(parts.kernel.bind(value as never, weights as never, out as never));
    expect(await refusal(parts.kernel.run(value as never, weights as never, out as never))).toBe(message);
    return message;
  };

  test("a buffer that is too small", async () => {
    expect(await bound(() => ({ value: bufferOf(device, 39) }))).toMatchInlineSnapshot(
      `"invalid-argument: value must be a GPUBuffer of 160 bytes with usage STORAGE; got one of 156 bytes"`,
    );
    expect(await bound(() => ({ out: bufferOf(device, 59) }))).toMatchInlineSnapshot(
      `"invalid-argument: out must be a GPUBuffer of 240 bytes with usage STORAGE; got one of 236 bytes"`,
    );
  });
  test("a buffer of another usage", async () => {
    expect(await bound(() => ({ out: bufferOf(device, 60, { usage: 0x8 }) }))).toMatchInlineSnapshot(
      `"invalid-argument: out must be a GPUBuffer of 240 bytes with usage STORAGE; got one without that usage"`,
    );
  });
  test("a buffer of another device", async () => {
    const other = await newNullDevice();
    expect(await bound(() => ({ value: bufferOf(other, 40) }))).toMatch(
      /^invalid-argument: value must be a living buffer of the kernel's own device \(kernel.device\): .*associated with/,
    );
    expect(await bound(() => ({ out: bufferOf(other, 60) }))).toMatch(/^invalid-argument: out must be a living buffer/);
  });
  test("one buffer for both", async () => {
    expect(await bound(({ output }) => ({ value: output, out: output }))).toMatchInlineSnapshot(
      `"invalid-argument: out is value, which it would overwrite; use two buffers"`,
    );
  });
  test("weights of another kernel", async () => {
    const { weights } = await good();
    expect(await bound(() => ({ weights }))).toMatchInlineSnapshot(
      `"invalid-argument: weights must be what prepare() of this very kernel object has promised, as in run(value, await kernel.prepare(filters, bias))"`,
    );
  });
  test("a promise of weights", async () => {
    expect(await bound(({ kernel, filters, bias }) => ({ weights: kernel.prepare(filters, bias) }))).toMatch(
      /^invalid-argument: weights must be what prepare\(\) of this very kernel object has promised/,
    );
  });
  test("an array where a buffer is", async () => {
    const { kernel, weights, input, value } = await good();
    expect(await refusal(kernel.run(input, weights, new Float32Array(60) as never))).toMatchInlineSnapshot(
      `"invalid-argument: value and out must be of one kind; got GPUBuffer and Float32Array"`,
    );
    expect(await refusal(kernel.bind(value as never, weights, input))).toMatchInlineSnapshot(
      `"invalid-argument: value must be a GPUBuffer of 160 bytes with usage STORAGE; got Float32Array"`,
    );
  });
  test("arrays of another length or type", async () => {
    const { kernel, weights, value } = await good();
    expect(await refusal(kernel.run(value.slice(1), weights))).toMatchInlineSnapshot(
      `"invalid-argument: value [1, 4, 5, 2] needs 40 elements; got 39"`,
    );
    expect(await refusal(kernel.run(value, weights, new Float32Array(59)))).toMatchInlineSnapshot(
      `"invalid-argument: out [1, 4, 5, 3] needs 60 elements; got 59"`,
    );
    expect(await refusal(kernel.run(new Float64Array(40) as never, weights))).toMatch(
      /^invalid-argument: value must be/,
    );
  });
  test("a buffer that was destroyed", async () => {
    const { kernel, weights, input, output } = await good();
    output.destroy();
    expect(await refusal(kernel.run(input, weights, output))).toMatch(
      /^invalid-argument: value and out must be alive, and mapped nowhere: .*destroyed/,
    );
  });

  test("of prepare", async () => {
    const { kernel, filters, bias } = await good();
    const other = await newNullDevice();
    expect(await refusal(kernel.prepare(filters.slice(1), bias))).toMatchInlineSnapshot(
      `"invalid-argument: filters [3, 3, 3, 2] needs 54 elements; got 53"`,
    );
    expect(await refusal(kernel.prepare(filters))).toMatch(/^invalid-argument: bias must be a Float32Array/);
    expect(await refusal(kernel.prepare(bufferOf(device, 53), bias))).toMatchInlineSnapshot(
      `"invalid-argument: filters must be a GPUBuffer of 216 bytes with usage COPY_SRC; got one of 212 bytes"`,
    );
    expect(await refusal(kernel.prepare(bufferOf(device, 54, { usage: STORAGE }), bias))).toMatchInlineSnapshot(
      `"invalid-argument: filters must be a GPUBuffer of 216 bytes with usage COPY_SRC; got one without that usage"`,
    );
    expect(await refusal(kernel.prepare(filters, bufferOf(other, 4)))).toMatch(
      /^invalid-argument: bias must be a living buffer of the kernel's own device/,
    );
    const plain = await compile(specWith(), { target: "webgpu", device });
    expect(await refusal(plain.prepare(filters, bias))).toMatchInlineSnapshot(
      `"invalid-argument: this kernel adds no bias; compile its spec with bias: true"`,
    );
  });
});

describe("after dispose()", () => {
  const DISPOSED = "disposed: this kernel was disposed; compile its spec again";

  async function disposed(): Promise<{ kernel: WebgpuKernel; all: (() => Promise<unknown>)[]; encode: () => void }> {
    const { kernel, weights, value, filters } = await gpuCallOf(specWith(), { device });
    const [input, output] = [bufferOf(device, value), bufferOf(device, 60)];
    const call = await kernel.bind(input, weights, output);
    kernel.dispose();
    const all = [
      () => kernel.run(value, weights),
      () => kernel.run(input, weights, output),
      () => kernel.bind(input, weights, output),
      () => kernel.prepare(filters),
      async () => call.time(),
    ];
    return { kernel, all, encode: () => call.encode(device.createCommandEncoder()) };
  }

  test("every call says so", async () => {
    const { kernel, all, encode } = await disposed();
    for (const attempt of all) expect(await refusal(attempt())).toBe(DISPOSED);
    expect(errorOf(thrownBy(encode))).toBe(DISPOSED);
    kernel.dispose();
  });

  test("calls that were on their way as well", async () => {
    const { kernel, weights, value, filters } = await gpuCallOf(specWith(), { device });
    await kernel.run(value, weights);
    const calls = [kernel.run(value, weights), kernel.run(value, weights), kernel.prepare(filters)];
    await Promise.resolve();
    kernel.dispose();
    for (const call of calls) expect(await refusal(call)).toBe(DISPOSED);
  });

  test("of weights alone", async () => {
    const { kernel, weights, value, filters } = await gpuCallOf(specWith(), { device });
    const call = await kernel.bind(bufferOf(device, value), weights, bufferOf(device, 60));
    weights.dispose();
    expect(await refusal(kernel.run(value, weights))).toMatchInlineSnapshot(
      `"disposed: these weights were disposed; prepare them again"`,
    );
    expect(errorOf(thrownBy(() => call.encode(device.createCommandEncoder())))).toMatch(/^disposed: these weights/);
    expect(await kernel.run(value, await kernel.prepare(filters))).toBeInstanceOf(Float32Array);
  });
});

describe("code that the GPU refuses", () => {
  const entry: WgslEntry = {
    name: "main",
    code: "",
    bindings: [{ buffer: "output", access: "read_write" }],
    dispatches: [{ first: [0, 0, 0], count: [1, 1, 1] }],
  };
  const moduleOf = (code: string): WgslModule => ({
    key: "",
    language: "wgsl",
    ...directFacts(specWith(), ""),
    buffers: [{ name: "output", shape: [4], dtype: "f32", role: "output" }],
    prepare: [],
    run: [{ ...entry, code }],
  });
  const HEAD = "@group(0) @binding(0) var<storage, read_write> output: array<f32, 4>;\n@compute @workgroup_size(4)\n";
  const refused = (code: string) => refusal(new WgslCode(moduleOf(code)).on(device));

  test("is a bug, told with lines and columns", async () => {
    expect(await refused(`${HEAD}fn main() { output[0] = 1u; }`)).toMatchInlineSnapshot(
      `"internal: tilewright bug: the GPU refuses the code of main: 3:23 cannot assign 'u32' to 'f32'"`,
    );
  });
  test("in its pipeline", async () => {
    expect(await refused(`${HEAD}fn other() { output[0] = 1; }`)).toMatch(
      /^internal: tilewright bug: the GPU refuses the code of main: .*main/,
    );
  });
  test("is tried again when it is asked for again", async () => {
    const code = new WgslCode(moduleOf("nonsense"));
    const [first, second] = [code.on(device), code.on(device)];
    expect(first).toBe(second);
    await rejectionOf(first);
    const third = code.on(device);
    expect(third).not.toBe(first);
    await rejectionOf(third);
  });
});
