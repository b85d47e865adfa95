/** Members of the convolution family in every place that takes a spec: compiled, built, recorded, explained. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compile, compileSync, defineKernel, type FamilySpec, ready, recordShapes, type Shape4 } from "tilewright";
import { describe, expect, expectTypeOf, test } from "vitest";
import { barrelFiles, kernelFiles } from "../../src/build/files.js";
import { readRecorded } from "../../src/build/recorded.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { programOf } from "../../src/ir/ops/index.js";
import { kernelName } from "../../src/ir/ops/specName.js";
import { specRow } from "../../src/ir/ops/specRow.js";
import { formatSpec } from "../../src/report/format.js";
import type { BuiltFamily } from "../../src/runtime/built/builtKernel.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { planOf, writeFiles } from "../build/support.js";
import { tilewright } from "../support/commands.js";
import { newFolder } from "../support/folder.js";
import { DRIVER, needs } from "../support/needs.js";
import { givenFor } from "../support/run.js";
import { gpuDevice } from "../support/webgpu.js";

const SPEC = {
  op: "conv2dTranspose",
  value: [1, 5, 4, 6],
  filters: [4, 3, 5, 6],
  strides: [2, 1],
  padding: "SAME",
  bias: true,
  activation: "relu",
} as const satisfies FamilySpec;

const program = programOf(checkAnySpec(SPEC));
const given = givenFor(program, 1);
const [value, filters, bias] = ["value", "filters", "bias"].map((name) => given.get(name)) as [
  Float32Array<ArrayBuffer>,
  Float32Array<ArrayBuffer>,
  Float32Array<ArrayBuffer>,
];
const expected = Float32Array.from(interpretProgram(program, given).get("output") ?? []);

const folder = newFolder();

test.each(["js", "wasm"] as const)("fast with channels first, %s", async (target) => {
  const shapes = { value: [1, 8, 9, 8], filters: [3, 3, 8, 8], layout: "NCHW", padding: "SAME" } as const;
  const spec = { op: "conv2dTranspose", ...shapes } as const satisfies FamilySpec;
  const numbers = givenFor(programOf(checkAnySpec(spec)), 1);
  const [input, weights] = [numbers.get("value"), numbers.get("filters")] as [Float32Array, Float32Array];
  const kernel = await compile(spec, { target, algorithm: { kind: "winograd", tile: [2, 2] } });
  expect(kernel.algorithm).toBe("winograd F(2x2, 3x3)");
  const direct = interpretProgram(programOf(checkAnySpec(spec)), numbers).get("output") ?? [];
  expect(await kernel.run(input, kernel.prepare(weights))).toEqual(Float32Array.from(direct));
});

test("called bare, by name and with tensors", async () => {
  const kernel = await compile(SPEC);
  expect([kernel.inputNames, kernel.weightNames, kernel.outputNames]).toEqual([
    ["value"],
    ["filters", "bias"],
    ["output"],
  ]);
  expect(kernel.outputShape).toEqual([1, 10, 4, 5]);
  expect(await kernel.run(value, kernel.prepare(filters, bias))).toEqual(expected);
  const out = new Float32Array(expected.length);
  expect(kernel.runSync(value, kernel.prepare({ filters, bias }), out)).toBe(out);
  expect(out).toEqual(expected);
  const tensor = { shape: kernel.spec.value, data: value };
  expect(await kernel.run(tensor, kernel.prepare(filters, bias))).toEqual({ shape: [1, 10, 4, 5], data: expected });
});

test("types know how many dimensions there are", async () => {
  const kernel = await compile({ op: "conv1d", value: [1, 8, 2], filters: [3, 2, 4] }, { target: "js" });
  expectTypeOf(kernel.outputShape).toEqualTypeOf<readonly [number, number, number]>();
  expectTypeOf(kernel.spec).toEqualTypeOf<FamilySpec>();
  const rated = await compile({ op: "conv2d", value: [1, 8, 8, 2], filters: [3, 3, 2, 4], rate: 1, padding: "SAME" });
  expectTypeOf(rated.outputShape).toExtend<Shape4>();
  expect(kernel.outputShape).toEqual([1, 6, 4]);
});

test("compiled without a promise", async () => {
  await ready();
  const kernel = compileSync(SPEC);
  expect(kernel.runSync(value, kernel.prepare(filters, bias))).toEqual(expected);
});

const device = await gpuDevice();

test("compiled for a GPU", needs({ [DRIVER]: device }), async () => {
  const kernel = await compile(SPEC, { target: "webgpu", device: device as GPUDevice });
  expect(await kernel.run(value, await kernel.prepare(filters, bias))).toEqual(expected);
});

describe("equal calls are one kernel", () => {
  const same: readonly FamilySpec[] = [
    { ...SPEC, dilations: [1, 1], groups: 1, layout: "NHWC", filterLayout: "hwoi", convention: "tensorflow" },
    { ...SPEC, outputShape: [1, 10, 4, 5] },
    { ...SPEC, outputShape: [10, 4] },
  ];
  test.each(same)("%j", (spec) => {
    expect(JSON.stringify(checkAnySpec(spec))).toBe(JSON.stringify(SPEC));
    expect(kernelName(checkAnySpec(spec))).toBe(kernelName(checkAnySpec(SPEC)));
  });

  test("others are not", () => {
    const others: readonly FamilySpec[] = [SPEC, { ...SPEC, outputShape: [9, 4] }, { ...SPEC, padding: "VALID" }];
    expect(new Set(others.map((spec) => kernelName(checkAnySpec(spec)))).size).toBe(3);
  });

  test("no padding has one spelling", () => {
    const { padding, ...none } = SPEC;
    const zeros = [0, 0] as const;
    for (const spelled of [{ padding: "VALID" }, { padding: [zeros, zeros] }] as const)
      expect(JSON.stringify(checkAnySpec({ ...SPEC, ...spelled }))).toBe(JSON.stringify(none));
  });
});

test("rates of two axes, in the ops of old", async () => {
  const rated = { value: [1, 9, 9, 2], filters: [3, 3, 2, 2], rate: [2, 3], padding: "VALID" } as const;
  const pairs = [
    [{ op: "conv2d", ...rated } as const, { op: "conv2d" } as const],
    [{ op: "atrousConv2dTranspose", ...rated } as const, { op: "conv2dTranspose" } as const],
  ] as const;
  const { rate, padding, ...shapes } = rated;
  for (const [old, { op }] of pairs) {
    const [own, family] = [await compile(old), await compile({ op, ...shapes, dilations: rate })];
    const given = givenFor(programOf(checkAnySpec(old)), 4);
    const [value, filters] = [given.get("value"), given.get("filters")] as [Float32Array, Float32Array];
    expect(own.outputShape).toEqual(family.outputShape);
    expect(await own.run(value, own.prepare(filters))).toEqual(await family.run(value, family.prepare(filters)));
    expect(kernelName(checkAnySpec(old))).toContain("_r2x3_valid");
    expect(JSON.stringify(checkAnySpec({ ...old, rate: [2, 2] }))).toBe(
      JSON.stringify(checkAnySpec({ ...old, rate: 2 })),
    );
  }
});

test("said in a row", () => {
  const row = 'conv2dTranspose 1x5x4x6 with 4x3x5x6, strides [2,1], padding SAME, bias, "relu"';
  expect(specRow(checkAnySpec(SPEC))).toBe(row);
  expect(formatSpec(checkAnySpec(SPEC))).toBe(row);
});

test("defined in a source", async () => {
  const kernel = await defineKernel(SPEC).load({ target: "js" });
  expect(kernel.runSync(value, kernel.prepare(filters, bias))).toEqual(expected);
});

test("recorded, and read again", async () => {
  const recording = recordShapes();
  await compile(SPEC);
  recording.stop();
  const path = join(folder, "shapes.json");
  writeFileSync(path, recording.text());
  const [read] = await readRecorded(path);
  expect(read?.spec).toEqual(checkAnySpec(SPEC));
});

test("built ahead of time: loaded by itself on each target", async () => {
  const plans = await planOf({ kernels: { up: { ...SPEC } } });
  const files = plans.flatMap((plan) => [...kernelFiles(plan, { wasm: "inline" }).files]);
  const out = join(folder, "built");
  writeFiles(out, Object.fromEntries([...barrelFiles(plans), ...files]));
  const declarations = String(files.find(([name]) => name === "up/index.d.ts")?.[1]);
  expect(declarations).toContain(
    "BuiltFamily<{ readonly value: readonly [1, 5, 4, 6]; readonly filters: readonly [4, 3, 5, 6]; " +
      "readonly output: readonly [1, 10, 4, 5] }>",
  );
  const { up } = (await import(pathToFileURL(join(out, "index.js")).href)) as { up: BuiltFamily };
  expect(up.outputShape).toEqual([1, 10, 4, 5]);
  for (const target of ["auto", "wasm", "js", "plain"] as const) {
    const kernel = await up.load({ target });
    expect(kernel.runSync(value, kernel.prepare(filters, bias))).toEqual(expected);
  }
});

test("explained and refused by the command line", async () => {
  const { code, out } = await tilewright(["explain", JSON.stringify(SPEC)]);
  expect(code).toBe(0);
  expect(out).toContain("conv2dTranspose 1x5x4x6 with 4x3x5x6, strides [2,1], padding SAME");
  const refused = await tilewright(["explain", JSON.stringify({ ...SPEC, groups: 5 })]);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("groups must divide the channels of value");
});
