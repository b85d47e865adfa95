/** The sources of the site keep the rules of the house: short files, each with a sentence for a stranger, in lines that fit. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../site/", import.meta.url));

/** What is installed or made, and not written. */
const MADE = /(^|\/)(node_modules|dist|\.pages|\.temp)\//;

const SOURCES = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.(ts|tsx|js|css)$/.test(path) && !MADE.test(`${path}/`))
  .map((path) => ({ path, lines: readFileSync(`${root}${path}`, "utf8").split("\n") }));

test("files of the site are found", () => {
  expect(SOURCES.map(({ path }) => path)).toEqual(expect.arrayContaining(["build.js", "generate/ops.js"]));
});

test("they have at most 350 lines", () => {
  expect(SOURCES.filter(({ lines }) => lines.length > 350).map(({ path }) => path)).toEqual([]);
});

test("their lines have at most 120 columns", () => {
  const long = SOURCES.flatMap(({ path, lines }) =>
    lines.flatMap((line, i) => (line.length > 120 ? [`${path}:${i + 1}`] : [])),
  );
  expect(long).toEqual([]);
});

test("they say at their top what they are", () => {
  const silent = SOURCES.filter(
    ({ lines }) => !/^\/\*/.test(lines[0] === "// @ts-check" ? (lines[1] ?? "") : (lines[0] ?? "")),
  );
  expect(silent.map(({ path }) => path)).toEqual([]);
});
