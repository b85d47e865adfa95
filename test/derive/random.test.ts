/** Gradients of programs drawn by lot: beside gradients by the book, and as kernels of every target. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseAlgorithm } from "../../src/codegen/compile.js";
import { define } from "../../src/ir/definition.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import type { PhasesAs } from "../../src/ir/phases.js";
import { printProgram } from "../../src/ir/print.js";
import { elementCount, type Program } from "../../src/ir/program.js";
import { ChainBuilder } from "../support/chains.js";
import { gradientGiven, gradientUnlessZero, outputOf, tensorsOf, wrongGradient } from "../support/derived.js";
import { PAIRS, SEED } from "../support/effort.js";
import { EVERY_TARGET, expectRight } from "../support/everyTarget.js";
import { givenFor, smallIntegers } from "../support/run.js";
import { StageBuilder } from "../support/stages.js";

const stage = (draw: fc.GeneratorValue) => new StageBuilder(draw).build();
const chain = (draw: fc.GeneratorValue) => new ChainBuilder(draw).build()[0];

/** For so many programs of a kind. */
function forPrograms(
  build: (draw: fc.GeneratorValue) => Program,
  runs: number,
  holds: (program: Program, turn: number) => void,
): void {
  const property = fc.property(fc.gen(), fc.nat(), (draw, turn) => holds(build(draw), turn));
  fc.assert(property, { seed: SEED, numRuns: Math.ceil(runs) });
  console.log(`${Math.ceil(runs)} programs, seed ${SEED}`);
}

/** True if no stage takes an extreme. */
const isSum = ({ run }: Program): boolean => run.every(({ combine = "sum" }) => combine === "sum");

const FORMS: readonly PhasesAs[] = ["stages"];

describe.each(FORMS)("phases as %s", (phases) => {
  test("stages of any form", () => {
    forPrograms(stage, PAIRS, (program) => {
      for (const { name } of tensorsOf(program)) expect(wrongGradient(program, name, { phases })).toBeUndefined();
    });
  });

  test("chains of stages", () => {
    forPrograms(chain, PAIRS / 2, (program) => {
      for (const { name } of tensorsOf(program)) expect(wrongGradient(program, name, { phases })).toBeUndefined();
    });
  });

  test("gradients of gradients", () => {
    let found = 0;
    const check = (program: Program, turn: number) => {
      const tensors = tensorsOf(program);
      const tensor = tensors[turn % tensors.length];
      const first = tensor && gradientUnlessZero(program, tensor.name, { phases });
      if (!first) return;
      found++;
      for (const { name } of tensorsOf(first)) expect(wrongGradient(first, name, { phases })).toBeUndefined();
    };
    forPrograms(stage, PAIRS / 3, check);
    forPrograms(chain, PAIRS / 6, check);
    expect(found).toBeGreaterThan(PAIRS / 4);
  });

  // A sum without branches whose gradient does not read a tensor is linear in it, but for a constant.
  test("<f(x), y> is <x, gradient of f(y)>, where f is linear", () => {
    let found = 0;
    forPrograms(stage, 2 * PAIRS, (program) => {
      if (!isSum(program) || printProgram(program).includes("select")) return;
      for (const { name, shape } of tensorsOf(program)) {
        const derived = gradientUnlessZero(program, name, { phases });
        if (!derived || derived.buffers.some((buffer) => buffer.name === name)) continue;
        found++;
        const given = givenFor(program, 5);
        const output = outputOf(program);
        const y = smallIntegers(elementCount(output.shape), 13);
        const run = (x: ArrayLike<number>) =>
          interpretProgram(program, new Map<string, ArrayLike<number>>(given).set(name, x)).get(
            output.name,
          ) as Float64Array;
        const x = given.get(name) as Float32Array;
        const [at, zero] = [run(x), run(new Float32Array(elementCount(shape)))];
        const gradients = interpretProgram(derived, gradientGiven(given, y)).get("output") as Float64Array;
        // What no point writes is NaN.
        const change = at.map((value, i) => (Number.isNaN(value) ? 0 : value - (zero[i] as number)));
        expect(dot(change, y)).toBe(dot(gradients, x));
      }
    });
    expect(found).toBeGreaterThan(PAIRS / 2);
  });
});

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * (b[i] as number), 0);

describe.each(EVERY_TARGET)("kernels: %s", (title, target, runsHere) => {
  test("compute the gradient", async () => {
    const runs = Math.ceil(PAIRS / 15);
    await fc.assert(
      fc.asyncProperty(fc.gen(), fc.nat(), async (draw, turn) => {
        const program = turn % 3 === 0 ? chain(draw) : stage(draw);
        // Shares of extremes are no integers.
        fc.pre(isSum(program));
        const tensors = tensorsOf(program);
        const tensor = tensors[turn % tensors.length];
        const derived = tensor && gradientUnlessZero(program, tensor.name, {});
        if (!derived) return;
        await expectRight(derived, chooseAlgorithm(define(derived).program, target, {}), target, runsHere);
      }),
      { seed: SEED + EVERY_TARGET.findIndex(([other]) => other === title), numRuns: runs },
    );
    console.log(`${title}: ${runs} gradients, seed ${SEED}`);
  });
});
