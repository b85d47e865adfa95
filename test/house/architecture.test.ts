/** What ARCHITECTURE.md says of layers and files is what `npm run docs` writes today. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DOCUMENT, withGenerated } from "../../scripts/architecture.js";

const document = readFileSync(DOCUMENT, "utf8");

test("ARCHITECTURE.md is up to date; if not, npm run docs writes it", () => {
  expect(document).toBe(withGenerated(document));
});

test("a line that somebody changed is written anew", () => {
  const changed = document.replace("\n    src/ir/\n", "\n    src/somewhere/\n");
  expect(changed).not.toBe(document);
  expect(withGenerated(changed)).toBe(document);
});

test("without its markers there is no place to write to", () => {
  expect(() => withGenerated("# Architecture")).toThrow("<!-- layers end -->");
});
