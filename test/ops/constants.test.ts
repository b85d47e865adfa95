/** Constants are float32 on every target, whatever it computes in: all multiply by the same number, however large or small. */
import fc from "fast-check";
import { type Activation, compile, interpret, type OpSpec } from "tilewright";
import {
  compileModule,
  compileProgram,
  DEFAULT_LIMITS,
  JS,
  type Program,
  wasmTarget,
  wgslTarget,
} from "tilewright/compiler";
import { loadKernel } from "tilewright/runtime";
import { expect, test } from "vitest";
import { canonical } from "../../src/ir/definition.js";
import { binary, load, local, multiply, number } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { SUM } from "../../src/ir/program.js";
import { TARGETS } from "../support/calls.js";
import { SEED } from "../support/effort.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { DRIVER, needs } from "../support/needs.js";
import { programWith, stageOf } from "../support/programs.js";
import { gpuDevice, validate } from "../support/webgpu.js";

const device = await gpuDevice();

const LARGEST = 3.4028234663852886e38;
const value = Float32Array.of(-Infinity, -LARGEST, -3, -1e-30, -1e-45, -0, 0, 1e-45, 2.5, LARGEST, Infinity, NaN);

const specOf = (activation: Activation): OpSpec => ({
  op: "atrousConv2dTranspose",
  value: [1, 1, value.length, 1],
  filters: [1, 1, 1, 1],
  rate: 1,
  padding: "SAME",
  activation,
});

/** All numbers of float32's range and far beyond it. */
const anyNumber = fc
  .tuple(fc.double({ min: 1, max: 2, noNaN: true }), fc.integer({ min: -200, max: 127 }), fc.boolean())
  .map(([digits, exponent, isNegative]) => (isNegative ? -1 : 1) * digits * 2 ** exponent)
  .filter((drawn) => Number.isFinite(Math.fround(drawn)));

/** With one product for each output, nothing rounds but the result. Zeros of either sign count as equal. */
async function expectAgreement(activation: Activation): Promise<void> {
  const spec = specOf(activation);
  const expected = [...Float32Array.from(interpret(spec, value, Float32Array.of(1)))].map((x) => x + 0);
  for (const target of TARGETS) {
    const kernel = await compile(spec, { target });
    const given = kernel.runSync(value, kernel.prepare(Float32Array.of(1)));
    expect(
      [...given].map((x) => x + 0),
      `${target}: ${JSON.stringify(activation)}`,
    ).toEqual(expected);
    kernel.dispose();
  }
}

test("all targets agree with the definition on any slope", async () => {
  const slopes = fc.oneof(anyNumber, fc.constantFrom(0, 1e-46, -1e-46, 1e-45, LARGEST, 5e-324));
  await fc.assert(
    fc.asyncProperty(slopes, (alpha) => expectAgreement({ kind: "leakyRelu", alpha })),
    { seed: SEED, numRuns: 60 },
  );
});

test("all targets agree with the definition on any bounds", async () => {
  const bound = fc.oneof(anyNumber, fc.constantFrom(0, 1e-46, 1e39, -1e39, 1e308, Infinity, -Infinity));
  await fc.assert(
    fc.asyncProperty(bound, bound, (a, b) =>
      expectAgreement({ kind: "clip", min: Math.min(a, b), max: Math.max(a, b) }),
    ),
    { seed: SEED, numRuns: 60 },
  );
});

test("a slope beyond float32 is refused, as it would turn every 0 into NaN", () => {
  for (const alpha of [1e39, -1e39, 3.5e38, Number.MAX_VALUE]) {
    const attempt = () => interpret(specOf({ kind: "leakyRelu", alpha }), value, Float32Array.of(1));
    expect(errorOf(thrownBy(attempt))).toMatch(/^invalid-spec: .* with an alpha that float32 can hold/);
  }
});

/** `output = finish(x * factor)`, with the constants of a stage in its term and in its end. */
const scaled = (inTerm: number, inFinish: number, stored: number): Program =>
  programWith(
    [
      { name: "x", shape: [value.length], dtype: "f32", role: "input" },
      { name: "factor", shape: [1], dtype: "f32", role: "constant", values: [stored] },
      { name: "output", shape: [value.length], dtype: "f32", role: "output" },
    ],
    [
      stageOf("scale", {
        space: `i<${value.length}`,
        term: multiply(number(inTerm), load("x", [{ constant: 0, terms: { i: 1 } }])),
        finish: binary("maximum", local(SUM), multiply(number(inFinish), load("factor", [{ constant: 0, terms: {} }]))),
        to: ["output", "i"],
      }),
    ],
  );

const SLOPES = [1e-46, 1e-45, 1e-39, 2 ** -126, 0.1, LARGEST];

test.each(["f32", "f16"] as const)("a shader can state any slope, with tensors of %s", async (storage) => {
  const target = wgslTarget({ limits: DEFAULT_LIMITS, storage });
  for (const alpha of SLOPES) {
    expect(await validate(compileModule(specOf({ kind: "leakyRelu", alpha }), { target }))).toEqual([]);
  }
});

test(
  "a GPU agrees with the definition on any slope, as far as WGSL promises",
  needs({ [DRIVER]: device }),
  async () => {
    const finite = Float32Array.of(-3, -1e-3, -1, 0, 1, 2.5);
    for (const alpha of SLOPES.filter((slope) => slope < 1)) {
      const spec: OpSpec = { ...specOf({ kind: "leakyRelu", alpha }), value: [1, 1, finite.length, 1] };
      const kernel = await compile(spec, { target: "webgpu", device: device as GPUDevice });
      const given = await kernel.run(finite, await kernel.prepare(Float32Array.of(1)));
      const expected = interpret(spec, finite, Float32Array.of(1));
      // A GPU may take a number below 2^-126 for 0.
      given.forEach((number, i) => {
        expect(Math.abs(number - (expected[i] as number))).toBeLessThanOrEqual(
          2 ** -24 * Math.abs(number) + 4 * 2 ** -126,
        );
      });
      kernel.dispose();
    }
  },
);

test("constants of a program, too", async () => {
  const some = fc.oneof(anyNumber, fc.constantFrom(0, 1e-45, 1e39));
  await fc.assert(
    fc.asyncProperty(some, some, some, async (...constants) => {
      const program = scaled(...constants);
      const inputs = new Map([["x", value]]);
      const expected = Float32Array.from(interpretProgram(canonical(program), inputs).get("output") ?? []);
      for (const target of [JS, wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false })]) {
        const module = compileProgram(program, { target });
        const kernel = await (module.language === "js" ? loadKernel(module) : loadKernel(module as never));
        const given = kernel.runSync({ x: value }).output as Float32Array;
        expect(
          [...given].map((x) => x + 0),
          `${target.language}: ${constants}`,
        ).toEqual([...expected].map((x) => x + 0));
        kernel.dispose();
      }
    }),
    { seed: SEED, numRuns: 60 },
  );
});
