/** WebAssembly kernels and their memory: what lies in it, what is copied, whose it is, and what it cannot hold. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compile, interpret, kernelCache, type OpSpec, TilewrightError } from "tilewright";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Block, ownHeap } from "../../src/runtime/host/heap.js";
import { callOf, specWith } from "../support/calls.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { smallIntegers } from "../support/run.js";

afterEach(() => vi.unstubAllGlobals());
afterEach(() => vi.restoreAllMocks());

const WASM = { target: "wasm" } as const;
const call = (change: Partial<OpSpec> = {}) => callOf(specWith(change), WASM);

/** Memories that are made, which are real ones. */
function watchMemories() {
  const { Memory } = WebAssembly;
  return vi.spyOn(WebAssembly, "Memory").mockImplementation(function made(descriptor) {
    return new Memory(descriptor);
  });
}

const endOf = (array: Float32Array): number => array.byteOffset + array.byteLength;

/** What `attempt` gives once garbage has been collected often enough; undefined if that never suffices. */
async function eventually<T>(attempt: () => Promise<T | undefined>): Promise<T | undefined> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
    const found = await attempt();
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Copies between arrays while `during` runs. */
function copiesIn(during: () => void): number {
  const set = vi.spyOn(Float32Array.prototype, "set");
  during();
  const { length } = set.mock.calls;
  set.mockRestore();
  return length;
}

describe("in place", () => {
  test("value and output lie in one memory, and stay where they are", async () => {
    const { kernel, weights, value } = await call();
    const { value: inside, output } = kernel;
    expect(inside.buffer).toBe(output.buffer);
    expect(kernel.spec.value.reduce((a, b) => a * b)).toBe(inside.length);
    expect(kernel.outputShape.reduce((a, b) => a * b)).toBe(output.length);
    kernel.runSync(value, weights);
    expect(kernel.value).toBe(inside);
    expect(kernel.output).toBe(output);
  });

  test("a call on them copies nothing, and its result shows in the output", async () => {
    const { kernel, weights, value, expected } = await call({ bias: true });
    kernel.value.set(value);
    kernel.output.fill(Number.NaN);
    const { output } = kernel;
    expect(copiesIn(() => void kernel.runSync(kernel.value, weights, kernel.output))).toBe(0);
    expect(output).toEqual(expected);
    expect(await kernel.run(kernel.value, weights, output)).toBe(output);
    kernel.value.fill(0);
    kernel.runSync(kernel.value, weights, output);
    expect([...output]).toEqual([...output].map((_, i) => output[i % 3]));
  });

  test("tensors over them are in place as well", async () => {
    const { kernel, weights, value, expected } = await call();
    kernel.value.set(value);
    const out = { shape: kernel.outputShape, data: kernel.output };
    const input = { shape: kernel.spec.value, data: kernel.value };
    expect(copiesIn(() => void kernel.runSync(input, weights, out))).toBe(0);
    expect(out.data).toEqual(expected);
  });

  test("what lies elsewhere is copied: in, out, or both", async () => {
    const { kernel, weights, value, expected } = await call();
    const out = new Float32Array(expected.length);
    expect(copiesIn(() => void kernel.runSync(value, weights, kernel.output))).toBe(1);
    expect(kernel.output).toEqual(expected);
    expect(kernel.value).toEqual(value);
    expect(copiesIn(() => void kernel.runSync(kernel.value, weights, out))).toBe(1);
    expect(out).toEqual(expected);
    expect(copiesIn(() => void kernel.runSync(value, weights, out))).toBe(2);
  });

  test("a result without `out` is the caller's own", async () => {
    const { kernel, weights, value, expected } = await call();
    const result = kernel.runSync(value, weights);
    expect(result.buffer).not.toBe(kernel.output.buffer);
    kernel.runSync(new Float32Array(value.length), weights);
    expect(result).toEqual(expected);
  });

  test("the output cannot be the value, in whole or in part", async () => {
    const { kernel, weights } = await call({ filters: [1, 1, 2, 2] });
    const attempt = () => kernel.runSync(kernel.value, weights, kernel.value);
    expect(errorOf(thrownBy(attempt))).toMatch(/^invalid-argument: out shares memory with value/);
  });

  test("the last result is the next input", async () => {
    const { kernel, weights, value, filters } = await call({ filters: [3, 3, 2, 2] });
    const spec = kernel.spec;
    const once = Float32Array.from(interpret(spec, value, filters));
    const twice = Float32Array.from(interpret(spec, once, filters));
    kernel.runSync(value, weights, kernel.output);
    expect(kernel.runSync(kernel.output, weights)).toEqual(twice);
    kernel.runSync(value, weights, kernel.output);
    const out = new Float32Array(value.length);
    expect(kernel.runSync(kernel.output, weights, out)).toEqual(twice);
  });

  test("one kernel's output is another one's value", async () => {
    const first = await call({ filters: [3, 3, 2, 2] });
    const second = await call();
    first.kernel.runSync(first.value, first.weights, first.kernel.output);
    const expected = Float32Array.from(interpret(second.kernel.spec, first.expected, second.filters));
    expect(second.kernel.runSync(first.kernel.output, second.weights)).toEqual(expected);
  });
});

describe("several sets of weights", () => {
  test("take turns in one memory, and each comes back as it was", async () => {
    const { kernel, value, filters, bias } = await call({ bias: true });
    const sets = [1, 2, 3].map((factor) => {
      const own = filters.map((x) => factor * x);
      const added = (bias as Float32Array).map((x) => x - factor);
      const expected = Float32Array.from(interpret(kernel.spec, value, own, added));
      return { weights: kernel.prepare(own, added), expected };
    });
    // Prepared last, first, again, and in every order of two.
    for (const turn of [2, 0, 0, 1, 2, 1, 0, 2, 2, 1]) {
      const { weights, expected } = sets[turn] as (typeof sets)[number];
      expect(kernel.runSync(value, weights)).toEqual(expected);
      expect(await kernel.run(value, weights)).toEqual(expected);
    }
    const late = kernel.prepare(filters, bias);
    for (const { weights, expected } of sets) expect(kernel.runSync(value, weights)).toEqual(expected);
    const { expected } = await call({ bias: true });
    expect(kernel.runSync(value, late)).toEqual(expected);
  });

  test("so they do without packing, where filters lie in memory as they were given", async () => {
    const kernel = await compile(specWith(), { ...WASM, schedule: {} });
    const value = smallIntegers(40, 1);
    const sets = [2, 3].map((seed) => {
      const filters = smallIntegers(54, seed);
      const weights = kernel.prepare(filters);
      const expected = Float32Array.from(interpret(kernel.spec, value, filters));
      filters.fill(99);
      return { weights, expected };
    });
    for (const turn of [0, 1, 1, 0]) {
      const { weights, expected } = sets[turn] as (typeof sets)[number];
      expect(kernel.runSync(value, weights)).toEqual(expected);
    }
  });

  test("the set in memory is copied nowhere", async () => {
    const { kernel, weights } = await call({ bias: true });
    expect(copiesIn(() => void kernel.runSync(kernel.value, weights, kernel.output))).toBe(0);
  });
});

describe("memory", () => {
  /** Larger than all that other tests need together, so that a memory of its own is made for it. */
  const LARGE = specWith({ value: [1, 3000, 3000, 1], filters: [1, 1, 1, 1] });

  test("is shared by kernels of any specs, each in a place of its own", async () => {
    const calls = await Promise.all(Array.from({ length: 60 }, (_, i) => call({ value: [1, 4 + (i % 9), 5, 2] })));
    const arrays = calls.flatMap(({ kernel }) => [kernel.value, kernel.output]);
    expect(new Set(arrays.map(({ buffer }) => buffer)).size).toBe(1);
    const places = arrays.toSorted((a, b) => a.byteOffset - b.byteOffset);
    for (const [i, one] of places.entries()) {
      expect(one.byteOffset % 64).toBe(0);
      if (i > 0) expect(one.byteOffset).toBeGreaterThanOrEqual(endOf(places[i - 1] as Float32Array));
    }
    for (const { kernel, weights, value, expected } of calls) expect(kernel.runSync(value, weights)).toEqual(expected);
  });

  test("kernel objects of one spec share code and no data", async () => {
    const [one, other] = [await call(), await call()];
    one.kernel.value.fill(7);
    one.kernel.runSync(one.kernel.value, one.weights, one.kernel.output);
    expect(new Set(other.kernel.value)).toEqual(new Set([0]));
    expect(new Set(other.kernel.output)).toEqual(new Set([0]));
    expect(other.kernel.runSync(other.value, other.weights)).toEqual(other.expected);
  });

  test("of a kernel that is disposed of serves the next one, which finds zeros", async () => {
    const spec = specWith({ value: [1, 6, 5, 3], filters: [3, 3, 3, 3] });
    const { kernel, weights, value } = await callOf(spec, WASM);
    kernel.value.fill(5);
    kernel.runSync(value, weights, kernel.output);
    const place = kernel.value.byteOffset;
    kernel.dispose();
    kernel.dispose();
    const next = await compile(spec, WASM);
    expect(next.value.byteOffset).toBe(place);
    expect(new Set([...next.value, ...next.output])).toEqual(new Set([0]));
    expect(errorOf(thrownBy(() => kernel.runSync(value, weights)))).toMatch(/^disposed/);
  });

  test("of a kernel that nobody holds any more is free, unless somebody holds an array of it", async () => {
    const allocate = vi.spyOn(ownHeap(false), "allocate");
    const held = (await compile(specWith(), WASM)).value;
    await (async () => (await compile(specWith(), WASM)).value.fill(1))();
    const [kept, left] = allocate.mock.results.map(({ value }) => vi.spyOn(value as Block, "free"));
    await eventually(async () => left?.mock.calls.length || undefined);
    expect(left).toHaveBeenCalledTimes(1);
    expect(kept).not.toHaveBeenCalled();
    expect(held.fill(3).length).toBe(40);
  });

  test("of JavaScript goes when a kernel is disposed of, though its weights are kept", async () => {
    const kept = await (async () => {
      const { kernel, weights, value } = await callOf(specWith(), { target: "js" });
      const memory = new WeakRef(kernel.output.buffer);
      kernel.runSync(value, weights, kernel.output);
      kernel.dispose();
      return { kernel, weights, memory };
    })();
    expect(await eventually(async () => kept.memory.deref() === undefined || undefined)).toBe(true);
    expect(errorOf(thrownBy(() => kept.kernel.runSync(new Float32Array(40), kept.weights)))).toMatch(/^disposed/);
  });

  test("is not taken before it is needed", async () => {
    const allocate = vi.spyOn(ownHeap(false), "allocate");
    const kernel = await compile(specWith({ rate: 3 }), WASM);
    expect(kernel.explain()).toContain("wasm: ");
    expect(allocate).not.toHaveBeenCalled();
    expect(kernel.value.length).toBe(40);
    expect(kernel.output.length).toBe(60);
    expect(allocate).toHaveBeenCalledTimes(1);
  });

  test("beyond what signed addresses reach is refused before anything is allocated", async () => {
    kernelCache.clear();
    const Memory = watchMemories();
    const spec = specWith({ value: [1, 2 ** 14, 2 ** 14, 1], filters: [1, 1, 1, 1] });
    for (const options of [WASM, { ...WASM, schedule: {} }]) {
      const error = (await rejectionOf(compile(spec, options))) as TilewrightError;
      expect(error).toBeInstanceOf(TilewrightError);
      expect(error.code).toBe("too-large");
      expect(error.bytes).toBeGreaterThan(2 ** 31);
      expect(error.message).toContain(`needs ${error.bytes} bytes of memory`);
    }
    expect(Memory).not.toHaveBeenCalled();
    expect(kernelCache.list()).toEqual([]);
  });

  test("that the engine cannot give is a typed error with the bytes asked, and leaves the kernel as it was", async () => {
    const { kernel, weights, value, expected } = await call();
    const large = await compile(LARGE, WASM);
    const Memory = vi.spyOn(WebAssembly, "Memory").mockImplementation(function none(): never {
      throw new RangeError("WebAssembly.Memory(): could not allocate memory");
    });
    const filters = Float32Array.of(1);
    for (const attempt of [() => large.value, () => large.prepare(filters)]) {
      const error = thrownBy(attempt) as TilewrightError;
      expect(errorOf(error)).toBe(
        `too-large: the kernel needs ${error.bytes} bytes of memory, which cannot be allocated`,
      );
      expect(error.bytes).toBeGreaterThanOrEqual(2 * 4 * 3000 * 3000);
    }
    expect(kernel.runSync(value, weights)).toEqual(expected);
    Memory.mockRestore();
    large.value[7] = 3;
    expect(large.runSync(large.value, large.prepare(filters))[7]).toBe(3);
    large.dispose();
  });

  test("any other failure passes through", async () => {
    const kernel = await compile(LARGE, WASM);
    vi.spyOn(WebAssembly, "Memory").mockImplementation(function broken(): never {
      throw new TypeError("no such thing");
    });
    expect(() => kernel.value).toThrow(TypeError);
  });
});

describe("options", () => {
  const refusal = async (options: object) => errorOf(await rejectionOf(compile(specWith(), { ...WASM, ...options })));

  test("features that nobody has", async () => {
    expect(await refusal({ features: { simd: "avx512" } })).toMatchInlineSnapshot(
      `"invalid-argument: features.simd must be one of none, simd128, relaxed; got "avx512""`,
    );
    expect(await refusal({ features: { hoistsLoads: "yes" } })).toMatchInlineSnapshot(
      `"invalid-argument: features.hoistsLoads must be true or false; got "yes""`,
    );
  });

  test("threads that nobody has", async () => {
    expect(await refusal({ threads: 0 })).toMatchInlineSnapshot(
      `"invalid-argument: threads must be an integer from 1 to 256; got 0"`,
    );
    for (const threads of [-1, 1.5, 257, Number.NaN, "4"]) {
      expect(await refusal({ threads })).toMatch(/^invalid-argument: threads must be/);
    }
  });

  test("a schedule of one's own", async () => {
    const kernel = await compile(specWith(), { ...WASM, schedule: { conv: [{ do: "unroll", axis: "kx" }] } });
    expect(kernel.schedule).toBe("conv: unroll(kx)");
    expect(await refusal({ schedule: { conv: [{ do: "unroll", axis: "kz" }] } })).toMatch(/^invalid-schedule: /);
  });
});
