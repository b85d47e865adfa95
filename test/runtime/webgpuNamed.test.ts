/** Kernels of programs on a GPU, with any number of inputs, weights and outputs, which calls name. */
import { loadKernel } from "tilewright/runtime";
import { describe, expect, test } from "vitest";
import type { Program } from "../../src/ir/program.js";
import { errorOf, rejectionOf } from "../support/errors.js";
import { bufferOf, readFloats, submit } from "../support/gpuCalls.js";
import { DENSE, definitionOf, MATMUL, STAGES, wgslModuleOf } from "../support/namedPrograms.js";
import { DRIVER, needs } from "../support/needs.js";
import { givenFor } from "../support/run.js";
import { gpuDevice, validate } from "../support/webgpu.js";

const found = await gpuDevice();

type Arrays = Record<string, Float32Array>;

const dataOf = (program: Program) => Object.fromEntries(givenFor(program, 1)) as Arrays;
const pick = (all: Arrays, names: readonly string[]): Arrays =>
  Object.fromEntries(names.map((name) => [name, all[name] as Float32Array]));

test.each([MATMUL, DENSE, STAGES])("the module is valid", async (program) => {
  expect(await validate(wgslModuleOf(program))).toEqual([]);
  expect(await validate(wgslModuleOf(program, "f16"))).toEqual([]);
});

describe("on a GPU", needs({ [DRIVER]: found }), () => {
  const device = found as GPUDevice;
  const kernelOf = (program: Program) => loadKernel(wgslModuleOf(program), { device });

  const setUp = async (program = STAGES) => {
    const kernel = await kernelOf(program);
    const data = dataOf(program);
    const weights = await kernel.prepare(pick(data, kernel.weightNames));
    return { kernel, data, inputs: pick(data, kernel.inputNames), weights, expected: definitionOf(program, data) };
  };

  const buffersOf = (arrays: Arrays): Record<string, GPUBuffer> =>
    Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, bufferOf(device, array)]));

  test("two inputs and no weights", async () => {
    const { kernel, inputs, expected } = await setUp(MATMUL);
    expect(await kernel.run(inputs)).toEqual(expected);
    const { c } = await kernel.run(buffersOf(inputs));
    expect((await readFloats(device, c as GPUBuffer)).subarray(0, 30)).toEqual(expected.c);
    expect([kernel.inputNames, kernel.weightNames, kernel.outputNames]).toEqual([["a", "b"], [], ["c"]]);
  });

  test("weights by name and in their order", async () => {
    const { kernel, data, inputs, weights, expected } = await setUp(DENSE);
    expect(kernel.weightNames).toEqual(["bias", "matrix"]);
    expect(await kernel.run(inputs, weights)).toEqual(expected);
    const { bias, matrix } = data as { bias: Float32Array; matrix: Float32Array };
    expect(await kernel.run(inputs, await kernel.prepare(bias, matrix))).toEqual(expected);
    expect(await kernel.run(inputs, await kernel.prepare({ matrix: bufferOf(device, matrix), bias }))).toEqual(
      expected,
    );
  });

  test("two outputs come by name, and go where the caller says", async () => {
    const { kernel, inputs, weights, expected } = await setUp();
    expect(kernel.outputNames).toEqual(["total", "half"]);
    const half = new Float32Array(36);
    for (let i = 0; i < 2; i++) {
      const result = await kernel.run(inputs, weights, { half: half.fill(Number.NaN) });
      expect(result).toEqual(expected);
      expect(result.half).toBe(half);
    }
    const { early, late } = inputs as { early: Float32Array; late: Float32Array };
    const tensors = await kernel.run({ early: { shape: [6, 6], data: early }, late }, weights);
    expect(tensors.total).toEqual({ shape: [6, 6], data: expected.total });
  });

  test("buffers stay on the GPU", async () => {
    const { kernel, inputs, weights, expected } = await setUp();
    const half = bufferOf(device, 36);
    const result = await kernel.run(buffersOf(inputs), weights, { half });
    expect(result.half).toBe(half);
    for (const name of ["half", "total"]) {
      expect(await readFloats(device, result[name] as GPUBuffer)).toEqual(expected[name]);
    }
  });

  test("bound by name", async () => {
    const { kernel, inputs, weights, expected } = await setUp();
    const [half, total] = [bufferOf(device, 36), bufferOf(device, 36)];
    const call = await kernel.bind(buffersOf(inputs), weights, { half, total });
    submit(device, call, call);
    expect(await readFloats(device, half)).toEqual(expected.half);
    expect(await readFloats(device, total)).toEqual(expected.total);
  });

  test("as f16", async () => {
    const kernel = await loadKernel(wgslModuleOf(STAGES, "f16"), { device }).catch((error) => error);
    if (!device.features.has("shader-f16")) {
      expect(errorOf(kernel)).toMatch(/^target-unavailable: storage "f16" needs a device/);
      return;
    }
    const data = dataOf(STAGES);
    const inputs = pick(data, kernel.inputNames);
    const weights = await kernel.prepare(pick(data, kernel.weightNames));
    expect((await kernel.run(inputs, weights)).half).toEqual(definitionOf(STAGES, data).half);
  });

  test("refuses what does not fit, before anything is queued", async () => {
    const { kernel, inputs, weights } = await setUp();
    const { early, late } = buffersOf(inputs) as { early: GPUBuffer; late: GPUBuffer };
    const other = bufferOf(device, 36);
    const refusals: readonly (readonly [() => Promise<unknown>, string])[] = [
      [
        () => kernel.run({ early: inputs.early as Float32Array }, weights),
        "late must be a Float32Array or a tensor { shape, data } of one with shape [6, 6]; got undefined",
      ],
      [() => kernel.run({ early }, weights), "late must be a GPUBuffer of 144 bytes with usage STORAGE; got undefined"],
      [
        () => kernel.run({ early, latte: late }, weights),
        'there is no input "latte"; its inputs are late, early; did you mean late?',
      ],
      [
        () => kernel.run({ early, late: inputs.late as Float32Array }, weights),
        "late and early must be of one kind; got Float32Array and GPUBuffer",
      ],
      [
        () => kernel.run({ early, late }, weights, { half: inputs.late as Float32Array }),
        "late and half must be of one kind; got GPUBuffer and Float32Array",
      ],
      [
        () => kernel.run({ early, late }, weights, { half: early }),
        "half is early, which it would overwrite; use two buffers",
      ],
      [
        () => kernel.run({ early, late }, weights, { half: other, total: other }),
        "half is total, which it would overwrite; use two buffers",
      ],
      [
        () => kernel.bind({ early, late }, weights, { half: other }),
        "total must be a GPUBuffer of 144 bytes with usage STORAGE; got undefined",
      ],
      [
        () => kernel.bind({ early, late }, weights, { half: other, total: late }),
        "total is late, which it would overwrite; use two buffers",
      ],
      [() => kernel.run(early, weights), "the inputs of this kernel go by name; its inputs are late, early"],
      [
        () => kernel.run(inputs, weights, { half: inputs.late as Float32Array }),
        "half shares memory with late, which it would overwrite; use two buffers",
      ],
      [
        () => kernel.run({ early, late }),
        "weights must be what prepare() of this very kernel object has promised, " +
          "as in run({ late, early }, await kernel.prepare({ lateWeights, earlyWeights }))",
      ],
    ];
    for (const [attempt, message] of refusals) {
      expect(errorOf(await rejectionOf(attempt()))).toBe(`invalid-argument: ${message}`);
    }
    // The same buffer may be read twice.
    await kernel.run({ early, late: early }, weights);
  });

  test("says what it is", async () => {
    const { kernel } = await setUp();
    expect(kernel.explain()).toMatch(
      /^total 6x6, half 6x6 of late 6x6, .*, earlyWeights 6x6\ntier {6}webgpu: .*, tensors of f32, pipelines 2 to run and 0 to prepare/,
    );
    expect(kernel.outputNames).toEqual(["total", "half"]);
  });
});
