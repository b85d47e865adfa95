/** Random stages on every target: what is picked, and any other schedule that is offered, compiles and computes the definition. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseAlgorithm, spaceOf } from "../../src/codegen/compile.js";
import { define } from "../../src/ir/definition.js";
import { multiply } from "../../src/ir/expr.js";
import { PAIRS, SEED } from "../support/effort.js";
import { EVERY_TARGET, expectRight } from "../support/everyTarget.js";
import { at, buffer } from "../support/kernels.js";
import { programWith, stageOf } from "../support/programs.js";
import { StageBuilder } from "../support/stages.js";

/** Stages for each target. */
const RUNS = Math.ceil(0.2 * PAIRS);

describe.each(EVERY_TARGET)("%s", (title, target, runsHere) => {
  test("computes the definition by what is picked and by what else is offered", async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), fc.nat(), async (draw, turn) => {
        const program = new StageBuilder(draw).build();
        const { program: trimmed } = define(program);
        await expectRight(program, chooseAlgorithm(trimmed, target, {}), target, runsHere);
        const points = [...spaceOf(trimmed, target, {})];
        const point = points[turn % points.length];
        if (point) await expectRight(program, point, target, runsHere);
      }),
      { seed: SEED + EVERY_TARGET.findIndex(([other]) => other === title), numRuns: RUNS },
    );
    console.log(`${title}: ${RUNS} stages, seed ${SEED}`);
  });
});

test("the stages are of all kinds that sketches tell apart", () => {
  const sketchesOf = (title: string): string[] => {
    const [, target] = EVERY_TARGET.find(([other]) => other === title) as (typeof EVERY_TARGET)[number];
    const seen = new Set<unknown>();
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const { program } = define(new StageBuilder(draw).build());
        for (const { knobs } of spaceOf(program, target, {})) seen.add(knobs.sketch);
      }),
      // The same draws each time: kinds that are rare must not be missed by chance.
      { seed: 1, numRuns: 300 },
    );
    return [...seen].map(String).sort();
  };
  expect(sketchesOf("js")).toEqual(["in order", "scalar"]);
  expect(sketchesOf("wasm simd128")).toEqual(["channels", "in order", "product", "reduction", "scalar"]);
  expect(sketchesOf("wgsl on a large GPU")).toEqual(["direct", "points", "shared"]);
});

test("a factor may stay in memory along an axis that its subscripts name", async () => {
  // One step along k would move a row of 24 up and 24 elements on.
  const program = programWith(
    [buffer("x", [12, 1, 24], "input"), buffer("w", [11], "input"), buffer("output", [12, 10, 11], "output")],
    [
      stageOf("s", {
        ...{ space: "n<12 a<10 y<1 p<11", reduce: "k<1 c<2", domain: ["10 - n"] },
        ...{ term: multiply(at("x", "n", "y - k", "c + 2*p + 24*k"), at("w", "c + a")), to: ["output", "n", "a", "p"] },
      }),
    ],
  );
  for (const [, target, runsHere] of EVERY_TARGET) {
    await expectRight(program, chooseAlgorithm(program, target, {}), target, runsHere);
  }
});

test("points that end between two axes are those of one loop", async () => {
  const program = programWith(
    [buffer("x", [23], "input"), buffer("w", [12], "input"), buffer("output", [55, 12], "output")],
    [
      stageOf("s", {
        ...{ space: "n<19 p<3 j<12", where: ["54 - 3*n - p"], reduce: "k<4" },
        ...{ domain: ["2*k - n - p + 11", "n + p - 2*k - 1"] },
        ...{ term: multiply(at("x", "j + 3*k - p + 2"), at("w", "n + p - 2*k - 1")), to: ["output", "3*n + p", "j"] },
      }),
    ],
  );
  for (const [, target, runsHere] of EVERY_TARGET) {
    await expectRight(program, chooseAlgorithm(program, target, {}), target, runsHere);
  }
});
