/** Source maps of apps with kernels in them: each names its sources and holds their text, and places point where they should. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { createServer } from "vite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DIST, needs } from "../support/needs.js";
import { appFolder, BUNDLERS, bundle, pluginFor } from "./bundlers.js";

const built = existsSync(new URL("../../dist/plugin/vite.js", import.meta.url));

const SPEC = '{ op: "conv2d", value: [1, 5, 5, 2], filters: [3, 3, 2, 2], rate: 1, padding: "SAME" }';
const KERNELS = `import { defineKernel } from "tilewright";

export const mine = defineKernel(${SPEC}); export const afterIt = () => { throw new Error("here"); };
`;
const APP =
  'import { head } from "~tilewright";\nimport { mine, afterIt } from "./lib/kernels.js";\nconsole.log(head, mine, afterIt);\n';

interface Map {
  readonly sources: readonly (string | null)[];
  readonly sourcesContent?: readonly (string | null)[];
}

let root = "";
beforeAll(() => {
  root = appFolder();
  mkdirSync(join(root, "lib"));
  writeFileSync(join(root, "lib/kernels.js"), KERNELS);
  writeFileSync(join(root, "app.js"), APP);
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterAll(() => {
  vi.restoreAllMocks();
});

const placeOf = (text: string, part: string) => {
  const before = text.slice(0, text.indexOf(part)).split("\n");
  return [before.length, before.at(-1)?.length] as const;
};

describe.each(Object.keys(BUNDLERS))("maps by %s", needs({ [DIST]: built }), (bundler) => {
  test("name their sources and hold them", async () => {
    await bundle(bundler, root, "app.js");
    const out = join(root, "out");
    const maps = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".map"));
    const all = maps.map((file) => JSON.parse(readFileSync(join(out, file), "utf8")) as Map);
    for (const { sources, sourcesContent } of all) {
      for (const [i, source] of sources.entries()) {
        expect(source).toMatch(/\.js$|~tilewright$|rolldown|vite|webpack/);
        expect(typeof sourcesContent?.[i], String(source)).toBe("string");
      }
    }
    const named = all.flatMap(({ sources }) => sources);
    expect(named).toContainEqual(expect.stringMatching(/(^|\/)lib\/kernels\.js$/));
    expect(named).toContainEqual(expect.stringMatching(/~tilewright(\/|%2F)head(\/|%2F)index\.js$/));
    const app = all.find(({ sources }) => sources.some((source) => source?.endsWith("lib/kernels.js"))) as Map;
    const index = app.sources.findIndex((source) => source?.endsWith("lib/kernels.js"));
    expect(app.sourcesContent?.[index]).toBe(KERNELS);
  }, 120_000);
});

test("maps of Vite's server lead to the place in the file", {
  ...needs({ [DIST]: built }),
  timeout: 60_000,
}, async () => {
  const server = await createServer({
    ...{ configFile: false, root, logLevel: "silent" },
    server: { middlewareMode: true, hmr: { port: 0 } },
    optimizeDeps: { noDiscovery: true },
    plugins: (await pluginFor("vite"))({ dts: false }) as never[],
  });
  const served = await server.transformRequest("/lib/kernels.js");
  await server.close();
  const map = served?.map as unknown as Map;
  expect(map.sources).toEqual(["kernels.js"]);
  expect(map.sourcesContent).toEqual([KERNELS]);
  const [line, column] = placeOf(served?.code ?? "", "new Error");
  const found = new SourceMap(map as never).findEntry(line - 1, column as number) as {
    originalLine: number;
    originalColumn: number;
  };
  expect([found.originalLine + 1, found.originalColumn]).toEqual(placeOf(KERNELS, "new Error"));
});
