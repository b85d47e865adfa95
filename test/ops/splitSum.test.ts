/** A sum in parts: what the whole sum is, whatever the parts, with bias and activation applied to the total alone. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileModule } from "../../src/codegen/compile.js";
import { DEFAULT_LIMITS, JS, wgslTarget } from "../../src/codegen/target.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { programOf } from "../../src/ir/ops/index.js";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import { printProgram } from "../../src/ir/print.js";
import { splitSum } from "../../src/ir/rewrites/splitSum.js";
import { liveTerms } from "../../src/ir/work.js";
import { type Algorithm, chooseAlgorithm, DIRECT, printAlgorithm, programWith } from "../support/algorithms.js";
import { specs } from "../support/arbitraries.js";
import { specWith } from "../support/calls.js";
import { SEED } from "../support/effort.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { at, buffer } from "../support/kernels.js";
import { roadOf, stageOf, wrongPass } from "../support/programs.js";
import { givenFor } from "../support/run.js";

const GPU = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
const inParts = (parts: number): Algorithm => ({ kind: "direct", parts });

/** The output, and the parts, of which memory that no stage writes is NaN. */
function resultsOf(spec: OpSpec, algorithm: Algorithm) {
  const program = programWith(spec, algorithm);
  const results = interpretProgram(program, givenFor(programOf(spec), 3));
  return { output: [...(results.get("output") as Float64Array)], parts: [...(results.get("parts") ?? [])] };
}

/** The spec with so many input channels. */
function withInputs(spec: OpSpec, channels: number): OpSpec {
  const [n, height, width] = spec.value;
  const [rows, columns, third, fourth] = spec.filters;
  const filters =
    spec.op === "conv2d" ? ([rows, columns, channels, fourth] as const) : ([rows, columns, third, channels] as const);
  return { ...spec, value: [n, height, width, channels], filters };
}

describe("the program is the definition", () => {
  test("for random specs in any number of parts", () => {
    const seen = new Set<string>();
    const drawn = fc.record({ spec: specs, channels: fc.integer({ min: 2, max: 11 }), share: fc.nat({ max: 99 }) });
    fc.assert(
      fc.property(drawn, ({ spec: given, channels, share }) => {
        const spec = withInputs(given, channels);
        const parts = 2 + (share % (channels - 1));
        const split = resultsOf(spec, inParts(parts));
        expect(split.output).toEqual(resultsOf(spec, DIRECT).output);
        expect(split.parts.every(Number.isFinite)).toBe(true);
        seen.add(channels % parts === 0 ? "equal parts" : "a shorter part at the end");
        if (parts === channels) seen.add("a channel each");
        if (Math.ceil(channels / parts) * (parts - 1) >= channels) seen.add("parts of nothing");
        seen.add(spec.op).add(spec.bias ? "bias" : "no bias");
      }),
      { seed: SEED, numRuns: 300 },
    );
    console.log(`seed ${SEED}`);
    for (const what of ["equal parts", "a shorter part at the end", "a channel each", "parts of nothing", "bias"])
      expect(seen).toContain(what);
    for (const op of ["conv2d", "atrousConv2dTranspose"]) expect(seen).toContain(op);
  });

  test("bias and activation are applied once, to the total", () => {
    const spec = specWith({ value: [1, 1, 1, 4], filters: [1, 1, 1, 4], bias: true, activation: "relu6" });
    const program = programWith(spec, inParts(2));
    const outputOf = (value: readonly number[], bias: number) =>
      interpretProgram(
        program,
        new Map([
          ["value", value],
          ["filters", [1, 1, 1, 1]],
          ["bias", [bias]],
        ]),
      );
    // A part below zero and one above six, neither of which is cut off.
    const results = outputOf([-5, -4, 6, 7], 0.5);
    expect([...(results.get("parts") as Float64Array)]).toEqual([-9, 13]);
    expect([...(results.get("output") as Float64Array)]).toEqual([4.5]);
    expect(outputOf([1, 1, 1, 1], 0.5).get("output")?.[0]).toBe(4.5);
    expect(outputOf([5, 5, 5, 5], 0.5).get("output")?.[0]).toBe(6);
  });

  test("a maximum is one in each part, and of the parts", () => {
    const buffers = [buffer("value", [2, 5], "input"), buffer("output", [2], "output")];
    const most = stageOf("most", {
      space: "i<2",
      reduce: "k<5",
      combine: "maximum",
      term: at("value", "i", "k"),
      to: ["output", "i"],
    });
    const program = splitSum({ name: "program", buffers, prepare: [], run: [most] }, 3);
    const results = interpretProgram(program, new Map([["value", [-5, -3, -4, -2, -7, 6, 1, 2, 3, 4]]]));
    expect([...(results.get("parts") as Float64Array)]).toEqual([-3, 6, -2, 3, -7, 4]);
    expect([...(results.get("output") as Float64Array)]).toEqual([-2, 6]);
  });

  test("no term is computed twice", () => {
    for (const parts of [2, 3, 4, 5, 7]) {
      const spec = specWith({ value: [1, 4, 5, 7], filters: [3, 3, 3, 7] });
      const [whole] = programOf(spec).run;
      const [part, total] = programWith(spec, inParts(parts)).run;
      if (!whole || !part || !total) throw new Error("no stages");
      expect(liveTerms(part)).toBe(liveTerms(whole));
      expect(liveTerms(total)).toBe(parts * 4 * 5 * 3);
    }
  });
});

test("the program", () => {
  const spec = specWith({ value: [1, 4, 5, 5], filters: [1, 1, 3, 5], bias: true });
  expect(printProgram(programWith(spec, inParts(2)))).toMatchInlineSnapshot(`
    "program atrousConv2dTranspose
    input value[1, 4, 5, 5] f32
    weights filters[1, 1, 3, 5] f32
    weights bias[3] f32
    output output[1, 4, 5, 3] f32
    scratch parts[2, 1, 4, 5, 3] f32
    run stage conv
      for    s < 2, n < 1, oy < 4, ox < 5, oc < 3
      sum    ky < 1, kx < 1, ic < 3
      domain -ky + oy >= 0 and ky - oy + 3 >= 0 and -kx + ox >= 0 and kx - ox + 4 >= 0 and -ic - 3*s + 4 >= 0
      term   (value[n, -ky + oy, -kx + ox, ic + 3*s] * filters[ky, kx, oc, ic + 3*s])
      parts[s, n, oy, ox, oc] = sum
    run stage total
      for    n < 1, oy < 4, ox < 5, oc < 3
      sum    s < 2
      term   parts[s, n, oy, ox, oc]
      output[n, oy, ox, oc] = (sum + bias[oc])"
  `);
});

test("parts are numbers of float32, whatever the tensors are stored in", () => {
  const { buffers } = compileModule(specWith({ value: [1, 4, 5, 8], filters: [3, 3, 4, 8] }), {
    target: { ...GPU, storage: "f16" },
    algorithm: inParts(2),
  });
  const types = Object.fromEntries(buffers.map(({ name, dtype }) => [name, dtype]));
  expect(types).toMatchObject({ value: "f16", filters: "f16", output: "f16", parts: "f32" });
});

describe("compiled", () => {
  test.each([
    [8, 2],
    [7, 3],
    [5, 5],
  ])("%d channels in %d parts: every pass keeps the meaning", (channels, parts) => {
    const spec = specWith({ value: [2, 3, 4, channels], filters: [2, 3, 4, channels], bias: true, activation: "relu" });
    const program = programWith(spec, inParts(parts));
    const { schedule } = chooseAlgorithm(spec, GPU, { algorithm: inParts(parts) }).plan();
    expect(wrongPass(program, roadOf(program, schedule, GPU))).toBeUndefined();
    // Without any schedule, for a machine without workgroups.
    expect(wrongPass(program, roadOf(program, {}, JS))).toBeUndefined();
  });

  test("in one part it is the whole", () => {
    const spec = specWith();
    expect(programWith(spec, inParts(1))).toEqual(programOf(spec));
    expect(compileModule(spec, { target: GPU, algorithm: inParts(1) }).run.map(({ name }) => name)).toEqual([
      "convKernel",
    ]);
  });

  test("the module says that it is in parts", () => {
    const spec = specWith();
    const { algorithm, run } = compileModule(spec, { target: GPU, algorithm: inParts(2) });
    expect(algorithm).toBe("direct in 2 parts");
    expect(run.map(({ name }) => name)).toEqual(["convKernel", "totalKernel"]);
    expect(printAlgorithm(spec, inParts(1))).toBe("direct");
  });
});

describe("refused", () => {
  test("more parts than there are channels", () => {
    const spec = specWith(); // two channels
    expect(compileModule(spec, { target: GPU, algorithm: inParts(2) }).run).toHaveLength(2);
    expect(errorOf(thrownBy(() => compileModule(spec, { target: GPU, algorithm: inParts(3) })))).toMatchInlineSnapshot(
      `"invalid-argument: a sum of 2 terms along ic has no 3 parts, which are for GPUs and 2 at most; use algorithm "auto""`,
    );
  });
  test("what no caller may ask for is a bug", () => {
    const program = programOf(specWith());
    for (const parts of [0, 1, 3]) {
      expect(errorOf(thrownBy(() => splitSum(program, parts)))).toBe(
        `internal: tilewright bug: atrousConv2dTranspose has no sum in ${parts} parts`,
      );
    }
    expect(() => splitSum(splitSum(program, 2), 2)).toThrow("tilewright bug");
  });
});
