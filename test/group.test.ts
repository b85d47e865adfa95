/** Stages that are computed in a loop of another one: small programs of two and three stages, and what is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkSchedule } from "../src/codegen/checkSchedule.js";
import { emitJs } from "../src/codegen/emit/js.js";
import { renderJsModule } from "../src/codegen/module/renderJs.js";
import { renderWasm } from "../src/codegen/module/wasm.js";
import { printSchedule, type Schedule } from "../src/codegen/schedule.js";
import { JS, wasmTarget } from "../src/codegen/target.js";
import { binary, local, multiply, number, plus } from "../src/ir/expr.js";
import type { JsEntry, JsModule } from "../src/ir/module.js";
import { printKernel, printProgram } from "../src/ir/print.js";
import { type Program, type Stage, SUM } from "../src/ir/program.js";
import type { LoopKernel } from "../src/ir/stmt.js";
import { statements } from "../src/ir/visit.js";
import { loadJs } from "../src/runtime/host/js.js";
import type { Instance } from "../src/runtime/host/loaded.js";
import { functionsOf } from "../src/runtime/host/text.js";
import { loadWasm } from "../src/runtime/host/wasm.js";
import { directFacts } from "./support/algorithms.js";
import { specWith } from "./support/calls.js";
import { ChainBuilder } from "./support/chains.js";
import { PAIRS, SEED } from "./support/effort.js";
import { errorOf, thrownBy } from "./support/errors.js";
import { at, buffer } from "./support/kernels.js";
import { FEATURES, needs } from "./support/needs.js";
import { IN_THREADS, programWith, roadOf, stageOf, TARGETS, wrongCode, wrongPass } from "./support/programs.js";
import { expectedOutput, givenFor, smallIntegers, unlessRefused } from "./support/run.js";
import {
  accumulate,
  cache,
  computeAt,
  fuse,
  pack,
  parallel,
  partition,
  peel,
  reorder,
  split,
  unroll,
  vectorize,
} from "./support/schedules.js";

const RUNS = Math.ceil(PAIRS / 5);

const twice = multiply(number(2), local(SUM));
const relu = binary("maximum", local(SUM), number(0));

/** Rows are summed first, columns after them: a result needs three rows of one column. */
const blur = programWith(
  [buffer("value", [8, 10], "input"), buffer("half", [8, 7], "scratch"), buffer("output", [6, 7], "output")],
  [
    stageOf("rows", { space: "y<8 x<7", reduce: "k<4", term: at("value", "y", "x + k"), to: ["half", "y", "x"] }),
    stageOf("columns", {
      space: "y<6 x<7",
      reduce: "k<3",
      term: at("half", "y + k", "x"),
      finish: twice,
      to: ["output", "y", "x"],
    }),
  ],
);

/** Tiles of two rows, each reading the two rows after it as well; of the last tile only one row exists. */
const tiles = (batch: number): Program =>
  programWith(
    [
      buffer("value", [batch, 7, 5], "input"),
      buffer("halo", [3 * batch, 4, 5], "scratch"),
      buffer("output", [batch, 5, 5], "output"),
    ],
    [
      stageOf("read", {
        space: `n<${batch} t<3 j<4 x<5`,
        domain: ["6 - 2*t - j"],
        term: at("value", "n", "2*t + j", "x"),
        to: ["halo", "3*n + t", "j", "x"],
      }),
      stageOf("sum", {
        space: `n<${batch} t<3 i<2 x<5`,
        where: ["4 - 2*t - i"],
        reduce: "k<3",
        term: at("halo", "3*n + t", "i + k", "x"),
        to: ["output", "n", "2*t + i", "x"],
      }),
    ],
  );

/** The same rows, kept where they are in the image: neighbouring tiles write some of them twice. */
const overlapping = programWith(
  [buffer("value", [7, 5], "input"), buffer("halo", [7, 5], "scratch"), buffer("output", [5, 5], "output")],
  [
    stageOf("read", {
      space: "t<3 j<4 x<5",
      where: ["6 - 2*t - j"],
      term: at("value", "2*t + j", "x"),
      finish: twice,
      to: ["halo", "2*t + j", "x"],
    }),
    stageOf("sum", {
      space: "t<3 i<2 x<5",
      where: ["4 - 2*t - i"],
      reduce: "k<3",
      term: at("halo", "2*t + i + k", "x"),
      to: ["output", "2*t + i", "x"],
    }),
  ],
);

/** Two dense layers over rows of channels, with weights that can be packed. */
const layers = programWith(
  [
    buffer("value", [5, 3], "input"),
    buffer("filters", [3, 6], "weights"),
    buffer("mixers", [6, 7], "weights"),
    buffer("hidden", [5, 6], "scratch"),
    buffer("output", [5, 7], "output"),
  ],
  [
    stageOf("first", {
      space: "t<5 h<6",
      reduce: "i<3",
      term: multiply(at("value", "t", "i"), at("filters", "i", "h")),
      finish: relu,
      to: ["hidden", "t", "h"],
    }),
    stageOf("second", {
      space: "t<5 o<7",
      reduce: "h<6",
      term: multiply(at("hidden", "t", "h"), at("mixers", "h", "o")),
      to: ["output", "t", "o"],
    }),
  ],
);

/** Three stages in a row; the last one reads what both others have made. */
const chain = programWith(
  [
    buffer("value", [5, 12], "input"),
    buffer("one", [5, 10], "scratch"),
    buffer("two", [5, 8], "scratch"),
    buffer("output", [5, 8], "output"),
  ],
  [
    stageOf("first", { space: "t<5 c<10", reduce: "k<3", term: at("value", "t", "c + k"), to: ["one", "t", "c"] }),
    stageOf("second", {
      space: "t<5 c<8",
      reduce: "k<3",
      term: at("one", "t", "c + k"),
      finish: relu,
      to: ["two", "t", "c"],
    }),
    stageOf("third", {
      space: "t<5 c<8",
      reduce: "k<8",
      term: at("two", "t", "k"),
      finish: plus(local(SUM), at("one", "t", "c + 1")),
      to: ["output", "t", "c"],
    }),
  ],
);

/** Element by element, so that the stages agree in every loop: each in the one after it. */
const steps = programWith(
  [
    buffer("value", [3, 11], "input"),
    buffer("one", [3, 11], "scratch"),
    buffer("two", [3, 11], "scratch"),
    buffer("output", [3, 11], "output"),
  ],
  [
    stageOf("first", { space: "t<3 c<11", term: at("value", "t", "c"), finish: relu, to: ["one", "t", "c"] }),
    stageOf("second", { space: "t<3 c<11", term: at("one", "t", "c"), finish: twice, to: ["two", "t", "c"] }),
    stageOf("third", {
      space: "t<3 c<11",
      term: plus(at("two", "t", "c"), at("value", "t", "c")),
      to: ["output", "t", "c"],
    }),
  ],
);

/** A constant matrix is applied to weights in two stages, before the call, and to the input in the call. */
const transform = programWith(
  [
    buffer("value", [4, 3], "input"),
    buffer("filters", [3, 3], "weights"),
    { ...buffer("matrix", [3, 3], "constant"), values: [1, 0, -1, 2, 1, 0, 0.5, -1, 4] },
    buffer("half", [3, 3], "scratch"),
    buffer("moved", [3, 3], "prepared"),
    buffer("row", [4, 3], "scratch"),
    buffer("output", [4, 3], "output"),
  ],
  [
    stageOf("apply", {
      space: "t<4 e<3",
      reduce: "k<3",
      term: multiply(at("matrix", "e", "k"), at("value", "t", "k")),
      to: ["row", "t", "e"],
    }),
    stageOf("meet", {
      space: "t<4 o<3",
      reduce: "e<3",
      term: multiply(at("row", "t", "e"), at("moved", "e", "o")),
      to: ["output", "t", "o"],
    }),
  ],
  [
    stageOf("left", {
      space: "o<3 e<3",
      reduce: "k<3",
      term: multiply(at("matrix", "e", "k"), at("filters", "k", "o")),
      to: ["half", "e", "o"],
    }),
    stageOf("right", {
      space: "o<3 e<3",
      reduce: "k<3",
      term: multiply(at("matrix", "e", "k"), at("half", "k", "o")),
      to: ["moved", "e", "o"],
    }),
  ],
);

const columnTiles = (tail: "guard" | "shiftInwards") => [split("x", 3, ["xo", "xi"], tail), reorder("xo y xi")];

type Case = readonly [program: Program, schedule: Schedule];

const CASES: Readonly<Record<string, Case>> = {
  "blur: at a column": [
    blur,
    { rows: [reorder("x y"), computeAt("columns", "x")], columns: [reorder("x y"), parallel("x")] },
  ],
  "blur: at tiles of columns, the last one short": [
    blur,
    { rows: [...columnTiles("guard"), computeAt("columns", "xo")], columns: [...columnTiles("guard"), parallel("xo")] },
  ],
  "blur: at tiles of columns that shift inwards": [
    blur,
    { rows: [...columnTiles("shiftInwards"), computeAt("columns", "xo")], columns: columnTiles("shiftInwards") },
  ],
  "blur: tiles inside tiles, others in either stage": [
    blur,
    {
      rows: [...columnTiles("guard"), split("y", 3, ["yo", "yi"]), computeAt("columns", "xo")],
      columns: [
        ...columnTiles("guard"),
        split("y", 4, ["yo", "yi"], "shiftInwards"),
        split("xi", 2, ["xj", "xk"], "shiftInwards"),
      ],
    },
  ],
  "blur: written out, in registers": [
    blur,
    {
      rows: [...columnTiles("guard"), ...["y", "xi"].map(unroll), computeAt("columns", "xo")],
      columns: [...columnTiles("guard"), ...["y", "k", "xi"].map(unroll), partition("xo")],
    },
  ],
  "blur: vectors of columns": [
    blur,
    {
      rows: [
        split("x", 4, ["xo", "xi"]),
        reorder("xo y k xi"),
        vectorize("xi"),
        unroll("y"),
        computeAt("columns", "xo"),
      ],
      columns: [split("x", 4, ["xo", "xi"]), reorder("xo y k xi"), vectorize("xi"), partition("xo")],
    },
  ],
  "blur: peeled tiles": [
    blur,
    {
      rows: [...columnTiles("guard"), computeAt("columns", "xo")],
      columns: [...columnTiles("guard"), peel("xo"), unroll("xi")],
    },
  ],
  "blur: the first stage is tiled further, shifts inwards, and sums around its rows": [
    blur,
    {
      rows: [
        reorder("x y k"),
        split("y", 3, ["yo", "yi"], "shiftInwards"),
        reorder("x yo k yi"),
        computeAt("columns", "x"),
      ],
      columns: [reorder("x y")],
    },
  ],
  "blur: sums of either stage rest in memory": [
    blur,
    {
      rows: [split("k", 2, ["ko", "ki"]), reorder("x ko y ki"), accumulate("ko"), computeAt("columns", "x")],
      columns: [reorder("x k y"), accumulate("k")],
    },
  ],
  "blur: caches in either stage": [
    blur,
    {
      rows: [reorder("x y"), cache("value", "y"), computeAt("columns", "x")],
      columns: [reorder("x y"), cache("half", "y")],
    },
  ],
  "halo: at a tile": [tiles(1), { read: [computeAt("sum", "t")], sum: [partition("t")] }],
  "halo: at a tile of each image": [tiles(2), { read: [computeAt("sum", "t")], sum: [parallel("n")] }],
  "halo: at an image": [tiles(2), { read: [computeAt("sum", "n")], sum: [parallel("n")] }],
  "halo: tiles of all images as one loop": [
    tiles(2),
    { read: [fuse("n", "t", "u"), computeAt("sum", "u")], sum: [fuse("n", "t", "u"), parallel("u")] },
  ],
  "halo: blocks of tiles of all images, the last one short": [
    tiles(2),
    {
      read: [fuse("n", "t", "u"), split("u", 4, ["ub", "ui"]), computeAt("sum", "ub")],
      sum: [fuse("n", "t", "u"), split("u", 4, ["ub", "ui"]), parallel("ub")],
    },
  ],
  "halo: a tile in a block of tiles, in registers": [
    tiles(3),
    {
      read: [fuse("n", "t", "u"), split("u", 2, ["ub", "ui"]), ...["j", "x"].map(unroll), computeAt("sum", "ui")],
      sum: [
        fuse("n", "t", "u"),
        split("u", 2, ["ub", "ui"]),
        ...["i", "x", "k"].map(unroll),
        partition("ub"),
        parallel("ub"),
      ],
    },
  ],
  "halo: vectors that the row does not fill": [
    tiles(2),
    {
      read: [split("x", 4, ["xo", "xi"]), vectorize("xi"), computeAt("sum", "t")],
      sum: [split("x", 4, ["xo", "xi"]), reorder("n t xo i k xi"), vectorize("xi"), unroll("i")],
    },
  ],
  "overlapping rows": [overlapping, { read: [computeAt("sum", "t")], sum: [parallel("t")] }],
  "overlapping rows, each column by itself": [
    overlapping,
    {
      read: [reorder("x t j"), unroll("j"), computeAt("sum", "t")],
      sum: [reorder("x t i k"), unroll("i"), unroll("k")],
    },
  ],
  "layers: row by row": [layers, { first: [computeAt("second", "t")], second: [parallel("t")] }],
  "layers: register tiles of vectors over packed weights": [
    layers,
    {
      first: [
        split("t", 2, ["tb", "ti"]),
        split("h", 4, ["ho", "lane"], "roundUp"),
        reorder("tb ho i ti lane"),
        unroll("ti"),
        vectorize("lane"),
        pack("ho i lane"),
        computeAt("second", "tb"),
      ],
      second: [
        split("t", 2, ["tb", "ti"]),
        split("o", 4, ["oo", "lane"], "roundUp"),
        reorder("tb oo h ti lane"),
        unroll("ti"),
        vectorize("lane"),
        pack("oo h lane", "mixers"),
        parallel("tb"),
      ],
    },
  ],
  "layers: a sum in lanes": [
    layers,
    {
      first: [split("i", 1, ["io", "lane"]), vectorize("lane"), computeAt("second", "t")],
      second: [split("h", 2, ["ho", "lane"]), vectorize("lane"), unroll("ho")],
    },
  ],
  "layers: loops of the same name inside": [
    layers,
    {
      first: [split("h", 4, ["a", "b"]), split("i", 2, ["c", "d"]), computeAt("second", "t")],
      second: [split("o", 4, ["a", "b"]), split("h", 2, ["c", "d"]), unroll("b")],
    },
  ],
  "chain: side by side in one loop": [
    chain,
    { first: [computeAt("third", "t")], second: [computeAt("third", "t")], third: [parallel("t")] },
  ],
  "chain: side by side, written out": [
    chain,
    {
      first: [...["c", "k"].map(unroll), computeAt("third", "t")],
      second: [...["c", "k"].map(unroll), computeAt("third", "t")],
      third: [...["c", "k"].map(unroll), parallel("t")],
    },
  ],
  "chain: the first one alone": [chain, { second: [computeAt("third", "t")], third: [parallel("t")] }],
  "steps: nested at loops of different depth": [
    steps,
    {
      first: [split("c", 4, ["co", "ci"]), computeAt("second", "co")],
      second: [split("c", 4, ["co", "ci"]), computeAt("third", "t")],
      third: [parallel("t")],
    },
  ],
  "steps: nested, vectors of what is left": [
    steps,
    {
      first: [split("c", 4, ["co", "lane"]), vectorize("lane"), computeAt("second", "co")],
      second: [split("c", 4, ["co", "lane"]), vectorize("lane"), computeAt("third", "t")],
      third: [split("c", 4, ["co", "lane"]), vectorize("lane"), partition("co"), parallel("t")],
    },
  ],
  "steps: one loop of everything": [
    steps,
    {
      first: [split("c", 4, ["co", "ci"]), reorder("co t ci"), computeAt("third", "co")],
      second: [split("c", 4, ["co", "ci"]), reorder("co t ci"), computeAt("third", "t")],
      third: [split("c", 4, ["co", "ci"]), reorder("co t ci"), parallel("co")],
    },
  ],
  "transform: before the call and in it": [
    transform,
    { left: [computeAt("right", "o")], apply: [computeAt("meet", "t")], meet: [parallel("t")] },
  ],
  "transform: written out, so that the matrix folds away": [
    transform,
    {
      left: [...["e", "k"].map(unroll), computeAt("right", "o")],
      right: ["e", "k"].map(unroll),
      apply: [...["e", "k"].map(unroll), computeAt("meet", "t")],
      meet: [...["o", "e"].map(unroll), parallel("t")],
    },
  ],
};

describe.each(Object.entries(CASES))("%s", (_, [program, schedule]) => {
  test.each(TARGETS)("every pass keeps the meaning: %s", (_, target) => {
    expect(wrongPass(program, roadOf(program, schedule, target))).toBeUndefined();
  });
  for (const [title, target, runsHere] of TARGETS) {
    test(`as code: ${title}`, needs({ [FEATURES]: runsHere }), () => {
      expect(wrongCode(program, roadOf(program, schedule, target), target)).toBeUndefined();
    });
  }
});

for (const [title, target, runsHere] of TARGETS) {
  test(`random chains of stages: ${title}`, () => {
    let fitting = 0;
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const [program, schedule] = new ChainBuilder(draw).build();
        const road = unlessRefused(() => roadOf(program, schedule, target));
        if (!road) return;
        fitting++;
        const wrong = wrongPass(program, road) ?? (runsHere ? wrongCode(program, road, target) : undefined);
        if (wrong) throw new Error(`${wrong}\n${printProgram(program)}\n${printSchedule(schedule)}`);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    console.log(`${title}: ${fitting} of ${RUNS} random schedules fitted, seed ${SEED}`);
    expect(fitting).toBeGreaterThan(RUNS / 2);
  });
}

/** Kernels as they are before the first pass, and what the last one leaves. */
const nestOf = ([program, schedule]: Case, pass = "nest") => roadOf(program, schedule, JS).byPass.get(pass) ?? [];
const textOf = (one: Case, pass = "nest"): string => nestOf(one, pass).map(printKernel).join("\n");
const caseNamed = (title: string): Case => CASES[title] ?? [blur, {}];

describe("the kernel", () => {
  test("holds both stages, around them a box of what one iteration makes", () => {
    expect(textOf(caseNamed("blur: at a column"))).toMatchInlineSnapshot(`
      "kernel columns(value, output) in f64
        for x < 7 parallel
          alloc half[8, 1] register
            for y < 8
              alloc rowsAcc[] register
                rowsAcc[] = 0
                for k < 4
                  rowsAcc[] = (rowsAcc[] + value[y, k + x])
                half[y, 0] = rowsAcc[]
            for y < 6
              alloc acc[] register
                acc[] = 0
                for k < 3
                  acc[] = (acc[] + half[k + y, 0])
                output[y, x] = (2 * acc[])
      "
    `);
  });
  test("of tiles with a short last one: the guard of the shared loops stands once, the others in either stage", () => {
    expect(textOf(caseNamed("halo: blocks of tiles of all images, the last one short"))).toMatchInlineSnapshot(`
      "kernel sum(value, output) in f64
        for ub < 2 parallel
          alloc halo[4, 4, 5] register
            for ui < 4
              if -4*ub - ui + 5 >= 0
                index n = floor((4*ub + ui) / 3)
                index t = -3*n + 4*ub + ui
                for j < 4
                  for x < 5
                    alloc readAcc[] register
                      readAcc[] = 0
                      if -j - 2*t + 6 >= 0
                        readAcc[] = (readAcc[] + value[n, j + 2*t, x])
                      halo[ui, j, x] = readAcc[]
            for ui < 4
              if -4*ub - ui + 5 >= 0
                index n = floor((4*ub + ui) / 3)
                index t = -3*n + 4*ub + ui
                for i < 2
                  if -i - 2*t + 4 >= 0
                    for x < 5
                      alloc acc[] register
                        acc[] = 0
                        for k < 3
                          acc[] = (acc[] + halo[ui, i + k, x])
                        output[n, i + 2*t, x] = acc[]
      "
    `);
  });
  test("of stages in stages", () => {
    expect(textOf(caseNamed("steps: nested at loops of different depth"))).toMatchInlineSnapshot(`
      "kernel third(value, output) in f64
        for t < 3 parallel
          alloc two[1, 12] register
            for co < 3
              alloc one[1, 4] register
                for ci < 4
                  if -ci - 4*co + 10 >= 0
                    alloc firstAcc[] register
                      firstAcc[] = 0
                      firstAcc[] = (firstAcc[] + value[t, ci + 4*co])
                      one[0, ci] = maximum(firstAcc[], 0)
                for ci < 4
                  if -ci - 4*co + 10 >= 0
                    alloc secondAcc[] register
                      secondAcc[] = 0
                      secondAcc[] = (secondAcc[] + one[0, ci])
                      two[0, ci + 4*co] = (2 * secondAcc[])
            for c < 11
              alloc acc[] register
                acc[] = 0
                acc[] = (acc[] + (two[0, c] + value[t, c]))
                output[t, c] = acc[]
      "
    `);
  });
  test("needs no memory for a box that is written out", () => {
    for (const title of ["blur: written out, in registers", "halo: a tile in a block of tiles, in registers"]) {
      const { lowered } = roadOf(...caseNamed(title), JS);
      expect(lowered.buffers.map(({ name }) => name)).toEqual(["value", "output"]);
      const [kernel] = lowered.run;
      expect(statements(kernel?.body ?? []).filter(({ kind }) => kind === "alloc")).toEqual([]);
    }
  });
  test("names no buffer that has become a box, and no constant that has folded away", () => {
    const buffersOf = (title: string): string =>
      roadOf(...caseNamed(title), JS)
        .lowered.buffers.map(({ name }) => name)
        .sort()
        .join(" ");
    expect(buffersOf("blur: at a column")).toBe("output value");
    expect(buffersOf("chain: side by side in one loop")).toBe("output value");
    expect(buffersOf("steps: nested at loops of different depth")).toBe("output value");
    expect(buffersOf("transform: before the call and in it")).toBe("filters matrix moved output value");
    expect(buffersOf("transform: written out, so that the matrix folds away")).toBe("filters moved output value");
  });
  test("is right where a box is larger than its buffer", () => {
    const shapes = [4, 1];
    const copies = programWith(
      [
        ...(["value", "one", "two"] as const).map((name, i) => buffer(name, shapes, i === 0 ? "input" : "scratch")),
        buffer("output", shapes, "output"),
      ],
      [
        stageOf("first", { space: "y<4 c<1", term: at("value", "y", "c"), to: ["one", "y", "c"] }),
        stageOf("second", { space: "y<4 c<1", term: at("one", "y", "c"), to: ["two", "y", "c"] }),
        stageOf("third", { space: "y<4 c<1", term: at("two", "y", "c"), to: ["output", "y", "c"] }),
      ],
    );
    const pairs = [split("c", 2, ["co", "ci"]), reorder("co y ci")];
    const here = [...pairs, computeAt("third", "co")];
    const road = roadOf(copies, { first: here, second: here, third: pairs }, JS);
    expect(wrongPass(copies, road) ?? wrongCode(copies, road, JS)).toBeUndefined();
  });
  test("has nothing to do where a box has no elements, however far apart they would lie", () => {
    const nothing = programWith(
      [buffer("value", [4, 9], "input"), buffer("half", [4, 9], "scratch"), buffer("output", [4], "output")],
      [
        stageOf("rows", { space: "t<4 c<0", term: at("value", "t", "2*c"), to: ["half", "t", "2*c"] }),
        stageOf("columns", { space: "t<4", reduce: "k<0", term: at("half", "t", "2*k"), to: ["output", "t"] }),
      ],
    );
    for (const [, target, runsHere] of TARGETS) {
      const road = roadOf(nothing, { rows: [computeAt("columns", "t")] }, target);
      expect(wrongPass(nothing, road)).toBeUndefined();
      if (runsHere) expect(wrongCode(nothing, road, target)).toBeUndefined();
    }
  });
  test("of stages that stand alone is one for each", () => {
    expect(nestOf([blur, {}]).map(({ name }) => name)).toEqual(["rows", "columns"]);
    expect(nestOf(caseNamed("blur: at a column")).map(({ name }) => name)).toEqual(["columns"]);
    expect(nestOf(caseNamed("chain: the first one alone")).map(({ name }) => name)).toEqual(["first", "third"]);
  });
});

describe("refused", () => {
  const refusal = (program: Program, schedule: Schedule): string =>
    errorOf(thrownBy(() => roadOf(program, schedule, JS)));
  const ofBlur = (rows: Schedule[string], columns: Schedule[string] = []) => refusal(blur, { rows, columns });

  test("a stage that does not exist, itself, or one that comes before", () => {
    expect(ofBlur([computeAt("image", "x")])).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(image x): there is no such stage after this one"`,
    );
    expect(ofBlur([computeAt("rows", "x")])).toContain("there is no such stage after this one");
    expect(refusal(chain, { second: [computeAt("first", "t")] })).toMatchInlineSnapshot(
      `"invalid-schedule: second: at(first t): there is no such stage after this one"`,
    );
  });
  test("a stage of the call for one before it", () => {
    expect(refusal(transform, { left: [computeAt("meet", "t")] })).toMatchInlineSnapshot(
      `"invalid-schedule: left: at(meet t): there is no such stage after this one"`,
    );
  });
  test("a second place", () => {
    expect(ofBlur([computeAt("columns", "x"), computeAt("columns", "y")])).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns y): a stage is computed in one place"`,
    );
  });
  test("what is no scratch buffer", () => {
    const phases = programWith(blur.buffers, [
      stageOf("even", { space: "y<3 x<7", term: at("value", "y", "x"), to: ["output", "2*y", "x"] }),
      stageOf("odd", { space: "y<3 x<7", term: at("value", "y", "x"), to: ["output", "2*y + 1", "x"] }),
    ]);
    expect(refusal(phases, { even: [computeAt("odd", "y")] })).toMatchInlineSnapshot(
      `"invalid-schedule: even: at(odd y): output is no scratch buffer, and all of it is needed"`,
    );
  });
  test("a buffer that is read elsewhere, too", () => {
    expect(refusal(chain, { first: [computeAt("second", "t")] })).toMatchInlineSnapshot(
      `"invalid-schedule: first: at(second t): third reads one as well, and runs elsewhere"`,
    );
    expect(refusal(chain, { first: [computeAt("third", "t")] })).toMatchInlineSnapshot(
      `"invalid-schedule: first: at(third t): second reads one as well, and runs elsewhere"`,
    );
  });
  test("a loop that does not exist there", () => {
    expect(ofBlur([computeAt("columns", "xo")])).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns xo): there is no loop xo; there are y x k"`,
    );
    expect(ofBlur([computeAt("columns", "x")], [split("x", 3, ["xo", "xi"])])).toContain("there is no loop x");
  });
  test("a reduction loop, or one inside it", () => {
    const columns = [reorder("y k x")];
    expect(ofBlur([computeAt("columns", "k")], columns)).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns k): its loop number 1 must be y with 6 iterations, as it is there"`,
    );
    expect(ofBlur([reorder("y x k"), computeAt("columns", "x")], [reorder("k x y")])).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns x): k is a reduction loop; what it sums must be there before"`,
    );
  });
  test("other loops down to there: by name, by place, by extent, by how they shift, or too few", () => {
    expect(ofBlur([split("x", 7, ["xo", "xi"]), computeAt("columns", "x")], [reorder("x y")])).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns x): its loop number 1 must be x with 7 iterations, as it is there"`,
    );
    expect(ofBlur([computeAt("columns", "x")], [reorder("x y")])).toContain("its loop number 1 must be x with 7");
    expect(ofBlur([computeAt("columns", "y")])).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns y): its loop number 1 must be y with 6 iterations, as it is there"`,
    );
    const tiled = (by: number, tail: "guard" | "shiftInwards" = "guard") => [
      split("x", by, ["xo", "xi"], tail),
      reorder("xo y"),
    ];
    expect(ofBlur([...tiled(4), computeAt("columns", "xo")], tiled(2))).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns xo): its loop number 1 must be xo with 4 iterations, as it is there"`,
    );
    expect(ofBlur([...tiled(5, "shiftInwards"), computeAt("columns", "xo")], tiled(7))).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns xo): its loop number 1 must be xo with 1 iterations, as it is there"`,
    );
    expect(ofBlur([...tiled(3, "shiftInwards"), computeAt("columns", "xo")], tiled(4))).toContain("its loop number 1");
    const flat = programWith(
      [buffer("value", [7], "input"), buffer("half", [7], "scratch"), buffer("output", [7, 3], "output")],
      [
        stageOf("rows", { space: "x<7", term: at("value", "x"), to: ["half", "x"] }),
        stageOf("columns", { space: "x<7 c<3", term: at("half", "x"), to: ["output", "x", "c"] }),
      ],
    );
    expect(refusal(flat, { rows: [computeAt("columns", "c")] })).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns c): its loop number 2 must be c with 3 iterations, as it is there"`,
    );
  });
  test("an end that the other stage does not stop at", () => {
    const loops = (tail: "guard" | "roundUp") => [split("x", 3, ["xo", "xi"], tail), reorder("xo xi y")];
    const rows = [...loops("guard"), computeAt("columns", "xi")];
    expect(ofBlur(rows, loops("roundUp"))).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns xi): columns does not stop at -xi - 3*xo + 6 >= 0; split both alike, with tail "guard""`,
    );
    expect(wrongPass(blur, roadOf(blur, { rows, columns: loops("guard") }, JS))).toBeUndefined();
    // Three tiles of three are seven columns of rows, and all nine of what is read.
    const wider = programWith(
      [buffer("value", [9], "input"), buffer("half", [9], "scratch"), buffer("output", [9], "output")],
      [
        stageOf("rows", { space: "x<7", term: at("value", "x"), to: ["half", "x"] }),
        stageOf("columns", { space: "x<9", term: at("half", "x"), to: ["output", "x"] }),
      ],
    );
    const tiles = split("x", 3, ["xo", "xi"]);
    expect(refusal(wider, { rows: [tiles, computeAt("columns", "xi")], columns: [tiles] })).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns xi): columns does not stop at -xi - 3*xo + 6 >= 0; split both alike, with tail "guard""`,
    );
  });
  test("what is no box over the shared loops", () => {
    // A row and a column of the image, told apart by a division that no subscript can hold.
    const fused = fuse("y", "x", "p");
    const square = programWith(
      [buffer("value", [4, 3], "input"), buffer("half", [4, 3], "scratch"), buffer("output", [12], "output")],
      [
        stageOf("rows", { space: "y<4 x<3", term: at("value", "y", "x"), to: ["half", "y", "x"] }),
        stageOf("columns", { space: "y<4 x<3", term: at("half", "y", "x"), to: ["output", "3*y + x"] }),
      ],
    );
    expect(refusal(square, { rows: [fused, computeAt("columns", "p")], columns: [fused] })).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns p): y in half is no box"`,
    );
  });
  test("reads beyond what one iteration makes", () => {
    const [rows, columns] = blur.run as [Stage, Stage];
    const shorter = programWith(blur.buffers, [{ ...rows, space: columns.space }, columns]);
    expect(refusal(shorter, { rows: [computeAt("columns", "y")] })).toMatchInlineSnapshot(
      `"invalid-schedule: columns reads half[k + y, x], of which an iteration of y in rows makes [y, 0] and 1x7 elements from there; tile both stages alike"`,
    );
    const finer = [split("xi", 2, ["xj", "xk"])];
    const tiled = [split("x", 3, ["xo", "xi"]), reorder("xo y")];
    expect(ofBlur([...tiled, computeAt("columns", "xo")], [...tiled, ...finer])).toMatchInlineSnapshot(
      `"invalid-schedule: columns reads half[k + y, 2*xj + xk + 3*xo], of which an iteration of xo in rows makes [0, 3*xo] and 8x3 elements from there; tile both stages alike"`,
    );
  });
  test("reads before what one iteration makes", () => {
    const back = programWith(
      [buffer("value", [9], "input"), buffer("half", [9], "scratch"), buffer("output", [9], "output")],
      [
        stageOf("rows", { space: "x<9", term: at("value", "x"), to: ["half", "x"] }),
        stageOf("columns", { space: "x<9", domain: ["x - 1"], term: at("half", "x - 1"), to: ["output", "x"] }),
      ],
    );
    const tiles = split("x", 3, ["xo", "xi"]);
    expect(refusal(back, { rows: [tiles, computeAt("columns", "xo")], columns: [tiles] })).toMatchInlineSnapshot(
      `"invalid-schedule: columns reads half[xi + 3*xo - 1], of which an iteration of xo in rows makes [3*xo] and 3 elements from there; tile both stages alike"`,
    );
  });
  test("a loop that the stage sums over", () => {
    const columns = programWith(
      [buffer("value", [4, 5], "input"), buffer("half", [5], "scratch"), buffer("output", [4, 5], "output")],
      [
        stageOf("sum", { space: "x<5", reduce: "y<4", term: at("value", "y", "x"), to: ["half", "x"] }),
        stageOf("spread", { space: "y<4 x<5", term: at("half", "x"), to: ["output", "y", "x"] }),
      ],
    );
    expect(refusal(columns, { sum: [reorder("y x"), computeAt("spread", "y")] })).toMatchInlineSnapshot(
      `"invalid-schedule: sum: at(spread y): it sums over y, which must be one loop of its own"`,
    );
  });
  test("a cache at a shared loop, which the stage never makes", () => {
    const rows = [reorder("x y"), cache("value", "x"), computeAt("columns", "x")];
    expect(ofBlur(rows, [reorder("x y")])).toMatchInlineSnapshot(
      `"invalid-schedule: rows: at(columns x): it caches value at x, which it shares; cache it in a loop of its own"`,
    );
  });
  test("a loop that the other stage has from a third one", () => {
    const schedule = { first: [computeAt("second", "c")], second: [computeAt("third", "c")] };
    expect(refusal(steps, schedule)).toMatchInlineSnapshot(
      `"invalid-schedule: first: at(second c): second runs in that loop itself; name the stage that has it"`,
    );
    const outermost = { first: [computeAt("second", "t")], second: [computeAt("third", "c")] };
    expect(refusal(steps, outermost)).toContain("first: at(second t): ");
  });
  test("what a stage reads, made in a loop inside the one at which that stage runs", () => {
    const schedule = { first: [computeAt("third", "c")], second: [computeAt("third", "t")] };
    expect(refusal(steps, schedule)).toMatch(/^invalid-schedule: /);
  });
  test("two ways to fuse into one name", () => {
    const images = programWith(
      [buffer("value", [6, 6], "input"), buffer("half", [6], "scratch"), buffer("output", [6, 6], "output")],
      [
        stageOf("rows", { space: "n<3 t<2", term: at("value", "n", "t"), to: ["half", "2*n + t"] }),
        stageOf("columns", { space: "n<2 t<3", term: at("half", "3*n + t"), to: ["output", "n", "t"] }),
      ],
    );
    const fused = fuse("n", "t", "u");
    const both = { rows: [fused, computeAt("columns", "u")], columns: [fused] };
    expect(refusal(images, both)).toMatchInlineSnapshot(
      `"invalid-schedule: columns and a stage in it both fuse into n, differently"`,
    );
    // The same quotient of another loop is another number.
    const four = "n<2 t<3 y<2 x<3";
    const grids = programWith(
      [buffer("value", [2, 3, 2, 3], "input"), buffer("half", [6, 6], "scratch"), buffer("output", [6, 6], "output")],
      [
        stageOf("rows", { space: four, term: at("value", "n", "t", "y", "x"), to: ["half", "3*y + x", "3*n + t"] }),
        stageOf("columns", {
          space: four,
          term: plus(at("half", "3*n + t", "3*y + x"), at("value", "n", "t", "y", "x")),
          to: ["output", "3*n + t", "3*y + x"],
        }),
      ],
    );
    const crossed = [fuse("n", "t", "w"), fuse("y", "x", "u"), reorder("u w")];
    const straight = [fuse("n", "t", "u"), fuse("y", "x", "w")];
    expect(refusal(grids, { rows: [...crossed, computeAt("columns", "w")], columns: straight })).toContain(
      "columns and a stage in it both fuse into ",
    );
    // With names of their own they may fuse as they like.
    const [, columns] = images.run as [Stage, Stage];
    const rows = stageOf("rows", { space: "a<3 b<2", term: at("value", "a", "b"), to: ["half", "2*a + b"] });
    const renamed: Program = { ...images, run: [rows, columns] };
    const own = { ...both, rows: [fuse("a", "b", "u"), computeAt("columns", "u")] };
    expect(wrongPass(renamed, roadOf(renamed, own, JS))).toBeUndefined();
  });
  test("a directive without its fields", () => {
    for (const [directive, sentence] of [
      [{ do: "computeAt", stage: "columns" }, "rows[0]: computeAt needs at, a name; got undefined"],
      [{ do: "computeAt", stage: 1, at: "x" }, "rows[0]: computeAt needs stage, a name; got 1"],
    ] as const) {
      expect(errorOf(thrownBy(() => checkSchedule({ rows: [directive] })))).toBe(`invalid-schedule: ${sentence}`);
    }
    const schedule = { rows: [computeAt("columns", "x")] };
    expect(checkSchedule(schedule)).toEqual(schedule);
    expect(printSchedule(schedule)).toBe("rows: at(columns x)");
  });
});

/** What a module says of itself, and no host reads. */
const HEAD = { ...directFacts(specWith(), ""), key: "", vectors: "" };

describe("in threads", () => {
  test("each iteration of the shared loop has a slice of the box", () => {
    const { lowered } = roadOf(...caseNamed("blur: at a column"), IN_THREADS);
    const [kernel] = lowered.run;
    expect(kernel?.body.map((stmt) => stmt.kind === "for" && stmt.loop)).toEqual(["parallel"]);
    const shapes = statements(kernel?.body ?? []).flatMap((stmt) => (stmt.kind === "alloc" ? [stmt.shape] : []));
    expect(shapes).toEqual([[7, 8, 1]]);
  });
  test("so have partial sums, which rest in memory between iterations of an inner loop", () => {
    const rows = [split("k", 2, ["ko", "ki"]), reorder("x ko y ki"), accumulate("ko"), computeAt("columns", "x")];
    const { lowered } = roadOf(blur, { rows, columns: [reorder("x y"), parallel("x")] }, IN_THREADS);
    expect(lowered.buffers.map(({ name }) => name)).toEqual(["value", "output"]);
    const all = statements(lowered.run[0]?.body ?? []);
    const allocs = all.flatMap((stmt) => (stmt.kind === "alloc" ? [`${stmt.buffer} ${stmt.shape.join("x")}`] : []));
    expect(allocs.sort()).toEqual(["half 7x8x1", "rowsPartial 7x8x1"]);
  });
  test("two at work give what one gives", async () => {
    const wide = programWith(
      [
        buffer("value", [66, 515], "input"),
        buffer("half", [66, 512], "scratch"),
        buffer("output", [64, 512], "output"),
      ],
      [
        stageOf("rows", {
          space: "y<66 x<512",
          reduce: "k<4",
          term: at("value", "y", "x + k"),
          to: ["half", "y", "x"],
        }),
        stageOf("columns", {
          space: "y<64 x<512",
          reduce: "k<3",
          term: at("half", "y + k", "x"),
          to: ["output", "y", "x"],
        }),
      ],
    );
    const tiles = [split("x", 4, ["xo", "xi"]), reorder("xo y k xi"), vectorize("xi")];
    const schedule = { rows: [...tiles, computeAt("columns", "xo")], columns: [...tiles, parallel("xo")] };
    const { run } = roadOf(wide, schedule, IN_THREADS).lowered;
    const parts = { prepare: null, run: renderWasm("run", run, true) };
    const instance = (await loadWasm({ ...HEAD, language: "wasm", ...parts }, 2)).instantiate();
    const weights = instance.prepare([]);
    const given = givenFor(wide, 1);
    const expected = Float32Array.from(expectedOutput(wide, given));
    const output = new Float32Array(64 * 512);
    for (let call = 0; call < 20; call++) {
      await instance.runThreaded(weights, [given.get("value") as Float32Array], [output.fill(Number.NaN)]);
      expect(output).toEqual(expected);
    }
    instance.dispose?.();
  });
});

const WASM = wasmTarget({ simd: "none", hoistsLoads: false, pairs: false, threads: false });

test("accumulators of two kernels that stay in memory have room for the larger one", () => {
  const matrix = (rows: number, columns: number) =>
    programWith(
      [
        buffer("value", [rows, columns], "input"),
        buffer("half", [rows], "scratch"),
        buffer("output", [columns], "output"),
      ],
      [
        stageOf("rows", { space: `y<${rows}`, reduce: `x<${columns}`, term: at("value", "y", "x"), to: ["half", "y"] }),
        stageOf("columns", {
          space: `x<${columns}`,
          reduce: `y<${rows}`,
          term: multiply(at("half", "y"), at("value", "y", "x")),
          to: ["output", "x"],
        }),
      ],
    );
  for (const program of [matrix(40, 3), matrix(3, 40)]) {
    const road = roadOf(program, { rows: [reorder("x y")], columns: [reorder("y x")] }, WASM);
    expect(wrongCode(program, road, WASM)).toBeUndefined();
  }
});

/** A matrix that some loop still subscripts is data beside the code. */
describe("constants in memory", () => {
  const one = caseNamed("transform: before the call and in it");
  const [program] = one;
  const filters = smallIntegers(9, 2);

  /** Two calls with weights of their own, and one more with the first. */
  function expectRight(instance: Instance): void {
    const others = smallIntegers(9, 3);
    const [first, second] = [instance.prepare([filters]), instance.prepare([others])];
    for (const [prepared, weights] of [
      [second, others],
      [first, filters],
      [second, others],
    ] as const) {
      const value = smallIntegers(12, 5);
      const output = new Float32Array(12).fill(Number.NaN);
      instance.run(prepared, [value], [output]);
      const given = new Map(Object.entries({ value, filters: weights }));
      expect([...output]).toEqual(expectedOutput(program, given));
    }
  }

  test("JavaScript", () => {
    const { buffers, prepare, run } = roadOf(...one, JS).lowered;
    expect(buffers.some(({ role }) => role === "constant")).toBe(true);
    const functions = [...prepare, ...run].map(emitJs);
    const code = renderJsModule({ version: "", schedule: "", arithmetic: "f64", functions });
    const entryOf = (kernel: LoopKernel): JsEntry => ({
      name: kernel.name,
      buffers: kernel.buffers.map(({ name }) => name),
    });
    const module: JsModule = {
      ...HEAD,
      language: "js",
      buffers,
      prepare: prepare.map(entryOf),
      run: run.map(entryOf),
      code,
    };
    expectRight(loadJs(module, functionsOf(module)).instantiate());
  });
  test("WebAssembly, before the call and in it", async () => {
    const { prepare, run } = roadOf(...one, WASM).lowered;
    const parts = { prepare: renderWasm("prepare", prepare, false), run: renderWasm("run", run, false) };
    for (const { buffers } of Object.values(parts)) expect(buffers.some(({ role }) => role === "constant")).toBe(true);
    expectRight((await loadWasm({ ...HEAD, language: "wasm", ...parts }, 1)).instantiate());
  });
  test("WebAssembly whose memory threads share", async () => {
    const { prepare, run } = roadOf(...one, { ...WASM, threads: true }).lowered;
    const parts = { prepare: renderWasm("prepare", prepare, true), run: renderWasm("run", run, true) };
    expect(parts.run.entries.map(({ iterations }) => iterations)).toEqual([4]);
    expectRight((await loadWasm({ ...HEAD, language: "wasm", ...parts }, 2)).instantiate());
  });
});
