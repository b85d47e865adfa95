/** The ends of what is legal: empty tensors, kernels and rates larger than the image, and numbers that are not finite. */
import { compile, interpret, type OpSpec } from "tilewright";
import { describe, expect, test } from "vitest";
import { elementCount } from "../../src/ir/program.js";
import { callOf, specWith } from "../support/calls.js";
import { onEveryWay, type Way } from "../support/ways.js";

/** Runs into memory full of NaN, so that an output which nobody writes shows. */
async function expectDefinition(spec: OpSpec, options: Way["options"]): Promise<Float32Array> {
  const { kernel, weights, value, expected } = await callOf(spec, options);
  const out = new Float32Array(elementCount(kernel.outputShape)).fill(Number.NaN);
  expect(kernel.runSync(value, weights, out)).toEqual(expected);
  return out;
}

const EMPTY: readonly (readonly [string, Partial<OpSpec>, number])[] = [
  ["no images", { value: [0, 4, 5, 2] }, 0],
  ["no rows, SAME", { value: [1, 0, 5, 2] }, 0],
  ["no columns, SAME", { value: [1, 4, 0, 2] }, 0],
  ["no rows, VALID", { value: [1, 0, 5, 2], padding: "VALID" }, 2 * 7 * 3],
  ["no columns, VALID", { value: [1, 4, 0, 2], padding: "VALID", rate: 2 }, 8 * 4 * 3],
  ["no rows, 1x1 kernel, VALID", { value: [1, 0, 5, 2], filters: [1, 1, 3, 2], padding: "VALID" }, 0],
  ["neither rows nor columns, VALID", { value: [2, 0, 0, 2], padding: "VALID" }, 2 * 2 * 2 * 3],
  ["no input channels", { value: [1, 4, 5, 0], filters: [3, 3, 3, 0] }, 4 * 5 * 3],
  ["no input channels, VALID", { value: [2, 4, 5, 0], filters: [3, 3, 3, 0], padding: "VALID" }, 2 * 6 * 7 * 3],
  ["forward, no input channels", { op: "conv2d", value: [1, 4, 5, 0], filters: [3, 3, 0, 3] }, 4 * 5 * 3],
  [
    "forward, kernel as large as the image plus one",
    { op: "conv2d", value: [1, 2, 5, 2], filters: [3, 3, 2, 3], padding: "VALID" },
    0,
  ],
];

onEveryWay((options) => {
  test.each(EMPTY)("%s: zeros, or the bias", async (_, change, count) => {
    const zeros = await expectDefinition(specWith(change), options);
    expect(zeros).toEqual(new Float32Array(count));
    const { bias } = await callOf(specWith({ ...change, bias: true }), options);
    const biased = await expectDefinition(specWith({ ...change, bias: true }), options);
    expect(biased).toEqual(Float32Array.from({ length: count }, (_, i) => bias?.[i % 3] as number));
  });

  const LARGE: readonly (readonly [string, Partial<OpSpec>])[] = [
    ["a rate beyond the image", { rate: 64 }],
    ["a rate beyond the image, VALID", { rate: 9, padding: "VALID" }],
    ["an odd reach beyond the image", { rate: 7, filters: [2, 2, 3, 2] }],
    ["a kernel beyond the image", { filters: [9, 11, 3, 2] }],
    ["a kernel beyond the image, VALID", { filters: [7, 8, 3, 2], padding: "VALID", rate: 2 }],
    ["a single pixel", { value: [1, 1, 1, 2], filters: [4, 3, 3, 2], rate: 3, padding: "VALID" }],
    ["forward beyond the image", { op: "conv2d", filters: [5, 7, 2, 3], rate: 3 }],
    ["a rate of a million", { rate: 1_000_000 }],
  ];

  test.each(LARGE)("%s", async (_, change) => {
    const out = await expectDefinition(specWith(change), options);
    expect(out.some((x) => x !== 0)).toBe(true);
  });

  test("a 2x2 kernel at rate 9 has no tap near enough, and gives zeros", async () => {
    const out = await expectDefinition(specWith({ rate: 9, filters: [2, 2, 3, 2] }), options);
    expect(out).toEqual(new Float32Array(4 * 5 * 3));
  });

  test("of a far rate only the centre tap is left", async () => {
    const { kernel, weights, value, filters } = await callOf(specWith({ rate: 64 }), options);
    const centre = filters.subarray(4 * 6, 5 * 6); // [Co, Ci] of tap (1, 1)
    const narrow = await compile(specWith({ filters: [1, 1, 3, 2] }), options);
    expect(kernel.runSync(value, weights)).toEqual(narrow.runSync(value, narrow.prepare(centre.slice())));
  });

  describe.each([Number.NaN, Number.POSITIVE_INFINITY])("%s", (strange) => {
    const spec = specWith({ value: [1, 6, 7, 2], rate: 2 });

    test("in the value spreads to exactly the outputs it reaches", async () => {
      const { kernel, weights, value, expected } = await callOf(spec, options);
      // Pixel (1, 3) reaches rows -1, 1, 3 and columns 1, 3, 5.
      const reached = new Set<number>();
      for (const y of [1, 3]) for (const x of [1, 3, 5]) for (const c of [0, 1, 2]) reached.add((y * 7 + x) * 3 + c);
      value[(1 * 7 + 3) * 2] = strange;
      const out = kernel.runSync(value, weights);
      out.forEach((x, i) => {
        if (!reached.has(i)) expect(x, `output ${i}`).toBe(expected[i]);
      });
      const touched = out.filter((x) => !Number.isFinite(x)).length;
      expect(touched).toBe(reached.size);
    });

    test("in a filter spreads no further than its tap", async () => {
      const { kernel, value, filters, expected } = await callOf(spec, options);
      value.fill(1); // 0 * Infinity would be NaN by definition
      const tap = ((2 * 3 + 0) * 3 + 1) * 2; // row 2, column 0, output channel 1
      const clean = kernel.runSync(value, kernel.prepare(filters));
      filters[tap] = strange;
      const out = kernel.runSync(value, kernel.prepare(filters));
      const pad = 2;
      let inside = 0;
      out.forEach((x, i) => {
        const [row, column, channel] = [Math.floor(i / 21), Math.floor(i / 3) % 7, i % 3];
        const meets = channel === 1 && row + pad - 4 >= 0 && row + pad - 4 < 6 && column + pad < 7;
        if (meets) inside++;
        expect(x, `output ${i}`).toBe(meets ? strange : clean[i]);
      });
      expect(inside).toBe(4 * 5);
      expect(expected.length).toBe(out.length);
    });

    test("by definition too", async () => {
      const { kernel, value, filters } = await callOf(spec, options);
      value[20] = strange;
      filters[7] = strange;
      filters[31] = -strange;
      const expected = Float32Array.from(interpret(spec, value, filters));
      expect(kernel.runSync(value, kernel.prepare(filters))).toEqual(expected);
    });
  });
});
