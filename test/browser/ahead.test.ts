/**
 * An app with kernels that were made ahead of time, built by Vite from a configuration, from sources and from two models, on pages
 * under each policy: what runs them is what the policy allows, and it never throws.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { interpret, ready } from "tilewright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { elementCount } from "../../src/ir/shape.js";
import { writeModels } from "../support/models.js";
import { DIST, needs } from "../support/needs.js";
import type { AheadReport, KernelReport } from "./ahead/page.js";
import { findChromium } from "./chromium.js";
import { smallIntegers } from "./page/data.js";
import { Pages } from "./pages.js";

const executablePath = findChromium();
const plugin = new URL("../../dist/plugin/vite.js", import.meta.url);

/** SwiftShader, which comes with the browser and needs no GPU. */
const FLAGS = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** Builds the app in a folder beside its sources, so that the package's names mean the same there. */
async function bundle(out: string): Promise<void> {
  const { build } = await import("vite");
  const { default: tilewright } = await import(/* @vite-ignore */ plugin.href);
  const root = mkdtempSync(fileURLToPath(new URL(".ahead-", import.meta.url)));
  try {
    cpSync(fileURLToPath(new URL("ahead", import.meta.url)), root, { recursive: true });
    writeModels(root);
    await build({
      configFile: false,
      root,
      logLevel: "error",
      plugins: [tilewright({ dts: false })],
      build: {
        outDir: out,
        emptyOutDir: false,
        target: "es2022",
        modulePreload: false,
        rollupOptions: { input: join(root, "page.ts"), output: { entryFileNames: "[name].js" } },
      },
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

describe("kernels ahead of time in Chromium", needs({ Chromium: executablePath, [DIST]: existsSync(plugin) }), () => {
  const pages = new Pages(bundle);
  beforeAll(async () => {
    // The interpreter here reads specs of every kind.
    await ready();
    await pages.open(executablePath as string, FLAGS);
  }, 120_000);
  afterAll(() => pages.close());

  const NAMES = [
    "conv2d_1x3x8x8_6x3x3x3_j18p8frp5w1d",
    "atrousConv2dTranspose_2x9x10x4_3x3x5_r2_same",
    "forward",
    "head",
    "inSource",
    "onlyForGpus",
  ];

  function expectRight({ spec, results }: KernelReport): void {
    const value = smallIntegers(elementCount(spec.value), 1);
    const filters = smallIntegers(elementCount(spec.filters), 2);
    const isOnnx = "convention" in spec && spec.convention === "onnx";
    const channels = spec.filters[isOnnx ? 0 : spec.op === "conv2d" ? 3 : 2];
    const expected = [...interpret(spec, value, filters, spec.bias ? smallIntegers(channels, 3) : undefined)];
    expect(Object.keys(results)).toEqual(["auto", "js", "webgpu"]);
    for (const result of Object.values(results)) expect(result).toEqual(expected);
  }

  const TRUSTED = "require-trusted-types-for 'script'; trusted-types tilewright";
  const POLICIES: readonly (readonly [policy: string, best: string])[] = [
    ["", "wasm"],
    ["script-src 'self'", "js"],
    ["script-src 'self' 'wasm-unsafe-eval'", "wasm"],
    ["script-src 'self' 'unsafe-eval'", "wasm"],
    [`script-src 'self' 'unsafe-eval'; ${TRUSTED}`, "wasm"],
  ];

  test.each(POLICIES)(
    "under %j: %s",
    async (policy, best) => {
      const headers = policy === "" ? {} : { "Content-Security-Policy": policy };
      const { kernels, violations, error } = await pages.reportOf<AheadReport>("page", headers);
      expect(error).toBeNull();
      expect(Object.keys(kernels).sort()).toEqual([...NAMES].sort());
      for (const [name, kernel] of Object.entries(kernels)) {
        expectRight(kernel);
        const [auto, js] = name === "onlyForGpus" ? ["plain", "plain"] : [best, "js"];
        expect(kernel.tiers, name).toEqual({ auto, js, webgpu: "webgpu" });
      }
      // That WebAssembly may be compiled is found out by trying; nothing else is tried.
      expect(violations).toEqual(best === "js" ? ["wasm-eval"] : []);
      expect(pages.consoleErrors).toEqual([]);
    },
    120_000,
  );
});
