/** Views: which axes can be lanes, rows and columns of a register tile, and how loops over tiles may end. */
import { describe, expect, test } from "vitest";
import { tailOf, type VectorTile } from "../../src/codegen/search/vectorDirectives.js";
import {
  canLoad,
  canStore,
  channelViews,
  isGuarded,
  productViews,
  reductionViews,
} from "../../src/codegen/search/view.js";
import { type Access, type AxisAccess, accessOf } from "../../src/ir/access.js";
import { multiply } from "../../src/ir/expr.js";
import type { BufferDecl } from "../../src/ir/program.js";
import { at, buffer } from "../support/kernels.js";
import { type StageText, stageOf } from "../support/programs.js";

const LANES = 4;
/** The knobs that say how a loop ends. */
type TailKnobs = Pick<VectorTile, "peeled" | "parallel" | "band">;
const accessTo = (text: StageText, buffers: readonly BufferDecl[]): Access =>
  accessOf(stageOf("stage", text), { buffers });
const axisOf = ({ space, reduce }: Access, name: string) =>
  [...space, ...reduce].find((axis) => axis.name === name) as AxisAccess;
const namesOf = (views: readonly { name: string }[]) => views.map(({ name }) => name);

const CONV_BUFFERS = [
  buffer("value", [9, 9, 8], "input"),
  buffer("filters", [3, 3, 8, 6], "weights"),
  buffer("output", [7, 7, 6], "output"),
];
const CONV: StageText = {
  space: "y<7 x<7 o<6",
  reduce: "ky<3 kx<3 i<8",
  term: multiply(at("value", "y + ky", "x + kx", "i"), at("filters", "ky", "kx", "i", "o")),
  to: ["output", "y", "x", "o"],
};
const BEFORE = "x + kx - 1";
const AFTER = "7 - x - kx";
const convolution = (change: Partial<StageText> = {}): Access => accessTo({ ...CONV, ...change }, CONV_BUFFERS);

/** Of matrices that both come with the call. */
const PRODUCT: StageText = {
  space: "i<7 j<7",
  reduce: "k<8",
  term: multiply(at("a", "i", "k"), at("b", "k", "j")),
  to: ["c", "i", "j"],
};
const product = (change: Partial<StageText> = {}) =>
  accessTo({ ...PRODUCT, ...change }, [
    buffer("a", [7, 8], "input"),
    buffer("b", [8, 7], "input"),
    buffer("c", [7, 7], "output"),
  ]);

/** Filters whose channels are no neighbours. */
const CHANNELS: StageText = {
  space: "y<7 c<7",
  reduce: "k<3",
  term: multiply(at("value", "y + k", "c"), at("filters", "c", "k")),
  to: ["output", "y", "c"],
};
const channelwise = () =>
  accessTo(CHANNELS, [
    buffer("value", [9, 7], "input"),
    buffer("filters", [7, 3], "weights"),
    buffer("output", [7, 7], "output"),
  ]);

describe("lanes", () => {
  const stored = (size: readonly number[], ...to: readonly string[]) =>
    accessTo({ space: "y<4 c<4", term: at("value", "y", "c"), to: ["output", ...to] }, [
      buffer("value", [4, 4], "input"),
      buffer("output", size, "output"),
    ]);

  test("are neighbours in every factor that is not packed", () => {
    const access = convolution();
    expect(canLoad(access, axisOf(access, "o"), LANES)).toBe(true);
    expect(canLoad(access, axisOf(access, "x"), LANES)).toBe(false);
    expect(canLoad(access, axisOf(access, "i"), LANES)).toBe(false);
    expect(canLoad(access, axisOf(access, "i"), LANES, 1)).toBe(true);
  });
  test("lie in a dimension of one element only where no vector fills", () => {
    const access = accessTo({ space: "y<2 x<4", term: at("value", "y", "x"), to: ["output", "y", "x"] }, [
      buffer("value", [4, 1], "input"),
      buffer("output", [2, 4], "output"),
    ]);
    expect(canLoad(access, axisOf(access, "x"), 8)).toBe(true);
    expect(canLoad(access, axisOf(access, "x"), LANES)).toBe(false);
  });
  test("are stored side by side, one element on", () => {
    const can = (access: Access, axis: string) => canStore(access, axisOf(access, axis), LANES);
    expect(can(stored([4, 4], "y", "c"), "c")).toBe(true);
    expect(can(stored([4, 4], "y", "c"), "y")).toBe(false);
    expect(can(stored([4, 8], "y", "2*c"), "c")).toBe(false);
    expect(can(stored([4, 4], "y", "0"), "c")).toBe(false);
  });
});

describe("views", () => {
  test("of a convolution: rows that slide, and lanes of output or input channels", () => {
    expect(namesOf(productViews(convolution(), LANES))).toEqual(["x o o", "x o i", "y o o", "y o i"]);
  });
  test("lanes hold whole parts of a sum, all of whose terms count", () => {
    expect(namesOf(productViews(convolution({ reduce: "ky<3 kx<3 i<7" }), LANES))).toEqual(["x o o", "y o o"]);
    expect(namesOf(productViews(convolution({ domain: ["i - y"] }), LANES))).toEqual(["x o o", "y o o"]);
  });
  test("of a matrix product: rows along which the columns' factor stays", () => {
    // The second has a copy of b.
    expect(namesOf(productViews(product(), LANES))).toEqual(["i j j", "i j j b"]);
    const batched = accessTo(
      {
        ...PRODUCT,
        space: "h<2 i<7 j<7",
        term: multiply(at("a", "h", "i", "k"), at("b", "h", "k", "j")),
        to: ["c", "h", "i", "j"],
      },
      [buffer("a", [2, 7, 8], "input"), buffer("b", [2, 8, 7], "input"), buffer("c", [2, 7, 7], "output")],
    );
    expect(namesOf(productViews(batched, LANES))).toEqual(["i j j", "i j j b"]);
  });
  test("of outputs that lie apart, where no vector can be stored whole", () => {
    // Every other pixel, channels first, as of one phase of a transposed convolution.
    const apart = (to: readonly string[], shape: readonly number[]) =>
      accessTo(
        {
          space: "o<6 x<7",
          reduce: "k<2 i<8",
          term: multiply(at("value", "i", "x + k"), at("filters", "i", "k", "o")),
          to: ["output", ...to],
        },
        [buffer("value", [8, 8], "input"), buffer("filters", [8, 2, 6], "weights"), buffer("output", shape, "output")],
      );
    expect(namesOf(productViews(apart(["o", "2*x"], [6, 14]), LANES))).toEqual(["x o o", "o x x"]);
    expect(namesOf(productViews(apart(["o", "x"], [6, 7]), LANES))).toEqual(["o x x", "o x x value"]);
    expect(namesOf(productViews(apart(["2*x", "o"], [14, 6]), LANES))).toEqual(["x o o"]);
  });
  test("of channels, whose filters are packed where they are no neighbours", () => {
    expect(channelViews(channelwise(), LANES).map(({ name, packed }) => [name, packed])).toEqual([["y c c", 1]]);
    expect(channelViews(convolution(), LANES)).toEqual([]);
  });
  test("of a long sum, only where no axis of the output could be lanes", () => {
    const rows = accessTo({ space: "i<5", reduce: "k<8", term: at("value", "i", "k"), to: ["sums", "i"] }, [
      buffer("value", [5, 8], "input"),
      buffer("sums", [5], "output"),
    ]);
    expect(namesOf(reductionViews(rows, LANES))).toEqual(["- i k"]);
    const turned = [...CONV_BUFFERS.slice(0, 1), buffer("filters", [3, 3, 6, 8], "weights"), ...CONV_BUFFERS.slice(2)];
    const term = multiply(at("value", "y + ky", "x + kx", "i"), at("filters", "ky", "kx", "o", "i"));
    const access = accessTo({ ...CONV, term }, turned);
    expect(canLoad(access, axisOf(access, "i"), LANES)).toBe(true);
    expect(reductionViews(access, LANES)).toEqual([]);
  });
});

describe("tails", () => {
  const ALONE: TailKnobs = { peeled: false, parallel: "nothing", band: 0 };
  const PEELED: TailKnobs = { peeled: true, parallel: "nothing", band: 0 };
  const tail = (access: Access, axis: string, by: number, knobs: TailKnobs = ALONE) => {
    const [view] = [...productViews(access, LANES), ...channelViews(access, LANES)].filter(
      ({ row, columns }) => row?.name === axis || columns.name === axis,
    );
    if (!view) throw new Error(`no view has ${axis}`);
    return tailOf(axisOf(access, axis), by, knobs, view);
  };

  test("columns that only a packed factor moves are rounded up: its copy is padded", () => {
    expect(tail(convolution(), "o", 4)).toBe("roundUp");
    expect(tail(convolution(), "o", 4, PEELED)).toBe("roundUp");
  });
  test("rows are rounded up where the domain catches all that they read, and guarded where edges are peeled", () => {
    const padded = convolution({ domain: [BEFORE, AFTER] });
    expect(isGuarded(padded, axisOf(padded, "x"))).toBe(true);
    expect(tail(padded, "x", 2)).toBe("roundUp");
    expect(tail(padded, "x", 2, PEELED)).toBe("guard");
  });
  test("padding before the image catches nothing behind it", () => {
    const before = convolution({ domain: [BEFORE] });
    expect(isGuarded(before, axisOf(before, "x"))).toBe(false);
    expect(tail(before, "x", 2)).toBe("guard");
    const after = convolution({ domain: [AFTER] });
    expect(isGuarded(after, axisOf(after, "x"))).toBe(true);
    expect(tail(after, "x", 2)).toBe("roundUp");
  });
  test("without padding the last tile moves back, if it is no whole one and there is room", () => {
    expect(tail(convolution(), "x", 2)).toBe("shiftInwards");
    expect(tail(convolution(), "x", 7)).toBe("guard");
    expect(tail(convolution(), "x", 8)).toBe("guard");
  });
  test("what threads share does not move", () => {
    expect(tail(product(), "j", 4)).toBe("shiftInwards");
    expect(tail(product(), "j", 4, { ...ALONE, parallel: "blocks" })).toBe("guard");
    expect(tail(product(), "i", 4, { ...ALONE, parallel: "blocks" })).toBe("shiftInwards");
    expect(tail(convolution(), "x", 2, { ...ALONE, parallel: "blocks" })).toBe("shiftInwards");
  });
  test("nor does a loop that subscripts a copy", () => {
    expect(tail(channelwise(), "c", 4)).toBe("guard");
    expect(tail(channelwise(), "y", 4)).toBe("shiftInwards");
  });
});
