/** Which algorithm a kernel has: direct unless the caller allows another, what they insist on, and words where there is none. */
import { readFileSync } from "node:fs";
import { type CompileOptions, compile, kernelCache, type OpSpec } from "tilewright";
import { JS, wasmTarget } from "tilewright/compiler";
import { beforeEach, describe, expect, test } from "vitest";
import { candidates, chooseAlgorithm, DIRECT, errorBound, winogradSizesOf } from "../support/algorithms.js";
import { specWith } from "../support/calls.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";

const suite: Readonly<Record<string, OpSpec>> = JSON.parse(
  readFileSync(new URL("../../bench/suite.json", import.meta.url), "utf8"),
);

/** As Node 24 has them. */
const RELAXED = wasmTarget({ simd: "relaxed", hoistsLoads: false, pairs: false, threads: false });
const TARGETS = {
  relaxed: RELAXED,
  simd128: wasmTarget({ simd: "simd128", hoistsLoads: true, pairs: false, threads: false }),
  "256 bits": wasmTarget({ simd: "relaxed", hoistsLoads: false, pairs: true, threads: false }),
  threads: wasmTarget({ simd: "relaxed", hoistsLoads: false, pairs: false, threads: true }),
};

/** Many channels on both sides, and nothing trimmed: what Winograd's algorithm is for. */
const WIDE = specWith({ value: [1, 24, 24, 64], filters: [3, 3, 64, 64] });
/** Small, and with tiles of its own. */
const SMALL = specWith({ value: [1, 8, 8, 4], filters: [3, 3, 4, 4] });
/** Its taps have no tile. */
const NO_TILES: readonly (readonly [string, Partial<OpSpec>])[] = [
  ["filters of one tap", { filters: [1, 1, 3, 2] }],
  ["filters of nine by nine", { value: [1, 20, 20, 2], filters: [9, 9, 3, 2] }],
  ["an image of no size", { value: [1, 0, 5, 2] }],
  ["no images", { value: [0, 4, 5, 2] }],
  ["no tap that meets the image", { rate: 9, filters: [2, 2, 3, 2] }],
];

beforeEach(() => kernelCache.clear());

describe("by default", () => {
  test.each(Object.entries(suite))("%s is computed by definition", async (_, spec) => {
    for (const options of [{}, { accuracy: "exact" }, { algorithm: "auto" }, { target: "js" }] as const) {
      const kernel = await compile(spec, options);
      expect(kernel.algorithm).toBe("direct");
      expect(kernel.errorBound).toBe(errorBound(spec, DIRECT));
    }
  });
});

describe("what callers say", () => {
  const of = async (spec: OpSpec, options: CompileOptions) => (await compile(spec, options)).algorithm;

  test("fast allows whatever is estimated to be fastest", async () => {
    expect(await of(WIDE, { target: "wasm", accuracy: "fast" })).toMatch(/^winograd F\(\dx\d, 3x3\)$/);
    for (const target of ["wasm", "js"] as const) {
      for (const [, change] of NO_TILES)
        expect(await of(specWith(change), { target, accuracy: "fast" })).toBe("direct");
    }
  });

  test("direct, in either spelling, is direct", async () => {
    for (const accuracy of ["exact", "fast"] as const) {
      expect(await of(WIDE, { accuracy, algorithm: "direct" })).toBe("direct");
      expect(await of(WIDE, { accuracy, algorithm: { kind: "direct" } })).toBe("direct");
    }
  });

  test.each(["wasm", "js"] as const)("winograd is an order: %s", async (target) => {
    expect(await of(SMALL, { target, algorithm: "winograd" })).toMatch(/^winograd F\(\dx\d, 3x3\)$/);
    expect(await of(SMALL, { target, algorithm: "winograd", accuracy: "fast" })).toMatch(/^winograd F/);
    expect(await of(SMALL, { target, algorithm: { kind: "winograd", tile: [2, 3] } })).toBe("winograd F(2x3, 3x3)");
    expect(await of(specWith({ rate: 4 }), { target, algorithm: { kind: "winograd", tile: [1, 2] } })).toBe(
      "winograd F(1x2, 1x3)", // of three rows, one meets an image of four at rate 4
    );
  });

  test("plain is the definition, whatever is asked for", async () => {
    const kernel = await compile(SMALL, { target: "plain", accuracy: "fast", algorithm: "winograd" });
    expect(kernel.algorithm).toBe("direct");
    expect(kernel.errorBound).toBe(errorBound(SMALL, DIRECT));
  });

  test("kernels state the bound of what they do, in numbers and in words", async () => {
    const tile = [4, 4] as const;
    const kernel = await compile(SMALL, { target: "wasm", algorithm: { kind: "winograd", tile } });
    const bound = errorBound(SMALL, { kind: "winograd", tile });
    expect(kernel.errorBound).toBe(bound);
    expect(bound).toBeGreaterThan(errorBound(SMALL, DIRECT));
    expect(kernel.explain()).toContain("winograd F(4x4, 3x3)");
    expect(kernel.explain()).toContain(bound.toExponential(1));
    const direct = await compile(SMALL, { target: "wasm" });
    expect(direct.explain()).toContain("direct");
    expect(direct.explain()).toContain(errorBound(SMALL, DIRECT).toExponential(1));
    expect(direct.explain()).not.toContain("winograd");
  });
});

describe("refusals", () => {
  const refusal = async (options: unknown, spec: OpSpec = SMALL): Promise<string> => {
    const message = errorOf(await rejectionOf(compile(spec, options as CompileOptions)));
    expect(kernelCache.list()).toEqual([]);
    return message;
  };

  test("exact and Winograd's at once", async () => {
    const message = await refusal({ accuracy: "exact", algorithm: "winograd" });
    expect(message).toMatchInlineSnapshot(
      `"invalid-argument: Winograd's algorithm is not exact; say accuracy: "fast", or leave accuracy out"`,
    );
    expect(await refusal({ accuracy: "exact", algorithm: { kind: "winograd", tile: [4, 4] } })).toBe(message);
  });

  test("an accuracy that there is not", async () => {
    expect(await refusal({ accuracy: "quick" })).toMatchInlineSnapshot(
      `"invalid-argument: accuracy must be "exact" or "fast"; got "quick""`,
    );
    for (const accuracy of [null, 1, true, ["fast"]]) {
      expect(await refusal({ accuracy })).toMatch(/^invalid-argument: accuracy must be "exact" or "fast"; got /);
    }
  });

  test("an algorithm that there is not", async () => {
    expect(await refusal({ algorithm: "fft" })).toMatchInlineSnapshot(
      `"invalid-argument: algorithm must be "auto", "direct", "winograd", { kind: "direct", parts } or { kind: "winograd", tile: [rows, columns] }; got "fft""`,
    );
  });

  test.each([
    null,
    4,
    [4, 4],
    {},
    { kind: "winograd" },
    { kind: "winograd", tile: 4 },
    { kind: "winograd", tile: [4] },
    { kind: "winograd", tile: [4, 4, 4] },
    { kind: "winograd", tile: [0, 4] },
    { kind: "winograd", tile: [4, -4] },
    { kind: "winograd", tile: [4, 2.5] },
    { kind: "winograd", tile: ["4", "4"] },
    { kind: "winograd", tile: [4, Number.NaN] },
    { kind: "winograd", tile: [4, 4], taps: 3 },
    { kind: "direct", tile: [4, 4] },
    { kind: "auto" },
  ])("the algorithm %j", async (algorithm) => {
    for (const target of ["wasm", "js", "plain"]) {
      expect(await refusal({ target, algorithm })).toMatch(/^invalid-argument: algorithm must be "auto", .*; got /);
    }
  });

  test.each(NO_TILES)("Winograd's for %s", async (_, change) => {
    const spec = specWith(change);
    for (const target of ["wasm", "js"]) {
      const message = await refusal({ target, algorithm: "winograd" }, spec);
      expect(message).toMatch(/^invalid-argument: "winograd" .*; use algorithm "auto"$/);
      expect(message).toContain(JSON.stringify(spec.filters));
      expect(message).toContain(JSON.stringify(spec.value));
    }
  });

  test("a tile that does not fit the taps", async () => {
    const of = (tile: readonly number[]) => refusal({ target: "wasm", algorithm: { kind: "winograd", tile } });
    expect(await of([7, 7])).toMatchInlineSnapshot(
      `"invalid-argument: {"kind":"winograd","tile":[7,7]} has no tiles for value [1,8,8,4] over filters [3,3,4,4]: there is nothing to save, or numbers on the way would grow too large for float32; use algorithm "auto""`,
    );
    expect(await of([4, 1000])).toMatch(
      /^invalid-argument: {"kind":"winograd","tile":\[4,1000\]} .*use algorithm "auto"$/,
    );
    await compile(SMALL, { target: "wasm", algorithm: { kind: "winograd", tile: [6, 6] } });
  });
});

describe("the cache", () => {
  test("tells accuracies and algorithms apart", async () => {
    const wanted: readonly CompileOptions[] = [
      {},
      { accuracy: "fast" },
      { algorithm: "winograd" },
      { algorithm: { kind: "winograd", tile: [2, 4] } },
      { algorithm: { kind: "winograd", tile: [4, 2] } },
    ];
    for (const options of wanted) await compile(SMALL, { target: "wasm", ...options });
    expect(kernelCache.list().length).toBe(wanted.length);
    for (const options of wanted) await compile(SMALL, { target: "wasm", ...options });
    expect(kernelCache.list().length).toBe(wanted.length);
  });

  test("shares what is the same in other words", async () => {
    const same: readonly (readonly CompileOptions[])[] = [
      [{}, { accuracy: "exact" }, { algorithm: "auto" }, { algorithm: "auto", accuracy: "exact" }],
      [{ algorithm: { kind: "winograd", tile: [2, 4] } }, { algorithm: { tile: [2, 4], kind: "winograd" } }],
    ];
    for (const options of same.flat()) await compile(SMALL, { target: "wasm", ...options });
    expect(kernelCache.list().length).toBe(same.length);
  });
});

describe.each(Object.entries(TARGETS))("candidates for %s", (_, target) => {
  test.each([...Object.entries(suite), ["wide", WIDE]] as const)("%s: the fewest cycles first", (_, spec) => {
    const all = candidates(spec, target);
    const cycles = all.map((candidate) => candidate.cycles);
    expect(cycles.every((x) => x > 0 && Number.isFinite(x))).toBe(true);
    expect(cycles).toEqual(cycles.toSorted((a, b) => a - b));
    expect(all.filter(({ algorithm }) => algorithm.kind === "direct").length).toBe(1);
    for (const { algorithm } of all) {
      if (algorithm.kind === "winograd") expect(winogradSizesOf(spec, algorithm.tile)).toBeDefined();
    }
    // Each once.
    expect(new Set(all.map(({ algorithm }) => JSON.stringify(algorithm))).size).toBe(all.length);
  });

  test("exact is direct, fast is hardly slower than the best", () => {
    for (const spec of [...Object.values(suite), WIDE]) {
      expect(chooseAlgorithm(spec, target, {}).algorithm).toEqual(DIRECT);
      const chosen = chooseAlgorithm(spec, target, { accuracy: "fast" });
      expect(chosen.cycles).toBeLessThanOrEqual(1.25 * (candidates(spec, target)[0]?.cycles as number));
    }
  });

  test("many channels on both sides take Winograd's", () => {
    expect(chooseAlgorithm(WIDE, target, { accuracy: "fast" }).algorithm.kind).toBe("winograd");
    const planned = chooseAlgorithm(WIDE, target, { accuracy: "fast" }).plan();
    expect(planned.program.run.length).toBeGreaterThan(1);
    const stages = [...planned.program.prepare, ...planned.program.run].map(({ name }) => name);
    for (const name of Object.keys(planned.schedule)) expect(stages).toContain(name);
  });

  const DIRECT_ONES: readonly (readonly [string, Partial<OpSpec>])[] = [
    ["three input channels", { value: [1, 64, 64, 3], filters: [3, 3, 64, 3] }],
    ["three output channels", { value: [1, 64, 64, 64], filters: [3, 3, 3, 64] }],
    ["three of both", { value: [1, 64, 64, 3], filters: [3, 3, 3, 3] }],
    ["forward from three", { op: "conv2d", value: [1, 64, 64, 3], filters: [3, 3, 3, 64] }],
    ["one tap", { value: [1, 64, 64, 64], filters: [1, 1, 64, 64] }],
    ["one tap that meets the image", { value: [1, 16, 16, 64], filters: [3, 3, 64, 64], rate: 16 }],
  ];
  test.each(DIRECT_ONES)("%s: direct, even where anything is allowed", (_, change) => {
    expect(chooseAlgorithm(specWith(change), target, { accuracy: "fast" }).algorithm).toEqual(DIRECT);
  });
});

test("without vectors Winograd's is there, too", () => {
  const scalar = wasmTarget({ simd: "none", hoistsLoads: false, pairs: false, threads: false });
  for (const target of [JS, scalar]) {
    expect(chooseAlgorithm(WIDE, target, {}).algorithm).toEqual(DIRECT);
    expect(chooseAlgorithm(WIDE, target, { algorithm: "winograd" }).algorithm.kind).toBe("winograd");
    expect(candidates(WIDE, target).length).toBeGreaterThan(10);
  }
});

test("what has no tiles has one candidate", () => {
  for (const [, change] of NO_TILES) {
    const spec = specWith(change);
    expect(candidates(spec, RELAXED).map(({ algorithm }) => algorithm)).toEqual([DIRECT]);
    expect(chooseAlgorithm(spec, RELAXED, { accuracy: "fast" }).algorithm).toEqual(DIRECT);
    expect(errorOf(thrownBy(() => chooseAlgorithm(spec, RELAXED, { algorithm: "winograd" })))).toMatch(
      /^invalid-argument/,
    );
  }
});
