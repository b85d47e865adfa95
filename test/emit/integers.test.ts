/** Taps so far apart that bytes between them do not fit 32 bits: only what is read must lie where code can address it. */
import fc from "fast-check";
import { type CompileOptions, compile, type OpSpec, type Schedule } from "tilewright";
import { compileModule, compileProgram, DEFAULT_LIMITS, JS, wgslTarget } from "tilewright/compiler";
import { describe, expect, test } from "vitest";
import { load, local } from "../../src/ir/expr.js";
import { elementCount, SUM } from "../../src/ir/program.js";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import { SEED } from "../support/effort.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { buffer, form } from "../support/kernels.js";
import { IN_THREADS, programWith, stageOf } from "../support/programs.js";
import { smallIntegers } from "../support/run.js";
import { validate } from "../support/webgpu.js";

const WGSL = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });

interface Far {
  readonly rows: boolean;
  readonly pixels: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly taps: number;
  readonly rate: number;
}

const specOf = ({ rows, pixels, inputs, outputs, taps, rate }: Far): OpSpec => ({
  op: "atrousConv2dTranspose",
  value: rows ? [1, pixels, 1, inputs] : [1, 1, pixels, inputs],
  filters: rows ? [taps, 1, outputs, inputs] : [1, taps, outputs, inputs],
  rate,
  padding: "VALID",
});

/** Each pixel reaches as many outputs as there are taps; all others are 0. */
function scattered(far: Far, value: Float32Array, filters: Float32Array): Map<number, number> {
  const { pixels, inputs, outputs, taps, rate } = far;
  const sums = new Map<number, number>();
  for (let x = 0; x < pixels; x++)
    for (let k = 0; k < taps; k++)
      for (let o = 0; o < outputs; o++) {
        let sum = 0;
        for (let i = 0; i < inputs; i++)
          sum += (value[x * inputs + i] as number) * (filters[(k * outputs + o) * inputs + i] as number);
        const at = (x + k * rate) * outputs + o;
        sums.set(at, (sums.get(at) ?? 0) + sum);
      }
  return sums;
}

async function expectScattered(far: Far, options: CompileOptions): Promise<void> {
  const kernel = await compile(specOf(far), options);
  const [value, filters] = [far.pixels * far.inputs, far.taps * far.outputs * far.inputs].map((count, i) =>
    smallIntegers(count, i + 1),
  ) as [Float32Array, Float32Array];
  const given = kernel.runSync(value, kernel.prepare(filters));
  const expected = new Float32Array(elementCount(kernel.outputShape));
  for (const [at, sum] of scattered(far, value, filters)) expected[at] = sum;
  const wrong = given.findIndex((sum, i) => sum !== expected[i]);
  expect(wrong < 0 ? "right" : `${given[wrong]} at ${wrong}`, JSON.stringify([far, options])).toBe("right");
  kernel.dispose();
}

/** Between the outermost taps lie more than 2^31 bytes of `value`, or even 2^31 elements. */
const anyFar: fc.Arbitrary<Far> = fc
  .record({
    rows: fc.boolean(),
    pixels: fc.integer({ min: 1, max: 3 }),
    inputs: fc.constantFrom(2 ** 16, 100_003, 2 ** 18),
    outputs: fc.integer({ min: 1, max: 3 }),
    taps: fc.integer({ min: 2, max: 4 }),
    bytes: fc.constantFrom(2 ** 31, 2 ** 32, 1.6e10),
  })
  .map(({ bytes, ...far }) => ({ ...far, rate: Math.ceil(bytes / 4 / far.inputs / (far.taps - 1)) + 1 }));

const CASE: Far = { rows: false, pixels: 1, inputs: 5000, outputs: 2, taps: 3, rate: 316_653 };

const LEVELS = ["none", "simd128", "relaxed"] as const;
const WAYS: readonly CompileOptions[] = [
  { target: "js" },
  ...LEVELS.slice(0, LEVELS.indexOf(wasmFeatures().simd) + 1).map((simd) => ({
    target: "wasm" as const,
    features: { simd },
  })),
];

describe.each(WAYS)("%j", (options) => {
  test("a row of more than 2^31 bytes between two taps", () => expectScattered(CASE, options));

  test("random ones", { timeout: 120_000 }, async () => {
    const rightOf = fc.asyncProperty(anyFar, (far) => expectScattered(far, options));
    await fc.assert(rightOf, { seed: SEED, numRuns: 3 });
  });

  // The base of such a tap stays outside the loop over pixels, where no pixel has brought it back yet.
  test("taps outside, pixels inside", async () => {
    const conv: Schedule[string] = [
      { do: "split", axis: "ic", by: 250, into: ["ico", "ici"], tail: "guard" },
      { do: "reorder", axes: ["kx", "ico", "oc", "ox", "ici"] },
      { do: "unroll", axis: "ici" },
    ];
    await expectScattered({ ...CASE, pixels: 2 }, { ...options, schedule: { conv } });
  });
});

test("a shader has no literal beyond 32 bits", async () => {
  for (const rate of [316_653, 2 ** 20]) {
    const module = compileModule(specOf({ ...CASE, inputs: 4096, rate }), { target: WGSL });
    expect(await validate(module)).toEqual([]);
  }
});

test("taps that are farther apart than can be counted are refused", async () => {
  const far: Far = { rows: false, pixels: 1, inputs: 2 ** 26, outputs: 1, taps: 2, rate: 2 ** 27 };
  for (const target of ["js", "wasm", "plain"] as const) {
    expect(errorOf(await rejectionOf(compile(specOf(far), { target }).then((kernel) => kernel.value)))).toMatch(
      /^too-large: conv reaches 9007199321849856 elements of value far; at most 2\^50 can be counted/,
    );
  }
});

/** Points where `2^32*i + j` stays below a bound that 32 bits do not hold. */
const GUARDED = programWith(
  [buffer("x", [4, 3], "input"), buffer("output", [4, 3], "output")],
  [
    stageOf("pick", {
      space: "i<4 j<3",
      where: [`${2 ** 32 + 1} - ${2 ** 32}*i - j`],
      term: load("x", [form("i"), form("j")]),
      finish: local(SUM),
      to: ["output", "i", "j"],
    }),
  ],
);

test("a comparison beyond 32 bits is refused where integers wrap around", () => {
  for (const target of [IN_THREADS, WGSL]) {
    expect(errorOf(thrownBy(() => compileProgram(GUARDED, { target })))).toMatch(
      /^too-large: pick compares numbers from -\d+ to \d+; they must fit 32 bits/,
    );
  }
  expect(compileProgram(GUARDED, { target: JS }).code).toContain("4294967296 * i");
});
