/** Roles of axes follow from subscripts alone; a split axis slides only where padding on both sides ties its parts. */
import { describe, expect, test } from "vitest";
import { accessOf, mainStage, tapsOver } from "../../src/ir/access.js";
import { multiply } from "../../src/ir/expr.js";
import type { BufferRole } from "../../src/ir/program.js";
import { at, buffer } from "../support/kernels.js";
import { programWith, stageOf } from "../support/programs.js";

const BUFFERS = [
  buffer("value", [2, 8, 6], "input"),
  buffer("filters", [3, 6, 5], "weights"),
  buffer("output", [2, 6, 5], "output"),
];
const conv = stageOf("conv", {
  space: "n<2 y<6 o<5",
  reduce: "k<3 i<6",
  term: multiply(at("value", "n", "y + k", "i"), at("filters", "k", "i", "o")),
  to: ["output", "n", "y", "o"],
});
const rolesOf = (axes: readonly { name: string; role: string }[]) => axes.map(({ name, role }) => `${name}: ${role}`);

test("roles of a convolution, and how far a step moves", () => {
  const { space, reduce, slides } = accessOf(conv, { buffers: BUFFERS });
  expect(rolesOf(space)).toEqual(["n: reuse", "y: reuse", "o: reuse"]);
  expect(rolesOf(reduce)).toEqual(["k: tap", "i: depth"]);
  expect(slides).toEqual([{ point: "y", tap: "k" }]);
  expect(space.map(({ by, out }) => [...by, out])).toEqual([
    [48, 0, 30],
    [6, 0, 5],
    [0, 1, 1],
  ]);
  expect(reduce.map(({ by, out }) => [...by, out])).toEqual([
    [6, 30, 0],
    [1, 5, 0],
  ]);
});

test("an axis along which every factor moves is a batch", () => {
  const each = stageOf("each", {
    space: "y<6 c<5",
    reduce: "k<3",
    term: multiply(at("value", "0", "y + k", "c"), at("filters", "k", "0", "c")),
    to: ["output", "0", "y", "c"],
  });
  expect(rolesOf(accessOf(each, { buffers: BUFFERS }).space)).toEqual(["y: reuse", "c: batch"]);
});

test("in an empty buffer steps move as they would in one of one element", () => {
  const empty = [buffer("value", [2, 8, 0], "input"), ...BUFFERS.slice(1)];
  expect(accessOf(conv, { buffers: empty }).space.map(({ by }) => by[0])).toEqual([8, 1, 0]);
});

test("a copy costs nothing of what is filled before the call", () => {
  const known = (["input", "scratch", "weights", "prepared", "constant"] as const).map((role: BufferRole) => {
    const buffers = BUFFERS.map((one) => (one.name === "filters" ? { ...one, role } : one));
    return accessOf(conv, { buffers }).factors[1]?.isKnown;
  });
  expect(known).toEqual([false, false, true, true, true]);
});

describe("subscripts that an axis of the output shares with one of the sum", () => {
  const slidesOf = (subscript: string, { space = "p<4", reduce = "t<3", domain = [] as readonly string[] } = {}) => {
    const stage = stageOf("s", { space, reduce, domain, term: at("line", subscript), to: ["out", "p"] });
    return tapsOver(accessOf(stage, { buffers: [buffer("line", [16], "input"), buffer("out", [4], "output")] }), "p");
  };
  const [first, last] = ["3*p + t - 1", "10 - 3*p - t"] as const;

  test.each([
    ["neighbours that overlap slide", slidesOf("p + t"), ["t"]],
    ["so do strides shorter than the window", slidesOf("2*p + t"), ["t"]],
    ["taps far apart, between which the points do not fit", slidesOf("p + 3*t"), ["t"]],
    ["chunks are a split axis", slidesOf("3*p + t"), []],
    ["from whichever side", slidesOf("p + 4*t"), []],
    ["and with gaps between", slidesOf("5*p + t"), []],
    ["an end that one side has leaves the parts free", slidesOf("3*p + t - 1", { domain: [first] }), []],
    ["or the other", slidesOf("3*p + t - 1", { domain: [last] }), []],
    ["padding on both sides ties them", slidesOf("3*p + t - 1", { domain: [first, last] }), ["t"]],
    ["a window of one tap slides", slidesOf("p + t", { reduce: "t<1" }), ["t"]],
    ["and so does one over one point", slidesOf("p + t", { space: "p<1" }), ["t"]],
    ["axes that stand alone do not", slidesOf("p"), []],
  ])("%s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

test("the main stage is the first of those with most terms", () => {
  const named = (name: string, space: string) => ({ ...conv, name, space: stageOf(name, { ...TEXT, space }).space });
  const run = [named("few", "n<1 y<6 o<5"), named("first", "n<2 y<6 o<5"), named("second", "n<2 y<6 o<5")];
  expect(mainStage(programWith(BUFFERS, run)).name).toBe("first");
});

const TEXT = { term: conv.term, to: ["output", "n", "y", "o"] } as const;
