/** Formulas in every place that takes a spec: compiled on each target, built, recorded, tuned, explained. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  compile,
  compileSync,
  defineKernel,
  defineOp,
  type FormulaSpec,
  interpret,
  ready,
  recordShapes,
} from "tilewright";
import { type Candidate, printSchedule, programOf, spaceOf, targetOf } from "tilewright/compiler";
import { useRecords } from "tilewright/tuning";
import { describe, expect, test } from "vitest";
import { barrelFiles, kernelFiles } from "../../src/build/files.js";
import { readRecorded } from "../../src/build/recorded.js";
import { kernelName } from "../../src/ir/ops/specName.js";
import { elementCount } from "../../src/ir/program.js";
import { replace } from "../../src/plugin/replace.js";
import { scan } from "../../src/plugin/scan/scan.js";
import type { BuiltFormula } from "../../src/runtime/built/builtKernel.js";
import { requestKey } from "../../src/runtime/keys.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { parseRecord, printRecord } from "../../src/tune/record.js";
import { planOf, writeFiles } from "../build/support.js";
import { tilewright } from "../support/commands.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { newFolder } from "../support/folder.js";
import { DRIVER, FEATURES, needs } from "../support/needs.js";
import { smallIntegers } from "../support/run.js";
import { recordWith } from "../support/tuning.js";
import { WAYS } from "../support/ways.js";
import { gpuDevice } from "../support/webgpu.js";

test.each(["js", "wasm", "plain"] as const)("says in words of its own what it is: %s", async (target) => {
  const formula = "dist[i, j] = sum(k: (x[i, k] - y[j, k]) * (x[i, k] - y[j, k]))";
  const kernel = await compile({ formula, tensors: { x: [32, 5], y: [16, 5] } }, { target });
  const said = kernel.explain();
  expect(said).toMatch(/^error +a sum is within 4\.2e-7 of the sum of its terms' magnitudes;/m);
  expect(said).toMatch(/^work +0\.01 MFLOP counting all terms$/m);
  expect(said).not.toMatch(/filters|image|taps/);
});

test.each(["js", "plain"] as const)("the bound is that of the longest sum, wherever it is: %s", async (target) => {
  // The outer product computes more than the sum, whose terms are more.
  const formula = "total[] = sum(k: x[k]); outer[i, j] = total[] * x[i] * x[j]";
  const kernel = await compile({ formula, tensors: { x: [64] } }, { target });
  expect(kernel.errorBound).toBeCloseTo(66 * 2 ** -24, 9);
  const flat = await compile({ formula: "y[i] = max(k: x[i, k])", tensors: { x: [4, 64] } }, { target: "plain" });
  expect(flat.errorBound).toBeLessThan(4 * 2 ** -24);
});

test.each(["js", "wasm", "plain"] as const)("a condition that never holds leaves no terms: %s", async (target) => {
  const formula = "output[n, x] = max(k < 2 if n > x + 2: a[x + k, 2*x] - b[n]) for n < 3, x < 1";
  const kernel = await compile({ formula, tensors: { a: [1, 1], b: [3] } }, { target });
  const { output } = await kernel.run({ a: new Float32Array(1), b: new Float32Array(3) });
  expect(output).toEqual(new Float32Array(3).fill(Number.NEGATIVE_INFINITY));
});

const MATMUL = {
  formula: "output[i, j] = sum(k: a[i, k] * b[k, j])",
  tensors: { a: [5, 7], b: [7, 6] },
  weights: ["b"],
} as const satisfies FormulaSpec;

const [a, b] = [smallIntegers(35, 1), smallIntegers(42, 2)];
const expected = Float32Array.from({ length: 30 }, (_, at) => {
  const [i, j] = [Math.floor(at / 6), at % 6];
  return Array.from({ length: 7 }, (_, k) => (a[i * 7 + k] as number) * (b[k * 6 + j] as number)).reduce(
    (x, y) => x + y,
  );
});

/** Rounds of a record in which a schedule is three times as fast as the pick. */
const [FAST, SLOW] = [1, 3].map((ms) => new Array<number>(6).fill(ms)) as [number[], number[]];

const folder = newFolder();

for (const { title, options, runsHere } of WAYS) {
  test(`compiled: ${title}`, needs({ [FEATURES]: runsHere }), async () => {
    const kernel = await compile(MATMUL, options);
    expect([kernel.inputNames, kernel.weightNames, kernel.outputNames]).toEqual([["a"], ["b"], ["output"]]);
    expect(kernel.outputShape).toEqual([5, 6]);
    const weights = kernel.prepare({ b });
    expect((await kernel.run({ a }, weights)).output).toEqual(expected);
    const output = new Float32Array(30);
    expect(kernel.runSync({ a }, weights, { output }).output).toBe(output);
    expect(output).toEqual(expected);
  });
}

const device = await gpuDevice();

test("compiled for a GPU", needs({ [DRIVER]: device }), async () => {
  const kernel = await compile(MATMUL, { target: "webgpu", device: device as GPUDevice });
  const { output } = await kernel.run({ a }, await kernel.prepare({ b }));
  expect(output).toEqual(expected);
});

test("interpreted by its definition", async () => {
  await ready();
  expect(interpret(MATMUL, { a, b })).toEqual({ output: Float64Array.from(expected) });
  const given = { a: { shape: [5, 7], data: a }, b: { shape: [7, 6], data: b } };
  expect(interpret(MATMUL, given)).toEqual({ output: { shape: [5, 6], data: Float64Array.from(expected) } });
  // @ts-expect-error: b is missing
  expect(errorOf(thrownBy(() => interpret(MATMUL, { a })))).toMatch(/^invalid-argument: b must be/);
});

test("compiled without a promise", async () => {
  await ready();
  const kernel = compileSync(MATMUL);
  expect(kernel.runSync({ a }, kernel.prepare({ b })).output).toEqual(expected);
});

describe("types", () => {
  test("know the names in a literal formula", async () => {
    const kernel = await compile({
      formula: `mixed[i] = sum(j: x[i, j] * w[j])
                left[i] = mixed[i] + y[i]; right[i] = mixed[i] - y[i]`,
      tensors: { x: [2, 3], w: [3], y: [2] },
      weights: ["w"],
    });
    const weights = kernel.prepare({ w: Float32Array.of(1, 2, 3) });
    const given = { x: Float32Array.of(1, 1, 1, 2, 2, 2), y: Float32Array.of(1, 2) };
    const { left, right } = await kernel.run(given, weights);
    expect({ left, right }).toEqual({ left: Float32Array.of(7, 14), right: Float32Array.of(5, 10) });
    // @ts-expect-error: there is no tensor z among the weights
    expect(errorOf(thrownBy(() => kernel.prepare({ z: given.x })))).toMatch(
      /there is no weight "z"; its weights are w/,
    );
    // @ts-expect-error: y is missing
    const lacking = kernel.run({ x: given.x }, weights);
    expect(errorOf(await rejectionOf(lacking))).toMatch(/^invalid-argument: y must be a Float32Array/);
    // @ts-expect-error: what is computed on the way is no output
    expect((await kernel.run(given, weights)).mixed).toBeUndefined();
  });

  test("take any names where the formula is no literal", async () => {
    const spec: FormulaSpec = { ...MATMUL };
    const kernel = await compile(spec);
    expect((await kernel.run({ a }, kernel.prepare({ b }))).output).toEqual(expected);
  });
});

test("a formula is one kernel however it is spelled", async () => {
  const spaced = checkAnySpec({ ...MATMUL, formula: "output [i,j]=sum( k : a[i,k]*b[k,j] )  # a product" });
  expect(spaced).toEqual(checkAnySpec(MATMUL));
  expect(kernelName(spaced)).toBe(kernelName(checkAnySpec(MATMUL)));
  expect(kernelName(spaced)).toMatch(/^formula_[0-9a-z]+$/);
  const other = checkAnySpec({ ...MATMUL, weights: [] });
  expect(kernelName(other)).not.toBe(kernelName(spaced));
});

test("defined in a source", async () => {
  const definition = defineKernel(MATMUL);
  expect(definition.spec).toEqual(MATMUL);
  const kernel = await definition.load({ target: "js" });
  expect(kernel.runSync({ a }, kernel.prepare({ b })).output).toEqual(expected);
});

test("an op of one's own is a name, a formula, and then shapes", async () => {
  const product = defineOp("product", MATMUL.formula, { weights: ["b"] });
  const kernel = await compile(product({ a: [5, 7], b: [7, 6] }));
  expect((await kernel.run({ a }, kernel.prepare({ b }))).output).toEqual(expected);
  // @ts-expect-error: a is an input
  expect(() => kernel.prepare({ a })).toThrow(/no weight "a"/);
  expect(kernel.explain()).toMatch(/^product: output\[i, j\] = /);
  expect(kernelName(checkAnySpec(product({ a: [5, 7], b: [7, 6] })))).toMatch(/^product_[0-9a-z]+$/);
  const nameless = defineOp("a product", MATMUL.formula)({ a: [1, 1], b: [1, 1] });
  expect(errorOf(await rejectionOf(compile(nameless)))).toMatch(/^invalid-argument: the name of a program is at most/);
});

test("built, it answers the request of compile", async () => {
  const [plan] = await planOf({ kernels: { product: { ...MATMUL } } });
  const { spec, wanted } = plan as NonNullable<typeof plan>;
  expect(requestKey(spec, wanted)).toBe(requestKey(checkAnySpec(MATMUL), wanted));
});

test("found in a source by the plugin", async () => {
  const text = `import { defineKernel } from "tilewright";\nexport const product = defineKernel(${JSON.stringify(MATMUL)});\n`;
  const names: string[] = [];
  const { code, warnings } = await replace(text, { path: "/app.js", name: "app.js" }, scan(text, "app.js"), (spec) => {
    names.push(kernelName(spec));
    return "product_of_two";
  });
  expect(warnings).toEqual([]);
  expect(names).toEqual([kernelName(checkAnySpec(MATMUL))]);
  expect(code).toContain("export const product = __tilewright_product_of_two;");
});

test("recorded, and read again", async () => {
  const recording = recordShapes();
  await compile(MATMUL);
  recording.stop();
  const path = join(folder, "shapes.json");
  writeFileSync(path, recording.text());
  const [read] = await readRecorded(path);
  expect(read?.spec).toEqual(checkAnySpec(MATMUL));
});

test("built ahead of time: loaded by itself on each target, and by compile", async () => {
  const plans = await planOf({ kernels: { product: { ...MATMUL } } });
  const files = plans.flatMap((plan) => [...kernelFiles(plan, { wasm: "inline" }).files]);
  const out = join(folder, "built");
  writeFiles(out, Object.fromEntries([...barrelFiles(plans), ...files]));
  const declarations = String(files.find(([name]) => name === "product/index.d.ts")?.[1]);
  expect(declarations).toContain(
    'export declare const product: BuiltFormula<{ inputs: "a"; weights: "b"; outputs: "output" }>;',
  );
  const { product } = (await import(pathToFileURL(join(out, "index.js")).href)) as { product: BuiltFormula };
  for (const target of ["auto", "wasm", "js", "plain"] as const) {
    const kernel = await product.load({ target });
    expect(kernel.runSync({ a }, kernel.prepare({ b })).output).toEqual(expected);
    if (target !== "auto") expect(kernel.target).toBe(target);
  }
});

test("explained and refused by the command line", async () => {
  const { code, out } = await tilewright(["explain", JSON.stringify(MATMUL)]);
  expect(code).toBe(0);
  expect(out).toContain("output[i, j] = sum(k: a[i, k] * b[k, j]), a 5x7, b 7x6 (weights)");
  const refused = await tilewright([
    "explain",
    JSON.stringify({ ...MATMUL, formula: "output[i, j] = sum(k: a[i, k] * c[k, j])" }),
  ]);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("^");
});

describe("a spec that is wrong", () => {
  test.each([
    [
      { ...MATMUL, bias: true },
      /^invalid-spec: the spec of a formula has no "bias"; it may have name, formula, tensors, weights/,
    ],
    [{ ...MATMUL, formula: 7 }, /^invalid-argument: a formula is text/],
    [{ ...MATMUL, tensors: undefined }, /^invalid-argument: tensors, shapes by name, are an object/],
    [
      { ...MATMUL, tensors: { a: [5, 7], b: [8, 6] } },
      /^invalid-formula: the axis k has the extent 7 in a\[i, k\] and 8/,
    ],
    [{ ...MATMUL, weights: ["c"] }, /^invalid-formula|^invalid-argument/],
  ])("%j", async (spec, sentence) => {
    expect(errorOf(await rejectionOf(compile(spec as unknown as FormulaSpec)))).toMatch(sentence);
  });
});

test("tuned: a record of it is read again, and compile takes its schedule", async () => {
  const spec = checkAnySpec(MATMUL);
  const target = targetOf({ language: "js" });
  const pick = (await compile(MATMUL, { target: "js" })).schedule;
  const printed = ({ plan }: Candidate) => printSchedule(plan().schedule);
  const other = [...spaceOf(programOf(spec), target, {})].find((point) => printed(point) !== pick) as Candidate;
  const { algorithm, knobs } = other;
  const record = recordWith({ spec, target: { language: "js" }, algorithm, knobs, samples: FAST, baseline: SLOW });
  expect(parseRecord(printRecord(record))).toEqual(record);
  expect(useRecords(printRecord(record))).toMatchObject({ kernels: 1, records: 1 });
  const kernel = await compile(MATMUL, { target: "js" });
  expect(kernel.schedule).not.toBe(pick);
  expect((await kernel.run({ a }, kernel.prepare({ b }))).output).toEqual(expected);
});

test("lanes that are neighbours in the output, and not in what is read after the sum, are no vector", async () => {
  const formula = `output[n, y, x] = silu(where(sum(k < 3 if n <= x: max(in0[n, 0 - n, y % 3], in1[]))
    < sum(k < 3, j < 4 if k <= y - 1: in2[]) + in3[n + y], relu6(where(1 == in4[floor(y/2), x + y],
    in5[2 - y, floor(n/2)], in6[])), max(abs(in7[2 - y]), in8[4 - x, x]))) for n < 1, y < 3`;
  const tensors = {
    ...{ in0: [1, 1, 3], in1: [], in2: [], in3: [3], in4: [2, 7] },
    ...{ in5: [3, 1], in6: [], in7: [3], in8: [5, 5] },
  };
  const spec = { formula, tensors, weights: ["in0", "in3", "in7", "in8"] } as const;
  const results = await Promise.all((["plain", "wasm"] as const).map((target) => resultOf(spec, target)));
  for (const [i, one] of (results[1] ?? []).entries()) expect(one).toBeCloseTo(results[0]?.[i] as number, 4);
});

async function resultOf(spec: FormulaSpec, target: "plain" | "wasm"): Promise<Float32Array> {
  const kernel = await compile(spec, { target });
  const given = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, smallIntegers(elementCount(spec.tensors[name] as number[]), 1)]));
  const { output } = await kernel.run(given(kernel.inputNames), kernel.prepare(given(kernel.weightNames)));
  return output as Float32Array;
}
