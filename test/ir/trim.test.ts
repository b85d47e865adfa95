/** Trimmed stages: nothing is lost, nothing that could be dropped at an end is left. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { affine, valueAt, within } from "../../src/ir/affine.js";
import { local } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { printStage } from "../../src/ir/print.js";
import { COMBINATIONS, type Combine, type Program, type Stage, SUM } from "../../src/ir/program.js";
import { trimStage } from "../../src/ir/trim.js";
import { SEED } from "../support/effort.js";
import { at, buffer, form } from "../support/kernels.js";
import { programWith, stageOf } from "../support/programs.js";

const between = (min: number, max: number) => fc.integer({ min, max });
const extentsOf = (stage: Stage) => stage.reduce.map(({ extent }) => extent);

describe("by hand", () => {
  const line = (space: string, reduce: string, read: string, size: number, change: Partial<Stage> = {}): Stage => ({
    ...stageOf("s", { space, reduce, term: at("x", read), to: ["output", "i"] }),
    domain: within(form(read), size),
    ...change,
  });

  test("of three taps far apart only the middle one stays, and the axis begins with it", () => {
    expect(printStage(trimStage(line("i<5", "k<3", "i + 16*k - 16", 5)))).toMatchInlineSnapshot(`
      "stage s
        for    i < 5
        sum    k < 1
        domain i + 16*k >= 0 and -i - 16*k + 4 >= 0
        term   x[i + 16*k]
        output[i] = sum"
    `);
  });
  test("a stage of which every value is live is the same object", () => {
    const stage = line("i<5", "k<3", "i + k - 1", 5);
    expect(trimStage(stage)).toBe(stage);
  });
  test("a form without the axis says nothing of it where it holds somewhere", () => {
    const stage = line("i<5", "k<3 c<4", "i + 16*k - 16", 5, { domain: [form("i - 4"), ...within(form("i"), 5)] });
    expect(trimStage(stage)).toBe(stage);
  });
  test.each(["-1", "i - 5"])("%s >= 0 never holds, which leaves nothing of the first axis", (never) => {
    const stage = line("i<5", "k<3 c<4", "i + 16*k - 16", 5, { domain: [form(never), ...within(form("i"), 5)] });
    expect(extentsOf(trimStage(stage))).toEqual([0, 4]);
  });
  test("two conditions that never hold together leave nothing of the first axis", () => {
    const stage = line("i<5 j<5", "k<3 c<4", "i", 5, { domain: [form("1 - i"), form("i - j - 2")] });
    expect(extentsOf(trimStage(stage))).toEqual([0, 4]);
  });
  test.each([
    ["an empty buffer", line("i<5", "k<3", "i + k - 1", 0)],
    ["no points", line("i<0", "k<3", "i + k - 1", 5)],
    ["taps that all miss", line("i<5", "k<3", "i + k + 7", 5)],
  ])("%s leaves nothing", (_, stage) => {
    expect(extentsOf(trimStage(stage))).toEqual([0]);
  });
  test("what is gone of one axis may end another", () => {
    // 9*j needs j = 0 of i + 9*j + k < 5; then k goes as far as that leaves it.
    const stage = line("i<2", "j<3 k<9", "i + 9*j + k", 5);
    expect(extentsOf(trimStage(stage))).toEqual([1, 5]);
  });
  test("a maximum of a strided window, and its name is kept", () => {
    const stage = line("i<2", "k<9", "3*i + 2*k - 5", 4, { combine: "maximum" });
    // 3*i + 2*k - 5 lies in 0..3 for k from 1 (i = 1) to 4 (i = 0).
    expect(trimStage(stage)).toMatchObject({ combine: "maximum", reduce: [{ name: "k", extent: 4 }] });
  });
});

/** Random windows over two axes, one of which may name both reduction axes. */
const programs: fc.Arbitrary<Program> = fc
  .record({
    combine: fc.constantFrom(...(Object.keys(COMBINATIONS) as Combine[])),
    sizes: fc.tuple(between(0, 4), between(1, 4), between(0, 5), between(1, 5)),
    shape: fc.tuple(between(0, 6), between(1, 6)),
    y: fc.tuple(between(-3, 3), between(-4, 4), between(-1, 1), between(-9, 9)),
    x: fc.tuple(between(-3, 3), between(-4, 4), between(-9, 9)),
  })
  .map(({ combine, sizes: [i, j, k, l], shape, y, x }) => {
    const row = affine(y[3], { i: y[0], k: y[1], l: y[2] });
    const column = affine(x[2], { j: x[0], l: x[1] });
    const stage: Stage = {
      ...stageOf("s", {
        space: `i<${i} j<${j}`,
        reduce: `k<${k} l<${l}`,
        combine,
        term: local(SUM),
        to: ["output", "i", "j"],
      }),
      domain: [...within(row, shape[0]), ...within(column, shape[1])],
      term: { kind: "load", buffer: "x", at: [row, column], lanes: 1 },
    };
    return programWith([buffer("x", shape, "input"), buffer("output", [i, j], "output")], [stage]);
  });

describe("any stage", () => {
  test("means the same, and is trimmed for good", () => {
    let gone = 0;
    fc.assert(
      fc.property(programs, (program) => {
        const [stage] = program.run as [Stage];
        const trimmed = trimStage(stage);
        expect(trimStage(trimmed)).toBe(trimmed);
        if (trimmed !== stage) gone++;
        const [rows = 0, columns = 0] = program.buffers[0]?.shape ?? [];
        const given = new Map([["x", Array.from({ length: rows * columns }, (_, i) => ((i * 7) % 11) - 5)]]);
        const outputOf = (one: Stage) => interpretProgram({ ...program, run: [one] }, given).get("output");
        expect(outputOf(trimmed)).toEqual(outputOf(stage));
      }),
      { seed: SEED, numRuns: 2000 },
    );
    console.log(`${gone} of 2000 random stages had something to trim, seed ${SEED}`);
    expect(gone).toBeGreaterThan(500);
  });

  test("keeps no end that each form by itself rules out", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const stage = trimStage(program.run[0] as Stage);
        const axes = [...stage.space, ...stage.reduce];
        for (const { name, extent } of stage.reduce) {
          const forms = stage.domain.filter((one) => name in one.terms);
          for (const end of extent === 0 ? [] : [0, extent - 1]) {
            for (const one of forms) {
              // The best point, coordinate by coordinate.
              const best = new Map(
                axes.map((axis) => [axis.name, (one.terms[axis.name] ?? 0) > 0 ? axis.extent - 1 : 0] as const),
              ).set(name, end);
              expect(valueAt(one, best)).toBeGreaterThanOrEqual(0);
            }
          }
        }
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});
