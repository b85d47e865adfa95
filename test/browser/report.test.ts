/** The report and the page of `explain` in a browser, from disk: nothing is refused or fetched, all is legible, and it fits a phone. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReportData } from "../../src/report/data.js";
import { renderReport } from "../../src/report/render.js";
import { HOSTILE_REPORT, ODD_REPORT, reportOf, TYPICAL } from "../report/shapes.js";
import { tilewright } from "../support/commands.js";
import { newFolder } from "../support/folder.js";
import { needs } from "../support/needs.js";
import { findChromium } from "./chromium.js";

const executablePath = findChromium();

const REPORTS: Readonly<Record<string, ReportData>> = {
  typical: TYPICAL,
  hostile: HOSTILE_REPORT,
  odd: ODD_REPORT,
  empty: reportOf([]),
};
const SPEC = '{ "op": "conv2d", "value": [1, 33, 33, 64], "filters": [3, 3, 64, 32], "rate": 2, "padding": "SAME" }';
const VIEWS = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 400 },
] as const;

describe("in Chromium", needs({ Chromium: executablePath }), () => {
  const folder = newFolder();
  let browser: Browser;

  beforeAll(async () => {
    const args = ["--no-sandbox"]; // nothing but our own page is opened, and containers allow no sandbox
    browser = await chromium.launch({ executablePath: executablePath as string, args });
    for (const [name, data] of Object.entries(REPORTS)) {
      writeFileSync(join(folder, `${name}.html`), await renderReport(data));
    }
    const { code } = await tilewright(["explain", SPEC, "--accuracy", "fast", "--html", join(folder, "loops.html")]);
    expect(code).toBe(0);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
  });

  /** Opens it with all folds open, and returns what the browser had to say. */
  async function open(name: string, { colorScheme, width }: (typeof VIEWS)[number]) {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => complaints.push(dialog.message()));
    page.on("request", (request) => requests.push(request.url()));
    const url = pathToFileURL(join(folder, `${name}.html`)).href;
    await page.goto(url);
    await page.evaluate(() => {
      for (const fold of Array.from(document.querySelectorAll("details"))) fold.open = true;
    });
    return { page, complaints, others: requests.filter((request) => request !== url) };
  }

  describe.each(VIEWS)("$colorScheme, $width pixels wide", (view) => {
    test.each([...Object.keys(REPORTS), "loops"])("the page %s", async (name) => {
      const { page, complaints, others } = await open(name, view);
      expect(complaints).toEqual([]);
      expect(others).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(view.width);
      expect(await emptyCharts(page)).toEqual([]);
      expect(await faintTexts(page)).toEqual([]);
      await page.close();
    });
  });

  test("light and dark differ, and print is light", async () => {
    const shots: Buffer[] = [];
    for (const view of VIEWS.slice(0, 2)) {
      const { page } = await open("typical", view);
      shots.push(await page.screenshot());
      await page.emulateMedia({ media: "print" });
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(paper).toBe("rgb(255, 255, 255)");
      await page.close();
    }
    expect(shots[0]?.equals(shots[1] as Buffer)).toBe(false);
  });

  test("tables sort by their headings: numbers by size, largest first, those without one last", async () => {
    const { page, complaints } = await open("odd", VIEWS[0]);
    const table = page.locator("table").first();
    const gains = () =>
      table
        .locator("tbody tr td:nth-child(5)")
        .evaluateAll((cells) => cells.map((cell) => cell.firstChild?.textContent));
    const heading = table.getByRole("button", { name: "Gain" });
    const given = await gains();
    const [numbers, others] = [given.filter((text) => /\d/.test(text ?? "")), given.filter((text) => text === "–")];
    expect(others.length).toBeGreaterThan(0);
    const bySize = numbers.toSorted((a, b) => Number.parseFloat(a ?? "") - Number.parseFloat(b ?? ""));
    await heading.click();
    expect(await gains()).toEqual([...bySize.toReversed(), ...others]);
    expect(await table.locator("th[aria-sort]").allInnerTexts()).toEqual(["Gain"]);
    await heading.click();
    expect(await gains()).toEqual([...bySize, ...others]);
    await table.getByRole("button", { name: "Shape" }).click();
    const names = await table.locator("tbody th").allInnerTexts();
    expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })));
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("the field finds shapes by words of their name, spec and machine", async () => {
    const { page, complaints } = await open("typical", VIEWS[2]);
    const shown = async () => [
      await page.locator("section.shape:visible h2").allInnerTexts(),
      await page.locator("nav li:visible").allInnerTexts(),
      await page.locator("table").first().locator("tbody tr:visible th").allInnerTexts(),
    ];
    const [all = []] = await shown();
    expect(all).toHaveLength(4);
    await page.getByRole("searchbox").fill("aspp H100");
    expect(await shown()).toEqual([["aspp33_r6 on a GPU"], ["aspp33_r6 on a GPU"], ["aspp33_r6 on a GPU"]]);
    await page.getByRole("searchbox").fill("nowhere");
    expect(await shown()).toEqual([[], [], []]);
    await page.getByRole("searchbox").fill("");
    expect(await shown()).toEqual([all, all, all]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("the judge of contrast sees what is faint", async () => {
    const page = await browser.newPage();
    await page.setContent(`<body bgcolor="white"><font color="#999999">faint</font><font color="#555555">clear</font>`);
    expect(await faintTexts(page)).toEqual(["faint 2.85"]);
    await page.close();
  });
});

/** Names of charts that take no room. */
const emptyCharts = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll("svg"))
      .filter((chart) => chart.getBoundingClientRect().width < 100 || chart.getBoundingClientRect().height < 50)
      .map((chart) => chart.getAttribute("aria-label") ?? ""),
  );

/** Texts whose contrast with what they stand on is below 4.5, with that contrast. */
const faintTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const pixel = new OffscreenCanvas(1, 1).getContext("2d", {
      willReadFrequently: true,
    }) as OffscreenCanvasRenderingContext2D;
    const known = new Map<string, readonly number[]>();
    const channelsOf = (colour: string): readonly number[] => {
      const before = known.get(colour);
      if (before !== undefined) return before;
      pixel.clearRect(0, 0, 1, 1);
      pixel.fillStyle = colour;
      pixel.fillRect(0, 0, 1, 1);
      const channels = [...pixel.getImageData(0, 0, 1, 1).data];
      known.set(colour, channels);
      return channels;
    };
    const luminance = (colour: string): number => {
      const [r = 0, g = 0, b = 0] = channelsOf(colour).map((channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const groundOf = (element: Element | null): string => {
      if (element === null) return "white";
      const { backgroundColor } = getComputedStyle(element);
      return channelsOf(backgroundColor)[3] === 255 ? backgroundColor : groundOf(element.parentElement);
    };
    const hasText = (element: Element): boolean =>
      Array.from(element.childNodes).some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "",
      );
    const faint = new Set<string>();
    for (const element of Array.from(document.body.querySelectorAll("*"))) {
      // A browser shows titles by means of its own.
      if (!hasText(element) || element.localName === "title") continue;
      const { color, fill } = getComputedStyle(element);
      const [low = 0, high = 0] = [
        luminance(element instanceof SVGElement ? fill : color),
        luminance(groundOf(element)),
      ].sort((a, b) => a - b);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < 4.5) faint.add(`${element.textContent?.slice(0, 40)} ${contrast.toFixed(2)}`);
    }
    return [...faint];
  });
