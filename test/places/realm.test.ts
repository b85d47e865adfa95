/** Realms that lack what the library might count on: a window of jsdom in Jest, and engines without finalizers. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { DIST, needs } from "../support/needs.js";

const built = existsSync(new URL("../../dist/runtime/index.js", import.meta.url));

describe("a realm", needs({ [DIST]: built }), () => {
  function inRealm(...given: readonly string[]): unknown {
    const flags = ["--experimental-vm-modules", "--no-warnings"];
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, "realm.mjs", "inRealm.js", ...given], {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  }

  const calls = new Array<boolean>(8).fill(true);

  test("like a jsdom window in Jest, without TextEncoder, takes arrays of other realms", () => {
    const globals = { encoder: "undefined", registry: "function", isStrange: true };
    expect(inRealm()).toEqual({ globals, calls, threads: "2" });
  });

  test("without FinalizationRegistry serves calls all the same", () => {
    const globals = { encoder: "undefined", registry: "undefined", isStrange: true };
    expect(inRealm("FinalizationRegistry")).toEqual({ globals, calls, threads: "2" });
  });
});
