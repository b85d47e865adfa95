/**
 * The modules that the plugin makes, by id: `~tilewright` exports all kernels of the configuration, `~tilewright/registry` tells
 * `compile` of them, and `~tilewright/<name>/...` are the files of one kernel. No scheme such as `virtual:`, which webpack
 * refuses before any plugin is asked.
 */
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

export const ID = "~tilewright";

/** What files of kernels import of this package, whatever the app's own resolution makes of its name. */
export const RUNTIME = fileURLToPath(new URL("../runtime/built/index.js", import.meta.url));

export const isOurs = (id: string): boolean => id === ID || id.startsWith(`${ID}/`);

/** The id of what a module imports; undefined where that is no module of ours. */
export function resolveId(source: string, importer: string | undefined): string | undefined {
  if (isOurs(source)) return source;
  if (importer === undefined || !isOurs(importer)) return undefined;
  return source.startsWith(".") ? posix.join(folderOf(importer), source) : undefined;
}

const folderOf = (id: string): string => (id === ID ? ID : posix.dirname(`${ID}/${pathOf(id)}`));

/** The path among the files of a build. */
export function pathOf(id: string): string {
  const path = id.slice(ID.length + 1);
  return path === "" ? "index.js" : path === "registry" ? "registry.js" : path;
}
