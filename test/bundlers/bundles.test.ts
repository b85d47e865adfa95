/** Apps that are really built, by every bundler, and really run. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { interpret, type OpSpec } from "tilewright";
import { Project, ts } from "ts-morph";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { elementCount } from "../../src/ir/shape.js";
import { DIST, needs } from "../support/needs.js";
import { appFolder, BUNDLERS, bundle } from "./bundlers.js";

const built = existsSync(new URL("../../dist/plugin/vite.js", import.meta.url));

interface Line {
  readonly name: string;
  readonly target: string;
  readonly tier: string;
  readonly algorithm: string;
  readonly spec: OpSpec;
  readonly output: readonly number[];
}

/** What the app prints, line by line. */
function outputOf(entry: string): unknown[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry], { encoding: "utf8", timeout: 60_000 });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** As the fixture fills tensors. */
const integers = (length: number, seed: number) => Float32Array.from({ length }, (_, i) => ((i * 7 + seed) % 9) - 4);

function expectRight({ name, spec, algorithm, output }: Line): void {
  const value = integers(elementCount(spec.value), 1);
  const expected = interpret(spec, value, integers(elementCount(spec.filters), 2));
  if (algorithm === "direct") expect(output, name).toEqual([...expected]);
  else for (const [i, x] of expected.entries()) expect(Math.abs((output[i] as number) - x), name).toBeLessThan(1e-2);
}

describe.each(Object.keys(BUNDLERS))("an app built by %s", needs({ [DIST]: built }), (bundler) => {
  let root = "";
  let log = vi.fn();
  beforeAll(() => {
    root = appFolder();
    log = vi.spyOn(console, "log").mockImplementation(() => undefined) as typeof log;
  });
  afterAll(() => {
    log.mockRestore();
  });

  test("with all kernels ahead of time has no compiler in it", async () => {
    log.mockClear();
    const { entry, text, warnings } = await bundle(bundler, root, "ahead.js");
    const lines = outputOf(entry) as Line[];
    expect(lines.map(({ name, target, tier }) => `${name} ${target}: ${tier}`)).toEqual([
      "head auto: wasm",
      "head js: js",
      "inSource auto: wasm",
      "inSource js: js",
      "fast auto: wasm",
      "fast js: js",
    ]);
    lines.forEach(expectRight);
    expect(lines.find(({ name }) => name === "fast")?.algorithm).toMatch(/^winograd/);
    // Names of passes and of the template engine, which no minifier changes.
    expect(text).not.toMatch(/stepOffsets|knownHelpersOnly|templateSpec|ts-morph/);
    expect(warnings.filter((text) => !text.includes("PLUGIN_TIMINGS"))).toEqual([]);
    // Of the barrel all are asked for, before those that nobody uses are left out.
    const summary = /^tilewright: 4 kernels, 12 modules, [\d.]+ kB \([\d.]+ kB gzip\)$/;
    expect(log.mock.calls.flat().filter((line) => summary.test(String(line))).length).toBe(1);
  }, 120_000);

  test("compiles what is known late, with a warning, and takes what is registered", async () => {
    const { entry, warnings } = await bundle(bundler, root, "mixed.js");
    const lines = outputOf(entry);
    expect(lines[2]).toEqual({ compiled: 0 });
    const calls = lines.filter((line): line is Line => Object.hasOwn(line as object, "spec"));
    expect(calls.map(({ name, target, tier }) => `${name} ${target}: ${tier}`)).toEqual([
      "registered auto: wasm",
      "registered js: js",
      "late auto: wasm",
      "late js: js",
    ]);
    calls.forEach(expectRight);
    expect(warnings.join("\n")).toContain(
      "dynamic.js:5:3: this kernel is not made ahead of time, as `width` is a parameter; it is compiled when it runs",
    );
  }, 120_000);

  test("is refused where a spec is illegal, with the place", async () => {
    const text = readFileSync(join(root, "kernels.js"), "utf8");
    writeFileSync(join(root, "illegal.js"), text.replace("rate: 1,", "rate: 0,"));
    const failed = await bundle(bundler, root, "illegal.js").then(
      () => "built",
      (error) => String(error.message ?? error),
    );
    expect(failed).toContain("illegal.js:7:25: rate must be an integer >= 1, one for both axes; got 0");
    expect(failed).toMatch(/> *7 \| export const inSource = defineKernel\(/);
  }, 120_000);

  test("is refused where the configuration is", async () => {
    const config = { kernels: { head: { op: "conv2d", value: [1, 8, 8] } } } as never;
    await expect(bundle(bundler, root, "ahead.js", { config })).rejects.toThrow(
      /the plugin's config: kernels\.head: value must be 4 integers >= 0, \[N, H, W, C\]; got \[1,8,8\]/,
    );
  }, 120_000);

  test("comes with declarations of what it imports", async () => {
    await bundle(bundler, root, "ahead.js");
    const path = join(root, "tilewright.d.ts");
    const before = readFileSync(path, "utf8");
    expect(before).toContain("readonly value: readonly [1, 4, 5, 2];");
    expect(before).not.toContain("inSource");
  }, 120_000);
});

describe("declarations", needs({ [DIST]: built }), () => {
  test("know shapes", async () => {
    const root = appFolder();
    vi.spyOn(console, "log").mockImplementationOnce(() => undefined);
    await bundle("esbuild", root, "ahead.js");
    const project = new Project({
      compilerOptions: {
        strict: true,
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        types: [],
      },
    });
    project.addSourceFileAtPath(join(root, "tilewright.d.ts"));
    const use = project.createSourceFile(
      join(root, "use.ts"),
      `import { head } from "~tilewright";
       const kernel = await head.load();
       const data = new Float32Array(40);
       const weights = kernel.prepare({ shape: [3, 3, 3, 2], data });
       const { shape } = await kernel.run({ shape: [1, 4, 5, 2], data }, weights);
       const columns: 5 = shape[2];
       kernel.prepare({ shape: [3, 3, 3, 3], data });
       await kernel.run({ shape: [1, 4, 5, 3], data }, weights);
       export const rows: 5 = shape[1];`,
    );
    const lines = project.getPreEmitDiagnostics().filter((one) => one.getSourceFile() === use);
    expect(lines.map((one) => one.getLineNumber())).toEqual([7, 8, 9]);
  }, 120_000);
});
