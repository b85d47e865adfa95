/**
 * The site as it is served, in Chromium: under its policy nothing is refused, no other host is asked for anything, a
 * phone shows all of it, and axe finds nothing that shuts somebody out.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../browser/chromium.js";
import { IS_NIGHT } from "../support/effort.js";
import { DIST, needs, SITE } from "../support/needs.js";

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A page of each kind. By day that is enough; all of them are the same few parts. */
const KINDS = [
  "",
  "guide/",
  "guide/ahead-of-time",
  "formulas/examples",
  "formulas/errors",
  "ops/",
  "ops/conv2d",
  "directives/split",
  "reference/config",
  "inside/",
  "inside/passes",
  "measured/",
  "comparison",
];

const VIEWS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 900 } },
  phone: { colorScheme: "light", viewport: { width: 390, height: 844 } },
};

const executablePath = findChromium();
const has = {
  [DIST]: existsSync(root("build")),
  [SITE]: existsSync(root("site/node_modules/vitepress")),
  Chromium: executablePath,
  "time (npm run test:nightly)": IS_NIGHT,
};

describe("the site", needs(has), () => {
  let browser: Browser;
  let site: { readonly url: string; readonly close: () => Promise<unknown> };

  beforeAll(async () => {
    const { status, stderr } = spawnSync(process.execPath, [root("site/build.js")], { encoding: "utf8" });
    expect(status, stderr).toBe(0);
    const { serve } = await import(pathToFileURL(root("site/serve.js")).href);
    site = await serve(root("site/dist"));
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
  }, 900_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test.each(KINDS)("/%s asks no other host, is refused nothing, and fits", { timeout: 120_000 }, async (path) => {
    for (const [name, view] of Object.entries(VIEWS)) {
      const context = await browser.newContext(view);
      const page = await context.newPage();
      const complaints: string[] = [];
      const hosts = new Set<string>();
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => void hosts.add(new URL(request.url()).origin));
      const response = await page.goto(`${site.url}${path}`, { waitUntil: "networkidle" });
      expect(response?.status(), name).toBe(200);
      expect(complaints, name).toEqual([]);
      expect([...hosts], name).toEqual([new URL(site.url).origin]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
      await context.close();
    }
  });

  test.each(["", "guide/", "guide/ahead-of-time", "guide/gpu"])(
    "/%s shows its code whole on a laptop",
    async (path) => {
      const page = await browser.newPage(VIEWS.light);
      await page.goto(`${site.url}${path}`, { waitUntil: "networkidle" });
      const beyond = await page
        .locator(".vp-doc pre")
        .evaluateAll((blocks) => blocks.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
      expect(beyond.length).toBeGreaterThan(0);
      expect(Math.max(...beyond)).toBe(0);
      await page.close();
    },
  );

  test.each(KINDS)("/%s shuts nobody out", { timeout: 120_000 }, async (path) => {
    const axe = readFileSync(root("site/node_modules/axe-core/axe.min.js"), "utf8");
    for (const [name, view] of Object.entries(VIEWS)) {
      // Its script comes from here, which the site's policy would refuse.
      const context = await browser.newContext({ ...view, bypassCSP: true });
      const page = await context.newPage();
      await page.goto(`${site.url}${path}`, { waitUntil: "networkidle" });
      await page.addScriptTag({ content: axe });
      const { violations } = (await page.evaluate("axe.run()")) as {
        violations: { id: string; nodes: { html: string }[] }[];
      };
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`),
        name,
      ).toEqual([]);
      await context.close();
    }
  });
});
