/** What stands around the sum of random convolutions, beside loops: prologue, residual, activations and gates. */
import fc from "fast-check";
import { type Activation, compile, type FamilySpec, ready } from "tilewright";
import { beforeAll, describe, expect, test } from "vitest";
import { specFacts } from "../../src/ir/ops/index.js";
import { readFamily } from "../../src/ops/spec.js";
import { PAIRS, SEED } from "../support/effort.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { type NaiveCase, naiveCases, naiveOutput, specOfCase } from "../support/naiveFamily.js";
import { FEATURES, needs } from "../support/needs.js";
import { smallIntegers } from "../support/run.js";
import { WAYS } from "../support/ways.js";

interface Around {
  readonly prologue: Activation | undefined;
  readonly residual: boolean;
  readonly activation: Activation | "glu" | undefined;
}

const exact: readonly Activation[] = [
  "relu",
  "relu6",
  { kind: "leakyRelu", alpha: 0.5 },
  { kind: "clip", min: -2, max: 3 },
];
const around: fc.Arbitrary<Around> = fc
  .record({
    prologue: fc.constantFrom(undefined, ...exact, "tanh" as const, { kind: "snake" as const, alpha: 0.5 }),
    residual: fc.boolean(),
    activation: fc.constantFrom(undefined, "glu" as const, "glu" as const, ...exact),
  })
  .map((one) => (one.activation === "glu" ? { ...one, residual: false } : one));

/** Gates need one group, and an even number of channels. */
const fitted = ([one, around]: readonly [NaiveCase, Around]): readonly [NaiveCase, Around] =>
  around.activation === "glu" && one.kind !== "depthwise"
    ? [{ ...one, groups: 1, outputs: 2 * Math.ceil(one.outputs / 2) }, around]
    : [one, around.activation === "glu" ? { ...around, activation: "relu" } : around];

const drawn = fc.sample(fc.tuple(naiveCases, around).map(fitted), { seed: SEED, numRuns: PAIRS });

const specOf = ([one, { prologue, residual, activation }]: readonly [NaiveCase, Around]): FamilySpec => ({
  ...specOfCase(one),
  ...(prologue ? { prologue } : {}),
  ...(residual ? { residual } : {}),
  ...(activation ? { activation } : {}),
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function apply(x: number, activation: Activation | "glu" | undefined): number {
  if (activation === "relu") return Math.max(x, 0);
  if (activation === "relu6") return Math.min(Math.max(x, 0), 6);
  if (activation === "tanh") return Math.tanh(x);
  if (typeof activation !== "object") return x;
  if (activation.kind === "leakyRelu") return x >= 0 ? x : activation.alpha * x;
  if (activation.kind === "snake") return x + Math.sin(activation.alpha * x) ** 2 / activation.alpha;
  return activation.kind === "clip" ? Math.min(Math.max(x, activation.min), activation.max) : Number.NaN;
}

const elements = (shape: readonly number[]): number => shape.reduce((count, size) => count * size, 1);

/** Tensors of small integers, and the result by loops. */
function dataOf(
  [one, { prologue, residual, activation }]: readonly [NaiveCase, Around],
  outputShape: readonly number[],
) {
  const spec = specOfCase(one);
  const value = smallIntegers(elements(spec.value), 1);
  const filters = smallIntegers(elements(spec.filters), 2);
  const bias = spec.bias ? smallIntegers(one.groups * one.outputs, 3) : undefined;
  const before = Array.from(value, (x) => apply(x, prologue));
  const sums = naiveOutput(one, { value: before, filters, ...(bias ? { bias } : {}) });
  const added = residual ? smallIntegers(sums.length, 4) : undefined;
  const totals = sums.map((sum, i) => sum + (added?.[i] ?? 0));
  const expected = activation === "glu" ? gated(totals, outputShape, spec) : totals.map((x) => apply(x, activation));
  return {
    given: { value, ...(added ? { residual: added } : {}) },
    weights: { filters, ...(bias ? { bias } : {}) },
    expected,
  };
}

/** The first half of the channels, each times the sigmoid of its gate in the second. */
function gated(sums: Float64Array, outputShape: readonly number[], { layout }: FamilySpec): Float64Array {
  const channels = String(layout).indexOf("C");
  const half = outputShape[channels] as number;
  const inner = elements(outputShape.slice(channels + 1));
  return Float64Array.from({ length: elements(outputShape) }, (_, i) => {
    const [outer, channel, rest] = [Math.floor(i / (half * inner)), Math.floor(i / inner) % half, i % inner];
    const at = (c: number) => sums[(outer * 2 * half + c) * inner + rest] as number;
    return at(channel) * sigmoid(at(channel + half));
  });
}

const isExact = ({ prologue, activation }: Around): boolean =>
  activation !== "glu" && prologue !== "tanh" && !(typeof prologue === "object" && prologue.kind === "snake");

beforeAll(() => ready());

for (const { title, options, runsHere } of WAYS) {
  test(`${title} (seed ${SEED})`, needs({ [FEATURES]: runsHere }), async () => {
    for (const one of options.target === "wasm" ? drawn.slice(0, Math.ceil(PAIRS / 2)) : drawn) {
      const kernel = await compile(specOf(one), options);
      const { given, weights, expected } = dataOf(one, kernel.outputShape);
      const { output } = await kernel.run(given, kernel.prepare(weights));
      const bound = isExact(one[1]) ? 0 : 2 ** -12;
      const wrong = expected.findIndex(
        (x, i) => !(Math.abs(x - (output?.[i] as number)) <= bound * Math.max(1, Math.abs(x))),
      );
      expect(wrong, JSON.stringify(specOf(one))).toBe(-1);
      expect(output?.length).toBe(expected.length);
      kernel.dispose();
    }
  });
}

test("all of it was drawn", () => {
  expect(drawn.some(([, { activation }]) => activation === "glu")).toBe(true);
  expect(drawn.some(([{ kind }, { prologue }]) => prologue && kind === "transposed")).toBe(true);
  expect(drawn.some(([, { residual }]) => residual)).toBe(true);
});

test("the whole shape that is asked for is that behind the gates", () => {
  const spec = { op: "conv2dTranspose", value: [1, 3, 3, 4], filters: [2, 2, 6, 4], strides: [2, 2] } as const;
  const { outputShape } = specFacts(readFamily({ ...spec, outputShape: [1, 7, 7, 3], activation: "glu" }));
  expect(outputShape).toEqual([1, 7, 7, 3]);
});

describe("a spec that is wrong says so:", () => {
  const spec = { op: "conv2d", value: [1, 5, 5, 4], filters: [3, 3, 4, 6] } as const;
  test.each<[object, string]>([
    [{ ...spec, prologue: "glu" }, "invalid-spec: prologue must be"],
    [
      { ...spec, residual: 1 },
      "invalid-spec: residual says whether there is one (true or false); got 1. Its elements go to run()",
    ],
    [
      { ...spec, residual: true, activation: "glu" },
      "invalid-spec: a residual is added before the activation, and glu takes none",
    ],
    [
      { ...spec, filters: [3, 3, 4, 5], activation: "glu" },
      "invalid-shape: glu halves the output channels, of which there are 5; make them even",
    ],
    [
      { ...spec, filters: [3, 3, 2, 6], groups: 2, activation: "glu" },
      "invalid-shape: glu takes a conv2d of one group; got 2",
    ],
    [{ ...spec, activation: { kind: "snake", alpha: 0 } }, "for snake, is not 0"],
  ])("%j", (given, sentence) => {
    expect(errorOf(thrownBy(() => readFamily(given as FamilySpec)))).toContain(sentence);
  });
});
