/** What pages load, by what they do: each entry has a budget, and nothing of a build's own tools ever gets there. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Metafile, type OutputFile } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { DIST, needs } from "./support/needs.js";

const dist = new URL("../dist/", import.meta.url);

/** Bytes after gzip. */
const BUDGET = {
  /** Of kernels that were made ahead of time, before one is loaded. */
  ahead: 2870,
  /** The same, and what runs one in WebAssembly. */
  running: 14_300,
  /** What the first compilation adds, by language. The aim is 20,000; see site/pages/guide/ahead-of-time.md. */
  js: 39_100,
  wasm: 42_200,
  wgsl: 41_600,
  /** What the first formula adds to that. */
  formula: 17_500,
  /** What the first op of the library adds that is a formula. */
  shorthand: 23_900,
  /** What the first spec of the convolution family adds to that. */
  family: 17_850,
  /** What a page with TensorFlow.js loads for us before `install`. */
  tfjs: 3150,
  /** What `install` adds by backend, before it compiles anything; it has all readers of specs. */
  installed: { wasm: 85_750, webgpu: 95_200 },
} as const;

interface Bundle {
  readonly outputs: Metafile["outputs"];
  readonly files: readonly OutputFile[];
}

async function bundled(code: string): Promise<Bundle> {
  const { metafile, outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(dist), sourcefile: "page.js" },
    bundle: true,
    minify: true,
    splitting: true,
    outdir: "/",
    format: "esm",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  return { outputs: metafile.outputs, files: outputFiles };
}

/** The chunk that begins with a file, and what it loads at once. */
function chunksOf({ outputs }: Bundle, entry: string): ReadonlySet<string> {
  const first = Object.keys(outputs).find((key) => outputs[key]?.entryPoint?.endsWith(entry));
  const seen = new Set<string>();
  const add = (key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const { kind, path } of outputs[key]?.imports ?? []) if (kind === "import-statement") add(path);
  };
  if (first === undefined) throw new Error(`no chunk begins with ${entry}`);
  add(first);
  return seen;
}

const nameOf = (path: string): string => path.replace(/^.*\//, "");

/** As they are downloaded: one by one. */
function gzipOf({ files }: Bundle, chunks: Iterable<string>): number {
  const names = new Set([...chunks].map(nameOf));
  const sizes = files.map((file) => (names.has(nameOf(file.path)) ? gzipSync(file.text, { level: 9 }).length : 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The sources in a file of dist: itself, or those that are bundled in it. */
const sourcesIn = (path: string): string[] => {
  if (!existsSync(path)) return [];
  const bundled = [...readFileSync(path, "utf8").matchAll(/^\/\/ build\/(.*)$/gm)];
  return [path, ...bundled.map(([, source = ""]) => `dist/${source}`)];
};

const sourcesOf = ({ outputs }: Bundle, chunks: Iterable<string> = Object.keys(outputs)): string[] =>
  [...chunks].flatMap((chunk) => Object.keys(outputs[chunk]?.inputs ?? {}).flatMap(sourcesIn));

describe("a page", needs({ [DIST]: existsSync(dist) }), () => {
  let [ahead, compiling]: (Bundle | undefined)[] = [];
  beforeAll(async () => {
    [ahead, compiling] = await Promise.all([
      bundled('import { builtKernel } from "./runtime/built/index.js"; globalThis.kernel = builtKernel;'),
      bundled('import { compile } from "./runtime/index.js"; globalThis.compile = compile;'),
    ]);
  }, 60_000);

  test("with kernels ahead of time loads little, and no compiler", () => {
    const bundle = ahead as Bundle;
    const atOnce = chunksOf(bundle, "page.js");
    const kernel = [...atOnce, ...chunksOf(bundle, "runtime/kernel.js")];
    const total = (host: string) => gzipOf(bundle, new Set([...kernel, ...chunksOf(bundle, host)]));
    console.log(
      `ahead of time: ${gzipOf(bundle, atOnce)} bytes at once, ${total("built/wasm.js")} with the host of WebAssembly, ` +
        `${total("host/js.js")} with that of JavaScript`,
    );
    expect(gzipOf(bundle, atOnce)).toBeLessThanOrEqual(BUDGET.ahead);
    expect(total("built/wasm.js")).toBeLessThanOrEqual(BUDGET.running);
    expect(sourcesOf(bundle).filter((path) => /codegen|handlebars/.test(path))).toEqual([]);
  });

  test.each(["js", "wasm", "wgsl"] as const)("that compiles %s loads what that takes", (language) => {
    const bundle = compiling as Bundle;
    const atOnce = chunksOf(bundle, "page.js");
    const loaded = ["codegen/backend.js", `backends/${language}.js`].flatMap((entry) => [...chunksOf(bundle, entry)]);
    const more = [...new Set(loaded)].filter((chunk) => !atOnce.has(chunk));
    console.log(`${language}: ${gzipOf(bundle, atOnce)} bytes at once, ${gzipOf(bundle, more)} to compile`);
    expect(gzipOf(bundle, more)).toBeLessThanOrEqual(BUDGET[language]);
    const added = sourcesOf(bundle, more);
    expect(added).toContain(`dist/codegen/emit/${language}.js`);
    const others = ["js", "wasm", "wgsl"].filter((other) => other !== language);
    const stranger = new RegExp(`emit/(${others.join("|")})\\.js$|winogradOn|explain|checkSchedule`);
    expect(added.filter((path) => stranger.test(path))).toEqual([]);
  });

  describe("with TensorFlow.js", () => {
    let bundle: Bundle;
    beforeAll(async () => {
      bundle = await bundled('import { install } from "./tfjs/index.js"; globalThis.install = install;');
    }, 60_000);

    test("loads little of us before install, and nothing of TensorFlow.js", () => {
      const size = gzipOf(bundle, chunksOf(bundle, "page.js"));
      console.log(`tfjs: ${size} bytes at once`);
      expect(size).toBeLessThanOrEqual(BUDGET.tfjs);
      expect(sourcesOf(bundle).filter((path) => path.includes("tensorflow"))).toEqual([]);
    });

    test.each([
      ["wasm", "kernels/onCpu.js", /onGpu|runtime\/webgpu/],
      ["webgpu", "kernels/onGpu.js", /onCpu|hosts\/wasm\.js/],
    ] as const)("loads what it takes to install %s", (backend, kernels, stranger) => {
      const atOnce = chunksOf(bundle, "page.js");
      const loaded = ["tfjs/parts.js", `hosts/${backend}.js`, kernels].flatMap((entry) => [...chunksOf(bundle, entry)]);
      const more = [...new Set(loaded)].filter((chunk) => !atOnce.has(chunk));
      console.log(`tfjs on ${backend}: ${gzipOf(bundle, more)} bytes to install`);
      expect(gzipOf(bundle, more)).toBeLessThanOrEqual(BUDGET.installed[backend]);
      expect(sourcesOf(bundle, more).filter((path) => stranger.test(path))).toEqual([]);
    });
  });

  test.each([
    ["formulas", "dist/formula/spec.js", BUDGET.formula],
    ["ops that are formulas", "dist/shorthands/index.js", BUDGET.shorthand],
    ["the convolution family", "dist/ops/spec.js", BUDGET.family],
  ])("loads %s with the first spec of one, and not before", (what, entry, budget) => {
    const bundle = compiling as Bundle;
    const before = new Set(
      ["page.js", "codegen/backend.js", "backends/wasm.js"].flatMap((entry) => [...chunksOf(bundle, entry)]),
    );
    const readersIn = (chunks: Iterable<string>) =>
      sourcesOf(bundle, chunks).filter((path) => /dist\/(ops|formula|shorthands|ir\/derive)\//.test(path));
    expect(readersIn(before)).toEqual([]);
    const more = [...chunksOf(bundle, entry)].filter((chunk) => !before.has(chunk));
    expect(readersIn(more).length).toBeGreaterThan(10);
    console.log(`${what}: ${gzipOf(bundle, more)} bytes`);
    expect(gzipOf(bundle, more)).toBeLessThanOrEqual(budget);
  });

  test("never loads what only a build needs", () => {
    const tools = /ts-morph|typescript|node_modules|packages\/(?!handlebars)/;
    for (const bundle of [ahead, compiling]) {
      expect(sourcesOf(bundle as Bundle).length).toBeGreaterThan(10);
      expect(sourcesOf(bundle as Bundle).filter((path) => tools.test(path))).toEqual([]);
    }
  });
});
