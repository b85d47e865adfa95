/** The playground in Chromium: typed, turned, run, tuned and shared, under a strict policy, by anybody. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeSetup } from "../../site/playground/setup.js";
import { findChromium } from "../browser/chromium.js";
import { newFolder } from "../support/folder.js";
import { needs } from "../support/needs.js";
import { type Served, serveFolder } from "./static.js";

const executablePath = findChromium();
const site = fileURLToPath(new URL("../../site/", import.meta.url));
const AXE = `${site}node_modules/axe-core/axe.min.js`;
const PACKAGES = "site/node_modules (npm ci --prefix site)";

/** SwiftShader, which comes with the browser and needs no GPU. */
const ARGS = ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
const STRICT = { "Content-Security-Policy": "script-src 'self' 'wasm-unsafe-eval'" };

const FORMULA = "output[n, o] = relu(sum(i: value[n, i] * matrix[i, o]) + bias[o])";

describe("the playground in Chromium", needs({ Chromium: executablePath, [PACKAGES]: existsSync(AXE) }), () => {
  let browser: Browser;
  let strict: Served;
  let lax: Served;

  beforeAll(async () => {
    const folder = newFolder();
    const { build } = await import("../../site/playground/build.js");
    [browser, strict, lax] = await Promise.all([
      chromium.launch({ executablePath: executablePath as string, args: ARGS }),
      serveFolder(folder, STRICT),
      serveFolder(folder),
      build(folder),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([strict?.stop(), lax?.stop()]);
  });

  /** A page, and everything that it complained of or asked of others. */
  async function open({ url }: Served, options: Parameters<Browser["newPage"]>[0] = {}) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith("data:")) complaints.push(request.url());
    });
    await page.goto(url);
    await compiles(page);
    return { page, complaints };
  }

  test("a formula with an error gets a mark and a sentence, and is corrected; a knob is turned; the link holds it all", async () => {
    const { page, complaints } = await open(strict);
    await type(page, FORMULA.replace("matrix[", "matrx["));
    await page.locator(".refused").waitFor();
    expect(await page.locator(".refused").innerText()).toMatch(/matrx/);
    expect(await page.locator("#refusal").innerText()).toMatch(/matrx/);
    expect(await page.locator("#pane-nest").innerText()).toMatch(/^Of the last text that compiled\./);
    const opacity = await page
      .locator("#pane-nest .nest")
      .evaluate((nest) => getComputedStyle(nest.closest("#pane-nest > *") as Element).opacity);
    expect(opacity).toBe("0.6");
    await type(page, FORMULA);
    await compiles(page);
    expect(await page.locator(".refused, .stale").count()).toBe(0);
    await page.locator("#shape-matrix").fill("200, 128");
    await page.locator("#refusal.wrong").waitFor();
    expect(await page.locator("#refusal").innerText()).toMatch(/200/);
    await page.locator("#shape-matrix").fill("256, 128");
    await compiles(page);
    await page.getByRole("tab", { name: "Schedule" }).click();
    const schedule = page.getByRole("region", { name: "Schedule in one row" });
    const before = await schedule.innerText();
    await page.locator("[data-knob=rows]").selectOption("2");
    await expect.poll(() => schedule.innerText()).toMatch(/n=2\*/);
    await page.getByRole("button", { name: "Leave out split(oi=" }).click();
    await page.locator("#pane-schedule .wrong").waitFor();
    expect(await page.locator("#pane-schedule .wrong").innerText()).toMatch(/there is no loop ou/);
    await page.getByRole("button", { name: "Back to the pick" }).click();
    await expect.poll(() => schedule.innerText()).toBe(before);
    await page.locator("[data-knob=rows]").selectOption("2");
    await expect.poll(() => schedule.innerText()).toMatch(/n=2\*/);
    await page.reload();
    await compiles(page);
    await page.getByRole("tab", { name: "Schedule" }).click();
    expect(await schedule.innerText()).toMatch(/n=2\*/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("a spec is taken where a formula was, and the other way around; long lines are wrapped", async () => {
    const { page, complaints } = await open(strict);
    await type(page, '{ "op": "softmax", "value": [8, 16] }');
    await compiles(page);
    await page.getByRole("tab", { name: "Program" }).click();
    expect(await page.locator("#pane-program").innerText()).toContain("value[8, 16]");
    await type(page, "output[n, o] = sum(i: x[n, i] * w[i, o]) + 0 * (y[n, o] + y[n, o] + y[n, o] + y[n, o])");
    await page.locator("#shape-x").fill("100 x 8");
    await page.locator("#wrong-x", { hasText: 'got "x"' }).waitFor();
    expect(await page.locator("#refusal").innerText()).toMatch(/give its shape below/);
    for (const [name, shape] of Object.entries({ x: "100, 8", w: "8, 4", y: "100, 4" }))
      await page.locator(`#shape-${name}`).fill(shape);
    await compiles(page);
    expect(await page.locator("#pane-program").innerText()).toMatch(/Rounding at most/i);
    const beyond = await page.locator(".cm-scroller").evaluate((one) => one.scrollWidth - one.clientWidth);
    expect(beyond).toBe(0);
    await type(page, "output[n, o] = sum(i: x[n, i] * w[i, o])");
    await expect.poll(() => decodeSetup(new URL(page.url()).hash)?.source).toMatchObject({ shapes: { x: "100, 8" } });
    await expect.poll(() => decodeSetup(new URL(page.url()).hash)?.source).not.toHaveProperty("shapes.y");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("half a link is no link, and says so until something is chosen", async () => {
    const { page } = await open(strict);
    const whole = page.url();
    await page.goto("about:blank");
    await page.goto(whole.slice(0, whole.length - 20));
    await compiles(page);
    expect(await page.locator("#link").innerText()).toMatch(/cannot be read; it may have been cut off/);
    await page.locator("[data-do=example]").selectOption("Op: conv2d");
    await compiles(page);
    expect(await page.locator("#link").count()).toBe(0);
    await page.close();
  });

  test("knobs and what cannot be done have a reason to be read", async () => {
    const { page } = await open(strict);
    await page.getByRole("tab", { name: "Schedule" }).click();
    await page.locator("#help-rows").waitFor({ state: "attached" });
    const unsaid = await page
      .locator("[data-knob]")
      .evaluateAll((knobs) =>
        knobs
          .filter((knob) => !document.getElementById(knob.getAttribute("aria-describedby") ?? "")?.textContent)
          .map((knob) => knob.outerHTML),
      );
    expect(unsaid).toEqual([]);
    await page.getByRole("tab", { name: "Run" }).click();
    expect(await page.locator("[data-do=peer]").isDisabled()).toBe(true);
    expect(await page.locator("#no-peer").innerText()).toMatch(/has ops and no formulas/);
    await page.close();
  });

  test.each([
    ["wasm", "strict"],
    ["webgpu", "strict"],
    ["js", "lax"],
  ] as const)("%s runs, is right, and is tuned for two seconds, on a page with a %s policy", async (target, policy) => {
    const { page, complaints } = await open(policy === "strict" ? strict : lax);
    // Little work: SwiftShader is no GPU.
    for (const [name, shape] of Object.entries({ value: "8, 16", matrix: "16, 8", bias: "8" }))
      await page.locator(`#shape-${name}`).fill(shape);
    await page.locator(`input[value=${target}]`).check();
    await compiles(page);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.locator('[data-check="true"]').waitFor();
    expect(await page.locator(".tiles").innerText()).toMatch(/GFLOP\/s/);
    await page.getByRole("button", { name: "Tune here", exact: true }).click();
    await page.locator('#pane-tune [role="status"]', { hasText: "tried" }).waitFor();
    await page.locator("#pane-tune svg").waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("TensorFlow.js comes from the page's own files, when it is asked for, and computes the same", async () => {
    const { page, complaints } = await open(strict);
    await page.locator("[data-do=example]").selectOption("Op: conv2d");
    await compiles(page);
    await page.getByRole("tab", { name: "Run" }).click();
    await page.locator("[data-do=peer]").click();
    await page.getByText(/TensorFlow.js .* takes/).waitFor();
    expect(await page.locator("#pane-run").innerText()).toMatch(/off by 0 from the definition/);
    expect(complaints).toEqual([]);
    // JavaScript is shown under this policy, and a sentence says why it does not run.
    await page.locator("input[value=js]").check();
    await compiles(page);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    expect(await page.locator("#pane-run .wrong").innerText()).toMatch(/policy .* take wasm/);
    await page.close();
  });

  test.each([
    { colorScheme: "light", width: 1440, panes: ["Passes"] },
    { colorScheme: "dark", width: 1440, panes: ["Schedule", "Memory"] },
    { colorScheme: "light", width: 390, panes: ["Source", "Axes"] },
  ] as const)("everybody can use it: $colorScheme, $width pixels wide", async ({ colorScheme, width, panes }) => {
    const { page } = await open(strict, { colorScheme, viewport: { width, height: 844 } });
    await page.evaluate(readFileSync(AXE, "utf8"));
    for (const name of panes) await page.getByRole("tab", { name, exact: true }).click();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    if (colorScheme === "light" && width === 1440) await expectMarks(page);
    await page.close();
  });
});

/** A loop that is pointed at is marked in all panes, here in the nest and in a pass. */
async function expectMarks(page: Page): Promise<void> {
  await page.locator("#pane-nest [data-name=oo]").first().hover();
  const colours = await page
    .locator("[data-name=oo]")
    .evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
  expect(colours.length).toBeGreaterThan(3);
  expect(new Set(colours).size).toBe(1);
  expect(colours[0]).not.toBe("rgba(0, 0, 0, 0)");
}

const compiles = (page: Page) =>
  page.waitForFunction(
    () =>
      document.querySelector("#refusal")?.textContent === "Compiles." ||
      // On a phone another pane may be in front.
      (!document.querySelector("#refusal") && document.querySelector(".pane:not([hidden]) .listing") !== null),
  );

async function type(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

const violations = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const found = await axe.run();
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
