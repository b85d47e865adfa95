/** The bundlers that the plugin is for, each as a function from an app's entry to files. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as esbuild } from "esbuild";
import { type Plugin, rolldown } from "rolldown";
import { rollup } from "rollup";
import { createUnplugin } from "unplugin";
import { build as vite } from "vite";
import webpack from "webpack";
import type { PluginOptions } from "../../src/plugin/options.js";
import { newFolder } from "../support/folder.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A copy of the fixture in a folder of its own, as an app that has installed the package. */
export function appFolder(): string {
  const folder = newFolder();
  cpSync(join(repository, "test/bundlers/fixture"), folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(repository, join(folder, "node_modules/tilewright"), "dir");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  return folder;
}

export interface Bundle {
  /** What to run. */
  readonly entry: string;
  /** Text of all files that were written. */
  readonly text: string;
  readonly warnings: readonly string[];
}

/** Where an app runs: all bundlers but webpack write the same for both. */
type Place = "node" | "page";

/** `root`: a copy of the fixture; `name`: of a file in it. The plugin is that of `dist`, as users get it. */
type Bundler = (root: string, name: string, options: PluginOptions, place: Place) => Promise<readonly string[]>;

/** The plugin of `dist`, as users get it, and one that compiles components, as those of frameworks do. */
export const pluginFor = async (bundler: string) => {
  const path = join(repository, `dist/plugin/${bundler}.js`);
  const { default: ours } = (await import(/* @vite-ignore */ path)) as { default: (options: PluginOptions) => unknown };
  const plugins = components as unknown as Readonly<Record<string, () => unknown>>;
  return (options: PluginOptions) => [plugins[bundler]?.(), ours(options)].flat();
};

/** Makes a module of the script in a component. */
const components = createUnplugin(() => ({
  name: "components",
  transform: {
    filter: { id: COMPONENTS },
    handler: (text: string) => /<script>(.*)<\/script>/s.exec(text)?.[1] ?? "",
  },
  esbuild: { onLoadFilter: COMPONENTS, loader: "js" },
}));

const COMPONENTS = /\.(svelte|astro|vue)$/;

const outOf = (root: string): string => join(root, "out");

/** Rollup finds no packages by itself. */
const packages: Plugin = {
  name: "packages",
  resolveId(id) {
    const entries: Readonly<Record<string, string>> = {
      tilewright: "dist/runtime/index.js",
      "tilewright/runtime": "dist/runtime/built/index.js",
    };
    const entry = entries[id];
    return entry === undefined ? undefined : join(repository, entry);
  },
};

export const BUNDLERS: Readonly<Record<string, Bundler>> = {
  vite: async (root, name, options) => {
    const warnings: string[] = [];
    const plugin = (await pluginFor("vite"))(options);
    await vite({
      configFile: false,
      root,
      base: "./",
      logLevel: "silent",
      plugins: plugin as never[],
      build: {
        outDir: outOf(root),
        target: "es2022",
        sourcemap: true,
        modulePreload: false,
        rollupOptions: {
          input: join(root, name),
          output: { entryFileNames: "[name].js" },
          onwarn: ({ message }) => void warnings.push(message),
        },
      },
    });
    return warnings;
  },
  rollup: async (root, name, options) => {
    const warnings: string[] = [];
    const plugins = [...(await pluginFor("rollup"))(options), packages] as never[];
    const bundle = await rollup({
      input: join(root, name),
      plugins,
      onwarn: ({ message }) => void warnings.push(message),
    });
    await bundle.write({ dir: outOf(root), format: "es", sourcemap: true });
    await bundle.close();
    return warnings;
  },
  rolldown: async (root, name, options) => {
    const warnings: string[] = [];
    const bundle = await rolldown({
      cwd: root,
      input: join(root, name),
      plugins: (await pluginFor("rolldown"))(options) as never[],
      onLog: (_, { message }) => void warnings.push(message),
    });
    await bundle.write({ dir: outOf(root), format: "es", sourcemap: true });
    await bundle.close();
    return warnings;
  },
  webpack: async (root, name, options, place) => {
    const compiler = webpack({
      context: root,
      mode: "production",
      devtool: "source-map",
      target: place === "page" ? "web" : "node20",
      entry: { [name.replace(".js", "")]: join(root, name) },
      experiments: { outputModule: true },
      output: { path: outOf(root), filename: "[name].js", module: true, chunkFormat: "module", chunkLoading: "import" },
      optimization: { minimize: false },
      plugins: (await pluginFor("webpack"))(options) as webpack.WebpackPluginInstance[],
    });
    const stats = await new Promise<webpack.Stats>((resolve, reject) =>
      compiler.run((error, result) => (result ? resolve(result) : reject(error))),
    );
    await new Promise((closed) => compiler.close(closed));
    const { errors = [], warnings = [] } = stats.toJson({ all: false, errors: true, warnings: true });
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
    return warnings.map(({ message }) => message);
  },
  esbuild: async (root, name, options) => {
    const { warnings } = await esbuild({
      absWorkingDir: root,
      entryPoints: [join(root, name)],
      bundle: true,
      format: "esm",
      splitting: true,
      sourcemap: true,
      outdir: outOf(root),
      platform: "neutral",
      mainFields: ["module", "main"],
      logLevel: "silent",
      plugins: (await pluginFor("esbuild"))(options) as never[],
    });
    return warnings.map(({ text }) => text);
  },
};

export async function bundle(
  bundler: string,
  root: string,
  name: string,
  options: PluginOptions = {},
  place: Place = "node",
): Promise<Bundle> {
  const out = outOf(root);
  rmSync(out, { recursive: true, force: true });
  // Those that know no root take the process's folder.
  const here = { config: join(root, "tilewright.config.js"), dts: join(root, "tilewright.d.ts") };
  const given = bundler.startsWith("roll") ? { ...here, ...options } : options;
  const warnings = (await BUNDLERS[bundler]?.(root, name, given, place)) ?? [];
  writeFileSync(join(out, "package.json"), '{ "type": "module" }');
  const files = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  const texts = files.map((file) => readFileSync(join(out, file), "utf8"));
  const entry = files.find((file) => dirname(file) === "." && file === name) ?? name;
  return { entry: join(out, entry), text: texts.join("\n"), warnings };
}
