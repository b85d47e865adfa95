/**
 * A package.json for the folder of generated files, which are ES modules: Node takes files named .js for CommonJS where
 * the nearest package.json does not say otherwise.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { VERSION } from "../ir/version.js";

/** The beginning of such a file, which tells it from one that somebody else wrote. */
export const MANIFEST_MARK = '{\n  "//": "Written by tilewright';

const TEXT = `${MANIFEST_MARK} ${VERSION} (tilewright build). Do not edit.",
  "type": "module",
  "sideEffects": ["./registry.js"]
}
`;

/** The file by its name, if the folder needs one. */
export const manifestFor = (folder: string): ReadonlyMap<string, string> =>
  new Map(isModuleScope(folder) ? [] : [["package.json", TEXT]]);

/** True if modules in the folder are ES modules without help, or if a package.json of somebody else lies there. */
function isModuleScope(folder: string): boolean {
  const own = textAt(folder);
  if (own !== undefined && !own.startsWith(MANIFEST_MARK)) return true;
  for (let [inner, outer] = [folder, dirname(folder)]; inner !== outer; [inner, outer] = [outer, dirname(outer)]) {
    const text = textAt(outer);
    if (text !== undefined) return /"type"\s*:\s*"module"/.test(text);
  }
  return false;
}

const textAt = (folder: string): string | undefined => {
  const path = join(folder, "package.json");
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
};
