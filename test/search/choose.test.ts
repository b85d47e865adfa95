/** Choices between sketches and between algorithms, of which the costs are made up. */
import { describe, expect, test } from "vitest";
import { chooseAlgorithm, compileModule } from "../../src/codegen/compile.js";
import type { Approach, Candidate } from "../../src/codegen/search/approach.js";
import { choose } from "../../src/codegen/search/choose.js";
import { type Sketch, sketchOf, type View } from "../../src/codegen/search/sketch.js";
import { bestPoint } from "../../src/codegen/search/stagePoints.js";
import { DEFAULT_LIMITS, JS, wasmTarget, wgslTarget } from "../../src/codegen/target.js";
import { accessOf, mainStage } from "../../src/ir/access.js";
import { layOut } from "../../src/ir/layout.js";
import { programOf } from "../../src/ir/ops/index.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { at, buffer } from "../support/kernels.js";
import { programWith, stageOf } from "../support/programs.js";

const stage = stageOf("copy", { space: "i<4", term: at("value", "i"), to: ["output", "i"] });
const program = programWith([buffer("value", [4], "input"), buffer("output", [4], "output")], [stage]);
const access = accessOf(stage, program);

interface Priced {
  readonly cost: number;
}
/** A sketch with settings of these costs. */
const priced = (name: string, costs: readonly number[], handicap?: number): Sketch =>
  sketchOf<View, Priced>({
    name,
    ...(handicap === undefined ? {} : { handicap }),
    read: (given) => [{ name: "all", access: given }],
    picks: () => costs.map((cost) => ({ cost })),
    all: () => costs.map((cost) => ({ cost })),
    cycles: ({ cost }) => cost,
    directives: () => [],
  });

describe("of sketches", () => {
  const LAST = priced("last", [1]);
  const chosen = (...sketches: readonly Sketch[]) => {
    const { knobs, cycles } = bestPoint([...sketches, LAST], access, JS);
    return `${knobs.sketch} ${cycles}`;
  };

  test("the fastest is taken, and of equals the first", () => {
    expect(chosen(priced("a", [9, 5]), priced("b", [7, 4]))).toBe("b 4");
    expect(chosen(priced("a", [9, 5]), priced("b", [5]))).toBe("a 5");
  });
  test("one with a handicap must be so many times as fast as another, and not as one of its own schedules", () => {
    expect(chosen(priced("a", [10]), priced("b", [8], 1.5))).toBe("a 10");
    expect(chosen(priced("a", [10]), priced("b", [6], 1.5))).toBe("b 6");
    expect(chosen(priced("a", [10]), priced("b", [6, 5], 1.5))).toBe("b 5");
  });
  test("the last serves what no other can read", () => {
    expect(chosen(priced("a", [10]))).toBe("a 10");
    expect(chosen(priced("a", []))).toBe("last 1");
  });
});

describe("of algorithms", () => {
  /** Approaches with one candidate each, by cycles and bounds. */
  const chosen = (...all: readonly (readonly [cycles: number, bound: number, bytes?: number])[]): number => {
    const approaches = all.map(([cycles, bound, bytes = 0]): Approach => {
      const memory = { all: bytes, largest: bytes };
      const plan = () => never();
      const candidate: Candidate = { algorithm: { kind: "direct" }, cycles, knobs: {}, bound, memory, plan };
      return { kind: "direct", options: (subject) => [{ ...subject, ...candidate, candidates: () => [candidate] }] };
    });
    return choose({ sketches: [], approaches, memoryBytes: 1000 }, program, JS, {}).cycles;
  };
  const never = (): never => {
    throw new Error("nothing is compiled here");
  };

  test("the fastest is taken", () => {
    expect(chosen([100, 2], [120, 1], [90, 3])).toBe(90);
  });
  test("of those about as fast the most exact", () => {
    expect(chosen([100, 3], [104, 1], [103, 2], [106, 0])).toBe(104);
  });
  test("of equally exact ones the fastest", () => {
    expect(chosen([104, 1], [100, 1])).toBe(100);
  });
  test("none that does not fit into memory, unless none does", () => {
    expect(chosen([90, 1, 1001], [100, 1, 1000], [104, 2, 10])).toBe(100);
    expect(chosen([90, 1, 1001], [100, 1, 2000])).toBe(90);
  });
});

test("Winograd's algorithm is not chosen where its weights do not fit WebAssembly's memory", () => {
  const spec = {
    op: "conv2d",
    value: [1, 24, 24, 2048],
    filters: [3, 3, 2048, 4096],
    rate: 1,
    padding: "SAME",
  } as const;
  const target = wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false });
  const { code, buffers } = compileModule(spec, { target, accuracy: "fast" }).run;
  expect(code.length).toBeGreaterThan(0);
  expect(layOut(buffers).bytes).toBeLessThan(2 ** 31);
});

test("Winograd's algorithm is not chosen where a GPU cannot bind what its stages hand on", () => {
  const spec = checkAnySpec({ op: "conv2d", value: [1, 512, 512, 96], filters: [3, 3, 96, 96] });
  const largest = (bufferBytes: number): number => {
    const target = wgslTarget({ limits: { ...DEFAULT_LIMITS, bufferBytes }, storage: "f32" });
    const { algorithm, memory } = chooseAlgorithm(programOf(spec), target, { accuracy: "fast" });
    expect(algorithm.kind).toBe(bufferBytes === DEFAULT_LIMITS.bufferBytes ? "direct" : "winograd");
    return memory.largest;
  };
  expect(largest(DEFAULT_LIMITS.bufferBytes)).toBeLessThanOrEqual(DEFAULT_LIMITS.bufferBytes);
  expect(largest(2 ** 30)).toBeGreaterThan(DEFAULT_LIMITS.bufferBytes);
});

describe("of Winograd's algorithm for one of several stages", () => {
  const strided = programOf(
    checkAnySpec({ op: "conv2dTranspose", value: [1, 32, 32, 64], filters: [3, 3, 64, 64], strides: [2, 2] }),
  );
  const tile = [2, 2] as const;
  const targets = {
    wasm: wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false }),
    wgsl: wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" }),
  };
  test.each(Object.entries(targets))("the others have schedules, and count: %s", (_, target) => {
    const candidate = chooseAlgorithm(strided, target, { algorithm: { kind: "winograd", tile } });
    const { program: made, schedule } = candidate.plan();
    const others = strided.run.filter(({ name }) => made.run.some((one) => one.name === name));
    expect(others.length).toBe(3);
    for (const { name } of others) expect(schedule[name]?.length, name).toBeGreaterThan(0);
    const alone = { ...strided, run: [mainStage(strided)] };
    const own = chooseAlgorithm(alone, target, { algorithm: { kind: "winograd", tile } });
    expect(candidate.cycles).toBeGreaterThan(1.2 * own.cycles);
  });
});
