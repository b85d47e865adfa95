/** generated/ is what the compiler makes today: a change there is a change of code, to be read and committed. */
import { readdirSync, readFileSync } from "node:fs";
import * as compiler from "tilewright/compiler";
import { expect, test } from "vitest";
import { folder, generate } from "../scripts/generate.js";

test("generated/ is up to date (npm run generate)", () => {
  const fresh = generate(compiler);
  expect(readdirSync(folder).sort()).toEqual([...fresh.keys()].sort());
  for (const [file, text] of fresh) expect(readFileSync(new URL(file, folder), "utf8"), file).toBe(text);
});
