/** Every activation, held to its textbook formula, on ordinary numbers and on the ends of the number line. */
import { type Activation, compile, interpret, type OpSpec } from "tilewright";
import { describe, expect, test } from "vitest";
import { onEveryWay } from "../support/ways.js";

const clip = (min: number, max: number) => (x: number) => (Number.isNaN(x) ? x : Math.min(Math.max(x, min), max));

const ACTIVATIONS: readonly (readonly [Activation | undefined, (x: number) => number])[] = [
  [undefined, (x) => x],
  ["relu", clip(0, Number.POSITIVE_INFINITY)],
  ["relu6", clip(0, 6)],
  ["sigmoid", (x) => 1 / (1 + Math.exp(-x))],
  ["tanh", Math.tanh],
  [{ kind: "leakyRelu", alpha: 0.25 }, (x) => (x >= 0 ? x : 0.25 * x)],
  [{ kind: "clip", min: -1.5, max: 2 }, clip(-1.5, 2)],
  [{ kind: "clip", min: Number.NEGATIVE_INFINITY, max: 2 }, clip(Number.NEGATIVE_INFINITY, 2)],
  [{ kind: "clip", min: -2, max: Number.POSITIVE_INFINITY }, clip(-2, Number.POSITIVE_INFINITY)],
];

const ends = [-1e30, -700, -1.5, -0.001, 0, 0.001, 0.5, 5.999, 6, 6.001, 700, 1e30, -Infinity, Infinity, NaN];
const numbers = [...ends, ...Array.from({ length: 81 }, (_, i) => (i - 40) / 3)];

/** A 1x1 kernel of weight 1 passes its value through to all channels, so the activation stands alone. */
const specOf = (activation: Activation | undefined, bias: boolean, channels = 1): OpSpec => ({
  op: "atrousConv2dTranspose",
  value: [1, 1, numbers.length, 1],
  filters: [1, 1, channels, 1],
  rate: 1,
  padding: "SAME",
  bias,
  ...(activation ? { activation } : {}),
});

const titled = ACTIVATIONS.map(([activation, formula]) => ({ title: JSON.stringify(activation), activation, formula }));

/** In float32 every step of a formula rounds, in float64 only the last one does. */
const ROUNDINGS = { wasm: 3, js: 1, plain: 1 } as const;
const TINIEST = 2 ** -126; // below, float32 has fewer digits

describe.each(titled)("$title", ({ activation, formula }) => {
  const value = Float32Array.from(numbers);
  const expectClose = (actual: ArrayLike<number>, added: number, channels: number, roundings: number) => {
    expect(actual.length).toBe(value.length * channels);
    Array.from(actual).forEach((given, i) => {
      const x = (value[Math.floor(i / channels)] as number) + added;
      const expected = Math.fround(formula(x));
      const bound = Math.max(TINIEST, roundings * 2 ** -24 * Math.abs(expected)) + 2 ** -24 * Math.abs(expected);
      const same = Object.is(given, expected) || Math.abs(given - expected) <= bound;
      expect(same, `of ${x} is ${given}, not ${expected}`).toBe(true);
    });
  };

  test("definition", () => {
    const given = Float32Array.from(interpret(specOf(activation, false), value, Float32Array.of(1)));
    expectClose(given, 0, 1, ROUNDINGS.plain);
  });

  onEveryWay((options) => {
    // One channel is computed in vectors of pixels, eight in vectors of channels, five with a rest.
    test.each([1, 8, 5])("%d channels", async (channels) => {
      const kernel = await compile(specOf(activation, false, channels), options);
      const given = kernel.runSync(value, kernel.prepare(new Float32Array(channels).fill(1)));
      expectClose(given, 0, channels, ROUNDINGS[kernel.target]);
    });

    test("after the bias", async () => {
      const kernel = await compile(specOf(activation, true, 5), options);
      const weights = kernel.prepare(new Float32Array(5).fill(1), new Float32Array(5).fill(1.25));
      expectClose(kernel.runSync(value, weights), 1.25, 5, ROUNDINGS[kernel.target]);
    });
  });
});

test("activations that differ are different kernels", async () => {
  const value = Float32Array.of(...numbers);
  const results = new Set<string>();
  for (const [activation] of ACTIVATIONS) {
    const kernel = await compile(specOf(activation, false));
    results.add(kernel.runSync(value, kernel.prepare(Float32Array.of(1))).join());
  }
  expect(results.size).toBe(ACTIVATIONS.length);
});

test("bounds at infinity are bounds of their own", async () => {
  const run = async (min: number, max: number) => {
    const kernel = await compile(specOf({ kind: "clip", min, max }, false));
    return kernel.runSync(Float32Array.from(numbers), kernel.prepare(Float32Array.of(1)))[numbers.indexOf(-1.5)];
  };
  expect(await run(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(-1.5);
  expect(await run(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});
