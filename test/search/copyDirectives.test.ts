/** The schedule of copies: vectors where lanes are neighbours, short rows of the source where something else is. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { copyDirectives } from "../../src/codegen/search/copyDirectives.js";
import { PAIRS, SEED } from "../support/effort.js";
import { at } from "../support/kernels.js";
import { programWith, roadOf, stageOf, TARGETS, wrongCode, wrongPass } from "../support/programs.js";
import { input, inside, output } from "../support/windows.js";

/** A copy of x[a, b], of which one axis is split by `by` and may be ragged. */
function copy(order: readonly string[], [a, b]: readonly [number, number], splits: "a" | "b", by: number) {
  const size = splits === "a" ? a : b;
  const parts = Math.ceil(size / by);
  const extents: Readonly<Record<string, number>> = { a, b, o: parts, i: by };
  const axes = order.filter((axis) => axis !== splits);
  const subscript = `${by}*o + i`;
  const [row, column] = splits === "a" ? [subscript, "b"] : ["a", subscript];
  const stage = stageOf("copy", {
    space: axes.map((axis) => `${axis}<${extents[axis]}`).join(" "),
    domain: parts * by === size ? [] : inside(subscript, size).slice(-1),
    term: at("x", row, column),
    to: ["output", ...axes],
  });
  return programWith([input("x", a, b), output(...axes.map((axis) => extents[axis] as number))], [stage]);
}

const scheduleOf = (program: ReturnType<typeof copy>) =>
  Object.fromEntries(program.run.map((stage) => [stage.name, copyDirectives(stage)]));

test("lanes that are neighbours are copied as vectors", () => {
  expect(scheduleOf(copy(["o", "a", "i", "b"], [5, 12], "b", 4))).toEqual({
    copy: [
      { do: "unroll", axis: "a" },
      { do: "vectorize", axis: "i" },
    ],
  });
});

test("rows of the source fill a block of the copy", () => {
  const { copy: directives = [] } = scheduleOf(copy(["b", "o", "i", "a"], [12, 40], "a", 4));
  expect(directives.map((one) => one.do)).toEqual(["split", "split", "reorder", "unroll", "vectorize"]);
  expect(directives[2]).toEqual({ do: "reorder", axes: ["bo", "o", "i", "bv", "bn"] });
});

test.each(TARGETS.filter(([title]) => title.startsWith("wasm")))("copies are right: %s", (_, target, runsHere) => {
  const size = fc.integer({ min: 1, max: 37 });
  const orders = fc.shuffledSubarray(["a", "b", "o", "i"], { minLength: 4 });
  fc.assert(
    fc.property(orders, fc.tuple(size, size), fc.constantFrom("a", "b"), fc.integer({ min: 1, max: 8 }), (...given) => {
      const program = copy(...given);
      const road = roadOf(program, scheduleOf(program), target);
      expect(wrongPass(program, road)).toBeUndefined();
      if (runsHere) expect(wrongCode(program, road, target)).toBeUndefined();
    }),
    { seed: SEED, numRuns: PAIRS },
  );
});

test("a stage that sums is no copy, nor is one number for all places", () => {
  const one = (change: { readonly reduce?: string }) =>
    copyDirectives(stageOf("fill", { space: "a<4", term: at("x"), to: ["output", "a"], ...change }));
  expect(one({})).toEqual([]);
  expect(one({ reduce: "k<1" })).toEqual([]);
  const row = stageOf("sum", { space: "a<4", reduce: "k<2", term: at("x", "k", "a"), to: ["output", "a"] });
  expect(copyDirectives(row)).toEqual([]);
});
