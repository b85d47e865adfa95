/** The site's own scripts have no error of types. Only the site's packages tell, so the project's check omits them. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { IS_NIGHT } from "../support/effort.js";
import { DIST, needs, SITE } from "../support/needs.js";

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const has = {
  [DIST]: existsSync(root("build")),
  [SITE]: existsSync(root("site/node_modules/vitepress")),
  "time (npm run test:nightly)": IS_NIGHT,
};

describe("the site's scripts", needs(has), () => {
  test("have no error", { timeout: 300_000 }, () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [root("node_modules/typescript/bin/tsc"), "-p", root("site")],
      {
        encoding: "utf8",
      },
    );
    expect(status, stdout).toBe(0);
  });
});
