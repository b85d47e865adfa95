/**
 * The picture of ARCHITECTURE.md, enforced: who may import whom. An arrow that is not in the tables of scripts/layers.js fails,
 * so drawing it is a decision somebody makes and not something that happens.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Project, SyntaxKind } from "ts-morph";
import { describe, expect, test } from "vitest";
import { ARROWS, PACKAGES, TYPES_OF, unitOf } from "../scripts/layers.js";
import { precompiledTemplates } from "../scripts/templates.js";
import { workerText, workerTextFile } from "../scripts/workerText.js";
import { VERSION } from "../src/ir/version.js";
import { fileName, findRing, type Import, importsOf } from "./support/imports.js";
import { WRITTEN_BY_SCRIPTS } from "./support/sources.js";

/** What the tables do not allow, as text. */
function strangers(imports: readonly Import[]): string[] {
  const isAllowed = ({ from, to, how, isPackage }: Import): boolean => {
    const unit = unitOf(from);
    if (isPackage) {
      const known = how === "type" ? TYPES_OF[unit] : PACKAGES[unit];
      return (known ?? []).some((name) => name.test(to));
    }
    const target = unitOf(to);
    return (ARROWS[unit] ?? []).some((arrow) => {
      const [kind, name = kind] = arrow.split(" ");
      const reaches = name === target || (name !== undefined && !name.includes("/") && target.startsWith(`${name}/`));
      return reaches && (kind === name ? how !== "dynamic" : kind === how);
    });
  };
  return imports
    .filter((one) => !isAllowed(one))
    .map(({ from, to, how }) => `${from} -> ${to}${how === "value" ? "" : ` (${how})`}`);
}

const root = fileURLToPath(new URL("../src/", import.meta.url));
const project = new Project({ compilerOptions: { allowJs: true }, skipFileDependencyResolution: true });
project.addSourceFilesAtPaths([`${root}**/*.ts`, `${root}**/*.js`]);
const files = project.getSourceFiles();
const imports = importsOf(project, root);

describe("the sources", () => {
  test("have only the arrows that are drawn", () => {
    expect(strangers(imports)).toEqual([]);
  });

  test("have every unit that is drawn", () => {
    const units = new Set(files.map((file) => unitOf(fileName(file, root))));
    expect(Object.keys(ARROWS).filter((unit) => !units.has(unit))).toEqual([]);
  });

  test("import each other in no ring, not for types or on demand either", () => {
    expect(findRing(imports)).toBeUndefined();
  });

  test("hold no `any`", () => {
    const places = files.flatMap((file) =>
      file
        .getDescendantsOfKind(SyntaxKind.AnyKeyword)
        .map((node) => `${fileName(file, root)}:${node.getStartLineNumber()}`),
    );
    expect(places).toEqual([]);
  });

  const written = files.filter((file) => !WRITTEN_BY_SCRIPTS.test(file.getFilePath()));

  test("have at most 350 lines to a file", () => {
    const long = written.filter((file) => file.getEndLineNumber() > 350).map((file) => fileName(file, root));
    expect(long).toEqual([]);
  });

  test("say at the top of each file what it is", () => {
    const silent = written.filter((file) => !/^(#!.*\n|\/\/ @ts-check\n)?\/\*\*/.test(file.getFullText()));
    expect(silent.map((file) => fileName(file, root))).toEqual([]);
  });

  test("are what the tests above read", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(150);
    expect(imports.filter(({ how }) => how === "dynamic").map(({ from }) => from)).toContain("runtime/jit.ts");
  });
});

describe("the tables refuse", () => {
  const STRANGE: readonly (readonly [string, string, string])[] = [
    ["ir that knows a target", "ir/x.ts", 'import { JS } from "../codegen/target.js"; JS;'],
    ["ir that reads files", "ir/x.ts", 'import { readFileSync } from "node:fs"; readFileSync;'],
    ["ir that calls kernels", "ir/ops/x.ts", 'export * from "../../runtime/kernel.js";'],
    ["a nest that knows passes", "codegen/nest.ts", 'import { lower } from "./lower.js"; lower;'],
    [
      "a nest that knows the target",
      "codegen/nest.ts",
      'import type { Target } from "./target.js"; export type T = Target;',
    ],
    ["a pass that uses another", "codegen/passes/x.ts", 'import { y } from "./y.js"; y;'],
    ["a pass that knows the nest", "codegen/passes/x.ts", 'import { nestStage } from "../nest.js"; nestStage;'],
    ["an emitter that lowers", "codegen/emit/js.ts", 'import { lower } from "../lower.js"; lower;'],
    ["an emitter that knows the target", "codegen/emit/js.ts", 'import { JS } from "../target.js"; JS;'],
    ["a module that lowers", "codegen/module/wasm.ts", 'import { lower } from "../lower.js"; lower;'],
    [
      "a module that knows the target",
      "codegen/module/wasm.ts",
      'import type { Target } from "../target.js"; export type T = Target;',
    ],
    ["a pass that emits", "codegen/passes/x.ts", 'import { Code } from "../emit/wasmAssembler.js"; Code;'],
    ["an assembler that lays out modules", "codegen/emit/wasm.ts", 'import { x } from "../module/wasm.js"; x;'],
    [
      "a host that knows features by the compiler's types",
      "runtime/host/wasmFeatures.ts",
      'import type { WasmFeatures } from "../../codegen/target.js"; export type W = WasmFeatures;',
    ],
    ["a door that makes targets itself", "runtime/jit.ts", 'import { JS } from "../codegen/target.js"; JS;'],
    ["templates outside their home", "codegen/compile.ts", 'import Handlebars from "handlebars"; Handlebars;'],
    ["a model that knows the compiler", "models/x.ts", 'import { JS } from "../codegen/target.js"; JS;'],
    ["a compiler that reads models", "codegen/compile.ts", 'import { x } from "../models/index.js"; x;'],
    ["a schema outside its home", "ir/x.ts", 'import * as v from "valibot"; v;'],
    ["a build that makes code itself", "build/plan.ts", 'import { x } from "../codegen/index.js"; x;'],
    ["a configuration that runs", "build/defineConfig.ts", 'import { checkSpec } from "../ir/ops/spec.js"; checkSpec;'],
    ["files that know a configuration's form", "build/files.ts", 'import { z } from "c12"; z;'],
    ["codegen that builds", "codegen/aot/index.ts", 'import { build } from "../../build/build.js"; build;'],
    ["ts-morph", "codegen/module/renderJs.ts", 'import { Project } from "ts-morph"; Project;'],
    ["a runtime that ships the compiler", "runtime/kernel.ts", 'import { lower } from "../codegen/lower.js"; lower;'],
    [
      "a runtime that names the compiler's types",
      "runtime/kernel.ts",
      'export type { JS } from "../codegen/target.js";',
    ],
    ["a runtime that imports Node", "runtime/threads/pool.ts", 'import { Worker } from "node:worker_threads"; Worker;'],
    ["a host that names Node's types", "runtime/host/wasm.ts", 'export type W = import("node:worker_threads").Worker;'],
    ["a second door", "runtime/kernel.ts", 'export const x = import("../codegen/backends/js.js");'],
    ["a door to all of the compiler", "runtime/jit.ts", 'export const x = import("../codegen/index.js");'],
    ["a door that does not open on demand", "runtime/jit.ts", 'import { x } from "../codegen/index.js"; x;'],
    ["a type by its path", "runtime/kernel.ts", 'export type X = import("../codegen/index.js").Target;'],
    ["a runtime that needs a CLI", "runtime/kernel.ts", 'import { io } from "../cli/io.js"; io;'],
    ["codegen that calls kernels", "codegen/compile.ts", 'import { x } from "../runtime/index.js"; x;'],
    ["tuning that knows where it measures", "tune/x.ts", 'import { fork } from "node:child_process"; fork;'],
    ["a runtime that reads records", "runtime/tuned.ts", 'import { x } from "../tune/record.js"; x;'],
    ["a page that needs Node", "tune/page/x.ts", 'import { fork } from "node:child_process"; fork;'],
    ["a build that reads records each time", "build/plan.ts", 'import { x } from "../tune/record.js"; x;'],
    ["a compiler that measures", "codegen/compile.ts", 'import { x } from "../tune/sampling.js"; x;'],
    ["a folder nobody has drawn", "paint/x.ts", 'import { x } from "../ir/affine.js"; x;'],
  ];

  test.each(STRANGE)("%s", (_, path, text) => {
    const trial = new Project({ useInMemoryFileSystem: true });
    trial.createSourceFile(`/src/${path}`, text);
    expect(strangers(importsOf(trial, "/src/")).length).toBe(1);
  });

  test.each([
    ["of values", 'import { a } from "./a.js"; export const c = 1; a;'],
    ["of types", 'import type { a } from "./a.js"; export type C = typeof a; export const c = 1;'],
    ["on demand", 'export const c = () => import("./a.js");'],
  ])("a ring %s", (_, closing) => {
    const trial = new Project({ useInMemoryFileSystem: true });
    trial.createSourceFile("/src/ir/a.ts", 'import { b } from "./b.js"; export const a = b;');
    trial.createSourceFile("/src/ir/b.ts", 'import { c } from "./c.js"; export const b = c;');
    trial.createSourceFile("/src/ir/c.ts", closing);
    expect(findRing(importsOf(trial, "/src/"))?.sort()).toEqual(["ir/a.ts", "ir/a.ts", "ir/b.ts", "ir/c.ts"]);
  });
});

test("the version is the package's", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(VERSION).toBe(version);
});

test("the precompiled templates are those of the .hbs files", () => {
  const onDisk = readFileSync(new URL("../src/codegen/module/templates.js", import.meta.url), "utf8");
  expect(onDisk).toBe(precompiledTemplates());
});

test("the worker's text is that of its files", async () => {
  expect(readFileSync(workerTextFile, "utf8")).toBe(await workerText());
});
