/**
 * Threads on pages that each bundler has built. Vite and webpack write the file of a worker, others leave it out; there workers are
 * made from its text, where the page's policy allows that.
 */
import { cpSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { appFolder, BUNDLERS, bundle } from "../bundlers/bundlers.js";
import { DIST, needs } from "../support/needs.js";
import { findChromium } from "./chromium.js";
import { Pages } from "./pages.js";

const executablePath = findChromium();
const built = existsSync(new URL("../../dist/plugin/vite.js", import.meta.url));

/** What the page posts. */
interface ThreadsReport {
  readonly means: string;
  readonly isRight: boolean;
  /** Where the code of each worker came from: "http:" is a file, "blob:" its text. */
  readonly workers: readonly string[];
  /** Jobs that workers have done. */
  readonly done: number;
  readonly warnings: readonly string[];
  readonly error?: string;
}

/** The page of each bundler lies in a folder of its own. */
async function bundleAll(folder: string): Promise<void> {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined); // the plugin's summaries
  for (const bundler of Object.keys(BUNDLERS)) {
    const root = appFolder();
    const { entry } = await bundle(bundler, root, "threads.js", { dts: false }, "page");
    cpSync(dirname(entry), join(folder, bundler), { recursive: true });
  }
  log.mockRestore();
}

describe("threads in Chromium", needs({ Chromium: executablePath, [DIST]: built }), () => {
  const pages = new Pages(bundleAll);
  beforeAll(() => pages.open(executablePath as string), 120_000);
  afterAll(() => pages.close());

  const reportOf = (bundler: string, policy?: string) =>
    pages.reportOf<ThreadsReport>(`${bundler}/threads`, {
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Embedder-Policy": "require-corp",
      ...(policy === undefined ? {} : { "Content-Security-Policy": policy }),
    });

  const FILES = ["http:", "http:", "http:"];
  const TEXTS = ["blob:", "blob:", "blob:"];
  const WRITES_FILE = ["vite", "webpack"];

  test.each(Object.keys(BUNDLERS))("by %s: three workers do all jobs, and the kernel says so", async (bundler) => {
    const { means, ...report } = await reportOf(bundler);
    expect(report).toEqual({
      isRight: true,
      workers: WRITES_FILE.includes(bundler) ? FILES : [...FILES, ...TEXTS],
      done: 4 * 3,
      warnings: [],
    });
    expect(means).toContain(", 3 threads, ");
  });

  test("where a policy allows texts, too", async () => {
    const { means, done } = await reportOf("esbuild", "script-src 'self' 'wasm-unsafe-eval'; worker-src blob:");
    expect(means).toContain(", 3 threads, ");
    expect(done).toBe(4 * 3);
  });

  test("where a policy forbids texts one thread does it all, the kernel says so, and one warning tells why", async () => {
    const { means, ...report } = await reportOf("esbuild", "script-src 'self' 'wasm-unsafe-eval'");
    expect(report).toMatchObject({ isRight: true, done: 0, workers: [...FILES, ...TEXTS] });
    expect(means).toContain(", one thread, ");
    expect(report.warnings).toEqual([
      "tilewright: worker threads do not start here (its file: it could not be loaded; its text: it could not be loaded); " +
        "kernels run on the calling thread",
    ]);
  });
});
