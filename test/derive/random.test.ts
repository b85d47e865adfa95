/** Gradients of programs drawn by lot, beside derivatives by the book, and kernels of them on every target. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradient } from "../../src/ir/derive/gradient.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import type { PhasesAs } from "../../src/ir/phases.js";
import { printProgram } from "../../src/ir/print.js";
import { elementCount, type Program } from "../../src/ir/program.js";
import { ChainBuilder } from "../support/chains.js";
import { PAIRS, SEED } from "../support/effort.js";
import { givenFor, smallIntegers } from "../support/run.js";
import { scatteredGradients } from "../support/scatter.js";
import { StageBuilder } from "../support/stages.js";

const tensorsOf = ({ buffers }: Program) => buffers.filter(({ role }) => role === "input" || role === "weights");

/** The first element where a derived gradient differs from that by the book, in words. */
export function wrongGradient(program: Program, tensor: string, phases: PhasesAs): string | undefined {
  const output = program.buffers.find(({ role }) => role === "output");
  if (!output) throw new Error("no output");
  const given = givenFor(program, 3);
  const upstream = smallIntegers(elementCount(output.shape), 11);
  const expected = scatteredGradients(program, given, output.name, upstream).get(tensor) as Float64Array;
  const derived = gradient(program, tensor, { phases });
  const actual = interpretProgram(derived, new Map<string, ArrayLike<number>>(given).set("upstream", upstream)).get(
    "output",
  ) as Float64Array;
  if (actual.length !== expected.length) return `${actual.length} elements instead of ${expected.length}`;
  // Shares of equal extremes are no integers.
  const wrong = expected.findIndex(
    (value, i) => !(Math.abs(value - (actual[i] as number)) <= 1e-9 * (1 + Math.abs(value))),
  );
  return wrong < 0
    ? undefined
    : `element ${wrong} is ${actual[wrong]} instead of ${expected[wrong]}\n${printProgram(program)}\n${printProgram(derived)}`;
}

describe.each(["stages"] as const)("phases as %s", (phases) => {
  test("stages of any form", () => {
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const program = new StageBuilder(draw).build();
        for (const { name } of tensorsOf(program)) expect(wrongGradient(program, name, phases)).toBeUndefined();
      }),
      { seed: SEED, numRuns: 4 * PAIRS },
    );
    console.log(`gradients of random stages, seed ${SEED}`);
  });
  test("chains", () => {
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const [program] = new ChainBuilder(draw).build();
        for (const { name } of tensorsOf(program)) expect(wrongGradient(program, name, phases)).toBeUndefined();
      }),
      { seed: SEED, numRuns: PAIRS },
    );
  });
});
