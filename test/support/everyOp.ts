/** A small spec of every op of the library, out of everyOp.json: the site's gallery of ops is made of the same table. */
import { readFileSync } from "node:fs";
import type { GivenSpec } from "tilewright";

export const EVERY_OP: readonly GivenSpec[] = JSON.parse(
  readFileSync(new URL("./everyOp.json", import.meta.url), "utf8"),
);
