/** Weights stored as halves in WebAssembly: the definition's results on what halves hold, in half the memory. */
import fc from "fast-check";
import {
  type CompileOptions,
  compile,
  compileSync,
  type FormulaSpec,
  interpret,
  type KernelMemory,
  type OpSpec,
  ready,
} from "tilewright";
import { beforeAll, describe, expect, test } from "vitest";
import { round } from "../../src/ir/dtype.js";
import { TilewrightError } from "../../src/ir/errors.js";
import { programOf } from "../../src/ir/ops/index.js";
import { elementCount, type Stage } from "../../src/ir/program.js";
import { wasmFeaturesOf } from "../../src/runtime/compiledFor.js";
import { tuningKey } from "../../src/runtime/keys.js";
import { ScheduleBuilder, specs } from "../support/arbitraries.js";
import { callOf, specWith } from "../support/calls.js";
import { PAIRS, SEED } from "../support/effort.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { FEATURES, needs } from "../support/needs.js";
import { firstDifference, smallIntegers } from "../support/run.js";
import { WASM_WAYS } from "../support/ways.js";

const HALF = { target: "wasm", storage: "f16" } as const;

const expectSame = (actual: ArrayLike<number>, expected: ArrayLike<number>): void =>
  expect(firstDifference(Array.from(actual), Array.from(expected))).toBeUndefined();

describe.each(WASM_WAYS)("$title", ({ options, runsHere }) => {
  test("random specs and schedules equal the definition", needs({ [FEATURES]: runsHere }), async () => {
    await fc.assert(
      fc.asyncProperty(specs, fc.gen(), fc.boolean(), async (spec, draw, own) => {
        const conv = new ScheduleBuilder(draw, programOf(spec).run[0] as Stage).build();
        const given: CompileOptions = { ...options, ...HALF, ...(own ? { schedule: { conv } } : {}) };
        const call = await callOf(spec, given).catch((error: unknown) => {
          if (own && error instanceof TilewrightError && error.code === "invalid-schedule") return undefined;
          throw error;
        });
        if (!call) return;
        const { kernel, weights, value, expected } = call;
        const wrong = firstDifference([...kernel.runSync(value, weights)], [...expected]);
        if (wrong) throw new Error(`${wrong}\n${JSON.stringify(spec)}\n${kernel.schedule}`);
      }),
      { seed: SEED, numRuns: Math.ceil(PAIRS / 2) },
    );
  });

  test(
    "by Winograd's algorithm, which keeps what it makes of weights in float32",
    needs({ [FEATURES]: runsHere }),
    async () => {
      const spec = specWith({ op: "conv2d", value: [1, 9, 8, 8], filters: [3, 3, 8, 12] });
      const kernel = await compile(spec, { ...options, ...HALF, algorithm: { kind: "winograd", tile: [2, 2] } });
      const value = smallIntegers(elementCount(spec.value), 1);
      const filters = smallIntegers(elementCount(spec.filters), 2).map((x) => 4 * x);
      expectSame(kernel.runSync(value, kernel.prepare(filters)), interpret(spec, value, filters));
    },
  );

  const FORMULAS: Readonly<Record<string, FormulaSpec>> = {
    "weights that are numbers of one row": {
      formula: "out[i, o] = sum(k: x[i, k] * w[k, o]) * s[o] + b[0]",
      tensors: { x: [3, 17], w: [17, 10], s: [10], b: [1] },
      weights: ["w", "s", "b"],
    },
    "weights of which others are made": {
      formula: "d[k, o] = w[k, o] * w[k, o]; out[i, o] = sum(k: x[i, k] * d[k, o]) + w[0, o]",
      tensors: { x: [3, 17], w: [17, 10] },
      weights: ["w"],
    },
    "weights along the sum": {
      formula: "out[i] = sum(k: x[i, k] * w[k])",
      tensors: { x: [7, 32], w: [32] },
      weights: ["w"],
    },
  };
  test.each(Object.entries(FORMULAS))("%s", needs({ [FEATURES]: runsHere }), async (_, spec) => {
    const results = await Promise.all(
      [{ target: "plain" } as const, { ...options, ...HALF }].map(async (given) => {
        const kernel = await compile(spec as FormulaSpec, given as CompileOptions);
        const shapes = (spec as FormulaSpec).tensors as Readonly<Record<string, readonly number[]>>;
        const valuesOf = (names: readonly string[]) =>
          Object.fromEntries(names.map((name, i) => [name, smallIntegers(elementCount(shapes[name] ?? []), i + 1)]));
        const weights = kernel.prepare(valuesOf(kernel.weightNames));
        return kernel.runSync(valuesOf(["x"]), weights).out as Float32Array;
      }),
    );
    expectSame(results[1] as Float32Array, results[0] as Float32Array);
  });
});

describe("weights", () => {
  const N = 40;
  const value = Float32Array.from({ length: N * N }, (_, i) => (i % (N + 1) === 0 ? 1 : 0));
  const floats = (seed: number) =>
    Float32Array.from(fc.sample(fc.float({ min: -60_000, max: 60_000, noNaN: true }), { seed, numRuns: N * N }));
  const dense = { op: "dense", value: [N, N], filters: [N, N] } as const;
  // Sums begin at zero, so a zero has no sign.
  const rounded = (filters: Float32Array) => filters.map((x) => round.f16(x) + 0);

  test.each(["none", "simd128"] as const)("are rounded to the nearest half, %s", async (simd) => {
    const kernel = await compile(dense, { ...HALF, features: { simd } });
    const filters = floats(SEED);
    const { output } = kernel.runSync({ value }, kernel.prepare({ filters }));
    expectSame(output as Float32Array, rounded(filters));
  });

  test("of several sets take turns in memory", async () => {
    const kernel = await compile(dense, HALF);
    const sets = [1, 2, 3].map(floats).map((filters) => ({ filters, weights: kernel.prepare({ filters }) }));
    for (const { filters, weights } of [...sets, ...sets])
      expectSame(kernel.runSync({ value }, weights).output as Float32Array, rounded(filters));
  });
});

test("threads give the definition's bits", async () => {
  await ready({ threads: 3 });
  const spec = specWith({ value: [1, 24, 24, 16], filters: [3, 3, 16, 16], rate: 2, bias: true });
  const { kernel, weights, value, expected } = await callOf(spec, { ...HALF, threads: 3 });
  expectSame(await kernel.run(value, weights), expected);
  expectSame(kernel.runSync(value, weights), expected);
});

describe("memory", () => {
  /** Counts the bytes that are taken. */
  function counting(): KernelMemory & { readonly taken: () => number } {
    let [next, taken] = [64, 0];
    return {
      memory: new WebAssembly.Memory({ initial: 400 }),
      allocate: (bytes) => {
        taken += bytes;
        next += bytes;
        return next - bytes;
      },
      free: () => undefined,
      taken: () => taken,
    };
  }
  const bytesOf = async (spec: OpSpec, storage: "f32" | "f16"): Promise<number> => {
    const memory = counting();
    const kernel = await compile(spec, { target: "wasm", storage, memory });
    expect(kernel.value.length).toBe(elementCount(spec.value));
    return memory.taken();
  };

  test("of a kernel is smaller by half of its weights", async () => {
    const spec = specWith({ op: "conv2d", value: [1, 8, 8, 256], filters: [3, 3, 256, 384] });
    const saved = (await bytesOf(spec, "f32")) - (await bytesOf(spec, "f16"));
    // Packing rounds channels up to whole tiles, in either case to other ones.
    const expected = 2 * elementCount(spec.filters);
    expect(Math.abs(saved - expected)).toBeLessThan(expected / 20);
  });

  test("is what explain says", async () => {
    const spec = specWith();
    const row = async (storage: "f32" | "f16") =>
      (await compile(spec, { target: "wasm", storage })).explain().match(/memory +(\d+) bytes/)?.[1];
    expect(Number(await row("f32")) - Number(await row("f16"))).toBe(2 * elementCount(spec.filters));
  });
});

test("explain names the type of weights", async () => {
  expect((await compile(specWith(), HALF)).explain()).toContain("weights of f16");
  expect((await compile(specWith(), { target: "wasm", storage: "f32" })).explain()).not.toContain("f16");
});

describe("options", () => {
  const refusal = async (options: object) => errorOf(await rejectionOf(compile(specWith(), options)));
  beforeAll(() => ready());

  test("other targets are refused", async () => {
    expect(await refusal({ target: "js", storage: "f16" })).toMatchInlineSnapshot(
      `"target-unavailable: weights of "js" are float32; leave storage: "f16" out, or take target "wasm""`,
    );
    expect(await refusal({ target: "plain", storage: "f16" })).toMatch(/^target-unavailable: weights of "plain" are/);
    expect(errorOf(thrownBy(() => compileSync(specWith(), { target: "js", storage: "f16" })))).toMatch(
      /^target-unavailable: /,
    );
    expect((await compile(specWith(), { target: "js", storage: "f32" })).target).toBe("js");
  });

  test("a storage that nobody has", async () => {
    expect(await refusal({ target: "wasm", storage: "f8" })).toMatchInlineSnapshot(
      `"invalid-argument: storage must be "f32" or "f16"; got "f8""`,
    );
    expect(await refusal({ target: "js", storage: "f8" })).toMatch(/^invalid-argument: storage must be/);
  });

  test("schedules are tuned for one storage, and float32 has the name that it always had", () => {
    const wanted = { accuracy: "exact", algorithm: "auto" } as const;
    const keyFor = (storage?: "f32" | "f16") => {
      const engine = { simd: "simd128", hoistsLoads: false, shared: false, revectorize: false } as const;
      return tuningKey(specWith(), wanted, wasmFeaturesOf({ ...engine, ...(storage ? { storage } : {}) }));
    };
    expect(keyFor("f32")).toBe(keyFor());
    expect(keyFor("f16")).not.toBe(keyFor());
  });

  test("compileSync takes it, and code for one storage never serves the other", () => {
    const kernels = (["f32", "f16", "f32"] as const).map((storage) =>
      compileSync(specWith(), { target: "wasm", storage }),
    );
    expect(kernels.map((kernel) => kernel.explain().includes("weights of f16"))).toEqual([false, true, false]);
  });
});
