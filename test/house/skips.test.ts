/** Tests that are skipped say what they lack. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const TESTS = fileURLToPath(new URL("..", import.meta.url));

test("a test is skipped by what it needs, so that the end of a run can list it", () => {
  const files = readdirSync(TESTS, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".test.ts"));
  const silent = files.filter((path) =>
    /\.(skipIf|runIf|skip)\b(?!\((DRIVER)\))/.test(readFileSync(`${TESTS}/${path}`, "utf8")),
  );
  expect(silent.filter((path) => !path.endsWith("skips.test.ts"))).toEqual([]);
});
