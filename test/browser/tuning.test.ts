/** Tuning in the page itself: in a worker that may be ended, for every target, and under a page's policies. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRecords, type TuneOptions, type TuningRecord, tuneHere, useRecords } from "../../src/tune/index.js";
import { pointKey } from "../../src/tune/selection.js";
import { needs } from "../support/needs.js";
import { findChromium } from "./chromium.js";
import { Pages } from "./pages.js";
import { type PageReport, SMALL } from "./tuning/reports.js";

const executablePath = findChromium();
const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** SwiftShader, which comes with the browser and needs no GPU. */
const FLAGS = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

const SCRIPTS = ["everything", "hostile", "wasm", "others"];

/** The worker's URL has the name that it has in the package, and sources end in .ts. */
const workerOfSources = {
  name: "worker-of-sources",
  resolveId: (id: string) => (id.endsWith("/src/tune/page/worker.js") ? id.replace(/\.js$/, ".ts") : undefined),
};

async function bundle(folder: string): Promise<void> {
  const { build } = await import("vite");
  await build({
    configFile: false,
    root: source("./tuning"),
    logLevel: "error",
    resolve: { alias: [{ find: /^tilewright$/, replacement: source("../../src/runtime/index.ts") }] },
    worker: { format: "es", plugins: () => [workerOfSources] },
    build: {
      outDir: folder,
      target: "es2022",
      modulePreload: false,
      rollupOptions: {
        input: Object.fromEntries(SCRIPTS.map((script) => [script, source(`./tuning/${script}.ts`)])),
        output: { entryFileNames: "[name].js" },
      },
    },
  });
}

const ISOLATED = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

const recordsOf = (text: string): readonly TuningRecord[] => {
  const { records, faults } = readRecords(text);
  expect([...faults]).toEqual([]);
  return records;
};

describe("tuning in Chromium", needs({ Chromium: executablePath }), () => {
  const pages = new Pages(bundle);
  beforeAll(() => pages.open(executablePath as string, FLAGS), 120_000);
  afterAll(() => pages.close());

  const reportOf = async (script: string, headers: Record<string, string>): Promise<PageReport> => {
    const report = await pages.reportOf<PageReport>(script, headers);
    expect(report.error).toBeNull();
    expect(report.running).toBe(0);
    return report;
  };

  test.each([{}, ISOLATED])(
    "every target: measured line by line, gone on with, and used: %j",
    async (headers) => {
      const { tuned, used, isolated } = await reportOf("everything", headers);
      expect(isolated).toBe(headers === ISOLATED);
      for (const [target, language] of [
        ["wasm", "wasm"],
        ["js", "js"],
        ["webgpu", "wgsl"],
      ]) {
        const [first, again, done] = [tuned[`${target}`], tuned[`${target} again`], tuned[`${target} done`]];
        const records = recordsOf(`${first?.records}${again?.records}`);
        // Candidates of a GPU's space may be refused.
        expect(new Set(records.map(({ outcome }) => outcome)).has("measured")).toBe(true);
        expect(records.map((record) => record.target.language)).toEqual([language, language, language]);
        expect(records.every(({ machine }) => /^Chrome \d+$/.test(machine.engine))).toBe(true);
        expect(new Set(records.map(pointKey)).size).toBe(3);
        expect(first).toMatchObject({
          candidates: 2,
          events: [0, 1, 2],
          records: first?.lines.map((l) => `${l}\n`).join(""),
        });
        expect(again).toMatchObject({ candidates: 3, events: [2, 3], records: `${again?.lines[0]}\n` });
        expect([first?.unmeasured, again?.unmeasured]).toEqual([undefined, undefined]);
        expect(again?.untuned).toBeGreaterThan(0);
        expect(done).toMatchObject({ candidates: 12, limit: 12, compared: 0, lines: [], events: [12], records: "" });
        expect(done?.unmeasured).toBe("the records have all that level quick tries");
        const { found, before, meant, after, isRight } = used[`${target}`] ?? {};
        expect({ found, isRight }).toEqual({ found: { kernels: 1, records: 2, stale: 1, skipped: 2 }, isRight: true });
        expect(after).toBe(meant);
        expect(after).not.toBe(before);
      }
      expect(tuned["in time"]?.lines.length).toBeLessThan(12);
      expect(tuned["in no time"]?.compared).toBe(1);
      expect(tuned["in no time"]?.untuned).toBeGreaterThan(0);
      expect(pages.consoleErrors).toEqual([]);
    },
    120_000,
  );

  test.each([{}, ISOLATED])(
    "a candidate that hangs, or throws, takes the worker with it and nothing else: %j",
    async (headers) => {
      const { ends, outcomes } = await reportOf("hostile", headers);
      expect(ends.threads).toBe(headers === ISOLATED ? "2" : "1");
      expect(outcomes.candidates?.slice(0, 3)).toEqual(["hung", "crashed", "wrong"]);
      expect(outcomes.candidates?.slice(3)).toEqual(["measured", "measured"]);
      expect(outcomes.interrupted).toEqual([]);
    },
    120_000,
  );

  const STRICT = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";

  test("under a strict policy, without a word on the console", async () => {
    const { ends, tuned, violations } = await reportOf("wasm", { "Content-Security-Policy": STRICT });
    expect(ends.wasm).toBe("kept");
    expect(recordsOf(tuned.wasm?.records ?? "").map(({ outcome }) => outcome)).toEqual(["measured"]);
    expect({ violations, console: pages.consoleErrors }).toEqual({ violations: [], console: [] });
  });

  test.each([
    ["script-src 'self'; worker-src 'self'", /^target-unavailable: .*no WebAssembly in a Worker/],
    ["script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'", /^target-unavailable: .*none can be started here/],
  ])("a policy that forbids it: %s", async (policy, end) => {
    const { ends } = await reportOf("wasm", { "Content-Security-Policy": policy });
    expect(ends.wasm).toMatch(end);
  });

  test("JavaScript where no text may be run, and a GPU that is there", async () => {
    const { ends } = await reportOf("others", { "Content-Security-Policy": STRICT });
    expect(ends.js).toMatch(/^target-unavailable: .*no code from text in a Worker/);
    expect(ends.webgpu).toBe("kept");
  });
});

describe("tuning in Chromium without a GPU", needs({ Chromium: executablePath }), () => {
  const pages = new Pages(bundle);
  beforeAll(() => pages.open(executablePath as string, ["--disable-features=WebGPU", "--disable-gpu"]), 120_000);
  afterAll(() => pages.close());

  test("says so", async () => {
    const { ends } = await pages.reportOf<PageReport>("others", {});
    expect(ends).toMatchObject({ js: "kept", webgpu: expect.stringMatching(/^target-unavailable: .*navigator\.gpu/) });
  });
});

describe("tuning anywhere", () => {
  const REFUSED: readonly (readonly [options: object, words: RegExp])[] = [
    [{ levels: "quick" }, /there is no option "levels"; there are level, budget/],
    [{ level: "estimate" }, /level must be one of quick, balanced, exhaustive; got "estimate"/],
    [{ target: "plain" }, /target must be one of wasm, js, webgpu; got "plain"/],
    [{ budget: 0 }, /budget must be milliseconds, more than 0; got 0/],
    [{ budget: Number.NaN }, /budget must be milliseconds/],
    [{ records: [] }, /records must be text, lines of JSON; got \[\]/],
    [{ onRecord: "line" }, /onRecord must be a function/],
    [{ onProgress: 1 }, /onProgress must be a function/],
    [{ signal: {} }, /signal must be an AbortSignal/],
    [{ threads: 0 }, /threads must be an integer/],
    [{ target: "js", threads: 2 }, /threads are for target "wasm"; leave them out for "js"/],
    [{ accuracy: "exactly" }, /accuracy must be/],
    [{ algorithm: "fft" }, /algorithm must be/],
  ];

  test.each(REFUSED)("%j is refused", async (options, message) => {
    await expect(tuneHere(SMALL, options as TuneOptions)).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(message),
    });
  });

  test("so are specs, and options that are none", async () => {
    await expect(tuneHere({ ...SMALL, rate: 0 })).rejects.toMatchObject({ code: "invalid-spec" });
    await expect(tuneHere(SMALL, null as never)).rejects.toMatchObject({ code: "invalid-argument" });
  });

  test("Node is told what to use instead", async () => {
    await expect(tuneHere(SMALL)).rejects.toMatchObject({
      code: "target-unavailable",
      message: expect.stringMatching(/in Node, run tilewright tune/),
    });
  });

  test("records are any text, and nothing but text", () => {
    expect(useRecords("")).toEqual({ kernels: 0, records: 0, stale: 0, skipped: 0 });
    expect(useRecords('\n{"format":"tilewright-tuning"}\nnull\n[]\n\u0000')).toMatchObject({ records: 0, skipped: 4 });
    for (const strange of [undefined, null, 7, {}, ["line"]])
      expect(() => useRecords(strange as never)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
  });
});
