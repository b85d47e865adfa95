/** Which names a kernel may have: generated files export it under its name, from a folder of that name. */
import { fail } from "../ir/errors.js";

/** What `export const` takes no name from. */
const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for function if implements import in instanceof interface let new null package private protected public " +
    "return static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

/** Files beside the kernels' folders, and what generated files import or export themselves; `__proto__` is no plain key. */
const TAKEN = new Set(["index", "registry", "kernels", "register", "builtKernel", "BuiltKernel", "__proto__"]);

/** Throws `invalid-argument` with the path of the name. */
export function checkName(name: string, where: string): void {
  if (!/^[A-Za-z_$][\w$]*$/.test(name) || RESERVED.has(name)) {
    fail("invalid-argument", `${where} is no name to export; use letters, digits and _, and no word of JavaScript`);
  }
  if (TAKEN.has(name)) fail("invalid-argument", `${where}: generated files need that name themselves; use another`);
}

/** Folders of names that differ in nothing but case are one folder on many disks. */
export const folderKey = (name: string): string => name.toLowerCase();
