/** Programs as text: of what is printed, the same program is made again. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formulaOf, formulaProgram, parseFormula } from "../../src/formula/index.js";
import { elementCount, type Program, type Stage } from "../../src/ir/program.js";
import { ChainBuilder } from "../support/chains.js";
import { PAIRS, SEED } from "../support/effort.js";
import { DENSE, MATMUL, STAGES } from "../support/namedPrograms.js";
import { OPS } from "../support/ops.js";
import { StageBuilder } from "../support/stages.js";

/** Stages have other names, and sums may be said or not. */
const comparable = ({ buffers, prepare, run, name }: Program) => {
  const stages = (list: readonly Stage[]) =>
    list.map(({ name: _, combine = "sum", ...stage }) => ({ ...stage, combine }));
  return { name, buffers, prepare: stages(prepare), run: stages(run) };
};

const again = (program: Program): Program => {
  const { formula, ...options } = formulaOf(program);
  return formulaProgram(parseFormula(formula), options);
};

const expectSame = (program: Program): void => {
  expect(comparable(again(program)), formulaOf(program).formula).toEqual(comparable(program));
};

describe("ops", () => {
  test.each(OPS)("$name", ({ program }) => expectSame(program));
});

test.each([
  ["two inputs", MATMUL],
  ["weights", DENSE],
  ["an output that is read", STAGES],
])("%s", (_, program) => expectSame(program));

describe("random programs", () => {
  /** Formulas write every element of a tensor. */
  const isWhole = ({ buffers, run }: Program): boolean => {
    const [stage] = run as [Stage];
    const shape = buffers.find(({ name }) => name === stage.output.buffer)?.shape ?? [];
    return !stage.where && elementCount(stage.space.map(({ extent }) => extent)) === elementCount(shape);
  };

  test("of one stage", () => {
    let count = 0;
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const program = new StageBuilder(draw).build();
        if (!isWhole(program)) return;
        count++;
        expectSame(program);
      }),
      { seed: SEED, numRuns: 10 * PAIRS },
    );
    expect(count).toBeGreaterThan(5 * PAIRS);
  });

  test("of several stages", () => {
    fc.assert(
      fc.property(fc.gen(), (draw) => expectSame(new ChainBuilder(draw).build()[0])),
      { seed: SEED, numRuns: PAIRS },
    );
  });
});
