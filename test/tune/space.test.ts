/** The search space: every point is a legal schedule that computes the definition, and is found again by its name. */
import fc from "fast-check";
import { compileModule } from "tilewright/compiler";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, type Features, targetOf, wgslTarget } from "../../src/codegen/target.js";
import { canonicalKey } from "../../src/ir/key.js";
import type { JsModule, KernelModule, SpecFacts, WasmModule } from "../../src/ir/module.js";
import { programOf } from "../../src/ir/ops/index.js";
import { checkSpec, geometryOf, type OpSpec } from "../../src/ir/ops/spec.js";
import { elementCount, type Stage } from "../../src/ir/program.js";
import { liveTerms } from "../../src/ir/work.js";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import { pointKey } from "../../src/tune/selection.js";
import { type Candidate, chooseAlgorithm, findPoint, spaceOf } from "../support/algorithms.js";
import { specs } from "../support/arbitraries.js";
import { PAIRS, SEED } from "../support/effort.js";
import { expectedOutput, firstDifference, givenFor } from "../support/run.js";
import { FEATURES, resultOf, titleOf } from "../support/tuning.js";

const EXACT = { accuracy: "exact", algorithm: "auto" } as const;
const FAST = { accuracy: "fast", algorithm: "auto" } as const;

/** Specs for one target, of each of which some points are compiled. */
const RUNS = Math.ceil(PAIRS / 25);

const LEVELS = ["none", "simd128", "relaxed"];
const runsHere = (features: Features): boolean =>
  features.language === "js" ||
  (features.language === "wasm" && LEVELS.indexOf(features.simd) <= LEVELS.indexOf(wasmFeatures().simd));

/** Without outputs there is nothing to compute, and without inputs only sums of nothing. */
const isEmpty = (spec: OpSpec): boolean =>
  elementCount(geometryOf(spec).outputShape) === 0 || elementCount(spec.value) === 0;

/** Whether any tap meets the image: a kernel of 2 taps 4 apart meets no image of 1 pixel. */
const hasTerms = (spec: OpSpec): boolean => !isEmpty(spec) && liveTerms(programOf(spec).run[0] as Stage) > 0;

const scheduleOf = (point: Candidate): string => canonicalKey([point.algorithm, point.plan().schedule]);

function compilePoint(spec: OpSpec, features: Features, point: Candidate): KernelModule & SpecFacts {
  const { algorithm, plan } = point;
  try {
    return compileModule(spec, { target: targetOf(features), algorithm, schedule: plan().schedule });
  } catch (error) {
    throw new Error(`${pointKey(point)} does not compile`, { cause: error });
  }
}

/** The definition's bits; within the stated bound where the algorithm is Winograd's. */
function expectRight(module: JsModule | WasmModule, point: Candidate): void {
  const { spec, errorBound } = module as typeof module & SpecFacts;
  const program = programOf(spec);
  const given = givenFor(program, 1);
  const [actual, expected] = [resultOf(module, given), expectedOutput(program, given)];
  if (point.algorithm.kind === "direct") {
    const wrong = firstDifference(actual, expected);
    if (wrong) throw new Error(`${pointKey(point)}: ${wrong}`);
    return;
  }
  // By the largest sum that there could be, of values up to 4 and filters up to 4; and half a bit of what is added then.
  const bound = errorBound * 4 * 4 * elementCount((spec as OpSpec).filters) + 1e-5;
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    const difference = Math.abs(value - (expected[i] as number));
    if (!(difference <= bound))
      throw new Error(`${pointKey(point)}: element ${i} is ${value} instead of ${expected[i]}`);
  });
}

/** Specs that are worth Winograd's algorithm more often than others. */
const someSpecs = fc.oneof(
  specs,
  specs.filter((spec) => !isEmpty(spec)).map((spec) => ({ ...spec, rate: 1 })),
);

describe.each(FEATURES.map((features) => [titleOf(features), features] as const))("the space for %s", (_, features) => {
  const target = targetOf(features);

  const forSome = (check: (spec: OpSpec, points: Candidate[], draw: (from: number) => number) => void) => {
    fc.assert(
      fc.property(
        someSpecs,
        fc.boolean(),
        fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
        (given, isFast, turns) => {
          const spec = checkSpec(given);
          let next = 0;
          check(
            spec,
            [...spaceOf(spec, target, isFast ? FAST : EXACT)],
            (from) => (turns[next++ % 3] as number) % from,
          );
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
  };

  test("has points that compile, and compute the definition", () => {
    forSome((spec, points, draw) => {
      if (points.length === 0) return;
      for (let i = 0; i < 3; i++) {
        const point = points[draw(points.length)] as Candidate;
        const module = compilePoint(spec, features, point);
        if (module.language !== "wgsl" && runsHere(features)) expectRight(module, point);
      }
    });
  });

  test("has names that are data, tell its points apart and find each again", () => {
    forSome((spec, points, draw) => {
      expect(new Set(points.map(pointKey)).size).toBe(points.length);
      if (points.length === 0) return;
      for (let i = 0; i < 3; i++) {
        const { algorithm, knobs, ...point } = points[draw(points.length)] as Candidate;
        const name = JSON.parse(JSON.stringify({ algorithm, knobs })) as typeof point & Candidate;
        const found = findPoint(spec, target, FAST, name);
        expect(found).toMatchObject({ algorithm, knobs, cycles: point.cycles });
        expect(scheduleOf(found as Candidate)).toBe(scheduleOf({ algorithm, knobs, ...point }));
      }
    });
  });

  test("has points wherever there is something to compute, and none elsewhere", () => {
    forSome((spec, points) => {
      if (isEmpty(spec)) expect(points).toEqual([]);
      if (hasTerms(spec)) expect(points.length).toBeGreaterThan(0);
      for (const { cycles } of points)
        if (!(cycles > 0 && Number.isFinite(cycles))) throw new Error(`${cycles} cycles`);
    });
  });

  test("has the model's pick among its points", () => {
    forSome((spec) => {
      if (!hasTerms(spec)) return;
      for (const wanted of [EXACT, FAST]) {
        const pick = chooseAlgorithm(spec, target, wanted);
        const found = findPoint(spec, target, wanted, pick);
        expect(found && scheduleOf(found), `${pointKey(pick)} of ${JSON.stringify(spec)}`).toBe(scheduleOf(pick));
      }
    });
  });

  const spec = checkSpec({
    ...{ op: "atrousConv2dTranspose", value: [1, 12, 12, 16], filters: [3, 3, 16, 16] },
    ...{ rate: 2, padding: "SAME" },
  });

  test("offers no Winograd where exact sums are wanted, and both where they need not be", () => {
    const kinds = (wanted: Parameters<typeof spaceOf>[2]) =>
      [...new Set(Array.from(spaceOf(spec, target, wanted), ({ algorithm }) => algorithm.kind))].sort();
    expect(kinds(EXACT)).toEqual(["direct"]);
    expect(kinds({})).toEqual(["direct"]);
    expect(kinds({ accuracy: "fast", algorithm: "direct" })).toEqual(["direct"]);
    expect(kinds({ algorithm: "winograd" })).toEqual(["winograd"]);
    expect(kinds(FAST)).toEqual(["direct", "winograd"]);
    const tile = { kind: "winograd", tile: [4, 2] } as const;
    const own = Array.from(spaceOf(spec, target, { accuracy: "fast", algorithm: tile }), ({ algorithm }) => algorithm);
    expect(own.length).toBeGreaterThan(0);
    for (const one of own) expect(one).toEqual(tile);
  });

  test("finds no exact point by the name of one of Winograd's", () => {
    for (const point of spaceOf(spec, target, { algorithm: "winograd" })) {
      expect(findPoint(spec, target, EXACT, point)).toBeUndefined();
      return;
    }
    throw new Error("Winograd's algorithm has no points");
  });
});

describe("a large shape", () => {
  const large = checkSpec({
    ...{ op: "conv2d", value: [1, 33, 33, 256], filters: [3, 3, 256, 256] },
    ...{ rate: 2, padding: "SAME" },
  });

  test.each(FEATURES.filter(({ language }) => language === "wasm").map((one) => [titleOf(one), one] as const))(
    "has many points for %s, each of its own name",
    (_, features) => {
      const points = [...spaceOf(large, targetOf(features), FAST)];
      const isWide = features.language === "wasm" && features.simd !== "none";
      expect(points.length).toBeGreaterThan(isWide ? 2000 : 500);
      expect(new Set(points.map(pointKey)).size).toBe(points.length);
    },
  );

  test("is enumerated in the same order each time", () => {
    const namesOf = (features: Features) => Array.from(spaceOf(large, targetOf(features), FAST), pointKey);
    for (const features of [FEATURES[0], FEATURES[4], FEATURES[8]] as Features[])
      expect(namesOf(features)).toEqual(namesOf(features));
  });

  test("has names of their own also on a GPU that allows few invocations", () => {
    const limits = { ...DEFAULT_LIMITS, invocations: 64, invocationsAlong: [64, 64, 64] } as const;
    const target = wgslTarget({ limits, storage: "f32" });
    const names = Array.from(spaceOf(large, target, EXACT), pointKey);
    expect(names.length).toBeGreaterThan(50);
    expect(new Set(names).size).toBe(names.length);
  });

  test("has several hundred points for GPUs, each of its own name", () => {
    const points = [...spaceOf(large, targetOf({ language: "wgsl", storage: "f32" }), FAST)];
    expect(points.length).toBeGreaterThan(500);
    expect(new Set(points.map(pointKey)).size).toBe(points.length);
  });
});
