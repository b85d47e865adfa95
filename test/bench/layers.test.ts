/** The real layers: how they are stated, what they are held to, and what the command line refuses. Nothing is measured here. */
import { interpret, ready } from "tilewright";
import { describe, expect, test } from "vitest";
import { LAYERS, megaProductsOf, specOf } from "../../bench/layers/layers.js";
import { readOptions } from "../../bench/layers/options.js";
import { definition, worstError } from "../../bench/peers/definition.js";
import { type LayerSpec, layerProblemOf } from "../../bench/peers/layer.js";
import { ordinaryOf, padsAsSame } from "../../bench/peers/ordinary.js";
import { type DenseSpec, type Problem, problemOf } from "../../bench/peers/problem.js";

const ordinary = (spec: Partial<LayerSpec> & Pick<LayerSpec, "value" | "filters">): LayerSpec => ({
  op: "conv2d",
  strides: [1, 1],
  dilations: [1, 1],
  groups: 1,
  padding: [
    [0, 0],
    [0, 0],
  ],
  ...spec,
});

const SMALL: Readonly<Record<string, LayerSpec>> = {
  "strided, uneven pads": ordinary({
    value: [2, 7, 9, 3],
    filters: [3, 2, 3, 4],
    strides: [2, 3],
    padding: [
      [0, 1],
      [2, 1],
    ],
  }),
  "dilated in groups": ordinary({ value: [1, 8, 9, 6], filters: [3, 2, 2, 9], dilations: [2, 3], groups: 3 }),
  "depthwise, two of each channel": ordinary({
    value: [1, 6, 5, 4],
    filters: [3, 3, 1, 8],
    groups: 4,
    padding: [
      [1, 1],
      [1, 1],
    ],
  }),
  "transposed, strides that leave a rest, cropped": ordinary({
    op: "conv2dTranspose",
    value: [2, 3, 4, 3],
    filters: [5, 4, 2, 3],
    strides: [2, 3],
    padding: [
      [1, 2],
      [2, 0],
    ],
    outputShape: [2, 6, 11, 2],
  }),
  "transposed, fewer taps than strides": ordinary({
    op: "conv2dTranspose",
    value: [1, 3, 3, 2],
    filters: [1, 2, 3, 2],
    strides: [2, 3],
    outputShape: [1, 5, 8, 3],
  }),
  "transposed, dilated in groups": ordinary({
    op: "conv2dTranspose",
    value: [1, 5, 6, 4],
    filters: [3, 2, 3, 4],
    dilations: [2, 1],
    groups: 2,
    padding: [
      [2, 1],
      [0, 1],
    ],
    outputShape: [1, 6, 6, 6],
  }),
  "transposed, strided in groups": ordinary({
    op: "conv2dTranspose",
    value: [2, 1, 5, 4],
    filters: [1, 5, 3, 4],
    strides: [1, 2],
    groups: 2,
    padding: [
      [0, 0],
      [2, 1],
    ],
    outputShape: [2, 1, 10, 6],
  }),
};

const ATROUS: DenseSpec = {
  op: "atrousConv2dTranspose",
  value: [1, 6, 7, 3],
  filters: [2, 3, 4, 3],
  rate: 2,
  padding: "SAME",
};

const isClose = (sums: Float64Array, expected: Float64Array) =>
  sums.length === expected.length && sums.every((sum, at) => Math.abs(sum - (expected[at] ?? Number.NaN)) < 1e-9);

const countOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

const PROBLEMS: readonly (readonly [string, Problem])[] = [
  ...Object.entries(SMALL).map(([name, spec]) => [name, layerProblemOf(spec)] as const),
  ["tilewright's own op", problemOf(ATROUS)],
];

describe.each(PROBLEMS)("%s", (_, problem) => {
  const { outputShape } = problem;
  const expected = Float64Array.from({ length: countOf(outputShape) }, (_, at) => definition(problem, at).sum);

  test("is by definition what the interpreter makes of the spec", async () => {
    await ready();
    const given = { shape: problem.valueShape, data: problem.value };
    const { shape, data } = interpret(problem.spec, given, problem.filters);
    expect(shape).toEqual(outputShape);
    expect(isClose(data, expected)).toBe(true);
  });

  test("is refused with one wrong output", () => {
    const output = Float32Array.from(expected);
    expect(worstError(problem, output)).toBeLessThanOrEqual(1);
    output[output.length - 1] = (output.at(-1) ?? 0) + 1e-2;
    expect(worstError(problem, output)).toBeGreaterThan(1);
  });

  test("is the same as an ordinary convolution, whose channels are then interleaved", () => {
    const { convolution, filters, interleaving } = ordinaryOf(problem);
    const stated = { ...problem, stated: convolution, filters };
    const length = countOf(convolution.outputShape);
    const made = Float64Array.from({ length }, (_, at) => definition(stated, at).sum);
    const result = interleaving ? interleaved(made, interleaving) : made;
    expect(isClose(result, expected)).toBe(true);
  });
});

/** As libraries are told to. */
function interleaved(
  data: Float64Array,
  { apart, whole, crops }: NonNullable<ReturnType<typeof ordinaryOf>["interleaving"]>,
): Float64Array {
  const [outer = 1, first = 1, second = 1, inner = data.length] = apart ?? [];
  const turned = Float64Array.from(data, (_, at) => {
    const i = at % inner;
    const b = Math.floor(at / inner) % first;
    const a = Math.floor(at / (inner * first)) % second;
    const n = Math.floor(at / (inner * first * second));
    return data[((n * first + b) * second + a) * inner + i] ?? Number.NaN;
  });
  expect(outer * first * second * inner).toBe(data.length);
  const [, height, width, channels] = whole;
  const [[top, bottom], [left, right]] = crops;
  return turned.filter((_, at) => {
    const x = Math.floor(at / channels) % width;
    const y = Math.floor(at / (channels * width)) % height;
    return y >= top && y < height - bottom && x >= left && x < width - right;
  });
}

test.each<readonly [string, LayerSpec, boolean]>([
  ["as much behind as in front", ordinary({ ...threeByThree(), padding: bothAxes(1, 1) }), true],
  ["more behind", ordinary({ ...threeByThree(), strides: [2, 2], padding: bothAxes(0, 1) }), true],
  ["more in front", ordinary({ ...threeByThree(), strides: [2, 2], padding: bothAxes(1, 0) }), false],
  ["none", ordinary(threeByThree()), false],
])("pads of which TensorFlow's are: %s", (_, spec, isSame) => {
  expect(padsAsSame(layerProblemOf(spec).stated)).toBe(isSame);
});

function threeByThree(): Pick<LayerSpec, "value" | "filters"> {
  return { value: [1, 8, 8, 1], filters: [3, 3, 1, 1] };
}

function bothAxes(before: number, after: number): LayerSpec["padding"] {
  return [
    [before, after],
    [before, after],
  ];
}

describe("bench/layers.json", () => {
  test("says of each how many products it has, and the sizes that follow from the rest", () => {
    const wrong = LAYERS.filter((layer) => {
      const spec = specOf(layer);
      const isCounted = Math.abs(megaProductsOf(spec) - layer.mmac) <= 0.006 + 1e-6 * layer.mmac;
      return !isCounted || [0, 1].some((axis) => sizeOf(layer, axis) !== layer.output[axis + 1]);
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test("has no name twice", () => {
    expect(new Set(LAYERS.map(({ name }) => name)).size).toBe(LAYERS.length);
  });
});

function sizeOf({ op, value, kernel, strides, dilations, pads }: (typeof LAYERS)[number], axis: number): number {
  const at = (sizes: readonly number[]) => sizes[axis] ?? Number.NaN;
  const size = at(value.slice(1));
  const padded = at(pads) + at(pads.slice(2));
  const span = (at(kernel) - 1) * at(dilations) + 1;
  if (op === "conv2d") return Math.floor((size + padded - span) / at(strides)) + 1;
  return (size - 1) * at(strides) + span - padded;
}

describe("options", () => {
  const namesOf = (...args: string[]) => readOptions(args).shapes.map(({ name }) => name);

  test("all layers, or those whose names have one of the parts, in the order of the file", () => {
    expect(namesOf()).toEqual(LAYERS.map(({ name }) => name));
    const found = namesOf("--layers", "tcn__,gtcrn");
    expect(found).toEqual(LAYERS.map(({ name }) => name).filter((name) => /tcn__|gtcrn/.test(name)));
    expect(found.length).toBeGreaterThan(1);
  });

  test("only small layers", () => {
    const small = LAYERS.filter((layer) => megaProductsOf(specOf(layer)) < 10).map(({ name }) => name);
    expect(namesOf("--below", "10")).toEqual(small);
    expect(small.length).toBeGreaterThan(0);
  });

  test.each([
    [["--layers", "tcn__,nowhere"], '--layers knows the names of bench/layers.json and parts of them; got "nowhere"'],
    [["--layers", ""], '--layers knows the names of bench/layers.json and parts of them; got ""'],
    [["--below", "much"], '--below wants a number above 0; got "much"'],
    [["--below", "0"], '--below wants a number above 0; got "0"'],
    [["--layers", "aspp", "--below", "10"], "--below 10 leaves no layer; the smallest of them has 19936"],
    [["--peers", "numpy"], "--peers knows tilewright,"],
    [["--threads", "3"], '--threads knows 1, 2; got "3"'],
  ])("%j", (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
