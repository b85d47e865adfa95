/** The library in a browser: right results on every tier, threads, and what is left of it under a page's policies. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../support/needs.js";
import { findChromium } from "./chromium.js";
import { type Report, SPECS, waysOf } from "./page/jobs.js";
import type { ManyReport } from "./page/many.js";
import { Pages } from "./pages.js";

const executablePath = findChromium();

describe("in Chromium", needs({ Chromium: executablePath }), () => {
  const pages = new Pages();
  beforeAll(() => pages.open(executablePath as string), 120_000);
  afterAll(() => pages.close());

  const reportOf = (script: "main" | "worker", headers: Record<string, string>) =>
    pages.reportOf<Report>(script, headers);

  const ISOLATED = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
  const CALLS = Object.keys(SPECS).flatMap(waysOf).length;

  function expectRight({ calls, error }: Report): void {
    expect(error).toBeNull();
    expect(calls.filter(({ isRight }) => !isRight)).toEqual([]);
    expect(calls.length).toBe(CALLS);
  }

  /** Of each call: the tier asked for, and the one that served it. */
  const served = ({ calls }: Report) =>
    [...new Set(calls.map(({ title, tier }) => `${/"target":"(\w+)"/.exec(title)?.[1] ?? "auto"}: ${tier}`))].sort();

  const EVERYTHING = ["auto: wasm", "js: js", "plain: plain", "wasm: wasm"];

  test("every tier gives what the definition says", async () => {
    const report = await reportOf("main", {});
    expectRight(report);
    expect(report).toMatchObject({ tiers: ["wasm", "js", "plain"], isolated: false, violations: [] });
    expect(served(report)).toEqual(EVERYTHING);
  });

  test("threads, on a page that is isolated from other origins", async () => {
    const report = await reportOf("main", ISOLATED);
    expectRight(report);
    expect(report).toMatchObject({ tiers: ["wasm", "js", "plain"], isolated: true, violations: [] });
  });

  test.each([{}, ISOLATED])("in a worker of the page: %j", async (headers) => {
    const report = await reportOf("worker", headers);
    expectRight(report);
    expect(report).toMatchObject({ isolated: headers === ISOLATED, tiers: ["wasm", "js", "plain"] });
  });

  test("2,000 kernels at once, in a few memories: a page can have little more than a hundred", async () => {
    const { right, memories } = await pages.reportOf<ManyReport>("many", {});
    expect(right).toBe(2000);
    expect(memories).toBeLessThan(5);
  });

  const [WASM, TEXT, SINK] = ["wasm-eval", "eval", "trusted-types-sink"] as const;
  /** Workers are tried from their text, too. */
  const TEXTS = ["blob", "blob", "blob"];
  const TRUSTED = "require-trusted-types-for 'script'";
  interface Policy {
    readonly policy: string;
    /** Best first. */
    readonly tiers: readonly string[];
    /** What a page's owner is told of, once for all calls; text is tried in two ways. */
    readonly told: readonly string[];
    /** What threads add to that. */
    readonly byThreads?: readonly string[];
  }
  const POLICIES: readonly Policy[] = [
    { policy: "script-src 'self'", tiers: ["plain"], told: [WASM, TEXT, TEXT] },
    { policy: "script-src 'self' 'wasm-unsafe-eval'", tiers: ["wasm", "plain"], told: [TEXT, TEXT] },
    { policy: "script-src 'self' 'unsafe-eval'", tiers: ["wasm", "js", "plain"], told: [] },
    {
      policy: `script-src 'self' 'unsafe-eval'; ${TRUSTED}; trusted-types tilewright`,
      tiers: ["wasm", "js", "plain"],
      told: [],
      byThreads: [SINK, ...TEXTS.map(() => SINK)],
    },
    {
      policy: `script-src 'self' 'wasm-unsafe-eval'; ${TRUSTED}; trusted-types tilewright`,
      tiers: ["wasm", "plain"],
      told: [TEXT, SINK],
      byThreads: [SINK, ...TEXTS.map(() => SINK)],
    },
    {
      policy: `script-src 'self' 'unsafe-eval'; ${TRUSTED}; trusted-types 'none'`,
      tiers: ["wasm", "plain"],
      told: ["trusted-types-policy", SINK],
      byThreads: [SINK, ...TEXTS.map(() => SINK)],
    },
    {
      policy: "script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'",
      tiers: ["wasm", "plain"],
      told: [TEXT, TEXT],
      byThreads: ["worker.js", "worker.js", "worker.js", ...TEXTS],
    },
  ];

  describe.each(POLICIES)("$policy", ({ policy, tiers, told, byThreads = [] }) => {
    const best = (from: number) => ["wasm", "js", "plain"].slice(from).find((tier) => tiers.includes(tier));

    test.each([{}, ISOLATED])("the best tier that is allowed, and no call throws: %j", async (headers) => {
      const report = await reportOf("main", { ...headers, "Content-Security-Policy": policy });
      expectRight(report);
      expect(report.tiers).toEqual(tiers);
      expect(served(report)).toEqual([`auto: ${best(0)}`, `js: ${best(1)}`, "plain: plain", `wasm: ${best(0)}`]);
      expect(report.violations).toEqual(headers === ISOLATED ? [...told, ...byThreads] : told);
    });
  });
});
