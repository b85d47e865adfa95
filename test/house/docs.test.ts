/**
 * README.md, CONTRIBUTING.md, ARCHITECTURE.md and the pages of the site that people write, held to what there is: their
 * code has the types of the sources and runs, their commands exist with the options that they are given, and so do the
 * files that they name.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Config } from "../../src/build/defineConfig.js";
import { barrelFiles, kernelFiles } from "../../src/build/files.js";
import { planOf, writeFiles } from "../build/support.js";
import { tilewright } from "../support/commands.js";
import { newFolder } from "../support/folder.js";
import { writeModels } from "../support/models.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Pages of the site, from the root. */
const PAGES = readdirSync(join(root, "site/pages"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md"))
  .map((path) => `site/pages/${path.replaceAll("\\", "/")}`)
  .sort();

interface Fence {
  readonly title: string;
  /** As a file is called, without its ending. */
  readonly name: string;
  readonly code: string;
}

const FENCES: readonly Fence[] = ["README.md", "CONTRIBUTING.md", ...PAGES].flatMap((file) =>
  [...read(file).matchAll(/^```(?:js|ts)\n([\s\S]*?)^```$/gm)].map(({ 1: code = "", index }) => {
    const line = read(file).slice(0, index).split("\n").length;
    return { title: `${file}:${line}`, name: `${file.toLowerCase().replace(/\W/g, "")}${line}`, code };
  }),
);

/** Code with one of these texts has the right types, and is not run. */
const NOT_RUN: readonly string[] = [
  'target: "webgpu"', // needs a GPU, and buffers of the reader's
  "tuneHere", // needs a page
  "vite.config", // is Vite's to run, as test/bundlers does
];

/** Columns of code on a page that is 1280 pixels wide; see site/.vitepress/theme/code.css. */
const MOST_COLUMNS = 82;

const isRun = ({ code }: Fence): boolean => !NOT_RUN.some((text) => code.includes(text));

/** Names that code takes from its surroundings. */
const GIVEN: Readonly<Record<string, string>> = {
  valueBuffer: "GPUBuffer",
  outputBuffer: "GPUBuffer",
  encoder: "GPUCommandEncoder",
  "device }": "GPUDevice",
};

/** The code for the compiler of TypeScript: as it stands, since people copy JavaScript into their TypeScript. */
function checkable({ code }: Fence): string {
  const given = Object.entries(GIVEN).filter(([name]) => code.includes(name));
  return given.map(([name, type]) => `declare const ${name.replace(" }", "")}: ${type};\n`).join("") + code;
}

/** What is wrong with the types of each file, by name. */
function errorsIn(folder: string): ReadonlyMap<string, readonly string[]> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  // The files lie in a folder without packages.
  const tfjs = { "@tensorflow/tfjs-core": ["./node_modules/@tensorflow/tfjs-core/dist/index.d.ts"] };
  const paths = { ...options.paths, ...tfjs, "tilewright/*": ["./src/plugin/*.ts"] };
  const files = FENCES.map(({ name }) => join(folder, `${name}.ts`));
  const program = ts.createProgram(files, { ...options, paths, noUnusedLocals: false });
  return new Map(
    FENCES.map(({ title, name }) => {
      const file = program.getSourceFile(join(folder, `${name}.ts`));
      const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
      return [title, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))];
    }),
  );
}

describe("code", () => {
  const folder = newFolder();
  const runFence = ({ name }: Fence) => import(pathToFileURL(join(folder, `${name}.js`)).href);

  beforeAll(async () => {
    writeFiles(folder, { "package.json": '{ "type": "module" }' });
    writeFiles(folder, Object.fromEntries(FENCES.map((fence) => [`${fence.name}.js`, fence.code])));
    writeFiles(folder, Object.fromEntries(FENCES.map((fence) => [`${fence.name}.ts`, checkable(fence)])));
    // What `tilewright extract` makes of a reader's model.
    writeModels(folder);
    const { out } = await tilewright([
      "extract",
      join(folder, "model.onnx"),
      "--weights",
      join(folder, "weights"),
      "--json",
    ]);
    writeFiles(folder, { "layers.json": out });
    // What `tilewright build` makes of the configuration that is shown. Its models are files of the reader's.
    const configuration = FENCES.find(({ code }) => code.includes("models: [")) as Fence;
    const { models, ...config } = (await runFence(configuration)).default as Config;
    expect(models).toBeDefined();
    const plans = await planOf(config);
    const files = [...barrelFiles(plans), ...plans.flatMap((plan) => [...kernelFiles(plan, { wasm: "inline" }).files])];
    writeFiles(folder, Object.fromEntries(files.map(([path, content]) => [`generated/${path}`, content])));
  });

  test("is found", () => {
    expect(FENCES.length).toBeGreaterThan(5);
    expect(NOT_RUN.filter((text) => !FENCES.some(({ code }) => code.includes(text)))).toEqual([]);
  });

  test("fits the site's pages, which show so many columns on a laptop", () => {
    const long = ["README.md", ...PAGES].flatMap((page) => {
      const blocks = [...read(page).matchAll(/^```\w*\n([\s\S]*?)^```$|^ {4}(\S.*)$/gm)];
      const lines = blocks.flatMap(([, fenced, indented]) => fenced?.split("\n") ?? [indented as string]);
      return lines.filter((line) => line.length > MOST_COLUMNS).map((line) => `${page}: ${line}`);
    });
    expect(long).toEqual([]);
  });

  test("has the right types", () => {
    expect([...errorsIn(folder)].filter(([, errors]) => errors.length > 0)).toEqual([]);
  });

  test.each(FENCES.filter(isRun))("runs: $title", async (fence) => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    await runFence(fence);
    log.mockRestore();
  });
});

describe("README.md", () => {
  const readme = read("README.md");
  const [first = ""] = readme.split(/^## /m);
  /** What was measured, as the site has it. */
  const measured: { rows: string[][] } = JSON.parse(read("site/measured/peers.json"));

  test("is a door, and short", () => {
    expect(readme.split("\n").length).toBeLessThanOrEqual(150);
    expect(linksIn("README.md").filter(({ path }) => path.startsWith("site/pages/")).length).toBeGreaterThan(15);
  });

  test("installs the file that npm pack writes, and says for which TypeScripts it has types", () => {
    const { name, version, dependencies = {}, devDependencies } = JSON.parse(read("package.json"));
    const compilers = ["typescript", "typescript6", "typescript7"].map((one) =>
      devDependencies[one].replace(/.*@/, ""),
    );
    for (const text of [first, read("site/pages/guide/index.md")]) {
      expect(text).toContain(`npm install path/to/${name}-${version}.tgz`);
      expect(text).toContain("depends on no other");
      expect(text).toContain(`TypeScript ${compilers.join(", ").replace(/, (\d+)$/, " and $1")}`);
    }
    expect(dependencies).toEqual({});
  });

  test("has rows of what was measured, and tells the means, of as many shapes", () => {
    const table = /^\| value, filters, rate \|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(readme)?.[1] ?? "";
    const rows = table.trim().split("\n").map(cellsOf);
    expect(rows.length).toBeGreaterThan(5);
    expect(measured.rows.map((row) => row.slice(0, 8))).toEqual(expect.arrayContaining(rows));
    expect(rows.at(-1)?.[0]).toBe("geometric mean");
    const [, exact, fast, shapes] =
      /are ([\d.]+x) as fast as the best of .*?([\d.]+x) with\s.*?means of (\d+) shapes/s.exec(first) ?? [];
    const means = measured.rows.at(-1) ?? [];
    expect([exact, fast, Number(shapes)]).toEqual([means[6], means[7], measured.rows.length - 1]);
  });

  test("shows pictures that are there, and small", () => {
    const paths = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = ""]) => path);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => statSync(join(root, path)).size > 60_000)).toEqual([]);
  });
});

describe("links", () => {
  const TEXTS = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ...PAGES];
  const { files } = JSON.parse(read("package.json")) as { files: readonly string[] };
  const isPacked = (path: string) => files.some((one) => path === one || path.startsWith(`${one}/`));
  /** Code that has pages on the site, and that whoever installs the package does not get. */
  const IN_A_CLONE = /^(src|test|site\/(playground|tfjs))(\/|$)/;

  test.each(TEXTS)("%s: all lead to files and headings that are there", (text) => {
    const links = linksIn(text);
    expect(links.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
    const places = links.filter(({ place }) => place !== undefined);
    expect(places.filter(({ path, place }) => !anchorsIn(read(path)).includes(place as string))).toEqual([]);
  });

  test.each(TEXTS.filter(isPacked))("%s: all lead to files that are in the package", (text) => {
    const outside = linksIn(text).filter(({ path }) => !isPacked(path));
    expect(outside.filter(({ path }) => text === "README.md" || !IN_A_CLONE.test(path))).toEqual([]);
  });
});

interface Link {
  /** From the root. */
  readonly path: string;
  /** A heading there. */
  readonly place?: string | undefined;
}

/** The links in a text, but for those that lead elsewhere in the web. */
const linksIn = (file: string): Link[] =>
  [...read(file).matchAll(/\]\(([^)#:\s]*)(?:#([\w-]+))?\)/g)].map(([, path = "", place]) => ({
    path: path === "" ? file : posix.join(path.startsWith("/") ? "" : posix.dirname(file), path),
    place,
  }));

/** The cells of a row of a table, without what makes them bold. */
const cellsOf = (row: string): string[] =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.replaceAll("*", "").trim());

/** What a link to a heading is called. */
const anchorsIn = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading.toLowerCase().replace(/[^\w]+/g, "-"));

test("the site explains every code that errors have", () => {
  const union = read("src/ir/errors.ts").split(/^export /m)[1] ?? "";
  const table = /^\| code \| meaning \|\n(?:\|.*\n)+/m.exec(read("site/pages/reference/errors.md"))?.[0] ?? "";
  const codes = [...union.matchAll(/^ {2}\| "([\w-]+)"/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(10);
  expect([...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, code]) => code).sort()).toEqual(codes.sort());
});

describe("commands", () => {
  const text = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ...PAGES].map(read).join("\n");
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };

  test("of npm are scripts of the package", () => {
    const named = [...text.matchAll(/npm (?:run ([\w:]+)|(test|start))/g)].map((match) => match[1] ?? match[2] ?? "");
    expect(named.length).toBeGreaterThan(10);
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });

  async function helpOf(...command: readonly string[]): Promise<string> {
    const { code, out } = await tilewright([...command, "--help"]);
    expect(code).toBe(0);
    return out;
  }

  const calls = [...text.matchAll(/npx tilewright ([a-z]+)([^`\n]*)/g)].map(([, name = "", rest = ""]) => {
    // Some commands have commands of their own.
    const words = [name, /^ ([a-z]+)\b/.exec(rest)?.[1] ?? ""] as const;
    return [`${name}${rest.replace(/ +#.*/, "")}`, words, [...rest.matchAll(/--[a-z-]+/g)].map(String)] as const;
  });

  test.each(calls)("tilewright %s", async (_, words, options) => {
    const help = await helpOf(...words);
    expect(help).not.toBe(await helpOf());
    expect(options.filter((option) => !help.includes(option))).toEqual([]);
  });
});

describe("files", () => {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  /** As from the root, or by the end of its path where that is clear. */
  const exists = (path: string) =>
    existsSync(join(root, path)) || sources.some((source) => `/${source.replaceAll("\\", "/")}`.endsWith(`/${path}`));
  const named = (text: string) => [...text.matchAll(/`([\w./-]+\.(?:ts|js|json))`/g)].map(([, path = ""]) => path);

  test.each(["CONTRIBUTING.md", "ARCHITECTURE.md"])("that %s names are there", (page) => {
    const paths = named(read(page));
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !exists(path))).toEqual([]);
  });
});
