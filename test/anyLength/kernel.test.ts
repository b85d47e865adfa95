/** Kernels of which each call chooses a size: what calls give, what is refused, and what becomes of the code. */
import { type AnyLengthSpec, compile, type FamilySpec, gradient, interpret, type Kernel } from "tilewright";
import { compileModule } from "tilewright/compiler";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { Directive } from "../../src/codegen/schedule.js";
import { JS, wasmTarget } from "../../src/codegen/target.js";
import { printKernel } from "../../src/ir/print.js";
import { elementCount } from "../../src/ir/program.js";
import type { LoopKernel } from "../../src/ir/stmt.js";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import { dataFor } from "../support/anyLength.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { firstDifference, smallIntegers } from "../support/run.js";

/** A layer of a vocoder: 11 taps that reach 25 to each side. */
const REST = { op: "conv2d", filters: [1, 11, 8, 16], dilations: [1, 5], padding: "SAME", bias: true } as const;
const SPEC = { ...REST, value: [1, 1, { max: 96, multiple: 4 }, 8] } as const satisfies AnyLengthSpec;
const at = (length: number) => ({ ...REST, value: [1, 1, length, 8] }) as const satisfies FamilySpec;

const RATED = { op: "conv2d", filters: [1, 3, 8, 16], rate: 2, padding: "SAME" } as const;

const UP = { op: "conv1dTranspose", filters: [16, 6, 8], strides: [8], padding: "SAME" } as const;

/** The result of a kernel of one length. */
async function resultAt(spec: FamilySpec, target: "js" | "wasm" | "plain" = "js"): Promise<Float32Array> {
  const kernel = await compile(spec, { target });
  const { inputs, weights } = dataFor(spec, kernel.outputShape);
  const { output } = await kernel.run(inputs, kernel.prepare(weights));
  return output as Float32Array;
}

const refusal = async (call: Promise<unknown>): Promise<string> => errorOf(await rejectionOf(call));

const expectSame = (actual: Float32Array, expected: Float32Array) =>
  expect(firstDifference([...actual], [...expected])).toBeUndefined();

describe.each(["wasm", "js", "plain"] as const)("%s", (target) => {
  test("lengths below a tile, below the reach of the taps, in between, and the largest", async () => {
    const kernel = await compile(SPEC, { target });
    const { weights } = dataFor(at(96), kernel.outputShape);
    const prepared = kernel.prepare(weights);
    for (const length of [96, 4, 8, 24, 52, 92, 96]) {
      const value = smallIntegers(length * 8, 1);
      const output = await kernel.run(value, prepared);
      expect(output.length).toBe(length * 16);
      expectSame(output, await resultAt(at(length), target));
      expectSame(kernel.runSync(value, prepared), output);
    }
  });

  test.each([98, 99, 100, 101, 102])("up to %d, about where phases begin to be one stage", async (max) => {
    const kernel = await compile({ ...UP, value: [1, { max }, 8] }, { target });
    for (const length of [1, 7, max]) {
      const { weights } = dataFor({ ...UP, value: [1, length, 8] }, kernel.outputShape);
      const output = await kernel.run(smallIntegers(length * 8, 1), kernel.prepare(weights));
      expectSame(output, await resultAt({ ...UP, value: [1, length, 8] }, target));
    }
  });

  test("a tensor for a tensor, in the shape of the call", async () => {
    const kernel = await compile({ ...UP, value: [1, { max: 40 }, 8] }, { target });
    const { weights } = dataFor({ ...UP, value: [1, 40, 8] }, kernel.outputShape);
    const value = { shape: [1, 7, 8], data: smallIntegers(56, 1) };
    const output = await kernel.run(value, kernel.prepare(weights));
    expect(output.shape).toEqual([1, 56, 6]);
    expectSame(output.data, await resultAt({ ...UP, value: [1, 7, 8] }, target));
    expect(kernel.outputShape).toEqual([1, 320, 6]);
  });

  test("the kernel's own memory, filled up to the length", async () => {
    const kernel = await compile(SPEC, { target });
    const { weights } = dataFor(at(12), kernel.outputShape);
    const value = kernel.value.subarray(0, 12 * 8);
    value.set(smallIntegers(12 * 8, 1));
    const out = kernel.output.subarray(0, 12 * 16);
    kernel.output.fill(7);
    expect(await kernel.run(value, kernel.prepare(weights), out)).toBe(out);
    expectSame(out, await resultAt(at(12), target));
    expect(kernel.output.subarray(12 * 16).every((x) => x === 7)).toBe(true);
  });

  test("lengths that no call has", async () => {
    const kernel = await compile(SPEC, { target });
    const prepared = kernel.prepare(dataFor(at(96), kernel.outputShape).weights);
    for (const length of [0, 2, 6, 100, 4.5]) {
      expect(await refusal(kernel.run(new Float32Array(length * 8), prepared))).toBe(
        `invalid-argument: value is [1, 1, length, 8] with a length of 4 to 96 in steps of 4; got ${length * 8} elements`,
      );
    }
    const shaped = kernel.run({ shape: [1, 1, 6, 8], data: new Float32Array(48) }, prepared);
    expect(await refusal(shaped)).toContain("a length of 4 to 96 in steps of 4; got [1,1,6,8]");
    const short = kernel.run(new Float32Array(64), prepared, new Float32Array(64));
    expect(await refusal(short)).toContain("out [1, 1, 8, 16] needs 128 elements; got 64");
  });
});

test("addresses of the caller's, with the length beside them", async () => {
  const memory = new WebAssembly.Memory({ initial: 64 });
  let end = 2 ** 20;
  const allocate = (bytes: number) => {
    end += bytes + 64;
    return end - bytes - 64;
  };
  const kernel = await compile(SPEC, { target: "wasm", memory: { memory, allocate, free: () => undefined } });
  const prepared = kernel.prepare(dataFor(at(96), kernel.outputShape).weights);
  for (const length of [20, 8, 96]) {
    const bytes = memory.buffer.byteLength;
    // Only as much as the call needs has to be there.
    const [value, output] = [bytes - 4 * length * 24, bytes - 4 * length * 16];
    new Float32Array(memory.buffer, value, length * 8).set(smallIntegers(length * 8, 1));
    kernel.runAt({ value, output }, prepared, length);
    expectSame(new Float32Array(memory.buffer, output, length * 16), await resultAt(at(length)));
  }
  expect(errorOf(thrownBy(() => kernel.runAt({ value: 0, output: 4096 }, prepared)))).toContain("a length of 4 to 96");
  const single = await compile(at(8), { target: "wasm" });
  const call = () => single.runAt({ value: 0, output: 4096 }, single.prepare(dataFor(at(8), [16]).weights), 8);
  expect(errorOf(thrownBy(call))).toContain("this kernel has one length; leave it out");
});

test("a guard at the beginning alone: no part of the loop is told by the longest call", async () => {
  const causal = { op: "conv1d", filters: [7, 4, 4], padding: [[6, 0]] } as const;
  const split: Directive = { do: "split", axis: "ox", by: 4, into: ["oxo", "oxu"], tail: "guard" };
  const schedule = { conv: [split, { do: "unroll", axis: "oxu" }, { do: "partition", axis: "oxo" }] } as const;
  const kernel = await compile({ ...causal, value: [1, { max: 64, multiple: 8 }, 4] }, { target: "wasm", schedule });
  const prepared = kernel.prepare(dataFor({ ...causal, value: [1, 8, 4] }, []).weights);
  for (const length of [8, 16, 64]) {
    kernel.output.fill(7);
    const out = kernel.output.subarray(0, length * 4);
    kernel.runSync(smallIntegers(length * 4, 1), prepared, out);
    expectSame(out, await resultAt({ ...causal, value: [1, length, 4] }));
    expect(kernel.output.subarray(length * 4).every((x) => x === 7)).toBe(true);
  }
});

test("threads share the iterations that a call has", async () => {
  const wide = { op: "conv2d", filters: [1, 3, 32, 32], padding: "SAME" } as const;
  const kernel = await compile(
    { ...wide, value: [1, 1, { max: 2048, multiple: 8 }, 32] },
    { target: "wasm", threads: 3 },
  );
  const prepared = kernel.prepare(dataFor({ ...wide, value: [1, 1, 8, 32] }, []).weights);
  for (const length of [2048, 8, 640, 2040]) {
    const value = smallIntegers(length * 32, 1);
    const expected = await resultAt({ ...wide, value: [1, 1, length, 32] }, "wasm");
    expectSame(await kernel.run(value, prepared), expected);
    expectSame(kernel.runSync(value, prepared), expected);
  }
});

test("the interpreter takes the length from its input", async () => {
  const { inputs, weights } = dataFor(at(12), [16]);
  const { filters, bias } = weights as { filters: Float32Array; bias: Float32Array };
  expectSame(Float32Array.from(interpret(SPEC, inputs.value, filters, bias)), await resultAt(at(12)));
});

test("its type knows how many dimensions there are", async () => {
  const kernel = await compile(SPEC, { target: "js" });
  expectTypeOf(kernel.outputShape).toEqualTypeOf<readonly [number, number, number, number]>();
  expectTypeOf(kernel.spec).toEqualTypeOf<AnyLengthSpec>();
  expectTypeOf(kernel).toExtend<Pick<Kernel, "errorBound">>();
  expect(kernel.spec).toEqual({ ...SPEC });
  expect(kernel.explain()).toContain("conv2d 1x1x[up to 96 in steps of 4]x8 with 1x11x8x16");
});

describe("code", () => {
  const targets = { js: JS, wasm: wasmTarget({ ...wasmFeatures(), simd: "simd128", pairs: false, threads: false }) };
  const bytesOf = (spec: AnyLengthSpec | FamilySpec, name: keyof typeof targets): number => {
    const module = compileModule(spec, { target: targets[name] });
    return module.language === "wasm" ? module.run.code.length : module.language === "js" ? module.code.length : 0;
  };
  // A tile at an edge is one body for all edges, with guards, in the place of a body for each edge.
  const layers = {
    "resblock of 7 taps": [{ op: "conv2d", filters: [1, 7, 64, 64], dilations: [1, 3], padding: "SAME" }, 1.05],
    "upsampling by 8": [{ op: "conv2dTranspose", filters: [1, 16, 32, 64], strides: [1, 8], padding: "SAME" }, 1.4],
    "one tap": [{ op: "conv2d", filters: [1, 1, 64, 64] }, 1.5],
  } as const;
  test.each(Object.entries(layers))("%s: about as long as that of the longest call", (_, [layer, most]) => {
    const spec = { ...layer, value: [1, 1, { max: 512, multiple: 8 }, 64] } as const;
    const longest = { ...layer, value: [1, 1, 512, 64] } as const;
    for (const name of ["js", "wasm"] as const) expect(bytesOf(spec, name)).toBeLessThan(most * bytesOf(longest, name));
  });

  test("where tiles are parts of a multiple, its loops are those of the longest call but for the count", () => {
    const layer = { op: "conv2d", filters: [1, 1, 64, 64] } as const;
    const nestOf = (size: number | { readonly max: number; readonly multiple: number }) => {
      const nests: string[] = [];
      const watch = (pass: string, kernel: LoopKernel) =>
        void (pass === "bindLaunch" && nests.push(printKernel(kernel)));
      const spec = { ...layer, value: [1, 1, size, 64] } as AnyLengthSpec;
      const split: Directive = { do: "split", axis: "ox", by: 4, into: ["oxo", "oxu"], tail: "guard" };
      const schedule = { conv: [split, { do: "unroll", axis: "oxu" }] } as const;
      compileModule(spec, { target: targets.wasm, schedule, watch });
      return nests.at(-1) as string;
    };
    const open = nestOf({ max: 512, multiple: 8 });
    expect(open).toContain("for oxo < 128 while 8*callUnits - 4*oxo - 1 >= 0\n");
    expect(open.replace(" while 8*callUnits - 4*oxo - 1 >= 0", "").replace(", callUnits)", ")")).toBe(nestOf(512));
  });
});

describe("specs that are refused", () => {
  const refusals: readonly (readonly [string, unknown, string])[] = [
    ["a multiple that divides no max", { ...REST, value: [1, 1, { max: 10, multiple: 4 }, 8] }, "multiple divides max"],
    ["no max", { ...REST, value: [1, 1, { multiple: 4 }, 8] }, "{ max, multiple } with integers >= 1"],
    ["another field", { ...REST, value: [1, 1, { max: 8, min: 4 }, 8] }, 'has max and multiple, and no "min"'],
    ["two sizes", { ...REST, value: [1, { max: 8 }, { max: 8 }, 8] }, "calls choose one size of value"],
    ["channels", { ...REST, value: [1, 1, 8, { max: 8 }] }, "the channels of value are for the spec"],
    [
      "half a stride",
      { ...REST, strides: [1, 2], value: [1, 1, { max: 9, multiple: 3 }, 8] },
      "with stride 2, sizes along W",
    ],
    ["a size of the output", { ...UP, outputShape: [64], value: [1, { max: 8 }, 8] }, "leave outputShape out"],
    [
      "an image that is no row",
      { ...REST, value: [1, 4, { max: 8 }, 8] },
      "dimensions before the one that calls choose",
    ],
    ["channels first", { ...REST, layout: "NCHW", value: [1, 8, 1, { max: 8 }] }, "value has [1,8,1] there"],
    ["a rate", { ...RATED, value: [1, 1, { max: 8 }, 8] }, "strides and dilations"],
  ];
  test.each(refusals)("%s", async (_, spec, message) => {
    const refused = await refusal(compile(spec as FamilySpec));
    expect(refused).toMatch(/^invalid-(spec|shape): /);
    expect(refused).toContain(message);
  });

  test("a GPU, Winograd's algorithm and gradients", async () => {
    const square = { op: "conv2d", filters: [3, 3, 16, 16], padding: "SAME", value: [1, { max: 32 }, 32, 16] } as const;
    expect(await refusal(compile(square, { target: "webgpu" }))).toMatch(/^target-unavailable: .*each of the sizes/);
    expect(await refusal(compile(square, { algorithm: "winograd" }))).toContain('use algorithm "auto"');
    expect((await compile(square, { accuracy: "fast" })).algorithm).toBe("direct");
    expect(errorOf(thrownBy(() => gradient(square, "filters")))).toMatch(/^not-derivable: .*each of the sizes/);
  });
});

test("kernels of other lengths are other kernels", async () => {
  const specs = [
    SPEC,
    at(96),
    { ...SPEC, value: [1, 1, { max: 96 }, 8] },
    { ...SPEC, value: [1, 1, { max: 48, multiple: 4 }, 8] },
  ];
  const kernels = await Promise.all(specs.map((spec) => compile(spec as typeof SPEC, { target: "js" })));
  const inputs = kernels.map(({ value }) => value.length);
  expect(inputs).toEqual([768, 768, 768, 384]);
  const [any, , ones] = kernels as unknown as [Kernel, Kernel, Kernel];
  const callOf = (kernel: Kernel) =>
    kernel.run(new Float32Array(48), kernel.prepare(new Float32Array(1408), new Float32Array(16)));
  expect(await refusal(callOf(any))).toContain("in steps of 4");
  expect((await callOf(ones)).length).toBe(96);
  expect(elementCount(any.outputShape)).toBe(1536);
});
