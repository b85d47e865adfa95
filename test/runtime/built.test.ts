/** Kernels that were made ahead of time: which variant is taken, what `compile` finds in the registry, and what is recorded. */
import {
  compile,
  defineKernel,
  interpret,
  kernelCache,
  type OpSpec,
  recordShapes,
  register,
  TilewrightError,
} from "tilewright";
import { builtKernel, FORMAT, type Variant } from "tilewright/runtime";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { JS } from "../../src/codegen/target.js";
import { elementCount } from "../../src/ir/shape.js";
import { registered } from "../../src/runtime/built/registry.js";
import { simdLevel } from "../../src/runtime/host/wasmSupport.js";
import type { Kernel } from "../../src/runtime/kernel.js";
import { tuningKey } from "../../src/runtime/keys.js";
import { useTuned } from "../../src/runtime/tuned.js";
import { type Candidate, spaceOf } from "../support/algorithms.js";
import { builtFor } from "../support/built.js";
import { specWith } from "../support/calls.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { smallIntegers } from "../support/run.js";

/** Enough work to share. */
const LARGE = specWith({ value: [1, 24, 24, 16], filters: [3, 3, 16, 16], rate: 2 });

const hasRelaxed = simdLevel() === "relaxed";
const WASM: Variant = hasRelaxed ? "wasm-relaxed" : "wasm-simd128";
const ALL: readonly Variant[] = ["js", "wasm-relaxed", "wasm-simd128", "wasm-relaxed-threads", "wasm-simd128-threads"];

async function expectRight(kernel: Kernel): Promise<void> {
  const { spec } = kernel;
  const value = smallIntegers(elementCount(spec.value), 1);
  const filters = smallIntegers(elementCount(spec.filters), 2);
  const expected = Float32Array.from(interpret(spec, value, filters));
  const weights = kernel.prepare(filters);
  expect(await kernel.run(value, weights)).toEqual(expected);
  expect(kernel.runSync(value, weights)).toEqual(expected);
  expect(await kernel.run({ value }, kernel.prepare({ filters }))).toEqual({ output: expected });
}

describe("load", () => {
  const CASES: readonly (readonly [
    string,
    readonly Variant[],
    Parameters<typeof loadOf>[1],
    string,
    readonly Variant[],
  ])[] = [
    ["the best for this engine", ALL, {}, "wasm", [WASM]],
    ["what there is", ["js"], {}, "js", ["js"]],
    ["code for less than this engine has", ["wasm-simd128", "js"], {}, "wasm", ["wasm-simd128"]],
    ["what is asked for", ALL, { target: "js" }, "js", ["js"]],
    ["the next below what is asked for and was not built", ["js"], { target: "wasm" }, "js", ["js"]],
    ["the definition, where nothing was built for here", ["webgpu"], {}, "plain", []],
    ["the definition, if asked for", ALL, { target: "plain" }, "plain", []],
    ["code for threads", ALL, { threads: 2 }, "wasm", [`${WASM}-threads` as Variant]],
    ["code without threads, where there is none with", ["wasm-simd128"], { threads: 2 }, "wasm", ["wasm-simd128"]],
  ];
  const loadOf = (names: readonly Variant[], options: { target?: "js" | "wasm" | "plain"; threads?: number }) => {
    const { kernel, loaded } = builtFor(names === ALL ? LARGE : specWith(), names);
    return { loaded, kernel: kernel.load(options) };
  };

  test.each(CASES)("takes %s", async (_, names, options, tier, files) => {
    const { kernel, loaded } = loadOf(names, options);
    expect((await kernel).target).toBe(tier);
    expect(loaded).toEqual(files);
    await expectRight(await kernel);
  });

  test("warns once of a lower target than the one that was asked for", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    for (let i = 0; i < 2; i++) expect((await loadOf(["webgpu"], { target: "js" }).kernel).target).toBe("plain");
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      'tilewright: "plain" serves where target: "js" was asked for, which is not to be had here',
    ]);
    warn.mockRestore();
  });

  test("says what it is", async () => {
    const kernel = await builtFor(LARGE, ALL).kernel.load({ threads: 2 });
    const jit = await compile(LARGE, {
      target: "wasm",
      threads: 2,
      features: { simd: simdLevel(), hoistsLoads: true },
    });
    for (const name of ["algorithm", "errorBound", "schedule", "outputShape", "spec"] as const) {
      expect(kernel[name]).toEqual(jit[name]);
    }
    expect(kernel.explain()).toBe(jit.explain());
    kernel.dispose();
    jit.dispose();
  });

  test("imports a file once, and once more after a failure", async () => {
    const { kernel, loaded } = builtFor(specWith(), ["js"]);
    const [one, other] = await Promise.all([kernel.load(), kernel.load()]);
    expect(loaded).toEqual(["js"]);
    expect(one).not.toBe(other);
    const js = vi.fn(kernel.variants.js).mockRejectedValueOnce(new Error("offline"));
    const { spec, outputShape, request } = kernel;
    const shaky = builtKernel({ format: FORMAT, request, spec, outputShape }, { js });
    await expect(shaky.load()).rejects.toThrow("offline");
    await expectRight(await shaky.load());
    expect(js).toHaveBeenCalledTimes(2);
  });

  test("refuses targets that there are not, and GPUs that it was not built for", async () => {
    const { kernel } = builtFor(specWith(), ["js"]);
    await expect(kernel.load({ target: "cpu" as "js" })).rejects.toThrow(/^target must be .*; got "cpu"$/);
    await expect(kernel.load({ target: "webgpu" })).rejects.toThrow(TilewrightError);
  });

  test("files of another format are refused", () => {
    const { spec, outputShape, request } = builtFor(specWith(), ["js"]).kernel;
    expect(() => builtKernel({ format: 0, request, spec, outputShape }, {})).toThrow(
      /format 0 .* run tilewright build again/,
    );
  });
});

describe("compile", () => {
  /** Registered kernels stay, so every test has a shape of its own. */
  let width = 40;
  let spec: OpSpec;
  beforeEach(() => {
    width++;
    spec = specWith({ value: [1, 3, width, 2] });
    kernelCache.clear();
  });
  const registeredAs = (names: readonly Variant[]) => {
    const { kernel, loaded } = builtFor(spec, names);
    register([kernel]);
    return loaded;
  };
  const compiledHere = () => kernelCache.list().length > 0;

  test("takes what was built, also through defineKernel", async () => {
    const loaded = registeredAs(["js", "wasm-simd128"]);
    await expectRight(await compile(spec));
    await expectRight(await defineKernel(spec).load());
    expect(loaded).toEqual(["wasm-simd128"]);
    expect(compiledHere()).toBe(false);
  });

  test("takes JavaScript that was built before it compiles WebAssembly", async () => {
    registeredAs(["js"]);
    expect((await compile(spec)).target).toBe("js");
    expect(compiledHere()).toBe(false);
  });

  const OWN: readonly (readonly [string, Parameters<typeof compile>[1], string])[] = [
    ["another target by name", { target: "wasm" }, "wasm"],
    ["an algorithm by name", { algorithm: "direct" }, "wasm"],
    ["another accuracy", { accuracy: "fast" }, "wasm"],
    ["a schedule", { target: "js", schedule: {} }, "js"],
    ["features", { target: "js", features: { simd: "simd128" } }, "js"],
  ];
  test.each(OWN)("compiles what was not built: %s", async (_, options, target) => {
    registeredAs(["js"]);
    expect((await compile(spec, options)).target).toBe(target);
    expect(compiledHere()).toBe(true);
  });

  test("compiles for threads that are worth it, where nothing was built for them", async () => {
    const large = specWith({ ...LARGE, value: [1, 24, 25, 16] });
    const { kernel, loaded } = builtFor(large, ["wasm-relaxed", "wasm-simd128"]);
    register([kernel]);
    (await compile(large, { threads: 2 })).dispose();
    expect([loaded, compiledHere()]).toEqual([[], true]);
    kernelCache.clear();
    registeredAs(["wasm-simd128"]); // too small for threads to be worth it
    (await compile(spec, { threads: 2 })).dispose();
    expect(compiledHere()).toBe(false);
  });

  test("compiles by the schedule that the caller has tuned, of what was built as well", async () => {
    registeredAs(["js", "wasm-simd128"]);
    const wanted = { accuracy: "exact", algorithm: "auto" } as const;
    const { algorithm, knobs } = [...spaceOf(spec, JS, wanted)].at(-1) as Candidate;
    useTuned([[tuningKey(spec, wanted, { language: "js" }), { algorithm, knobs }]]);
    await expectRight(await compile(spec));
    expect(compiledHere()).toBe(false); // tuned for another target than this one
    await expectRight(await compile(spec, { target: "js" }));
    expect(compiledHere()).toBe(true);
  });

  test("of kernels alone, all or none of them", () => {
    const { kernel } = builtFor(spec, ["js"]);
    for (const odd of [5, kernel, [kernel, undefined], [kernel, {}], [{ request: kernel.request }]])
      expect(errorOf(thrownBy(() => register(odd as never)))).toMatch(/^invalid-argument: /);
    expect(registered(kernel.request)).toBeUndefined();
  });

  test("of two for the same request, the later one", async () => {
    const [first, second] = [registeredAs(["js"]), registeredAs(["js"])];
    await compile(spec);
    expect([first, second]).toEqual([[], ["js"]]);
  });
});

describe("recordShapes", () => {
  const recordings: { stop(): void }[] = [];
  const record = () => {
    const recording = recordShapes();
    recordings.push(recording);
    return recording;
  };
  afterEach(() => {
    for (const recording of recordings.splice(0)) recording.stop();
  });

  test("tells what was asked for, and how often", async () => {
    const recording = record();
    await compile(specWith());
    await compile(specWith({ rate: 2 }), { accuracy: "fast" });
    await compile(specWith(), { target: "js" });
    recording.stop();
    await compile(specWith({ rate: 3 }));
    expect(JSON.parse(recording.text())).toEqual({
      format: "tilewright-shapes",
      version: 1,
      kernels: [
        { spec: specWith(), accuracy: "exact", algorithm: "auto", calls: 2 },
        { spec: specWith({ rate: 2 }), accuracy: "fast", algorithm: "auto", calls: 1 },
      ],
    });
    expect(JSON.stringify(recording)).toBe(JSON.stringify(JSON.parse(recording.text())));
  });

  test("writes infinite bounds as words", async () => {
    const recording = record();
    await compile(specWith({ activation: { kind: "clip", min: 0, max: Number.POSITIVE_INFINITY } }));
    expect(JSON.parse(recording.text()).kernels[0].spec.activation).toEqual({ kind: "clip", min: 0, max: "Infinity" });
  });

  test("refused calls are not recorded, and recordings do not disturb each other", async () => {
    const [one, other] = [record(), record()];
    await expect(compile(specWith({ rate: 0 }))).rejects.toThrow(TilewrightError);
    one.stop();
    await compile(specWith());
    expect([one, other].map(({ toJSON }) => toJSON().kernels.length)).toEqual([0, 1]);
  });
});
