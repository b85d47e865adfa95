/** Random stages on every target: what is picked, and any other schedule that is offered, compiles and computes the definition. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseAlgorithm, spaceOf } from "../../src/codegen/compile.js";
import type { Language } from "../../src/codegen/target.js";
import { define } from "../../src/ir/definition.js";
import type { Program } from "../../src/ir/program.js";
import { PAIRS, SEED } from "../support/effort.js";
import { EVERY_TARGET, expectRight } from "../support/everyTarget.js";
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
  const sketchesOf = (language: Language): string[] => {
    const seen = new Set<unknown>();
    const check = (program: Program) => {
      for (const [, target] of EVERY_TARGET.filter(([, one]) => one.language === language))
        seen.add(chooseAlgorithm(define(program).program, target, {}).knobs.sketch);
    };
    fc.assert(
      fc.property(fc.gen(), (draw) => check(new StageBuilder(draw).build())),
      { seed: SEED, numRuns: 400 },
    );
    return [...seen].map(String).sort();
  };
  expect(sketchesOf("js")).toEqual(["in order", "scalar"]);
  expect(sketchesOf("wasm")).toEqual(["channels", "in order", "product", "reduction", "scalar"]);
  expect(sketchesOf("wgsl")).toEqual(["direct", "points", "shared"]);
});
