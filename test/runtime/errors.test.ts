/** Calls that cannot be served: the code, a sentence that helps, and nothing half done. */
import { compile, kernelCache, type OpSpec } from "tilewright";
import { afterEach, describe, expect, test, vi } from "vitest";
import { TilewrightError } from "../../src/ir/errors.js";
import { callOf, specWith, TARGETS } from "../support/calls.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";

afterEach(() => vi.unstubAllGlobals());

const refusal = (attempt: () => unknown): string => errorOf(thrownBy(attempt));

/** A transferred array: what is left behind has no memory. */
function detach(array: Float32Array): Float32Array {
  structuredClone(array, { transfer: [array.buffer] });
  return array;
}

describe.each(TARGETS)("%s: arguments of run", (target) => {
  interface Arguments {
    readonly value: Float32Array;
    readonly out: Float32Array;
  }

  /** Runs with some arguments replaced; every `out` must come back as it was. */
  async function refusedRun(change: (given: Arguments) => Record<string, unknown>): Promise<string> {
    const { kernel, weights, value, expected } = await callOf(specWith(), { target });
    const given = { value, weights, out: new Float32Array(expected.length).fill(7) };
    const { value: x, weights: w, out } = { ...given, ...change(given) } as unknown as Record<string, never>;
    const message = refusal(() => kernel.runSync(x as never, w as never, out));
    expect(errorOf(await rejectionOf(kernel.run(x as never, w as never, out)))).toBe(message);
    expect(new Set(given.out)).toEqual(new Set([7]));
    return message;
  }

  test("the arguments they vary are legal", async () => {
    await expect(refusedRun(() => ({}))).rejects.toThrow("expected an error, and there was none");
  });
  test("float64 data", async () => {
    expect(await refusedRun(() => ({ value: new Float64Array(40) }))).toMatchInlineSnapshot(
      `"invalid-argument: value must be a Float32Array or a tensor { shape, data } of one with shape [1, 4, 5, 2]; got Float64Array; Float32Array.from(it) makes one"`,
    );
  });
  test("a plain array", async () => {
    expect(await refusedRun(() => ({ value: new Array(40).fill(0) }))).toMatchInlineSnapshot(
      `"invalid-argument: value must be a Float32Array or a tensor { shape, data } of one with shape [1, 4, 5, 2]; got Array; Float32Array.from(it) makes one"`,
    );
  });
  test("nothing", async () => {
    expect(await refusedRun(() => ({ value: undefined }))).toMatchInlineSnapshot(
      `"invalid-argument: value must be a Float32Array or a tensor { shape, data } of one with shape [1, 4, 5, 2]; got undefined"`,
    );
  });
  test("null", async () => {
    expect(await refusedRun(() => ({ value: null }))).toMatchInlineSnapshot(
      `"invalid-argument: value must be a Float32Array or a tensor { shape, data } of one with shape [1, 4, 5, 2]; got null"`,
    );
  });
  test("a tensor of integers", async () => {
    const value = { shape: [1, 4, 5, 2], data: new Int32Array(40) };
    expect(await refusedRun(() => ({ value }))).toMatchInlineSnapshot(
      `"invalid-argument: value must be a Float32Array or a tensor { shape, data } of one with shape [1, 4, 5, 2]; got Int32Array; Float32Array.from(it) makes one"`,
    );
  });
  test("too short", async () => {
    expect(await refusedRun(({ value }) => ({ value: value.slice(1) }))).toMatchInlineSnapshot(
      `"invalid-argument: value [1, 4, 5, 2] needs 40 elements; got 39"`,
    );
  });
  test("too long", async () => {
    expect(await refusedRun(() => ({ value: new Float32Array(41) }))).toMatchInlineSnapshot(
      `"invalid-argument: value [1, 4, 5, 2] needs 40 elements; got 41; pass a subarray"`,
    );
  });
  test("detached", async () => {
    expect(await refusedRun(({ value }) => ({ value: detach(value) }))).toMatchInlineSnapshot(
      `"invalid-argument: value [1, 4, 5, 2] needs 40 elements; got 0; was its buffer transferred?"`,
    );
  });
  test("the right count in another shape", async () => {
    expect(await refusedRun(({ value }) => ({ value: { shape: [1, 5, 4, 2], data: value } }))).toMatchInlineSnapshot(
      `"invalid-argument: value must have shape [1, 4, 5, 2]; got [1,5,4,2]"`,
    );
  });
  test("out in another shape", async () => {
    expect(await refusedRun(({ out }) => ({ out: { shape: [1, 5, 4, 3], data: out } }))).toMatchInlineSnapshot(
      `"invalid-argument: out must have shape [1, 4, 5, 3]; got [1,5,4,3]"`,
    );
  });
  test("out too short", async () => {
    expect(await refusedRun(({ out }) => ({ out: out.subarray(1) }))).toMatchInlineSnapshot(
      `"invalid-argument: out [1, 4, 5, 3] needs 60 elements; got 59"`,
    );
  });
  test("out detached", async () => {
    expect(await refusedRun(() => ({ out: detach(new Float32Array(60)) }))).toMatchInlineSnapshot(
      `"invalid-argument: out [1, 4, 5, 3] needs 60 elements; got 0; was its buffer transferred?"`,
    );
  });
  test("out that shares one element with the value", async () => {
    const memory = new Float32Array(99).fill(7);
    const shared = { value: memory.subarray(0, 40), out: memory.subarray(39) };
    expect(await refusedRun(() => shared)).toMatchInlineSnapshot(
      `"invalid-argument: out shares memory with value, which it would overwrite; use two buffers"`,
    );
    expect(new Set(memory)).toEqual(new Set([7]));
  });
  test("weights that are the bare filters", async () => {
    expect(await refusedRun(() => ({ weights: new Float32Array(54) }))).toMatchInlineSnapshot(
      `"invalid-argument: weights must come from prepare() of this very kernel object, as in run(value, kernel.prepare(filters))"`,
    );
  });
  test("weights of another kernel of the same spec", async () => {
    const { weights } = await callOf(specWith(), { target });
    expect(await refusedRun(() => ({ weights }))).toMatchInlineSnapshot(
      `"invalid-argument: weights must come from prepare() of this very kernel object, as in run(value, kernel.prepare(filters))"`,
    );
  });
});

describe.each(TARGETS)("%s: arguments of prepare", (target) => {
  const prepare = async (bias: boolean, ...args: readonly unknown[]) => {
    const kernel = await compile(specWith({ bias }), { target });
    return refusal(() => kernel.prepare(...(args as [Float32Array])));
  };

  test("filters too short", async () => {
    expect(await prepare(false, new Float32Array(53))).toMatchInlineSnapshot(
      `"invalid-argument: filters [3, 3, 3, 2] needs 54 elements; got 53"`,
    );
  });
  test("filters of float64", async () => {
    expect(await prepare(false, new Float64Array(54))).toMatchInlineSnapshot(
      `"invalid-argument: filters must be a Float32Array or a tensor { shape, data } of one with shape [3, 3, 3, 2]; got Float64Array; Float32Array.from(it) makes one"`,
    );
  });
  test("filters with channels in the other order", async () => {
    const filters = { shape: [3, 3, 2, 3], data: new Float32Array(54) };
    expect(await prepare(false, filters)).toMatchInlineSnapshot(
      `"invalid-argument: filters must have shape [3, 3, 3, 2]; got [3,3,2,3]"`,
    );
  });
  test("a bias that the spec does not have", async () => {
    expect(await prepare(false, new Float32Array(54), new Float32Array(3))).toMatchInlineSnapshot(
      `"invalid-argument: this kernel adds no bias; compile its spec with bias: true"`,
    );
  });
  test("no bias where the spec has one", async () => {
    expect(await prepare(true, new Float32Array(54))).toMatchInlineSnapshot(
      `"invalid-argument: bias must be a Float32Array or a tensor { shape, data } of one with shape [3]; got undefined"`,
    );
  });
  test("a bias per input channel", async () => {
    expect(await prepare(true, new Float32Array(54), new Float32Array(2))).toMatchInlineSnapshot(
      `"invalid-argument: bias [3] needs 3 elements; got 2"`,
    );
  });
});

describe("disposed kernels", () => {
  test.each(TARGETS)("throw on every use, and leave other kernels alone: %s", async (target) => {
    const { kernel, weights, value } = await callOf(specWith(), { target });
    const other = await callOf(specWith(), { target });
    kernel.dispose();
    kernel.dispose();
    const out = new Float32Array(60).fill(7);
    const disposed = "disposed: this kernel was disposed; compile its spec again";
    expect(refusal(() => kernel.runSync(value, weights, out))).toBe(disposed);
    expect(errorOf(await rejectionOf(kernel.run(value, weights, out)))).toBe(disposed);
    expect(refusal(() => kernel.prepare(new Float32Array(54)))).toBe(disposed);
    expect(refusal(() => kernel.value)).toBe(disposed);
    expect(refusal(() => kernel.output)).toBe(disposed);
    expect(new Set(out)).toEqual(new Set([7]));
    expect(other.kernel.runSync(other.value, other.weights)).toEqual(other.expected);
  });
});

describe("targets", () => {
  test("webgpu where there is no GPU", async () => {
    const error = await rejectionOf(compile(specWith(), { target: "webgpu" }));
    expect(errorOf(error)).toMatchInlineSnapshot(
      `"target-unavailable: WebGPU needs navigator.gpu and a GPU that it may use, and there is none here; pass a device in the options, or compile for "auto", which needs none"`,
    );
  });
  test("one that nobody has", async () => {
    const error = await rejectionOf(compile(specWith(), { target: "cuda" as never }));
    expect(errorOf(error)).toMatchInlineSnapshot(
      `"invalid-argument: target must be "auto", "wasm", "js", "plain" or "webgpu"; got "cuda""`,
    );
  });
});

describe("sizes that cannot be indexed or allocated", () => {
  const HUGE: readonly (readonly [string, Partial<OpSpec>, number | undefined])[] = [
    ["value", { value: [1, 2 ** 16, 2 ** 16, 1], filters: [3, 3, 3, 1] }, 2 ** 34],
    ["filters", { filters: [1, 1, 2 ** 30, 2] }, 2 ** 33],
    [
      "the output",
      { value: [1, 1, 1, 2], filters: [2, 2, 3, 2], rate: 2 ** 20, padding: "VALID" },
      12 * (2 ** 20 + 1) ** 2,
    ],
    ["the output by its channels", { value: [1, 2 ** 14, 2 ** 14, 1], filters: [1, 1, 8, 1] }, 2 ** 33],
    ["a reach beyond all counting", { filters: [3, 3, 3, 2], rate: Number.MAX_SAFE_INTEGER }, undefined],
  ];

  test.each(HUGE)("%s", async (_, change, bytes) => {
    kernelCache.clear();
    const error = (await rejectionOf(compile(specWith(change)))) as TilewrightError;
    expect(error).toBeInstanceOf(TilewrightError);
    expect(error.code).toBe("too-large");
    expect(error.bytes).toBe(bytes);
    if (bytes !== undefined) expect(error.message).toContain(`(${bytes} bytes)`);
    expect(kernelCache.list()).toEqual([]);
  });

  test("the largest that can be indexed is accepted", async () => {
    const kernel = await compile(specWith({ value: [1, 1, 2 ** 31 - 1, 1], filters: [1, 1, 1, 1] }), { target: "js" });
    expect(kernel.outputShape).toEqual([1, 1, 2 ** 31 - 1, 1]);
  });

  test("memory that runs out is a typed error with the bytes asked", async () => {
    const spec = specWith({ value: [1, 2 ** 10, 2 ** 10, 1], filters: [1, 1, 4, 1] });
    const kernel = await compile(spec, { target: "js" });
    const Real = Float32Array;
    class Poor extends Real {
      constructor(length: number) {
        if (length >= 2 ** 20) throw new RangeError("Array buffer allocation failed");
        super(length);
      }
    }
    vi.stubGlobal("Float32Array", Poor);
    const error = thrownBy(() => kernel.value) as TilewrightError;
    expect(errorOf(error)).toMatchInlineSnapshot(
      `"too-large: value [1, 1024, 1024, 1] needs 4194304 bytes, which cannot be allocated"`,
    );
    expect(error.bytes).toBe(2 ** 22);
  });
});

describe("empty axes beside a long one", () => {
  // 2^40 rows of no columns: nothing to do, and no time to do it.
  test.each(TARGETS)("%s", { timeout: 5_000 }, async (target) => {
    const kernel = await compile(specWith({ value: [1, 2 ** 40, 0, 2] }), { target });
    expect(kernel.runSync(new Float32Array(0), kernel.prepare(new Float32Array(54)))).toEqual(new Float32Array(0));
    expect(kernel.explain()).toContain("0.00 MFLOP");
  });
});
