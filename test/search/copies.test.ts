/** Factors that are known only at the call: each call copies them where that pays, and no sooner. */
import { compileProgram } from "tilewright/compiler";
import { describe, expect, test } from "vitest";
import { chooseAlgorithm, spaceOf } from "../../src/codegen/compile.js";
import type { Candidate } from "../../src/codegen/search/approach.js";
import { DEFAULT_LIMITS, JS, type Target, wasmTarget, wgslTarget } from "../../src/codegen/target.js";
import { multiply } from "../../src/ir/expr.js";
import { programOf } from "../../src/ir/ops/index.js";
import type { Program } from "../../src/ir/program.js";
import { specWith } from "../support/calls.js";
import { EVERY_TARGET, expectRight } from "../support/everyTarget.js";
import { at } from "../support/kernels.js";
import { matmul, scores } from "../support/ops.js";
import { programWith, stageOf } from "../support/programs.js";
import { channelsFirst, input, output } from "../support/windows.js";

const WASM = wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false });
const GPU = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
const TARGETS: readonly Target[] = [JS, WASM, GPU];

const copied = ({ plan }: Candidate): string[] =>
  Object.values(plan().schedule).flatMap((stage) => stage.flatMap((one) => (one.do === "pack" ? [one.buffer] : [])));

/** The points of each view, which copy the same. */
function byView(program: Program, target: Target): Candidate[][] {
  const views = new Map<string, Candidate[]>();
  for (const point of spaceOf(program, target, {})) {
    const name = `${point.knobs.sketch} ${point.knobs.view}`;
    const points = views.get(name) ?? [];
    points.push(point);
    views.set(name, points);
  }
  return [...views.values()];
}
const copiesOffered = (program: Program, target: Target): string[] =>
  [...new Set(byView(program, target).flatMap((points) => copied(points.at(-1) as Candidate)))].sort();

test.each(TARGETS)("what moves along the columns and not along the rows may be copied: $language", (target) => {
  expect(copiesOffered(scores(2, 8, 8, 16), target)).toEqual(["k"]);
  expect(copiesOffered(matmul(16, 16, 16), target)).toEqual(["b"]);
  expect(copiesOffered(channelsFirst(8, 4, 8), target)).toEqual(target === GPU ? ["value"] : ["filters", "value"]);
});

test.each(TARGETS)("neither an image that passes by weights, nor what one row reads: $language", (target) => {
  const conv = programOf(specWith({ value: [1, 8, 8, 8], filters: [3, 3, 8, 8] }));
  expect(copiesOffered(conv, target)).toEqual(["filters"]);
  const row = programWith(
    [input("a", 16), input("b", 16, 16), output(16)],
    [
      stageOf("row", {
        space: "p<16",
        reduce: "k<16",
        term: at("b", "p", "k"),
        to: ["output", "p"],
      }),
    ],
  );
  expect(copiesOffered(row, target)).toEqual([]);
});

test("of two that move along the columns, the one that stays along a row", () => {
  const masked = programWith(
    [input("a", 8, 16), input("b", 16, 8), input("mask", 8, 8), output(8, 8)],
    [
      stageOf("masked", {
        space: "m<8 p<8",
        reduce: "k<16",
        term: multiply(multiply(at("a", "m", "k"), at("b", "k", "p")), at("mask", "m", "p")),
        to: ["output", "m", "p"],
      }),
    ],
  );
  for (const target of [JS, WASM]) expect(copiesOffered(masked, target)).toEqual(["b"]);
});

describe("a copy is worth what it takes", () => {
  test("where many queries meet keys whose neighbours lie apart", () => {
    expect(copied(chooseAlgorithm(scores(8, 128, 128, 64), WASM, {}))).toEqual(["k"]);
    const { prepare, run } = compileProgram(scores(8, 128, 128, 64), { target: WASM });
    expect(prepare).toBeNull();
    expect(run.entries.map(({ name }) => name)).toEqual(["packScoresK", "scores"]);
  });

  test("and not for two queries, nor where columns are neighbours as they lie", () => {
    expect(copied(chooseAlgorithm(scores(8, 2, 128, 64), WASM, {}))).toEqual([]);
    expect(copied(chooseAlgorithm(matmul(64, 64, 64), WASM, {}))).toEqual([]);
  });
});

const CASES = { scores: scores(2, 6, 21, 5), product: matmul(6, 5, 21), "channels first": channelsFirst(5, 3, 5) };

describe.each(Object.entries(CASES))("%s", (_, program) => {
  test.each(EVERY_TARGET)("%s: with copies it is right", async (_, target, runsHere) => {
    const isKnown = (name: string) => program.buffers.find((one) => one.name === name)?.role === "weights";
    const views = byView(program, target);
    const copying = views.filter((points) => copied(points.at(-1) as Candidate).some((one) => !isKnown(one)));
    expect(copying.length).toBeGreaterThan(0);
    for (const points of copying) {
      await expectRight(program, points[0] as Candidate, target, runsHere);
      await expectRight(program, points.at(-1) as Candidate, target, runsHere);
    }
  });
});
