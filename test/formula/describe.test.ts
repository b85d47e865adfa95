/** Programs as text: of what is printed, the same program is made again. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formulaOf, formulaProgram, parseFormula } from "../../src/formula/index.js";
import { local, number, plus } from "../../src/ir/expr.js";
import { programOf } from "../../src/ir/ops/index.js";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import { elementCount, type Program, type Stage, SUM } from "../../src/ir/program.js";
import { programWith, type WinogradTile, winogradTiles } from "../support/algorithms.js";
import { ChainBuilder } from "../support/chains.js";
import { PAIRS, SEED } from "../support/effort.js";
import { at, buffer } from "../support/kernels.js";
import { DENSE, MATMUL, STAGES } from "../support/namedPrograms.js";
import { OPS } from "../support/ops.js";
import { stageOf } from "../support/programs.js";
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

const SPEC: OpSpec = {
  op: "conv2d",
  value: [1, 9, 8, 4],
  filters: [3, 3, 4, 8],
  rate: 1,
  padding: "SAME",
  bias: true,
  activation: { kind: "leakyRelu", alpha: 0.5 },
};

describe("programs of specs", () => {
  test("say what they compute", () => {
    const { formula, ...options } = formulaOf(programOf({ ...SPEC, activation: "relu" }));
    expect(formula).toBe(
      "output[n, oy, ox, oc] = max(sum(ky, kx, ic: value[n, ky + oy - 1, kx + ox - 1, ic] * filters[ky, kx, ic, oc]) + " +
        "bias[oc], 0)",
    );
    expect(options).toEqual({
      name: "conv2d",
      tensors: { value: [1, 9, 8, 4], filters: [3, 3, 4, 8], bias: [8], output: [1, 9, 8, 8] },
      weights: ["filters", "bias"],
      constants: {},
      outputs: ["output"],
    });
  });
  test("are the same again, with guards that always hold as well", () => {
    expectSame(programOf(SPEC));
    expectSame(programOf({ ...SPEC, padding: "VALID" }));
    expectSame(programOf({ ...SPEC, op: "atrousConv2dTranspose", rate: 3, filters: [3, 3, 8, 4] }));
  });
  test("by Winograd's algorithm, too", () => {
    const [tile] = winogradTiles(SPEC);
    expect(tile).toBeDefined();
    const program = programWith(SPEC, { kind: "winograd", tile: tile as WinogradTile });
    // A formula has no word for sparse constants.
    const buffers = program.buffers.map(({ isSparse: _, ...declared }) => declared);
    expectSame({ ...program, buffers });
  });
});

test("a stage that does not look at its sum is one without", () => {
  const program: Program = {
    name: "program",
    buffers: [buffer("bias", [4], "input"), buffer("output", [4], "output")],
    prepare: [],
    run: [stageOf("s", { space: "i<4", reduce: "k<3", term: number(7), finish: at("bias", "i"), to: ["output", "i"] })],
  };
  expect(formulaOf(program).formula).toBe("output[i] = bias[i]");
});

test("a sum that is named twice is printed twice, and made once", () => {
  const program: Program = {
    name: "program",
    buffers: [buffer("output", [4], "output")],
    prepare: [],
    run: [
      stageOf("s", {
        space: "i<4",
        reduce: "k<3",
        term: number(7),
        finish: plus(local(SUM), local(SUM)),
        to: ["output", "i"],
      }),
    ],
  };
  expect(formulaOf(program).formula).toBe("output[i] = sum(k < 3 for i: 7) + sum(k < 3 for i: 7)");
  expectSame(program);
});

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
