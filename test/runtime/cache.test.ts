/** The kernel cache: one load per key however many ask, a bound, no failures kept, and whole keys. */
import { compile, kernelCache, type OpSpec } from "tilewright";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Cache } from "../../src/runtime/cache.js";
import { generateWasm } from "../../src/runtime/jit.js";
import { specWith } from "../support/calls.js";
import { rejectionOf } from "../support/errors.js";
import { WASM_WAYS } from "../support/ways.js";

vi.mock("../../src/runtime/jit.js", async (original) => {
  const actual = await original<typeof import("../../src/runtime/jit.js")>();
  return { ...actual, generateWasm: vi.fn(actual.generateWasm) };
});

beforeEach(() => {
  kernelCache.clear();
  vi.mocked(generateWasm).mockClear();
});

describe("compile", () => {
  test("joins concurrent compiles of one key", async () => {
    const kernels = await Promise.all(Array.from({ length: 8 }, () => compile(specWith())));
    expect(generateWasm).toHaveBeenCalledTimes(1);
    expect(kernelCache.list().length).toBe(1);
    expect(new Set(kernels).size).toBe(8); // code is shared, kernel objects and their memory are not
  });

  test("finds what is there, until it is cleared", async () => {
    await compile(specWith());
    await compile(specWith());
    expect(generateWasm).toHaveBeenCalledTimes(1);
    kernelCache.clear();
    expect(kernelCache.list()).toEqual([]);
    await compile(specWith());
    expect(generateWasm).toHaveBeenCalledTimes(2);
  });

  test("the order of properties and spelled-out defaults make no difference", async () => {
    const { op, value, filters, rate, padding } = specWith();
    await compile({ op, value, filters, rate, padding });
    await compile({ padding, rate, filters, value, op });
    await compile({ op, value, filters, rate, padding, bias: false });
    expect(kernelCache.list().length).toBe(1);
  });

  const VARIANTS: readonly Partial<OpSpec>[] = [
    { value: [1, 5, 4, 2] },
    { filters: [3, 3, 2, 2] },
    { rate: 2 },
    { padding: "VALID" },
    { bias: true },
    { activation: "relu" },
    { activation: { kind: "leakyRelu", alpha: 0.1 } },
    { activation: { kind: "leakyRelu", alpha: 0.2 } },
    { activation: { kind: "clip", min: Number.NEGATIVE_INFINITY, max: Number.NEGATIVE_INFINITY } },
    { activation: { kind: "clip", min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY } },
    { activation: { kind: "clip", min: Number.POSITIVE_INFINITY, max: Number.POSITIVE_INFINITY } },
    { op: "conv2d", filters: [3, 3, 2, 3] },
  ];

  test("whatever can change the code is in the key", async () => {
    await compile(specWith());
    for (const variant of VARIANTS) await compile(specWith(variant));
    for (const target of ["js", "plain"] as const) await compile(specWith(), { target });
    await compile(specWith(), { schedule: { conv: [{ do: "unroll", axis: "kx" }] } });
    await compile(specWith(), { schedule: { conv: [{ do: "unroll", axis: "ky" }] } });
    const ways = WASM_WAYS.filter(({ runsHere }) => runsHere);
    for (const { options } of ways) await compile(specWith(), options);
    // One of the ways is this engine's own, by which the first kernel was compiled.
    expect(kernelCache.list().length).toBe(VARIANTS.length + 4 + ways.length);
  });

  test("features are no part of a kernel that is not WebAssembly", async () => {
    for (const simd of ["none", "simd128"] as const) await compile(specWith(), { target: "js", features: { simd } });
    expect(kernelCache.list().length).toBe(1);
  });

  test("keeps no failure", async () => {
    const schedule = { conv: [{ do: "unroll", axis: "nowhere" }] } as const;
    for (let i = 0; i < 2; i++) {
      expect(await rejectionOf(compile(specWith(), { schedule }))).toMatchObject({ code: "invalid-schedule" });
    }
    expect(generateWasm).toHaveBeenCalledTimes(2);
    expect(kernelCache.list()).toEqual([]);
  });

  test("is bounded, and forgets what was used least recently", async () => {
    const touch = async (rate: number) => {
      await compile(specWith({ rate }), { target: "plain" });
      return kernelCache.list().at(-1);
    };
    const keys = new Map<number, string | undefined>();
    for (let rate = 1; rate <= 600; rate++) keys.set(rate, await touch(rate));
    expect(new Set(keys.values()).size).toBe(600);
    const latest = [...keys.values()].slice(-512);
    expect(kernelCache.list()).toEqual(latest);
    expect(await touch(89)).toBe(latest[0]);
    expect(kernelCache.list()).toEqual([...latest.slice(1), latest[0]]);
  });

  test("a kernel outlives its place in the cache", async () => {
    const kernel = await compile(specWith());
    kernelCache.clear();
    expect(kernel.runSync(kernel.value, kernel.prepare(new Float32Array(54)))).toEqual(new Float32Array(60));
  });
});

describe("Cache", () => {
  test("holds at most its bound; a hit counts as use", async () => {
    const cache = new Cache<number>(2);
    const load = vi.fn((value: number) => async () => value);
    await cache.get("a", load(1));
    await cache.get("b", load(2));
    expect(await cache.get("a", load(9))).toBe(1);
    await cache.get("c", load(3));
    expect(cache.list()).toEqual(["a", "c"]);
    expect(await cache.get("b", load(4))).toBe(4);
  });

  test("a failure that arrives late does not remove its successor", async () => {
    const cache = new Cache<number>(2);
    let failFirst: (error: Error) => void = () => {};
    const load = () =>
      new Promise<number>((_, reject) => {
        failFirst = reject;
      });
    const first = cache.get("a", load);
    cache.clear();
    const second = cache.get("a", async () => 2);
    failFirst(new Error("late"));
    await expect(first).rejects.toThrow("late");
    expect(await second).toBe(2);
    expect(cache.list()).toEqual(["a"]);
  });
});
