/** The form that Winograd's algorithm serves: whatever differs from it in one place keeps the direct algorithm. */
import { describe, expect, test } from "vitest";
import { accessOf, mainStage } from "../../src/ir/access.js";
import { binary, type Expr, multiply } from "../../src/ir/expr.js";
import type { BufferDecl, Program } from "../../src/ir/program.js";
import { filteringOf } from "../../src/ir/rewrites/filtering.js";
import { winogradRewrite } from "../../src/ir/rewrites/winograd.js";
import { at, buffer } from "../support/kernels.js";
import { programWith, type StageText, stageOf } from "../support/programs.js";

const BUFFERS = [
  buffer("value", [2, 8, 9, 3], "input"),
  buffer("filters", [3, 3, 3, 4], "weights"),
  buffer("output", [2, 8, 9, 4], "output"),
];
const IMAGE = at("value", "n", "y + ky - 1", "x + kx - 1", "i");
const FILTERS = at("filters", "ky", "kx", "i", "o");
const DOMAIN = ["y + ky - 1", "8 - y - ky", "x + kx - 1", "9 - x - kx"];

function convolution(change: Partial<StageText> = {}, buffers: readonly BufferDecl[] = BUFFERS): Program {
  const text = {
    space: "n<2 y<8 x<9 o<4",
    reduce: "ky<3 kx<3 i<3",
    domain: DOMAIN,
    term: multiply(IMAGE, FILTERS),
    to: ["output", "n", "y", "x", "o"] as const,
    ...change,
  };
  return programWith(buffers, [stageOf("conv", text)]);
}
const isFiltering = (program: Program): boolean => filteringOf(accessOf(mainStage(program), program)) !== undefined;
const product = (image: Expr, filters: Expr = FILTERS): Partial<StageText> => ({ term: multiply(image, filters) });
const replaced = (name: string, change: Partial<BufferDecl>): BufferDecl[] =>
  BUFFERS.map((one) => (one.name === name ? { ...one, ...change } : one));

test("a convolution has it, and a transposed one, whose taps walk backwards", () => {
  expect(isFiltering(convolution())).toBe(true);
  const backwards = product(at("value", "n", "y - 2*ky + 1", "x - 2*kx + 1", "i"));
  const domain = ["y - 2*ky + 1", "6 - y + 2*ky", "x - 2*kx + 1", "7 - x + 2*kx"];
  expect(isFiltering(convolution({ ...backwards, domain }))).toBe(true);
});

/** Along rows the output has two phases, of filters of their own. */
const phased = (channels: number): Program =>
  convolution(
    {
      ...product(IMAGE, at("filters", "ky", "kx", "i", "p", "o")),
      space: `n<2 y<8 p<2 x<9 o<${channels}`,
      to: ["output", "n", "2*y + p", "x", "o"],
    },
    [
      buffer("value", [2, 8, 9, 3], "input"),
      buffer("filters", [3, 3, 3, 2, channels], "weights"),
      buffer("output", [2, 16, 9, channels], "output"),
    ],
  );

test("so have phases that are an axis, a single row of taps, and points of which some do not exist", () => {
  expect(isFiltering(phased(4))).toBe(true);
  expect(isFiltering(convolution({ where: ["7 - y - x"] }))).toBe(true);
  const row = convolution(
    { ...product(at("value", "n", "y", "x + kx - 1", "i")), reduce: "ky<1 kx<3 i<3", domain: DOMAIN.slice(2) },
    replaced("filters", { shape: [1, 3, 3, 4] }),
  );
  expect(isFiltering(row)).toBe(true);
});

describe("not", () => {
  const BY_ROW = replaced("filters", { shape: [8, 3, 3, 3, 4] });
  const BY_IMAGE = replaced("filters", { shape: [2, 3, 3, 3, 4] });
  const CASES: readonly (readonly [string, Program])[] = [
    [
      "a stride",
      convolution({
        ...product(at("value", "n", "2*y + ky", "x + kx - 1", "i")),
        space: "n<2 y<3 x<9 o<4",
        domain: DOMAIN.slice(2),
      }),
    ],
    ["filters that come with the call", convolution({}, replaced("filters", { role: "input" }))],
    ["an image that is known before", convolution({}, replaced("value", { role: "weights" }))],
    ["a maximum", convolution({ combine: "maximum" })],
    ["filters of each row", convolution(product(IMAGE, at("filters", "y", "ky", "kx", "i", "o")), BY_ROW)],
    ["an image that a tap moves twice", convolution(product(at("value", "n", "y + ky - 1", "x + kx - 1", "i + ky")))],
    ["filters of each image", convolution(product(IMAGE, at("filters", "n", "ky", "kx", "i", "o")), BY_IMAGE)],
    ["a domain of its own", convolution({ domain: [...DOMAIN, "x - y"] })],
    ["phases of few channels", phased(2)],
    ["no product", convolution({ term: binary("add", IMAGE, FILTERS) })],
    ["rows alone", convolution({ ...product(at("value", "n", "y + ky - 1", "x", "i")), domain: DOMAIN.slice(0, 2) })],
  ];
  test.each(CASES)("%s", (_, program) => {
    expect(isFiltering(program)).toBe(false);
  });
});

test("a program that has buffers or stages by the algorithm's names keeps the direct algorithm", () => {
  const fits = (program: Program) =>
    winogradRewrite.fits(accessOf(mainStage(program), program), program, { kind: "winograd", tile: [2, 2] });
  const other = (name: string) =>
    stageOf(name, { space: "i<4", term: at("value", "0", "0", "0", "i"), to: ["tiny", "i"] });
  const withStage = (name: string): Program => {
    const { buffers, run } = convolution();
    return programWith([...buffers, buffer("tiny", [4], "scratch")], [other(name), ...run]);
  };
  expect(fits(convolution())).toBe(true);
  expect(fits(convolution({}, [...BUFFERS, buffer("pixels", [4], "scratch")]))).toBe(false);
  expect(fits(withStage("other"))).toBe(true);
  expect(fits(withStage("product"))).toBe(false);
});
