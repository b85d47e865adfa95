/**
 * The picture of ARCHITECTURE.md, enforced: who may import whom. An arrow that is not in the tables below fails, so drawing
 * it is a decision somebody makes and not something that happens.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Project, SyntaxKind } from "ts-morph";
import { describe, expect, test } from "vitest";
import { precompiledTemplates } from "../scripts/templates.js";
import { VERSION } from "../src/ir/version.js";
import { fileName, findRing, type Import, importsOf } from "./support/imports.js";

/** Units are folders where a folder has one place in the picture, and files in `codegen`, where each has its own. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  ir: ["ir"],
  "codegen/target": ["ir"],
  "codegen/schedule": ["ir"],
  "codegen/checkSchedule": ["ir", "codegen/schedule"],
  "codegen/nest": ["ir", "codegen/schedule"],
  "codegen/reserved": [],
  "codegen/nestStage": ["ir", "codegen/schedule", "codegen/nest", "codegen/reserved"],
  "codegen/group": ["ir", "codegen/nest"],
  "codegen/pending": ["ir", "codegen/nest"],
  "codegen/pack": ["ir", "codegen/target", "codegen/nest"],
  "codegen/box": ["ir", "codegen/nest"],
  "codegen/gather": ["ir", "codegen/nest"],
  "codegen/fill": ["ir", "codegen/nest", "codegen/gather", "codegen/pending"],
  "codegen/reach": ["ir", "codegen/nest"],
  "codegen/caches": [
    "ir",
    "codegen/target",
    "codegen/nest",
    "codegen/box",
    "codegen/gather",
    "codegen/fill",
    "codegen/reach",
  ],
  "codegen/buildKernel": ["ir", "codegen/target", "codegen/nest", "codegen/group", "codegen/caches", "codegen/pending"],
  "codegen/passes": ["ir", "codegen/target"],
  "codegen/lower": ["ir", "codegen/target", "codegen/passes"],
  "codegen/emit": ["ir", "codegen/emit", "type codegen/lower"],
  "codegen/module": ["ir", "codegen/module", "codegen/emit", "type codegen/lower"],
  "codegen/registers": ["ir"],
  "codegen/search": ["ir", "codegen/target", "codegen/schedule", "codegen/search"],
  "codegen/lowerProgram": [
    "ir",
    "codegen/target",
    "codegen/schedule",
    "codegen/nest",
    "codegen/nestStage",
    "codegen/group",
    "codegen/pack",
    "codegen/buildKernel",
    "codegen/lower",
    "codegen/search",
  ],
  "codegen/backend": ["ir", "codegen/target", "codegen/schedule", "codegen/lowerProgram", "codegen/search"],
  "codegen/backends": [
    "ir",
    "codegen/target",
    "codegen/backend",
    "codegen/emit",
    "codegen/module",
    "codegen/search",
    "type codegen/lower",
    "type codegen/lowerProgram",
  ],
  "codegen/compile": [
    "ir",
    "codegen/target",
    "codegen/checkSchedule",
    "codegen/lowerProgram",
    "codegen/backend",
    "codegen/backends",
    "codegen/search",
  ],
  "codegen/explain": [
    "ir",
    "codegen/target",
    "codegen/schedule",
    "codegen/registers",
    "codegen/search",
    "codegen/compile",
  ],
  "codegen/index": [
    "type ir",
    "type codegen/backend",
    "codegen/checkSchedule",
    "codegen/target",
    "codegen/schedule",
    "codegen/lower",
    "codegen/search",
    "codegen/lowerProgram",
    "codegen/compile",
    "codegen/explain",
  ],
  runtime: ["ir", "runtime"],
  "runtime/threads/pool": ["ir", "runtime"],
  "runtime/threads/sharing": ["ir", "runtime"],
  // What only pages with kernels on a GPU load.
  "runtime/compile": ["ir", "runtime", "dynamic runtime"],
  // Kernels out of files load the host of one language, and threads where there are any.
  "runtime/built/builtKernel": ["ir", "runtime", "dynamic runtime"],
  "runtime/host/wasm": ["ir", "runtime", "dynamic runtime"],
  // THE ONE DOOR to the compiler.
  "runtime/jit": [
    "ir",
    "runtime",
    "type codegen/schedule",
    "type codegen/search",
    "type codegen/target",
    "dynamic codegen/backends",
    "dynamic codegen/search",
    "dynamic codegen/checkSchedule",
  ],
  "codegen/aot": ["ir", "codegen/aot", "codegen/module", "type codegen/target"],
  models: ["ir", "models"],
  // Users' configurations import it: types, and nothing that runs.
  "build/defineConfig": ["type ir", "type runtime"],
  // Neither knows where it measures: in a process of Node's, or in a page's worker.
  tune: ["ir", "runtime", "tune", "dynamic tune", "codegen/search", "codegen/target"],
  "tune/node": [
    "ir",
    "tune",
    "tune/node",
    "codegen/compile",
    "codegen/search",
    "codegen/target",
    "type codegen/schedule",
  ],
  "tune/page": ["ir", "runtime", "tune", "tune/page", "codegen/compile", "codegen/search", "codegen/target"],
  // The public entry, for pages.
  "tune/index": ["ir", "runtime", "tune", "tune/page"],
  report: ["ir", "report", "tune", "codegen/search", "codegen/target", "codegen/explain"],
  build: ["ir", "runtime", "build", "dynamic build", "dynamic codegen/aot", "dynamic models", "dynamic tune/node"],
  // The only one of them that makes code: loaded where there is something to make.
  "build/files": ["ir", "runtime", "build", "codegen/aot", "codegen/index"],
  plugin: ["ir", "runtime", "build", "plugin", "codegen/aot", "dynamic build", "dynamic codegen/aot"],
  cli: ["ir", "codegen", "runtime", "models", "build", "tune", "report", "cli", "dynamic cli"],
};

const PACKAGES: Readonly<Record<string, readonly RegExp[]>> = {
  "codegen/module": [/^handlebars(\/|$)/],
  "codegen/aot": [/^ts-morph$/],
  models: [/^valibot$/, /^node:/],
  tune: [/^valibot$/, /^@noble\/hashes\//],
  "tune/node": [/^node:/],
  report: [/^vega$/, /^vega-lite$/, /^valibot$/, /^node:crypto$/],
  build: [/^c12$/, /^valibot$/, /^write-file-atomic$/, /^node:/],
  "build/files": [/^node:/],
  plugin: [/^unplugin$/, /^magic-string$/, /^@babel\/code-frame$/, /^write-file-atomic$/, /^node:/],
  cli: [/^citty$/, /^cli-progress$/, /^log-update$/, /^node:/, /^write-file-atomic$/],
};

/** Packages of which nothing but types may be named. */
const TYPES_OF: Readonly<Record<string, readonly RegExp[]>> = {
  report: [/^vega-lite$/],
  tune: [/^node:os$/],
  // What Node has and browsers have not is asked for at run time.
  "runtime/threads/pool": [/^node:worker_threads$/],
  "runtime/threads/sharing": [/^node:worker_threads$/],
};

/** Single arrows between files that the units would not allow. */
const EXCEPTIONS: readonly string[] = [];

function unitOf(file: string): string {
  const path = file.replace(/\.(d\.ts|ts|js)$/, "");
  if (path in ARROWS) return path;
  const [top = "", second] = path.split("/");
  const folder = `${top}/${second}`;
  return top === "codegen" || folder in ARROWS ? folder : top;
}

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
    .map(({ from, to, how }) => `${from} -> ${to}${how === "value" ? "" : ` (${how})`}`)
    .filter((arrow) => !EXCEPTIONS.includes(arrow));
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

  test("use every exception and no unit that is gone", () => {
    const drawn = imports.map(({ from, to }) => `${from} -> ${to}`);
    expect(EXCEPTIONS.filter((arrow) => !drawn.includes(arrow))).toEqual([]);
    const units = new Set(files.map((file) => unitOf(fileName(file, root))));
    expect(Object.keys(ARROWS).filter((unit) => !units.has(unit))).toEqual([]);
  });

  test("import each other in no ring", () => {
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

  const written = files.filter((file) => !file.getFilePath().endsWith("/templates.js"));

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

  test("and a ring is found", () => {
    const trial = new Project({ useInMemoryFileSystem: true });
    trial.createSourceFile("/src/ir/a.ts", 'import { b } from "./b.js"; export const a = b;');
    trial.createSourceFile("/src/ir/b.ts", 'import { c } from "./c.js"; export const b = c;');
    trial.createSourceFile("/src/ir/c.ts", 'import { a } from "./a.js"; export const c = 1; a;');
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
