/** Algorithms of stages that are no sums: a maximum comes in parts as well, and none is filtered by Winograd's algorithm. */
import { compileProgram } from "tilewright/compiler";
import { describe, expect, test } from "vitest";
import { candidates, chooseAlgorithm } from "../../src/codegen/compile.js";
import { DEFAULT_LIMITS, JS, wasmTarget, wgslTarget } from "../../src/codegen/target.js";
import type { Combine, Program, Stage } from "../../src/ir/program.js";
import { splitSum } from "../../src/ir/rewrites/splitSum.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { roadOf, wrongPass } from "../support/programs.js";
import { expectedOutput, givenFor } from "../support/run.js";
import { conv } from "../support/windows.js";

const GPU = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
const WASM = wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false });
const COMBINES: readonly Combine[] = ["sum", "maximum", "minimum"];

/** A convolution of 7 channels, with another combination of its terms. */
function convolution(combine: Combine): Program {
  const program = conv({ size: 3, inputs: 7, outputs: 4, taps: 3, stride: 1, pad: 1 }, { bias: true });
  return { ...program, run: [{ ...(program.run[0] as Stage), combine }] };
}

describe.each(COMBINES)("a %s", (combine) => {
  const program = convolution(combine);

  test.each([2, 3, 7])("in %d parts is the whole", (parts) => {
    const split = splitSum(program, parts);
    expect(split.run.map((stage) => stage.combine)).toEqual([combine, combine]);
    const given = givenFor(program, 1);
    expect(expectedOutput(split, given)).toEqual(expectedOutput(program, given));
  });

  test("in parts on a GPU keeps its meaning in every pass", () => {
    const { program: split, schedule } = chooseAlgorithm(program, GPU, {
      algorithm: { kind: "direct", parts: 2 },
    }).plan();
    expect(split.run).toHaveLength(2);
    expect(wrongPass(split, roadOf(split, schedule, GPU))).toBeUndefined();
  });
});

/** The program with its first buffer called otherwise. */
const called = (name: string, program: Program): Program =>
  JSON.parse(JSON.stringify(program).replaceAll(':"value"', `:${JSON.stringify(name)}`)) as Program;

test("buffers that are called as algorithms would call their axes", () => {
  const [split] = splitSum(called("s", convolution("sum")), 2).run;
  expect(split?.space[0]?.name).toBe("s1");
  const kinds = candidates(called("ic", convolution("sum")), JS, { accuracy: "fast" }).map(
    ({ algorithm }) => algorithm.kind,
  );
  expect(new Set(kinds)).toEqual(new Set(["direct"]));
});

test.each([JS, WASM, GPU])("Winograd's algorithm is for sums alone: $language", (target) => {
  const kindsOf = (combine: Combine) =>
    new Set(candidates(convolution(combine), target, { accuracy: "fast" }).map(({ algorithm }) => algorithm.kind));
  expect(kindsOf("sum")).toEqual(new Set(["direct", "winograd"]));
  for (const combine of ["maximum", "minimum"] as const) {
    expect(kindsOf(combine)).toEqual(new Set(["direct"]));
    const asked = { target, algorithm: { kind: "winograd", tile: [2, 2] } } as const;
    expect(errorOf(thrownBy(() => compileProgram(convolution(combine), asked)))).toMatch(/^invalid-argument: /);
  }
});
