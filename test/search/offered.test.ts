/** Stages for which schedules were once offered that do not fit: everything that is offered for them compiles and is right. */
import { describe, expect, test } from "vitest";
import { chooseAlgorithm, spaceOf } from "../../src/codegen/compile.js";
import type { Candidate } from "../../src/codegen/search/approach.js";
import { binary, local, multiply, plus } from "../../src/ir/expr.js";
import type { Program } from "../../src/ir/program.js";
import { SUM } from "../../src/ir/program.js";
import { EVERY_TARGET, expectRight } from "../support/everyTarget.js";
import { at, buffer } from "../support/kernels.js";
import { programWith, type StageText, stageOf } from "../support/programs.js";

/** One stage over buffers by name: `w` begins the names of weights. */
function program(shapes: Readonly<Record<string, readonly number[]>>, stage: StageText): Program {
  const roleOf = (name: string) => (name === "output" ? "output" : name.startsWith("w") ? "weights" : "input");
  const buffers = Object.entries(shapes).map(([name, shape]) => buffer(name, shape, roleOf(name)));
  return programWith(buffers, [stageOf("stage", stage)]);
}

const CASES: Readonly<Record<string, Program>> = {
  "weights that the term reads twice, which cannot be packed": program(
    { w: [16], output: [16] },
    { space: "n<16", reduce: "k<1", term: multiply(at("w", "k + n"), at("w", "k + n")), to: ["output", "n"] },
  ),
  "an input times itself, of which no GPU's workgroup can hold two copies": program(
    { value: [21, 37], output: [21, 21] },
    {
      space: "y<21 x<21",
      reduce: "k<37",
      term: multiply(at("value", "y", "k"), at("value", "x", "k")),
      to: ["output", "y", "x"],
    },
  ),
  "points past the end that the domain catches in one factor and not in the other": program(
    { w: [1, 4], other: [5, 1], output: [5, 1] },
    {
      space: "y<5 c<1",
      domain: ["c + y - 1", "1 - c - y"],
      term: binary("maximum", at("w", "c + y - 1", "0"), at("other", "y", "c")),
      to: ["output", "y", "c"],
    },
  ),
  "an output of two axes in one dimension, each with a tail": program(
    { w: [18], output: [2, 32] },
    { space: "y<2 x<16 c<2", combine: "maximum", term: at("w", "2*c + x"), to: ["output", "y", "2*x + c"] },
  ),
  "a residual of two axes in one dimension": program(
    { x: [3], w: [9], residual: [18], output: [18] },
    {
      space: "n<9 y<2",
      reduce: "j<5",
      term: multiply(at("x", "y + 1"), at("w", "n")),
      finish: plus(local(SUM), at("residual", "2*n + y")),
      to: ["output", "2*n + y"],
    },
  ),
  "a window without padding, whose tiles overlap instead of being peeled": program(
    { x: [36], w: [10], output: [32, 9] },
    { space: "n<32 y<9", reduce: "k<10", term: multiply(at("x", "3*k + y"), at("w", "k")), to: ["output", "n", "y"] },
  ),
  "a window along all that threads can share, which cannot be peeled": program(
    { x: [18], output: [16] },
    { space: "n<16", reduce: "k<3", term: at("x", "n + k"), to: ["output", "n"] },
  ),
  "a padded window along all that threads can share": program(
    { x: [16], w: [3], output: [16] },
    {
      space: "n<16",
      reduce: "k<3",
      domain: ["n + k - 1", "16 - n - k"],
      term: multiply(at("x", "n + k - 1"), at("w", "k")),
      to: ["output", "n"],
    },
  ),
  "an axis that moves a copy and something else, whose tiles cannot overlap": program(
    { x: [8, 37], w: [37], output: [8, 37] },
    { space: "n<8 y<37", term: multiply(at("w", "y"), at("x", "n", "y")), to: ["output", "n", "y"] },
  ),
  "columns that move a copy and something else, whose tiles cannot overlap": program(
    { x: [8, 5], w: [5, 21], other: [21], output: [8, 21] },
    {
      space: "n<8 c<21",
      reduce: "k<5",
      term: multiply(multiply(at("x", "n", "k"), at("w", "k", "c")), at("other", "c")),
      to: ["output", "n", "c"],
    },
  ),
  "no point at all, as `where` says": program(
    { x: [3, 21], output: [3, 21] },
    { space: "n<3 c<21", where: ["-n - 1"], term: at("x", "n", "c"), to: ["output", "n", "c"] },
  ),
  "axes whose names loops of schedules would like to have": program(
    { x: [6, 21], w: [21, 12], output: [6, 12] },
    {
      space: "po<6 p<12",
      reduce: "pi<21",
      term: multiply(at("x", "po", "pi"), at("w", "pi", "p")),
      to: ["output", "po", "p"],
    },
  ),
};

/** What is picked, and some of the others, the first and the last among them. */
function offered(one: Program, target: (typeof EVERY_TARGET)[number][1]): Candidate[] {
  const all = [...spaceOf(one, target, {})];
  const step = Math.max(1, Math.floor((all.length - 1) / 4));
  return [chooseAlgorithm(one, target, {}), ...all.filter((_, i) => i % step === 0)];
}

describe.each(Object.entries(CASES))("%s", (_, one) => {
  test.each(EVERY_TARGET)("%s", async (_, target, runsHere) => {
    const points = offered(one, target);
    expect(points.length).toBeGreaterThan(0);
    for (const point of points) await expectRight(one, point, target, runsHere);
  });
});

test("rows of weights that are read where they lie fit their axis, as there is no padding", async () => {
  const one = program(
    { w: [12, 1], value: [12, 1], output: [144] },
    {
      space: "x<12 c<12",
      reduce: "k<16",
      term: multiply(at("w", "x", "0"), at("value", "c", "0")),
      to: ["output", "12*x + c"],
    },
  );
  for (const [title, target, runsHere] of EVERY_TARGET) {
    if (!title.startsWith("wasm simd128")) continue;
    const points = [...spaceOf(one, target, {})].filter(({ knobs }) => knobs.packed === false);
    expect(points.length).toBeGreaterThan(0);
    for (const point of points) await expectRight(one, point, target, runsHere);
  }
}, 60_000);

test.each(["lane", "step"])(
  "copies for a workgroup along an axis that is called %s, as loops of theirs could be",
  async (axis) => {
    const one = program(
      { x: [144, 12, 1, 1], w: [1, 1, 1], output: [12, 12, 12] },
      {
        space: `p<12 po<12 ${axis}<12 pt<1`,
        reduce: "k<1 d<1 c<1",
        where: ["10 - p"],
        term: multiply(at("x", "12*p + po", `${axis} + k`, "c + d", "0"), at("w", "k + pt", "c + d", "0")),
        to: ["output", "p", "po", `${axis} + pt`],
      },
    );
    for (const [title, target, runsHere] of EVERY_TARGET) {
      if (!title.startsWith("wgsl")) continue;
      const points = [...spaceOf(one, target, {})].filter(({ knobs }) => knobs.sketch === "shared");
      expect(points.length).toBeGreaterThan(0);
      for (const point of points) await expectRight(one, point, target, runsHere);
    }
  },
  60_000,
);
