/** Random attributes and shapes of every op of the library that is a formula, beside loops that say the same. */
import fc from "fast-check";
import type { Activation, ShorthandSpec } from "tilewright";
import { describe, expect, test } from "vitest";
import { interpretProgram } from "../../src/ir/interpret.js";
import { SHORTHANDS } from "../../src/ir/ops/shorthandSpec.js";
import { programOfAny } from "../../src/specs/anySpec.js";
import { PAIRS, SEED } from "../support/effort.js";
import { expectMeaning } from "../support/meanings.js";
import { PROGRAM_WAYS } from "../support/programWays.js";
import { givenFor } from "../support/run.js";
import { meaningOf } from "../support/shorthands.js";

const size = fc.integer({ min: 1, max: 7 });
const small = fc.integer({ min: 1, max: 3 });
const shape = (min: number, max: number) => fc.array(size, { minLength: min, maxLength: max });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const activation = maybe(
  fc.constantFrom<Activation>("relu", "relu6", { kind: "leakyRelu", alpha: 0.5 }, { kind: "clip", min: -4, max: 9 }),
);
const flag = maybe(fc.boolean());

/** Two shapes that can be broadcast: some dimensions become 1, and some at the front are left out. */
const broadcastable = fc.tuple(shape(0, 4), fc.infiniteStream(fc.boolean()), fc.nat(4)).map(([full, coins, cut]) => {
  const thinned = (all: readonly number[]) => all.map((one) => (coins.next().value ? one : 1));
  return [thinned(full), thinned(full).slice(Math.min(cut, full.length))] as const;
});

const along = (value: readonly number[]) => fc.integer({ min: -value.length, max: value.length - 1 });
const withAxis = (op: "softmax" | "layerNorm" | "batchNorm") =>
  shape(1, 4).chain((value) =>
    fc.record({
      op: fc.constant(op),
      value: fc.constant(value),
      axis: maybe(along(value)),
      // A variance that is drawn may be negative, so it takes an epsilon that is larger.
      ...(op === "softmax" ? {} : { scale: flag, bias: flag, epsilon: fc.constantFrom(16, 20.5) }),
      ...(op === "batchNorm" ? { activation } : {}),
    }),
  );

const image = fc.integer({ min: 1, max: 3 });
const pools = fc.tuple(image, fc.constantFrom("maxPool" as const, "averagePool" as const)).chain(([axes, op]) => {
  const each = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: axes, maxLength: axes });
  const words = fc.constantFrom("SAME", "SAME_UPPER", "SAME_LOWER", "VALID");
  return fc.record({
    op: fc.constant(op),
    value: fc.array(size, { minLength: axes + 2, maxLength: axes + 2 }),
    window: each(small),
    strides: maybe(each(small)),
    dilations: maybe(each(fc.integer({ min: 1, max: 2 }))),
    padding: maybe(fc.oneof(words, each(fc.tuple(fc.nat(1), fc.nat(1))))),
    layout: fc.constantFrom(`N${"DHW".slice(-axes)}C`, `NC${"DHW".slice(-axes)}`),
    convention: maybe(fc.constantFrom("tensorflow", "keras", "onnx", "pytorch", "webnn")),
    ...(op === "averagePool" ? { countPadding: flag } : {}),
  });
});

const resizes = fc.integer({ min: 1, max: 2 }).chain((axes) =>
  fc.record({
    op: fc.constant("resize" as const),
    value: fc.array(size, { minLength: axes + 2, maxLength: axes + 2 }),
    size: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: axes, maxLength: axes }),
    method: fc.constantFrom("nearest", "bilinear"),
    coordinates: maybe(fc.constantFrom("halfPixel", "alignCorners", "asymmetric")),
    layout: fc.constantFrom(`N${"DHW".slice(-axes)}C`, `NC${"DHW".slice(-axes)}`),
  }),
);

const products = fc.tuple(broadcastable, size, size, size, flag, flag).map(([[one, two], i, k, j, turnA, turnB]) => ({
  a: [...one, ...(turnA ? [k, i] : [i, k])],
  b: [...two, ...(turnB ? [j, k] : [k, j])],
  transposeA: turnA,
  transposeB: turnB,
}));

const pads = fc.tuple(shape(0, 3), fc.constantFrom("constant", "edge", "reflect")).chain(([value, mode]) =>
  fc.record({
    op: fc.constant("pad" as const),
    value: fc.constant(value),
    padding: fc.tuple(...value.map((one) => fc.tuple(...[1, 2].map(() => fc.nat(mode === "reflect" ? one - 1 : 3))))),
    mode: fc.constant(mode),
    ...(mode === "constant" ? { fill: maybe(fc.constant(-2)) } : {}),
  }),
);

const of = <Op extends string>(...ops: readonly Op[]) => fc.constantFrom(...ops);

const SPECS: readonly fc.Arbitrary<unknown>[] = [
  fc
    .tuple(products, fc.subarray(["a", "b"]), flag, activation)
    .map(([shapes, weights, bias, act]) => ({ op: "matmul", ...shapes, weights, bias, activation: act })),
  fc
    .tuple(shape(1, 4), size, flag, activation)
    .map(([value, o, bias, act]) => ({ op: "dense", value, filters: [value.at(-1), o], bias, activation: act })),
  pools,
  withAxis("softmax"),
  withAxis("layerNorm"),
  withAxis("batchNorm"),
  resizes,
  fc
    .tuple(fc.array(small, { minLength: 4, maxLength: 4 }), small, maybe(of("DCR", "CRD")), of("NHWC", "NCHW"))
    .map(([value, block, mode, layout]) => {
      const channels = layout.indexOf("C");
      return {
        op: "pixelShuffle",
        value: value.with(channels, (value[channels] as number) * block ** 2),
        block,
        mode,
        layout,
      };
    }),
  pads,
  fc
    .tuple(broadcastable, of("add", "subtract", "multiply", "maximum", "minimum"), activation)
    .map(([[a, b], op, act]) => ({ op, a, b, activation: act })),
  fc.tuple(shape(0, 4), activation).map(([value, act]) => ({ op: "activate", value, activation: act ?? "relu" })),
  fc
    .tuple(shape(0, 4), of("reduceSum", "reduceMean", "reduceMax", "reduceMin"), flag, fc.infiniteStream(fc.boolean()))
    .map(([value, op, keepDims, coins]) => ({
      op,
      value,
      keepDims,
      axes: value.flatMap((_, i) => (coins.next().value ? [i - (coins.next().value ? value.length : 0)] : [])),
    })),
];

const specs = fc.oneof(...SPECS) as fc.Arbitrary<ShorthandSpec>;

/** Windows that are larger than their image are refused, and pads that are larger than the window's reach. */
const isLegal = (spec: ShorthandSpec): boolean => {
  try {
    programOfAny(spec);
    return true;
  } catch {
    return spec.op !== "maxPool" && spec.op !== "averagePool";
  }
};

const drawn = fc.sample(specs.filter(isLegal), { seed: SEED, numRuns: 12 * PAIRS });

test(`the program of each is what it means (seed ${SEED})`, () => {
  for (const spec of drawn) {
    const [program, meaning] = [programOfAny(spec), meaningOf(spec)];
    const { output } = Object.fromEntries(interpretProgram(program, givenFor(program, 1)));
    expectMeaning(output as Float64Array, meaning, program);
  }
  expect(new Set(drawn.map(({ op }) => op)).size).toBeGreaterThan(SHORTHANDS.length - 3);
});

describe.each(PROGRAM_WAYS.filter(([, , runsHere]) => runsHere))("%s", (_, load) => {
  test(`kernels are what they mean (seed ${SEED})`, async () => {
    for (const spec of drawn.slice(0, PAIRS)) {
      const [program, meaning] = [programOfAny(spec), meaningOf(spec)];
      const given = Object.fromEntries(givenFor(program, 1));
      const kernel = await load(program);
      const pick = (names: readonly string[]) =>
        Object.fromEntries(names.map((name) => [name, given[name] as Float32Array]));
      const { output } = await kernel.run(pick(kernel.inputNames), kernel.prepare(pick(kernel.weightNames)));
      expectMeaning(output as Float32Array, meaning, program);
      kernel.dispose();
    }
  });
});
