/** The package as it is published: entries that resolve, with types, for everybody who imports. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, test } from "vitest";
import { newFolder } from "../support/folder.js";
import { DIST, needs } from "../support/needs.js";
import { isBuilt, manifest, pack, repository } from "../support/packed.js";

describe("the package", needs({ [DIST]: isBuilt }), () => {
  test("is what publint expects", async () => {
    const { messages } = await publint({ pkgDir: repository, strict: true });
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  test("has types that are right for whoever imports it", () => {
    const attw = fileURLToPath(new URL("../../node_modules/@arethetypeswrong/cli/dist/index.js", import.meta.url));
    const arguments_ = [attw, pack(newFolder()), "--profile", "esm-only", "--no-emoji", "--no-color"];
    const { status, stdout } = spawnSync(process.execPath, arguments_, { encoding: "utf8", timeout: 120_000 });
    expect(status, stdout).toBe(0);
  }, 150_000);

  test("exports what ARCHITECTURE.md draws, each with types", () => {
    const entries = Object.entries(manifest.exports as Record<string, string | { types: string; default: string }>);
    expect(entries.map(([name]) => name)).toEqual([
      ".",
      "./runtime",
      "./runtime/static",
      "./compiler",
      "./tuning",
      "./tfjs",
      "./config",
      "./vite",
      "./rollup",
      "./rolldown",
      "./webpack",
      "./esbuild",
      "./package.json",
    ]);
    for (const [name, entry] of entries) {
      if (typeof entry === "string") continue;
      expect(existsSync(join(repository, entry.types)), name).toBe(true);
      expect(existsSync(join(repository, entry.default)), name).toBe(true);
    }
    expect(manifest.sideEffects).toBe(false);
  });
});
