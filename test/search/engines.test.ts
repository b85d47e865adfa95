/** What the cost model makes of caches and engines: picks that were measured to be the fastest, or close to it. */
import { describe, expect, test } from "vitest";
import { chooseAlgorithm, compileModule, programOf, wasmTarget } from "../../src/codegen/index.js";
import type { WasmFeatures } from "../../src/codegen/target.js";
import type { GivenSpec } from "../../src/ir/ops/spec.js";

const wasm = (change: Partial<WasmFeatures> = {}) =>
  wasmTarget({ simd: "relaxed", hoistsLoads: false, pairs: false, threads: false, ...change });

const knobsOf = (spec: GivenSpec, target = wasm()) =>
  chooseAlgorithm(programOf(spec), target, { accuracy: "exact" }).knobs;

const depthwise = (size: number, channels: number, taps = 3): GivenSpec => ({
  op: "conv2d",
  value: [1, size, size, channels],
  filters: [taps, taps, 1, channels],
  groups: channels,
  padding: "SAME",
});

describe("a depthwise tile", () => {
  test.each([
    [14, 512],
    [7, 1024],
  ])("reads whole cache lines where pixels share few places of a cache: %i rows of %i channels", (size, channels) => {
    expect(knobsOf(depthwise(size, channels)).columns).toBeGreaterThan(1);
  });

  test("is as long as registers let it be where they do not", () => {
    expect(knobsOf(depthwise(56, 144))).toMatchObject({ rows: 7, columns: 1, packed: true });
  });

  test("reads weights as they lie where channels fill no whole vectors", () => {
    expect(knobsOf(depthwise(56, 21)).packed).toBe(false);
  });

  test("is for pairs of vectors where the engine joins them", () => {
    expect(knobsOf(depthwise(14, 480), wasm({ pairs: true })).columns).toBe(2);
  });
});

describe("an engine", () => {
  const convolution: GivenSpec = { op: "conv2d", value: [1, 24, 24, 72], filters: [3, 3, 72, 72], padding: "SAME" };

  test("with slow splats gets lanes of the sum, which need none", () => {
    expect(knobsOf(convolution).view).toBe("ox oc oc");
    expect(knobsOf(convolution, wasm({ slowSplats: true })).view).toBe("ox oc ic");
  });

  test("with fewer registers gets smaller tiles", () => {
    const sums = (registers: number): number => {
      const { rows, columns } = knobsOf(convolution, wasm({ registers }));
      return Number(rows) * Number(columns);
    };
    expect(sums(15)).toBe(12);
    expect(sums(14)).toBeLessThan(12);
  });

  test("is part of a module's key", () => {
    const keys = [{}, { registers: 14 }, { slowSplats: true }].map(
      (change) => compileModule(convolution, { target: wasm(change) }).key,
    );
    expect(new Set(keys).size).toBe(3);
  });
});

describe("threads", () => {
  const threads = wasm({ threads: true });

  test("do not write parts of the same lines where a row of tiles can be shared", () => {
    const series: GivenSpec = { op: "conv2d", value: [1, 1, 16_000, 32], filters: [1, 2, 32, 64], padding: "VALID" };
    const { parallel, columns, band } = knobsOf(series, threads);
    expect(parallel === "outside" ? Number(band) > 0 : Number(columns) % 4 === 0).toBe(true);
  });

  test.each([
    [17, 672],
    [7, 1024],
  ])("share rows of an image of which channels have no blocks: %i rows of %i channels", (size, channels) => {
    const { schedule } = chooseAlgorithm(programOf(depthwise(size, channels)), threads, { accuracy: "exact" }).plan();
    expect(Object.values(schedule).flat()).toContainEqual({ do: "parallel", axis: "oy" });
  });

  test("share blocks where there is no other loop, each with weights of its own", () => {
    const one: GivenSpec = { op: "conv2d", value: [1, 1, 1, 2048], filters: [1, 1, 2048, 2048] };
    expect(knobsOf(one, threads).parallel).toBe("blocks");
  });
});
