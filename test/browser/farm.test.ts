/** The page of a farm, as `tilewright farm page` writes it, on a screen of a phone's size: it measures, rests, and goes on. */
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { TuningRecord } from "../../src/tune/record.js";
import { IS_NIGHT } from "../support/effort.js";
import { kernelsOf, runFarm } from "../support/farm.js";
import { serveFarmPage } from "../support/farmPage.js";
import { hasNats, NATS, startNats, type TestServer } from "../support/nats.js";
import { needs } from "../support/needs.js";
import { findChromium } from "./chromium.js";

const executablePath = findChromium();

describe("the page of a farm", needs({ Chromium: executablePath, [NATS]: hasNats }), () => {
  let farm: TestServer;
  let files: Awaited<ReturnType<typeof serveFarmPage>> | undefined;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    farm = await startNats();
    files = await serveFarmPage(farm);
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
    page = await browser.newPage({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    files?.close();
    await farm?.stop();
  });

  const countOf = async () => Number(await page.locator("#count").textContent());
  const until = (count: number) =>
    page.waitForFunction((least) => Number(document.querySelector("#count")?.textContent) >= least, count);

  test("measures once its button is pressed, and goes on by itself after a reload", async () => {
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await page.goto(files?.url as string);
    await page.getByText("paused").waitFor();
    await page.getByRole("button", { name: "Start" }).click();
    const stop = new AbortController();
    const kept: TuningRecord[] = [];
    const keep = (record: TuningRecord) => void kept.push(record);
    const running = runFarm(farm, kernelsOf(1), { signal: stop.signal, keep });
    await until(IS_NIGHT ? 6 : 1);
    const before = await countOf();
    await page.reload();
    await until(IS_NIGHT ? 12 : before + 1);
    // The page counts what it sent, which may still be on its way.
    await vi.waitUntil(() => kept.length > 1, { timeout: 30_000 });
    if (!IS_NIGHT) stop.abort();
    const { events } = await running;
    expect(errors).toEqual([]);
    if (IS_NIGHT) expect(events[0]?.event).toMatchObject({ state: "done", candidates: 12 });
    expect(new Set(kept.map(({ machine }) => machine.processor))).toEqual(new Set([""]));
    expect(kept[0]?.machine.engine).toMatch(/^Chrom(e|ium) \d+$/);
    expect(await page.locator("#device").textContent()).toMatch(/^Chrom(e|ium) \d+, wasm$/);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("paused").waitFor();
  }, 180_000);
});
