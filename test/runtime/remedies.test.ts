/** Refusals of what people write first: each says what to write in its place, and that works. */
import { compile, type FormulaSpec, type GivenSpec } from "tilewright";
import { describe, expect, test } from "vitest";
import { specWith } from "../support/calls.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";

const TARGETS = ["js", "wasm", "plain"] as const;
const FORMULA = {
  formula: "y[i] = sum(k: w[k] * x[i + k]) for i < 4",
  tensors: { x: [6], w: [3] },
  weights: ["w"],
} as const satisfies FormulaSpec;

const refusal = (attempt: () => unknown): string => errorOf(thrownBy(attempt));

describe.each(TARGETS)("%s", (target) => {
  test("lists of other numbers become float32", async () => {
    const kernel = await compile(specWith(), { target });
    const weights = kernel.prepare(new Float32Array(54));
    for (const it of [new Array(40).fill(1), new Float64Array(40), new Uint8Array(40)]) {
      expect(refusal(() => kernel.runSync(it as never, weights))).toMatch(/; Float32Array\.from\(it\) makes one$/);
      expect(kernel.runSync(Float32Array.from(it), weights).length).toBe(60);
    }
    const nested = Array.from({ length: 8 }, () => new Array(5).fill(1));
    expect(refusal(() => kernel.runSync(nested as never, weights))).toMatch(
      /; Float32Array\.from\(it\.flat\(Infinity\)\)/,
    );
    for (const it of [new BigInt64Array(40), new DataView(new ArrayBuffer(160)), { 0: 1 }, "x"]) {
      expect(refusal(() => kernel.runSync(it as never, weights))).not.toContain("makes one");
    }
  });

  test("weights among the inputs, and inputs among the weights", async () => {
    const kernel = await compile(FORMULA, { target });
    const [x, w] = [new Float32Array(6), new Float32Array(3)];
    expect(refusal(() => kernel.runSync({ x, w } as never))).toBe(
      'invalid-argument: there is no input "w"; its inputs are x; w is a weight, give it to prepare',
    );
    expect(refusal(() => kernel.prepare({ x, w } as never))).toBe(
      'invalid-argument: there is no weight "x"; its weights are w; x is an input, give it to run',
    );
    expect(refusal(() => kernel.runSync({ x, y: x } as never))).toContain("; y is an output, which run returns");
    expect(refusal(() => kernel.prepare({ ww: w } as never))).toContain("; did you mean w?");
    expect(kernel.runSync({ x }, kernel.prepare({ w })).y.length).toBe(4);
  });

  test("no weights, and weights that are not prepared", async () => {
    const formula = await compile(FORMULA, { target });
    const x = new Float32Array(6);
    for (const weights of [undefined, new Float32Array(3), { w: new Float32Array(3) }])
      expect(refusal(() => formula.runSync({ x }, weights as never))).toBe(
        "invalid-argument: weights must come from prepare() of this very kernel object, " +
          "as in run({ x }, kernel.prepare({ w }))",
      );
    const biased = await compile(specWith({ bias: true }), { target });
    expect(refusal(() => biased.runSync(new Float32Array(40)))).toMatch(
      /run\(value, kernel\.prepare\(filters, bias\)\)$/,
    );
  });
});

test.each<readonly [spec: object, end: string]>([
  [{ op: "conv2d", value: [1, 9, 9, 4], filters: [3, 3, 4, 8], strides: 2 }, "for each of H, W; got 2; write [2, 2]"],
  [{ op: "conv3d", value: [1, 5, 5, 5, 1], filters: [3, 3, 3, 1, 1], dilations: 1 }, "got 1; write [1, 1, 1]"],
  [
    { op: "conv2d", convention: "pytorch", value: [1, 4, 9, 9], filters: [8, 4, 3, 3], padding: 1 },
    "got 1; write [[1, 1], [1, 1]]",
  ],
  [{ op: "maxPool", value: [1, 9, 9, 4], window: [2, 2], strides: 2 }, "got 2; write [2, 2]"],
  [{ op: "conv2d", value: [1, 9, 9, 4], filters: [3, 3, 4, 8], strides: -1 }, "for each of H, W; got -1"],
])("one number in place of a list: %o", async (spec, end) => {
  const message = errorOf(await rejectionOf(compile(spec as GivenSpec)));
  expect(message.slice(-end.length)).toBe(end);
});
