/** Generated files compute what the definition says, whatever they were made for, and hold what they were made of, exactly. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { interpret, type OpSpec } from "tilewright";
import { type BuiltKernel, FORMAT, type Variant } from "tilewright/runtime";
import { beforeAll, describe, expect, test } from "vitest";
import type { BuildTarget, KernelChoices } from "../../src/build/defineConfig.js";
import { barrelFiles, kernelFiles } from "../../src/build/files.js";
import { elementCount } from "../../src/ir/program.js";
import { registered } from "../../src/runtime/built/registry.js";
import { simdLevel } from "../../src/runtime/host/wasmSupport.js";
import { Kernel } from "../../src/runtime/kernel.js";
import { newFolder } from "../support/folder.js";
import { DRIVER, FEATURES, needs } from "../support/needs.js";
import { smallIntegers } from "../support/run.js";
import { gpuDevice, nullDevice, validate } from "../support/webgpu.js";
import { planOf, tiny, writeFiles } from "./support.js";

const ALL: readonly BuildTarget[] = ["js", "wasm", "wasm-threads", "webgpu", "webgpu-f16"];
const square = { value: [1, 16, 16, 8], filters: [3, 3, 8, 8] } as const;

const KERNELS: Readonly<Record<string, OpSpec & KernelChoices>> = {
  plain: tiny(),
  everything: tiny({ op: "conv2d", filters: [2, 3, 2, 5], rate: 2, bias: true, activation: "relu6" }),
  infinite: tiny({ rate: 3, activation: { kind: "clip", min: -2, max: Number.POSITIVE_INFINITY } }),
  tinyNumbers: tiny({ rate: 2, activation: { kind: "leakyRelu", alpha: 2 ** -149 } }),
  valid: tiny({ padding: "VALID", value: [2, 3, 4, 2] }),
  noImages: tiny({ value: [0, 4, 5, 2] }),
  noChannels: tiny({ value: [1, 4, 5, 0], filters: [3, 3, 3, 0], bias: true }),
  shared: tiny({ value: [1, 24, 24, 32], filters: [3, 3, 32, 32] }),
  winograd: tiny({ ...square, algorithm: "winograd" }),
  fast: tiny({ value: [1, 16, 16, 32], filters: [3, 3, 32, 32], accuracy: "fast" }),
  constructor: tiny({ rate: 4 }),
  $: tiny({ rate: 5 }),
};

const made: Partial<Record<"inline" | "file", ReturnType<typeof make>>> = {};

/** Once for all tests. */
const builtWith = (wasm: "inline" | "file") => {
  made[wasm] ??= make(wasm);
  return made[wasm];
};

/** Writes the files of all kernels and imports them. */
async function make(wasm: "inline" | "file") {
  const folder = newFolder();
  const plans = await planOf({ targets: ALL, kernels: KERNELS });
  const all = plans.map((plan) => kernelFiles(plan, { wasm }));
  writeFiles(folder, Object.fromEntries([...barrelFiles(plans), ...all.flatMap(({ files }) => [...files])]));
  const load = <T>(path: string): Promise<T> =>
    import(/* @vite-ignore */ pathToFileURL(join(folder, path)).href) as Promise<T>;
  return { plans, all, folder, load, kernels: await load<Readonly<Record<string, BuiltKernel>>>("index.js") };
}

describe.each(["inline", "file"] as const)("kernels with WebAssembly %s", (wasm) => {
  let built: Awaited<ReturnType<typeof builtWith>>;
  beforeAll(async () => {
    built = await builtWith(wasm);
  });

  const cpu: readonly Exclude<Variant, "webgpu" | "webgpu-f16">[] = [
    "js",
    "wasm-simd128",
    "wasm-simd128-threads",
    "wasm-relaxed",
    "wasm-relaxed-threads",
  ];
  const names = Object.keys(KERNELS);

  for (const variant of cpu) {
    const runs = !variant.startsWith("wasm-relaxed") || simdLevel() === "relaxed";
    test.each(names)(`${variant}: %s is right`, needs({ [FEATURES]: runs }), async (name) => {
      const kernel = built.kernels[name] as BuiltKernel;
      if (!kernel.variants[variant]) return expect(variant).toMatch(/threads/);
      const loaded = new Kernel(await kernel.loaded(variant, variant.endsWith("threads") ? 2 : 1));
      expect(await resultOf(loaded, name)).toEqual(expectedOf(name));
      loaded.dispose();
    });
  }

  test.each(names)("%s loads by itself and runs", async (name) => {
    const loaded = await (built.kernels[name] as BuiltKernel).load();
    expect(loaded.target).toBe(simdLevel() === "none" ? "js" : "wasm");
    expect(await resultOf(loaded, name)).toEqual(expectedOf(name));
    loaded.dispose();
  });

  test.each(names)("shaders of %s are valid", async (name) => {
    const kernel = built.kernels[name] as BuiltKernel;
    for (const variant of ["webgpu", "webgpu-f16"] as const) {
      expect(await validate(await kernel.module(variant), nullDevice())).toEqual([]);
    }
  });

  test("have shared variants where there is work to share", () => {
    const shared = names.filter((name) => built.kernels[name]?.variants["wasm-simd128-threads"]);
    expect(shared).toEqual(["shared", "fast"]);
  });

  test("are known to compile once the registry is imported", async () => {
    const { kernels } = await built.load<{ kernels: readonly BuiltKernel[] }>("registry.js");
    expect(kernels).toEqual(names.map((name) => built.kernels[name]));
    for (const kernel of kernels) expect(registered(kernel.request)).toBe(kernel);
  });

  test("have binaries beside them or none", () => {
    const binaries = built.all.flatMap(({ files }) => [...files.keys()]).filter((path) => path.endsWith(".wasm"));
    if (wasm === "inline") expect(binaries).toEqual([]);
    else expect(binaries).toContain("shared/wasm-relaxed-threads.run.wasm");
  });
});

const dataOf = (name: string) => {
  const { value, filters, op, bias } = KERNELS[name] as OpSpec & KernelChoices;
  return {
    value: smallIntegers(elementCount(value), 1),
    filters: smallIntegers(elementCount(filters), 2),
    bias: bias ? smallIntegers(filters[op === "conv2d" ? 3 : 2], 3) : undefined,
  };
};

async function resultOf(kernel: Kernel, name: string): Promise<Float32Array> {
  const { value, filters, bias } = dataOf(name);
  return rounded(await kernel.run(value, kernel.prepare(filters, bias)), name);
}

function expectedOf(name: string): Float32Array {
  const { targets: _, accuracy: __, algorithm: ___, ...spec } = KERNELS[name] as OpSpec & KernelChoices;
  const { value, filters, bias } = dataOf(name);
  return rounded(Float32Array.from(interpret(spec, value, filters, bias)), name);
}

/** Winograd's sums of integers are whole numbers but for the last bits; all others are exact. Zeros have one sign. */
const rounded = (result: Float32Array, name: string): Float32Array =>
  result.map((x) => (name === "winograd" || name === "fast" ? Math.round(x) : x) + 0);

test("a kernel on a GPU is right", async (context) => {
  const device = await gpuDevice();
  if (!device) return context.skip(DRIVER);
  const { kernels } = await builtWith("inline");
  const kernel = await (kernels.everything as BuiltKernel).load({ target: "webgpu", device });
  const { value, filters, bias } = dataOf("everything");
  expect(rounded(await kernel.run(value, await kernel.prepare(filters, bias)), "everything")).toEqual(
    expectedOf("everything"),
  );
  kernel.dispose();
});

describe("a file", () => {
  test("holds numbers and text as they were", async () => {
    const { kernels } = await builtWith("inline");
    const specs = Object.entries(KERNELS).map(([name, { targets: _, accuracy: __, algorithm: ___, ...spec }]) => [
      name,
      spec,
    ]);
    expect(Object.fromEntries(Object.entries(kernels).map(([name, { spec }]) => [name, spec]))).toEqual(
      Object.fromEntries(specs),
    );
    const { spec } = await (kernels.infinite as BuiltKernel).module("js");
    expect((spec as OpSpec).activation).toEqual({ kind: "clip", min: -2, max: Number.POSITIVE_INFINITY });
  });

  test("begins with who wrote it and what it is, and has a row for the schedule", async () => {
    const [plan] = await planOf({
      kernels: { head: tiny({ activation: { kind: "clip", min: Number.NEGATIVE_INFINITY, max: 1 } }) },
    });
    const { files, modules } = kernelFiles(plan as NonNullable<typeof plan>, { wasm: "inline" });
    expect([...files.keys()]).toEqual(
      ["index", "js", "wasm-relaxed", "wasm-simd128", "webgpu"].flatMap((name) => [
        `head/${name}.js`,
        `head/${name}.d.ts`,
      ]),
    );
    for (const text of files.values())
      expect(text).toMatch(
        /^\/\/ Written by tilewright [\d.]+ \(tilewright build\)\. Do not edit\.\n\/\/ atrousConv2dTranspose 1x4x5x2 with 3x3x3x2, rate 1, SAME, \{"kind":"clip","min":-Infinity,"max":1\}\n/,
      );
    for (const { variant, bytes, schedule } of modules) {
      const text = files.get(`head/${variant}.js`) as string;
      expect(text.split("\n")[2]).toBe(`// ${schedule}`);
      expect(bytes).toBe(Buffer.byteLength(text));
    }
    expect(files.get("head/index.js")).toContain(`format: ${FORMAT},`);
  });

  test("makes nothing from text, and has no date and no path in it", async () => {
    const { all } = await builtWith("inline");
    for (const { files } of all) {
      for (const text of files.values()) {
        expect(text).not.toMatch(/\beval\b|new Function|\bFunction\(|setTimeout/);
        expect(text).not.toContain(process.cwd());
        expect(text).not.toMatch(/\b20\d\d-\d\d/);
      }
    }
  });
});
