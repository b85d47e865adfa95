/** generated/ is what the compiler makes today: a change there is a change of code, to be read and committed. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { build } from "../src/build/build.js";

test("generated/ is up to date (npm run generate)", async () => {
  const report = await build({ cwd: fileURLToPath(new URL("..", import.meta.url)), check: true });
  expect(report).toMatchObject({ out: "generated", written: [], removed: [] });
  expect(report.kernels.length).toBe(17);
});
