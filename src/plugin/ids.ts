/**
 * The ids of the modules that the plugin makes. `~tilewright` exports all kernels of the configuration,
 * `~tilewright/registry` makes them known to `compile`, and `~tilewright/<name>/...` are the files of one kernel. An id
 * has no scheme such as `virtual:`, because webpack refuses schemes before it asks a plugin.
 */
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

export const ID = "~tilewright";

/**
 * The files of this package that kernels import, by the names under which they do. An app may resolve the name of the
 * package to something else.
 */
export const RUNTIME: ReadonlyMap<string, string> = new Map([
  ["tilewright/runtime", fileURLToPath(new URL("../runtime/built/index.js", import.meta.url))],
  ["tilewright/runtime/static", fileURLToPath(new URL("../runtime/built/static.js", import.meta.url))],
]);

/** Files of this package, which define no kernels. */
export const PACKAGE = `${fileURLToPath(new URL("..", import.meta.url)).replaceAll("\\", "/")}**`;

export const isOurs = (id: string): boolean => id === ID || id.startsWith(`${ID}/`);

/** The id of an imported module; undefined if the plugin does not make that module. */
export function resolveId(source: string, importer: string | undefined): string | undefined {
  if (isOurs(source)) return source;
  if (importer === undefined || !isOurs(importer)) return undefined;
  return source.startsWith(".") ? posix.join(folderOf(importer), source) : undefined;
}

const folderOf = (id: string): string => (id === ID ? ID : posix.dirname(`${ID}/${pathOf(id)}`));

/** The path of a module among the files of a build. */
export function pathOf(id: string): string {
  const path = id.slice(ID.length + 1);
  return path === "" ? "index.js" : path === "registry" ? "registry.js" : path;
}
