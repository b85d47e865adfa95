/** How `npm start` ends where nobody looks: with the command that shows the site, and at once. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("in a pipe it prints the command and ends, whether or not the site's packages are installed", () => {
  const start = fileURLToPath(new URL("../../site/start.js", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [start], { encoding: "utf8", timeout: 10_000 });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^\n.*(npm ci --prefix site && )?npm run site -- --open\n$/);
});
