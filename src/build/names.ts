/** Checks the name of a kernel: generated files export the kernel under its name, from a folder of that name. */
import { fail } from "../ir/errors.js";
import { JAVASCRIPT_WORDS } from "../ir/javascript.js";

const RESERVED: ReadonlySet<string> = new Set(JAVASCRIPT_WORDS.split(" "));

/**
 * Files beside the kernels' folders, and names that generated files import or export themselves. `__proto__` is here
 * because an object has no plain property of that name.
 */
const TAKEN = new Set(["index", "registry", "kernels", "register", "builtKernel", "BuiltKernel", "__proto__"]);

/** Names of devices on Windows, where no folder can have one, in any case. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)$/i;

/** Throws `invalid-argument`, which begins with `where`, unless a kernel may have the name. */
export function checkName(name: string, where: string): void {
  if (!/^[A-Za-z_$][\w$]*$/.test(name) || RESERVED.has(name)) {
    fail("invalid-argument", `${where} is no name to export; use letters, digits and _, and no word of JavaScript`);
  }
  if (DEVICES.test(name)) fail("invalid-argument", `${where}: Windows has no folder of that name; use another`);
  if (TAKEN.has(name)) fail("invalid-argument", `${where}: generated files need that name themselves; use another`);
}

/** A key that is equal for names that differ only in case, as many disks hold such folders for one. */
export const folderKey = (name: string): string => name.toLowerCase();
