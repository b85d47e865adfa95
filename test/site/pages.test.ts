/**
 * Pages that the site's build makes: of every op, directive, pass and measurement there is one, its links lead
 * somewhere, its code runs.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { fileURLToPath, pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { onSite } from "../../site/links.js";
import { PASSES } from "../../src/codegen/lower.js";
import { writeFiles } from "../build/support.js";
import { EVERY_OP } from "../support/everyOp.js";
import { newFolder } from "../support/folder.js";
import { DIST, needs, SITE } from "../support/needs.js";

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const GENERATOR = root("site/generate/pages.js");

/** Programs that are built beside the pages, and pages that TypeDoc makes of docstrings. */
const ELSEWHERE = /^\/?(playground|tfjs)\/|^reference\/(?!errors)/;

const written = (): [string, string][] =>
  readdirSync(root("site/pages"), { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".md"))
    .map((path) => [path, onSite(path, readFileSync(root(`site/pages/${path}`), "utf8"))]);

describe(
  "pages",
  needs({ [DIST]: existsSync(root("build")), [SITE]: existsSync(root("site/node_modules/diff")) }),
  () => {
    let generated: ReadonlyMap<string, string>;
    beforeAll(async () => {
      const { generatedPages } = await import(pathToFileURL(GENERATOR).href);
      generated = new Map(generatedPages().map(({ path, text }: { path: string; text: string }) => [path, text]));
    }, 60_000);

    const textOf = (path: string): string => generated.get(path) ?? "";

    test("have one of every op, with its formula, its loops and the row of what it can", () => {
      const ops = EVERY_OP.map((spec) => ("op" in spec ? spec.op : ""));
      expect(ops.length).toBeGreaterThan(20);
      for (const op of ops) {
        expect(textOf(`ops/${op}.md`), op).toMatch(/output\w*\[[\s\S]*class="nest[\s\S]*\| yes \| yes \|/);
        expect(textOf("ops/index.md")).toContain(`href="./${op}"`);
      }
    });

    test("have one of every directive, with what its comment says", () => {
      const source = readFileSync(root("src/codegen/schedule.ts"), "utf8");
      const union = /^export type Directive =[\s\S]*?^$/m.exec(source)?.[0] ?? "";
      const names = [...union.matchAll(/do: "(\w+)"/g)].map(([, name]) => name as string);
      expect(names.length).toBeGreaterThan(10);
      for (const name of names) expect(textOf(`directives/${name}.md`), name).toMatch(/^# \w+\n\n[A-Z`].*\./m);
      expect(textOf("directives/split.md")).toContain("becomes `by*outer + inner`");
    });

    test("show of every pass what it changes", () => {
      const parts = textOf("inside/passes.md").split(/^## /m).slice(1);
      expect(parts.map((part) => part.split("\n")[0])).toEqual(PASSES.map(({ name }) => name));
      expect(parts.filter((part) => !/```diff\n[\s\S]*^[+-]|```text\nkernel /m.test(part))).toEqual([]);
    });

    test("show mistakes in formulas with the carets under their places", () => {
      expect(textOf("formulas/errors.md").match(/\^\n```/g)?.length).toBeGreaterThan(30);
    });

    test("say when, where and with which versions everything was measured", () => {
      for (const file of readdirSync(root("site/measured"))) {
        const { title, date, machine, rows } = JSON.parse(readFileSync(root(`site/measured/${file}`), "utf8"));
        const part = textOf("measured/index.md")
          .split(/^## /m)
          .find((one) => one.startsWith(`${title}\n`));
        expect(part, file).toContain(`<dt>date</dt><dd>${date}</dd>`);
        expect(part, file).toContain(`<dt>machine</dt><dd>${machine}</dd>`);
        expect(rows.length).toBeGreaterThan(1);
      }
    });

    test("cite a page for every claim about another project", () => {
      const { projects, rows } = JSON.parse(readFileSync(root("site/data/comparison.json"), "utf8"));
      const claims = [
        ...projects.map(({ is }: { is: object }) => is),
        ...rows.flatMap((row: { claims: object }) => Object.values(row.claims)),
      ];
      expect(claims.length).toBeGreaterThan(40);
      expect(claims.filter(({ source }) => !/^(https:\/\/|\.\/)\S+$/.test(source))).toEqual([]);
    });

    test("have a title and a description, and links that lead to pages", () => {
      const pages = new Map([...written(), ...generated]);
      const names = new Set(
        [...pages.keys()].map((path) => path.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "")),
      );
      const dead = [...pages].flatMap(([path, text]) => {
        expect(text, path).toMatch(/^---\n[\s\S]*?title: ".+"\n/);
        const links = [...text.matchAll(/\]\(([^)\s#:]+)(?:#[^)]*)?\)|href="([^"#:]+)"/g)].map(
          ([, md, html]) => (md ?? html) as string,
        );
        const places = links.map((link) =>
          link.startsWith("/") ? link.slice(1) : normalize(join(dirname(path), link)),
        );
        const known = (place: string) =>
          names.has(place.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "")) ||
          names.has(`${place}/`) ||
          place === "./" ||
          ELSEWHERE.test(place) ||
          place === "explain.png";
        return places.filter((place) => !known(place)).map((place) => `${path}: ${place}`);
      });
      expect(pages.size).toBeGreaterThan(60);
      expect(dead).toEqual([]);
    });

    test("have code that runs", { timeout: 60_000 }, async () => {
      const codes = [...generated].flatMap(([path, text]) =>
        [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code = ""], i) => [
          `${path.replace(/\W/g, "_")}_${i}.js`,
          code,
        ]),
      );
      expect(codes.length).toBeGreaterThan(20);
      const folder = newFolder();
      writeFiles(folder, { "package.json": '{ "type": "module" }', ...Object.fromEntries(codes) });
      const log = vi.spyOn(console, "log").mockImplementation(() => {});
      for (const [name] of codes) await import(pathToFileURL(join(folder, name as string)).href);
      log.mockRestore();
    });
  },
);
