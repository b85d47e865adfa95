/** Specs of which each call chooses a size in every place that takes a spec: defined, recorded, built, explained. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type AnyLengthSpec, compile, compileSync, defineKernel, ready, recordShapes } from "tilewright";
import { expect, expectTypeOf, test } from "vitest";
import { barrelFiles, kernelFiles } from "../../src/build/files.js";
import { readRecorded } from "../../src/build/recorded.js";
import type { BuiltAnyLength } from "../../src/runtime/built/builtKernel.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { planOf, writeFiles } from "../build/support.js";
import { dataFor } from "../support/anyLength.js";
import { tilewright } from "../support/commands.js";
import { errorOf, rejectionOf } from "../support/errors.js";
import { newFolder } from "../support/folder.js";

const REST = { op: "conv2dTranspose", filters: [1, 8, 16, 32], strides: [1, 4], padding: "SAME" } as const;
const SPEC = { ...REST, value: [1, 1, { max: 512, multiple: 16 }, 32] } as const satisfies AnyLengthSpec;

const folder = newFolder();
const { inputs, weights } = dataFor({ ...REST, value: [1, 1, 48, 32] }, []);

async function expected(): Promise<Float32Array> {
  const kernel = await compile({ ...REST, value: [1, 1, 48, 32] }, { target: "js" });
  return kernel.run(inputs.value, kernel.prepare(weights));
}

test("compiled without a promise, and defined in a source", async () => {
  await ready();
  const kernel = compileSync(SPEC);
  expect(kernel.runSync(inputs.value, kernel.prepare(weights))).toEqual(await expected());
  const definition = defineKernel(SPEC);
  expectTypeOf(definition.spec).toEqualTypeOf<AnyLengthSpec>();
  const defined = await definition.load({ target: "js" });
  expect(defined.runSync(inputs.value, defined.prepare(weights))).toEqual(await expected());
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

test("built ahead of time: loaded by itself on each target, on several threads as well", async () => {
  const plans = await planOf({ kernels: { up: { ...SPEC } }, targets: ["js", "wasm", "wasm-threads", "webgpu"] });
  expect(plans[0]?.variants).toContain("wasm-simd128-threads");
  expect(plans[0]?.variants).not.toContain("webgpu");
  const files = plans.flatMap((plan) => [...kernelFiles(plan, { wasm: "inline" }).files]);
  const out = join(folder, "built");
  writeFiles(out, Object.fromEntries([...barrelFiles(plans), ...files]));
  expect(String(files.find(([name]) => name === "up/index.d.ts")?.[1])).toContain(
    "BuiltAnyLength<{ readonly value: readonly [1, 1, number, 32]; readonly filters: readonly [1, 8, 16, 32]; " +
      "readonly output: readonly [1, 1, number, 16] }>",
  );
  const { up } = (await import(pathToFileURL(join(out, "index.js")).href)) as { up: BuiltAnyLength };
  for (const options of [{}, { target: "wasm", threads: 2 }, { target: "js" }, { target: "plain" }] as const) {
    const kernel = await up.load(options);
    expect(await kernel.run(inputs.value, kernel.prepare(weights))).toEqual(await expected());
    const refused = kernel.run(inputs.value.subarray(0, 64), kernel.prepare(weights));
    expect(errorOf(await rejectionOf(refused))).toContain("a length of 16 to 512 in steps of 16");
  }
});

test("not built for a GPU alone", async () => {
  const plan = planOf({ kernels: { up: { ...SPEC } }, targets: ["webgpu"] });
  expect(errorOf(await rejectionOf(plan))).toMatch(/^target-unavailable: .*runs on the CPU/);
});

test("explained and refused by the command line", async () => {
  const { code, out } = await tilewright(["explain", JSON.stringify(SPEC), "--all"]);
  expect(code).toBe(0);
  expect(out).toContain('value    [1,1,{"max":512,"multiple":16},32]');
  expect(out).toContain("while 16*callUnits - ox >= 0");
  const refused = await tilewright(["explain", JSON.stringify({ ...SPEC, value: [1, 2, { max: 8 }, 32] })]);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("dimensions before the one that calls choose must have one element");
});
