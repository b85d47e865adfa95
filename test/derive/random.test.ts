/** Gradients of programs drawn by lot: beside gradients by the book, and as kernels of every target. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseAlgorithm } from "../../src/codegen/compile.js";
import { define } from "../../src/ir/definition.js";
import { gradient } from "../../src/ir/derive/gradient.js";
import { binary, multiply, unary } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import type { PhasesAs } from "../../src/ir/phases.js";
import { printProgram } from "../../src/ir/print.js";
import { elementCount, type Program } from "../../src/ir/program.js";
import { ChainBuilder } from "../support/chains.js";
import { gradientGiven, gradientUnlessZero, outputOf, tensorsOf, wrongGradient } from "../support/derived.js";
import { PAIRS, SEED } from "../support/effort.js";
import { EVERY_TARGET, expectRight } from "../support/everyTarget.js";
import { at, buffer } from "../support/kernels.js";
import { programWith, stageOf } from "../support/programs.js";
import { givenFor, smallIntegers } from "../support/run.js";
import { StageBuilder } from "../support/stages.js";
import { inside } from "../support/windows.js";

const stage = (draw: fc.GeneratorValue) => new StageBuilder(draw).build();
const chain = (draw: fc.GeneratorValue) => new ChainBuilder(draw).build()[0];

/** A sum over a window with any stride, dilation and padding, of products or of distances. */
function strided(draw: fc.GeneratorValue): Program {
  const int = (min: number, max: number) =>
    draw((from: number, to: number) => fc.integer({ min: from, max: to }), min, max);
  const [stride, dilation, taps, pixels, channels] = [int(1, 4), int(1, 5), int(1, 6), int(1, 5), int(1, 2)];
  const reach = (pixels - 1) * stride + (taps - 1) * dilation + 1;
  const pad = int(0, Math.min(3, reach - 1));
  const size = Math.max(1, reach - pad - int(-2, 3));
  const row = `${stride}*y + ${dilation}*k - ${pad}`;
  const [x, w] = [at("x", row, "c"), at("w", "k", "c")];
  return programWith(
    [
      buffer("x", [size, channels], "input"),
      buffer("w", [taps, channels], "weights"),
      buffer("output", [pixels], "output"),
    ],
    [
      stageOf("window", {
        ...{ space: `y<${pixels}`, reduce: `k<${taps} c<${channels}`, domain: inside(row, size) },
        ...{ term: int(0, 2) === 0 ? unary("abs", binary("subtract", x, w)) : multiply(x, w), to: ["output", "y"] },
      }),
    ],
  );
}

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

const FORMS: readonly PhasesAs[] = ["stages", "axis"];

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

  test("windows", () => {
    let axes = 0;
    forPrograms(strided, 4 * PAIRS, (program) => {
      for (const { name } of tensorsOf(program)) expect(wrongGradient(program, name, { phases })).toBeUndefined();
      if (gradient(program, "x", { phases }).run.some(({ space }) => space.some((axis) => axis.name === "py"))) axes++;
    });
    // As stages only those phases share an axis that have equally many taps.
    expect(axes).toBeGreaterThan(phases === "axis" ? PAIRS / 4 : 0);
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
    forPrograms(strided, PAIRS / 3, check);
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
    expect(found).toBeGreaterThan(PAIRS / 4);
  });
});

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * (b[i] as number), 0);

describe.each(EVERY_TARGET)("kernels: %s", (title, target, runsHere) => {
  test("compute the gradient", async () => {
    const runs = Math.ceil(PAIRS / 15);
    await fc.assert(
      fc.asyncProperty(fc.gen(), fc.nat(), async (draw, turn) => {
        const program = [stage, chain, strided][turn % 3]?.(draw) as Program;
        // Shares of extremes are no integers.
        fc.pre(isSum(program));
        const tensors = tensorsOf(program);
        const tensor = tensors[turn % tensors.length];
        const weights = tensors.filter(({ role }) => role === "weights").map(({ name }) => name);
        const derived =
          tensor && gradientUnlessZero(program, tensor.name, { phases: FORMS[turn % 2] as PhasesAs, weights });
        if (!derived) return;
        await expectRight(derived, chooseAlgorithm(define(derived).program, target, {}), target, runsHere);
      }),
      { seed: SEED + EVERY_TARGET.findIndex(([other]) => other === title), numRuns: runs },
    );
    console.log(`${title}: ${runs} gradients, seed ${SEED}`);
  });
});
