/** Every activation, held to its textbook formula, on ordinary numbers and on the ends of the number line. */
import { type Activation, compile, interpret, type OpSpec } from "tilewright";
import { describe, expect, test } from "vitest";
import { TARGETS } from "../support/calls.js";

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

/** A 1x1 kernel of weight 1 passes its value through, so the activation stands alone. */
const numbers = [-1e30, -700, -7, -1.5, -0.001, 0, 0.001, 0.5, 1, 5.999, 6, 6.001, 700, 1e30, -Infinity, Infinity, NaN];
const specOf = (activation: Activation | undefined, bias: boolean): OpSpec => ({
  op: "atrousConv2dTranspose",
  value: [1, 1, numbers.length, 1],
  filters: [1, 1, 1, 1],
  rate: 1,
  padding: "SAME",
  bias,
  ...(activation ? { activation } : {}),
});

const titled = ACTIVATIONS.map(([activation, formula]) => ({ title: JSON.stringify(activation), activation, formula }));

describe.each(titled)("$title", ({ activation, formula }) => {
  const value = Float32Array.from(numbers);
  const one = Float32Array.of(1);
  const expectClose = (actual: ArrayLike<number>, added: number) => {
    Array.from(value).forEach((x, i) => {
      const expected = Math.fround(formula(x + added));
      const given = actual[i] as number;
      const same = Object.is(given, expected) || Math.abs(given - expected) <= 2 ** -23 * Math.abs(expected);
      expect(same, `of ${x + added} is ${given}, not ${expected}`).toBe(true);
    });
  };

  test("definition", () => {
    expectClose(Float32Array.from(interpret(specOf(activation, false), value, one)), 0);
  });

  test.each(TARGETS)("%s", async (target) => {
    const kernel = await compile(specOf(activation, false), { target });
    expectClose(kernel.runSync(value, kernel.prepare(one)), 0);
  });

  test.each(TARGETS)("%s, after the bias", async (target) => {
    const kernel = await compile(specOf(activation, true), { target });
    expectClose(kernel.runSync(value, kernel.prepare(one, Float32Array.of(1.25))), 1.25);
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
    return kernel.runSync(Float32Array.from(numbers), kernel.prepare(Float32Array.of(1)))[2];
  };
  expect(await run(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(-7);
  expect(await run(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});
