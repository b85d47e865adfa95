/** The page of TensorFlow.js in Chromium, under a strict policy: outputs agree with our kernels and without. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../browser/chromium.js";
import { newFolder } from "../support/folder.js";
import { DIST, needs } from "../support/needs.js";

const executablePath = findChromium();
const path = (from: string) => fileURLToPath(new URL(from, import.meta.url));
const MODEL = path("../../site/node_modules/@upscalerjs/esrgan-slim");
const AXE = path("../../site/node_modules/axe-core/axe.min.js");

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  ...["style-src", "connect-src", "worker-src"].map((kind) => `${kind} 'self'`),
  "img-src 'self' data:",
].join("; ");

/** Serves a built page. */
async function serverOf(outDir: string) {
  const { preview } = await import("vite");
  const headers = { "Content-Security-Policy": POLICY };
  return preview({
    configFile: false,
    root: outDir,
    build: { outDir },
    logLevel: "error",
    preview: { port: 0, headers },
  });
}

describe(
  "the page of TensorFlow.js",
  needs({
    Chromium: executablePath,
    [DIST]: existsSync(path("../../dist/tfjs/index.js")),
    "the site's packages (npm ci --prefix site)": existsSync(MODEL) && existsSync(AXE),
  }),
  () => {
    const requests: string[] = [];
    const errors: string[] = [];
    let browser: Browser;
    let server: Awaited<ReturnType<typeof serverOf>>;
    let page: Page;
    let origin: string;

    beforeAll(async () => {
      const folder = newFolder();
      const { build } = await import("../../site/tfjs/build.js");
      await build(folder);
      server = await serverOf(folder);
      origin = new URL(server.resolvedUrls?.local[0] as string).origin;
      browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      page.on("request", (request) => void requests.push(request.url()));
      page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
      page.on("pageerror", (error) => void errors.push(error.message));
      await page.goto(origin);
    }, 120_000);

    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    const isDone = () => page.waitForFunction(() => document.getElementById("status")?.textContent?.startsWith("Done"));
    const textOf = (id: string) => page.locator(`#${id}`).innerText();
    const share = async () => Number(/largest is (\S+) of the largest output/.exec(await textOf("apart"))?.[1]);

    test("all three ways run, with their times", async () => {
      page.setDefaultTimeout(100_000);
      await isDone();
      for (const way of ["off", "exact", "fast"]) {
        expect(await textOf(`${way}-median`)).toMatch(/^[\d.]+ ms$/);
        expect(await textOf(`${way}-spread`)).toMatch(/^half of 10 runs between [\d.]+ and [\d.]+ ms$/);
        expect(await textOf(`${way}-ratio`)).toMatch(/^[\d.]+×$/);
      }
      expect(await page.locator("#after").evaluate((canvas) => (canvas as HTMLCanvasElement).width)).toBe(384);
    }, 120_000);

    test("the fast one's outputs are near those of TensorFlow.js' own kernels", async () => {
      expect(await share()).toBeGreaterThan(0);
      expect(await share()).toBeLessThan(1e-5);
      expect(await textOf("served")).toContain("FusedConv2D");
    });

    test("the switch is moved by keys, and the exact one's outputs are near, too", async () => {
      await page.locator("input[value=fast]").focus();
      await page.keyboard.press("ArrowUp");
      await isDone();
      expect(await page.locator("input[value=exact]").isChecked()).toBe(true);
      expect(await share()).toBeGreaterThan(0);
      expect(await share()).toBeLessThan(5e-6);
    });

    test("the line between the pictures is moved by keys", async () => {
      await page.locator("#split").focus();
      await page.keyboard.press("End");
      expect(await page.locator("#compare").evaluate((it) => it.style.getPropertyValue("--split"))).toBe("100%");
    });

    test("a file that is no picture is refused in a sentence", async () => {
      await page
        .locator("#file")
        .setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
      await page.getByText("a.png is no picture that this browser can read").waitFor();
    });

    test("axe finds nothing to mend, in light and in dark", async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(readFileSync(AXE, "utf8"));
        const found = await page.evaluate<string[]>("axe.run().then((all) => all.violations.map((one) => one.id))");
        expect(found, colorScheme).toEqual([]);
      }
    });

    test("a phone's width holds all of it", async () => {
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    });

    test("no other host was asked for anything, and nothing broke the policy", () => {
      expect(requests.filter((url) => !url.startsWith(origin) && !url.startsWith("data:"))).toEqual([]);
      expect(requests.length).toBeGreaterThan(5);
      expect(errors).toEqual([]);
    });
  },
);
