/** Ops of the library that are formulas, in every place that takes a spec. What they compute is tested in test/shorthands. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  compile,
  compileSync,
  defineKernel,
  type GivenSpec,
  gradient,
  interpret,
  type MatmulSpec,
  ready,
  recordShapes,
  type ShorthandSpec,
} from "tilewright";
import { describe, expect, test } from "vitest";
import { barrelFiles, kernelFiles } from "../../src/build/files.js";
import { readRecorded } from "../../src/build/recorded.js";
import { replace } from "../../src/plugin/replace.js";
import { scan } from "../../src/plugin/scan/scan.js";
import type { BuiltFormula } from "../../src/runtime/built/builtKernel.js";
import { requestKey } from "../../src/runtime/keys.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { planOf, writeFiles } from "../build/support.js";
import { tilewright } from "../support/commands.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { newFolder } from "../support/folder.js";
import { DRIVER, FEATURES, needs } from "../support/needs.js";
import { WAYS } from "../support/ways.js";
import { gpuDevice } from "../support/webgpu.js";

const DENSE = {
  op: "dense",
  value: [2, 3],
  filters: [3, 2],
  bias: true,
  activation: "relu",
} as const satisfies ShorthandSpec;
const value = Float32Array.of(1, 2, 3, 4, 5, 6);
const filters = Float32Array.of(1, -1, 1, 0, 1, 1);
const bias = Float32Array.of(1, -2);
const output = Float32Array.of(7, 0, 16, 0);

const folder = newFolder();

for (const { title, options, runsHere } of WAYS) {
  test(`compiled: ${title}`, needs({ [FEATURES]: runsHere }), async () => {
    const kernel = await compile(DENSE, options);
    expect([kernel.inputNames, kernel.weightNames, kernel.outputNames]).toEqual([
      ["value"],
      ["filters", "bias"],
      ["output"],
    ]);
    expect(kernel.spec.formula).toBe("output[d0, o] = relu(sum(i: value[d0, i] * filters[i, o]) + bias[o])");
    expect((await kernel.run({ value }, kernel.prepare({ filters, bias }))).output).toEqual(output);
  });
}

const device = await gpuDevice();

test("compiled for a GPU", needs({ [DRIVER]: device }), async () => {
  const kernel = await compile(DENSE, { target: "webgpu", device: device as GPUDevice });
  const run = await kernel.run({ value }, await kernel.prepare({ filters, bias }));
  expect(run.output).toEqual(output);
});

test("without a promise, and interpreted", async () => {
  await ready();
  const kernel = compileSync(DENSE);
  expect(kernel.runSync({ value }, kernel.prepare({ filters, bias })).output).toEqual(output);
  expect(interpret(DENSE, { value, filters, bias }).output).toEqual(Float64Array.from(output));
});

test("types know the names of tensors", async () => {
  const product = await compile({ op: "matmul", a: [1, 2], b: [2, 1], weights: ["b"] });
  const weights = product.prepare({ b: Float32Array.of(1, 2) });
  expect((await product.run({ a: Float32Array.of(3, 4) }, weights)).output).toEqual(Float32Array.of(11));
  // @ts-expect-error: b is given once
  expect(errorOf(await rejectionOf(product.run({ b: Float32Array.of(3, 4) }, weights)))).toMatch(/^invalid-argument/);
  const norm = await compile({ op: "layerNorm", value: [1, 2], scale: false });
  // @ts-expect-error: there is no scale
  expect(errorOf(thrownBy(() => norm.prepare({ scale: Float32Array.of(3, 4) })))).toMatch(/^invalid-argument/);
  const spec: MatmulSpec = { op: "matmul", a: [1, 2], b: [2, 1] };
  const { inputNames } = await compile(spec);
  expect(inputNames).toEqual(["a", "b"]);
});

test("defined, found by the plugin, recorded and read again", async () => {
  const kernel = await defineKernel(DENSE).load({ target: "js" });
  expect(kernel.runSync({ value }, kernel.prepare({ filters, bias })).output).toEqual(output);
  const text = `import { defineKernel } from "tilewright";\nexport const head = defineKernel(${JSON.stringify(DENSE)});\n`;
  const found: unknown[] = [];
  await replace(text, { path: "/app.js", name: "app.js" }, scan(text, "app.js"), (spec) => {
    found.push(spec);
    return "head";
  });
  expect(found).toEqual([checkAnySpec(DENSE)]);
  const recording = recordShapes();
  await compile(DENSE);
  recording.stop();
  const path = join(folder, "shapes.json");
  writeFileSync(path, recording.text());
  expect((await readRecorded(path))[0]?.spec).toEqual(checkAnySpec(DENSE));
});

test("built ahead of time: loaded by itself on each target, and by compile", async () => {
  const plans = await planOf({ kernels: { head: DENSE } });
  const [plan] = plans;
  expect(requestKey(checkAnySpec(DENSE), { accuracy: "exact", algorithm: "auto" })).toBe(
    requestKey(plan?.spec as ReturnType<typeof checkAnySpec>, { accuracy: "exact", algorithm: "auto" }),
  );
  const files = plans.flatMap((one) => [...kernelFiles(one, { wasm: "inline" }).files]);
  const out = join(folder, "built");
  writeFiles(out, Object.fromEntries([...barrelFiles(plans), ...files]));
  const { head } = (await import(pathToFileURL(join(out, "index.js")).href)) as { head: BuiltFormula };
  for (const target of ["wasm", "js", "plain"] as const) {
    const kernel = await head.load({ target });
    expect(kernel.target).toBe(target);
    expect(kernel.runSync({ value }, kernel.prepare({ filters, bias })).output).toEqual(output);
  }
});

test("derived", async () => {
  const spec = gradient({ op: "matmul", a: [2, 3], b: [3, 2] }, "a");
  const kernel = await compile(spec);
  const upstream = Float32Array.of(1, 0, 0, 1);
  const { output } = await kernel.run({ upstream, b: filters });
  expect(output).toEqual(Float32Array.of(1, 1, 1, -1, 0, 1));
});

test("explained by the command line", async () => {
  const { code, out } = await tilewright(["explain", JSON.stringify(DENSE)]);
  expect(code).toBe(0);
  expect(out).toContain("dense: output[d0, o] = relu(sum(i: value[d0, i] * filters[i, o]) + bias[o])");
});

describe("a spec that is wrong says so in a sentence:", () => {
  test.each<[object, string]>([
    [
      { op: "matmul", a: [2, 3], b: [4, 2] },
      "invalid-shape: matmul: a [2,3] has 3 columns, and b [4,2] has 4 rows; these must be equal",
    ],
    [
      { op: "matmul", a: [3], b: [3, 2] },
      "invalid-shape: matmul: a must be a shape of 2 dimensions or more, in integers >= 0; got [3]",
    ],
    [
      { op: "matmul", a: [2, 2, 3], b: [3, 3, 2] },
      "invalid-shape: matmul: [2] and [3] do not fit each other; aligned at the last, dimensions must be equal or 1",
    ],
    [
      { op: "matmul", a: [2, 3], b: [3, 2], weights: ["c"] },
      'invalid-spec: weights of matmul is a list of a, b; got ["c"]',
    ],
    [
      { op: "dense", value: [2, 3], filters: [4, 2] },
      "invalid-shape: dense: filters must be [3, Co], as value is [2,3]; got [4,2]",
    ],
    [
      { op: "dense", value: [2, 3], filters: [3, 2], strides: 2 },
      'invalid-spec: dense has no "strides"; it may have op, value, filters, bias, activation',
    ],
    [{ op: "dense", value: [2, 3], filters: [3, 2], activation: "swoosh" }, "invalid-spec: activation must be"],
    [
      { op: "maxPool", value: [1, 4, 4], window: [2, 2] },
      "invalid-shape: maxPool: value must have the 4 dimensions of NHWC; got [1,4,4]",
    ],
    [
      { op: "maxPool", value: [1, 1, 1, 1, 4], window: [2, 2, 2, 2] },
      "invalid-spec: maxPool takes images of 1 to 3 axes; got 4",
    ],
    [
      {
        op: "maxPool",
        value: [1, 4, 4, 1],
        window: [2, 2],
        padding: [
          [2, 0],
          [0, 0],
        ],
      },
      "invalid-spec: padding of maxPool must be less than the window's reach of 2; got [2,0]",
    ],
    [
      { op: "maxPool", value: [1, 4, 4, 1], window: [5, 5] },
      "invalid-shape: maxPool: the window is larger than value [1,4,4,1] with its padding",
    ],
    [
      { op: "maxPool", value: [1, 4, 4, 1], window: [2, 2], countPadding: true },
      'invalid-spec: maxPool has no "countPadding"',
    ],
    [{ op: "softmax", value: [2, 3], axis: 2 }, "invalid-spec: axis of softmax takes axes from -2 to 1; got 2"],
    [
      { op: "layerNorm", value: [2, 3], epsilon: -1 },
      "invalid-spec: epsilon of layerNorm must be a finite number >= 0; got -1",
    ],
    [{ op: "batchNorm", value: [2, 3], scale: 1 }, "invalid-spec: scale of batchNorm is true or false; got 1"],
    [
      { op: "resize", value: [1, 4, 4, 1], size: [8, 8] },
      "invalid-spec: method of resize must be one of nearest, bilinear; got undefined",
    ],
    [
      { op: "resize", value: [1, 4, 4, 1], size: [8, 0], method: "nearest" },
      "invalid-spec: size of resize must be 2 integers >= 1; got [8,0]",
    ],
    [
      { op: "pixelShuffle", value: [1, 2, 2, 6], block: 2 },
      "invalid-shape: pixelShuffle: value [1,2,2,6] must have a multiple of 4 channels; it has 6",
    ],
    [
      { op: "pad", value: [2, 3], padding: [[1, 1]] },
      "invalid-spec: padding of pad must be [before, after] with integers >= 0, for each of 2 axes; got [[1,1]]",
    ],
    [
      { op: "pad", value: [3], padding: [[3, 0]], mode: "reflect" },
      "invalid-spec: mode reflect of pad adds at most 2 to an axis of 3; got [3,0]",
    ],
    [
      { op: "pad", value: [3], padding: [[1, 0]], mode: "edge", fill: 1 },
      "invalid-spec: mode edge of pad has no fill; leave it out",
    ],
    [
      { op: "add", a: [2, 3], b: [2] },
      "invalid-shape: add: [2,3] and [2] do not fit each other; aligned at the last, dimensions must be equal or 1",
    ],
    [{ op: "activate", value: [2] }, "invalid-spec: activate needs an activation, such as relu"],
    [
      { op: "reduceSum", value: [2, 3], axes: [0, -2] },
      "invalid-spec: axes of reduceSum has an axis twice; got [0,-2]",
    ],
    [{ op: "reduceSum", value: [65536, 65536] }, "too-large"],
    [{ op: "swoosh", value: [2] }, "invalid-spec: op must be one of atrousConv2dTranspose, conv2d, conv1d"],
  ])("%j", async (spec, sentence) => {
    expect(errorOf(await rejectionOf(compile(spec as GivenSpec)))).toContain(sentence);
  });
});
