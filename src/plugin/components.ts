/**
 * Components, such as those of Svelte, in esbuild: there no plugin sees what another one made of a file. A definition
 * in it stays as it is and is compiled when it runs, which must not happen without a word.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { UnpluginOptions } from "unplugin";

type PluginBuild = Parameters<NonNullable<NonNullable<UnpluginOptions["esbuild"]>["setup"]>>[0];

const COMPONENTS = /\.(svelte|astro|vue|mdx|marko|riot)$/;

/** Warns of each component in the bundle that names `defineKernel`. */
export function warnOfComponents({ initialOptions, onEnd }: PluginBuild, root: () => string): void {
  // It lists the files of the bundle, whichever plugin has loaded them.
  initialOptions.metafile ??= true;
  onEnd(async ({ metafile }) => {
    // A plugin's namespace stands before the path.
    const paths = Object.keys(metafile?.inputs ?? {}).map((input) => input.replace(/^[\w-]{2,}:/, ""));
    const components = [...new Set(paths)].filter((path) => COMPONENTS.test(path));
    const named = await Promise.all(
      components.map(async (path) => ({ path, isNamed: await namesIt(resolve(root(), path)) })),
    );
    const warnings = named.filter(({ isNamed }) => isNamed).map(({ path }) => ({ text: sentence(path) }));
    return { warnings };
  });
}

async function namesIt(path: string): Promise<boolean> {
  const text = await readFile(path, "utf8").catch(() => "");
  return /\bdefineKernel\b/.test(text) && /["']tilewright["']/.test(text);
}

const sentence = (path: string): string =>
  `${path}: a kernel that is defined here is compiled when it runs, as esbuild shows plugins no compiled components; ` +
  "define it in a .js or .ts file and import it from there";
