/** The report as text: nothing in its data becomes markup or code, and the same data gives the same bytes. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { renderReport } from "../../src/report/render.js";
import { SCRIPT } from "../../src/report/script.js";
import { HOSTILE_REPORT, NESTS, ODD_REPORT, reportOf, shapeOf, TYPICAL } from "./shapes.js";

const EMPTY = reportOf([], { leftOut: [] });
const REPORTS = { typical: TYPICAL, hostile: HOSTILE_REPORT, odd: ODD_REPORT, empty: EMPTY };

/** All tags, as a browser would find them where every `<` and quote in the data is escaped. */
const tagsOf = (page: string): string[] => page.match(/<[a-z!/](?:[^"'>]|"[^"]*"|'[^']*')*>/gi) ?? [];

const TAGS =
  /^<\/?(!doctype|html|head|meta|title|style|body|header|nav|main|section|h[123]|p|a|ul|li|time|table|caption|thead|tbody|tfoot|tr|th|td|small|div|dl|dt|dd|figure|figcaption|svg|g|path|line|text|rect|code|span|details|summary|script)[\s>/]/;

let warnings: MockInstance[];
beforeEach(() => {
  warnings = (["log", "warn", "error"] as const).map((way) => vi.spyOn(console, way));
});
afterEach(() => {
  for (const warning of warnings) expect(warning).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

describe.each(Object.entries(REPORTS))("a report that is %s", (_, data) => {
  test("holds the tags of the page and no others", async () => {
    const page = await renderReport(data);
    const tags = tagsOf(page);
    expect(tags.filter((tag) => !TAGS.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /\s(style|href="(?!#)|src|on[a-z]+)\s*=/i.test(tag.replace(/"[^"]*"/g, '""')))).toEqual(
      [],
    );
    expect(tags.filter((tag) => /^<a /.test(tag) && !/^<a href="#shape-\d+">$/.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /url\(|https?:/i.test(tag) && !tag.includes("aria-label="))).toEqual([]);
  });

  test("closes what it opens", async () => {
    const page = await renderReport(data);
    const open: string[] = [];
    for (const tag of tagsOf(page)) {
      const name = /^<\/?([a-z0-9!]+)/i.exec(tag)?.[1] as string;
      if (["meta", "!doctype"].includes(name) || tag.endsWith("/>")) continue;
      if (tag.startsWith("</")) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  test("allows its one stylesheet, its one script and nothing else", async () => {
    const page = await renderReport(data);
    const styles = [...page.matchAll(/<style>(.*?)<\/style>/gs)].map(([, style]) => style as string);
    expect(styles).toHaveLength(1);
    const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script as string);
    expect(scripts).toEqual([SCRIPT]);
    expect(tagsOf(page).filter((tag) => /^<script/.test(tag))).toEqual(["<script>"]);
    const hashOf = (text = "") => `&#39;sha256-${createHash("sha256").update(text).digest("base64")}&#39;`;
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(styles[0])}; base-uri &#39;none&#39;; form-action &#39;none&#39;">`,
    );
  });

  test("is the same each time, alone or beside others", async () => {
    const [first, ...others] = await Promise.all([renderReport(data), renderReport(TYPICAL), renderReport(data)]);
    expect(others[1]).toBe(first);
    expect(await renderReport(data)).toBe(first);
  });

  test("gives an id once", async () => {
    const ids = [...(await renderReport(data)).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });
});

/** What a reader sees. */
const textOf = (page: string): string =>
  page
    .replace(/<(style|script)>.*?<\/\1>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

describe("a page", () => {
  test("says what was tuned, and how much it gained", async () => {
    const page = textOf(await renderReport(TYPICAL));
    for (const { name, target, measuredOn } of TYPICAL.shapes) {
      for (const text of [name, target, measuredOn]) expect(page).toContain(text);
    }
    expect(page).toContain("Geometric mean");
    expect(page).toContain("12 lines. The reasons: made by another version of the compiler (12).");
    expect(page).toContain("is measured on this machine");
    expect(page).toContain("is typical of such machines, not measured on this one");
  });

  test("takes the mean of gains as a product, of those that there are", async () => {
    const gain = (median: number) => ({ low: median, median, high: median });
    const shapes = [4, 1, undefined].map((median, i) => {
      const [untuned, winner] = shapeOf("", 2).candidates;
      const tuned = { ...winner, gain: median === undefined ? undefined : gain(median) };
      return { ...shapeOf(`s${i}`, 2), candidates: [untuned, tuned] as never, winner: 1 };
    });
    expect(textOf(await renderReport(reportOf(shapes)))).toContain("Geometric mean, of 2 2.00×");
  });

  test("says what made it", async () => {
    const page = await renderReport(
      reportOf([], { command: "tilewright report --out '<b>'", machine: "V8 12 & more" }),
    );
    expect(page).toContain("Made by <code>tilewright report --out &#39;&lt;b&gt;&#39;</code> on V8 12 &amp; more");
  });

  test("ranks shapes by their gain, those without one last", async () => {
    const gains = { small: 1.01, none: undefined, most: 2, odd: Number.NaN, some: 1.5 };
    const shapes = Object.entries(gains).map(([name, median]) => {
      const [untuned, winner] = shapeOf("", 2).candidates;
      const gain = median === undefined ? undefined : { low: median, median, high: median };
      return { ...shapeOf(name, 2), candidates: [untuned, { ...winner, gain }] as never, winner: 1 };
    });
    const page = await renderReport(reportOf(shapes));
    const order = ["most", "some", "small", "none", "odd"];
    expect([...page.matchAll(/<h2 id="shape-\d+-name">(.*?)</g)].map(([, name]) => name)).toEqual(order);
    expect([...page.matchAll(/<th scope="row" class="words"><a href="#shape-(\d+)">(.*?)</g)].map(String)).toHaveLength(
      5,
    );
    for (const [, place, name] of page.matchAll(/<a href="#shape-(\d+)">(.*?)</g))
      expect(name).toBe(order[Number(place) - 1]);
  });

  test("shows knobs, time and gain of every point where a pointer rests on it", async () => {
    const shape = shapeOf("x", 60);
    const page = await renderReport(reportOf([shape]));
    const titles = [...page.matchAll(/<path[^>]*><title>([^<]*)<\/title><\/path>/g)].map(
      ([, title]) => title as string,
    );
    const measured = shape.candidates.filter(({ outcome }) => outcome === "measured");
    for (const { knobs, ms, gain } of measured.slice(1)) {
      const [time, times] = [ms?.median.toPrecision(3), gain?.median.toFixed(2)];
      const wanted = new RegExp(`^${knobs}: ${time} ms \\([\\d.]+ – [\\d.]+\\), gain ${times}×, predicted [\\d,]+$`);
      expect(titles.filter((title) => wanted.test(title)).length).toBeGreaterThanOrEqual(1);
    }
    expect(titles.filter((title) => title.startsWith("TensorFlow.js 4.22, wasm: "))).toEqual([
      "TensorFlow.js 4.22, wasm: 7.90",
      expect.stringMatching(/^TensorFlow\.js 4\.22, wasm: [\d.]+ GFLOP\/s$/),
    ]);
    expect(page).not.toMatch(/aria-roledescription/);
  });

  test("says so where there is nothing", async () => {
    expect(textOf(await renderReport(EMPTY))).toContain("No shapes were tuned");
    const odd = textOf(await renderReport(ODD_REPORT));
    expect(odd).toContain("No candidate was measured to the end.");
    expect(odd).toContain("0 schedules measured, 1 crashed, 1 hung.");
    expect(odd).toContain("No roofline: this shape has nothing to compute");
    expect(odd).toContain("There are none to show.");
    expect(odd).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  test("stays small with thousands of candidates", async () => {
    const page = await renderReport(reportOf([shapeOf("many", 5000)]));
    expect(page.length).toBeLessThan(400_000);
    expect(textOf(page)).toMatch(/Of points that cover each other one is drawn, \d+ in all\./);
  });

  test("shows a label for what it is", async () => {
    const page = textOf(
      await renderReport(reportOf([shapeOf("007", 4), shapeOf("2026-11-24", 4), shapeOf("null", 4)])),
    );
    expect(page).toMatch(/0 0\.2.* 007 2026-11-24 null /);
  });
});

describe("loops", () => {
  const boxesOf = async (nest: string) =>
    /Loops of the winner<\/h3>(.*?)<\/section>/s.exec(
      await renderReport(reportOf([shapeOf("x", 2, { nest })])),
    )?.[1] as string;

  test("are boxes in boxes", async () => {
    const boxes = await boxesOf("for oy < 8\n  for ic < 4 unrolled\n    acc[] = 0\n  barrier\n");
    expect(
      boxes
        .replace(/\s*<div class="nest[^>]*>/, "")
        .replace(/<\/div><\/div>\s*$/, "")
        .trim(),
    ).toBe(
      [
        `<ul><li class="box kind-for"><div class="opening"><code>for oy &lt; 8</code></div>`,
        `<ul><li class="box kind-unrolled"><div class="opening"><code>for ic &lt; 4</code> <span class="tag">unrolled</span></div>`,
        `<ul><li class="line"><code>acc[] = 0</code></li></ul></li>`,
        `<li class="line"><code>barrier</code></li></ul></li></ul>`,
      ].join(""),
    );
  });

  test("of the compiler keep all their lines, whatever their kind", async () => {
    for (const nest of Object.values(NESTS)) {
      const boxes = await boxesOf(nest);
      const lines = nest.split("\n").filter((line) => line !== "");
      expect(boxes.match(/<li /g)).toHaveLength(lines.length);
    }
    expect(await boxesOf(NESTS.webgpu)).toMatch(/kind-workgroup.*kind-invocation.*kind-vectorized/s);
  });

  test("are folded away where they are long, and flat where they are too deep for a browser", async () => {
    const nest = Array.from({ length: 300 }, (_, i) => `${"  ".repeat(i)}for i${i} < 2\n`).join("");
    const boxes = await boxesOf(nest);
    expect(boxes).toContain("<details><summary>Show all 300 lines</summary>");
    expect(boxes.match(/<li /g)).toHaveLength(300);
    let depth = 0;
    let deepest = 0;
    for (const tag of tagsOf(boxes)) {
      depth += tag.startsWith("</") ? -1 : 1;
      deepest = Math.max(deepest, depth);
    }
    expect(deepest).toBeLessThan(200);
  });
});
