/** Names of specs that have none: identifiers, and never one for two. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalKey } from "../../src/ir/key.js";
import type { Activation } from "../../src/ir/ops/epilogue.js";
import { checkSpec, type OpSpec } from "../../src/ir/ops/spec.js";
import { kernelName } from "../../src/ir/ops/specName.js";
import { SEED } from "../support/effort.js";

const size = fc.integer({ min: 1, max: 12 });
const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(0.1, 1e-7, -1e21, 1.5, -1.5, 15),
);
const finite = number.filter((drawn) => Number.isFinite(Math.fround(drawn)));
const activation: fc.Arbitrary<Activation | undefined> = fc.oneof(
  fc.constantFrom(undefined, "relu", "relu6", "sigmoid", "tanh"),
  finite.map((alpha) => ({ kind: "leakyRelu", alpha }) as const),
  fc.tuple(number, number).map(([a, b]) => ({ kind: "clip", min: Math.min(a, b), max: Math.max(a, b) }) as const),
);
const specs: fc.Arbitrary<OpSpec> = fc
  .record({
    op: fc.constantFrom("conv2d", "atrousConv2dTranspose"),
    sizes: fc.tuple(size, size, size, size, size),
    rate: size,
    bias: fc.boolean(),
    kernel: fc.tuple(size, size),
    activation,
  })
  .map(({ op, sizes: [n, h, w, ci, co], rate, bias, kernel, activation: after }) =>
    checkSpec({
      ...{ op, value: [n, h, w, ci], rate, bias, padding: "SAME" },
      filters: [...kernel, ...(op === "conv2d" ? [ci, co] : [co, ci])],
      ...(after === undefined ? {} : { activation: after }),
    }),
  );

/** One spec, and another that differs in at most a few places. */
const pairs = fc.tuple(specs, specs, fc.subarray(["activation", "bias", "rate"] as const)).map(([a, b, keys]) => {
  const { activation: _, bias: __, ...rest } = a;
  const from = { ...a, ...Object.fromEntries(keys.map((key) => [key, b[key]])) };
  return [
    a,
    checkSpec(Object.fromEntries(Object.entries({ ...rest, ...from }).filter(([, value]) => value !== undefined))),
  ] as const;
});

it("is an identifier, and the same only for the same spec", () => {
  fc.assert(
    fc.property(pairs, specs, ([a, near], far) => {
      expect(kernelName(a)).toMatch(/^[A-Za-z_$][\w$]*$/);
      for (const b of [near, far]) expect(kernelName(a) === kernelName(b)).toBe(canonicalKey(a) === canonicalKey(b));
    }),
    { seed: SEED, numRuns: 3000 },
  );
  console.log(`names of specs, seed ${SEED}`);
});

it("can be read", () => {
  const spec = {
    op: "atrousConv2dTranspose",
    value: [1, 33, 33, 64],
    filters: [3, 3, 32, 64],
    rate: 2,
    padding: "SAME",
  };
  expect(kernelName(checkSpec(spec))).toBe("atrousConv2dTranspose_1x33x33x64_3x3x32_r2_same");
  const more = {
    ...spec,
    padding: "VALID",
    bias: true,
    activation: { kind: "clip", min: -0.5, max: Number.POSITIVE_INFINITY },
  };
  expect(kernelName(checkSpec(more))).toBe("atrousConv2dTranspose_1x33x33x64_3x3x32_r2_valid_bias_clip_m0p5_Infinity");
});
