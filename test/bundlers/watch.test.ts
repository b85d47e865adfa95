/** Bundlers that watch: a change of the configuration makes new kernels, and leaves those of sources that have not changed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { context } from "esbuild";
import { watch } from "rollup";
import { createLogger, createServer, type ViteDevServer, build as vite } from "vite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import webpack from "webpack";
import { newFolder } from "../support/folder.js";
import { DIST, needs } from "../support/needs.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const built = existsSync(join(repository, "dist/plugin/vite.js"));

const configOf = (rate: number) =>
  `export default { targets: ["js"], kernels: { head: { op: "conv2d", value: [1, 6, 6, 2], filters: [3, 3, 2, 2], rate: ${rate}, padding: "SAME" } } };`;
const APP = `import { defineKernel } from "tilewright";
import { head } from "~tilewright";
export const mine = defineKernel({ op: "conv2d", value: [1, 5, 5, 2], filters: [3, 3, 2, 2], rate: 1, padding: "SAME" });
export { head };
`;
const MINE = "conv2d 1,5,5,2 3,3,2,2 1 SAME   exact";
const headOf = (rate: number) => `conv2d 1,6,6,2 3,3,2,2 ${rate} SAME   exact`;

let root = "";
const stops: (() => unknown)[] = [];
beforeEach(() => {
  root = newFolder();
  mkdirSync(join(root, "node_modules"));
  symlinkSync(repository, join(root, "node_modules/tilewright"), "dir");
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
  writeFileSync(join(root, "tilewright.config.ts"), configOf(1));
  writeFileSync(join(root, "app.js"), APP);
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  vi.restoreAllMocks();
});

/** As users get it. */
const pluginFor = async (bundler: string) => {
  const path = join(repository, `dist/plugin/${bundler}.js`);
  const { default: plugin } = (await import(/* @vite-ignore */ path)) as { default: (options: object) => unknown };
  return plugin({ config: join(root, "tilewright.config.ts"), dts: false }) as never;
};

const requestsIn = (text: string): string[] => [...text.matchAll(/request: "([^"]*)"/g)].map(([, key]) => String(key));

/** Of the kernels that were written last. */
function requests(): string[] {
  const out = join(root, "out");
  const files = existsSync(out) ? readdirSync(out).filter((file) => file.endsWith(".js")) : [];
  return requestsIn(files.map((file) => readFileSync(join(out, file), "utf8")).join("\n")).sort();
}

/** What is written before and after the change. */
async function expectBoth(): Promise<void> {
  const settled = { timeout: 20_000, interval: 100 };
  await vi.waitFor(() => expect(requests()).toEqual([MINE, headOf(1)]), settled);
  await new Promise((resolve) => setTimeout(resolve, 1000)); // watchers tell times apart by more than they promise
  writeFileSync(join(root, "tilewright.config.ts"), configOf(2));
  await vi.waitFor(() => expect(requests()).toEqual([MINE, headOf(2)]), settled);
}

describe("a change of the configuration reaches", needs({ [DIST]: built }), () => {
  test("Rollup", async () => {
    const watcher = watch({
      input: join(root, "app.js"),
      plugins: [await pluginFor("rollup")],
      external: /^tilewright$/,
      output: { file: join(root, "out/app.js"), format: "es", inlineDynamicImports: true },
    });
    stops.push(() => watcher.close());
    await expectBoth();
  }, 60_000);

  test("esbuild", async () => {
    const watching = await context({
      absWorkingDir: root,
      entryPoints: ["app.js"],
      bundle: true,
      format: "esm",
      outdir: "out",
      external: ["tilewright"],
      logLevel: "silent",
      plugins: [await pluginFor("esbuild")],
    });
    stops.push(() => watching.dispose());
    await watching.watch();
    await expectBoth();
  }, 60_000);

  test("webpack", async () => {
    const compiler = webpack({
      context: root,
      mode: "development",
      devtool: false,
      target: "node20",
      entry: "./app.js",
      output: { path: join(root, "out"), filename: "[name].js" },
      plugins: [await pluginFor("webpack")],
    });
    const watching = compiler.watch({ aggregateTimeout: 50 }, () => undefined);
    stops.push(() => new Promise((closed) => watching?.close(closed)));
    await expectBoth();
  }, 60_000);

  test("Vite's server", async () => {
    const server = await createServer({
      configFile: false,
      root,
      logLevel: "silent",
      server: { middlewareMode: true, hmr: { port: 0 } },
      optimizeDeps: { noDiscovery: true },
      plugins: [await pluginFor("vite")],
    });
    stops.push(() => server.close());
    const served = async () => {
      const app = (await server.transformRequest("/app.js"))?.code ?? "";
      const id = /~tilewright\/conv2d[^"]*/.exec(app)?.[0] ?? "";
      const parts = await Promise.all([id, "~tilewright/head/index.js"].map((one) => server.transformRequest(one)));
      return requestsIn(parts.map((part) => part?.code).join("\n"));
    };
    expect(await served()).toEqual([MINE, headOf(1)]);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    writeFileSync(join(root, "tilewright.config.ts"), configOf(2));
    await vi.waitFor(async () => expect(await served()).toEqual([MINE, headOf(2)]), { timeout: 20_000, interval: 200 });
  }, 60_000);
});

describe("a broken configuration in Vite's server", needs({ [DIST]: built }), () => {
  const BROKEN = "export default { kernels: { head: 3 } };";
  const SENTENCE = "tilewright.config.ts: kernels.head takes a spec; got 3";

  /** A server, and what it sends to its page. */
  async function serve() {
    const sent: { readonly type: string; readonly err?: { readonly message: string } }[] = [];
    const page = {
      name: "page",
      configureServer: (server: ViteDevServer) => {
        server.ws.send = ((payload: (typeof sent)[number]) => void sent.push(payload)) as never;
      },
    };
    const logged: string[] = [];
    const customLogger = createLogger("silent");
    customLogger.error = (text) => void logged.push(text);
    const server = await createServer({
      ...{ configFile: false, root, customLogger },
      server: { middlewareMode: true, hmr: { port: 0 } },
      optimizeDeps: { noDiscovery: true },
      plugins: [page, await pluginFor("vite")],
    });
    stops.push(() => server.close());
    const errors = () => sent.filter(({ type }) => type === "error").map(({ err }) => err?.message);
    const reloads = () => sent.filter(({ type }) => type === "full-reload").length;
    return { server, logged, errors, reloads };
  }

  const soon = { timeout: 20_000, interval: 100 };
  // Watchers tell times apart by more than they promise.
  const later = () => new Promise((resolve) => setTimeout(resolve, 1000));

  test("is shown from the start, and gone when it is mended", async () => {
    writeFileSync(join(root, "tilewright.config.ts"), BROKEN);
    const { server, logged, errors, reloads } = await serve();
    await vi.waitFor(() => expect(errors()).toEqual([SENTENCE]), soon);
    expect(logged.join("\n")).toContain(SENTENCE);
    await expect(server.transformRequest("/app.js")).rejects.toThrow(SENTENCE);
    await later();
    writeFileSync(join(root, "tilewright.config.ts"), configOf(1));
    await vi.waitFor(() => expect(reloads()).toBeGreaterThan(0), soon);
    expect((await server.transformRequest("/app.js"))?.code).toContain("~tilewright/conv2d");
  }, 60_000);

  test("is shown when it breaks, and gone when it is mended", async () => {
    const { server, errors, reloads } = await serve();
    await server.transformRequest("/app.js");
    await later();
    writeFileSync(join(root, "tilewright.config.ts"), BROKEN);
    await vi.waitFor(() => expect(errors()).toEqual([SENTENCE]), soon);
    await later();
    writeFileSync(join(root, "tilewright.config.ts"), configOf(2));
    await vi.waitFor(() => expect(reloads()).toBeGreaterThan(0), soon);
    const code = (await server.transformRequest("~tilewright/head/index.js"))?.code ?? "";
    expect(requestsIn(code)).toEqual([headOf(2)]);
  }, 60_000);

  test("does not end the server, whose modules name the error", async () => {
    writeFileSync(join(root, "tilewright.config.ts"), "throw null;");
    const server = await createServer({
      ...{ configFile: false, root, logLevel: "silent" },
      server: { middlewareMode: true, hmr: { port: 0 } },
      optimizeDeps: { noDiscovery: true },
      plugins: [await pluginFor("vite")],
    });
    stops.push(() => server.close());
    const refused = /tilewright\.config\.ts cannot be loaded: null/;
    await expect(server.transformRequest("/app.js")).rejects.toThrow(refused);
    await expect(server.transformRequest("~tilewright/head/index.js")).rejects.toThrow(refused);
  }, 60_000);
});

test("a build is refused where the configuration is broken", {
  ...needs({ [DIST]: built }),
  timeout: 60_000,
}, async () => {
  writeFileSync(join(root, "tilewright.config.ts"), "throw null;");
  const plugins = [await pluginFor("vite")];
  const input = join(root, "app.js");
  const building = vite({
    configFile: false,
    root,
    logLevel: "silent",
    plugins,
    build: { rollupOptions: { input } },
  });
  await expect(building).rejects.toThrow(/tilewright\.config\.ts cannot be loaded: null/);
});
