/** The library's page in browsers other than Chromium, which are started with its address and nothing else. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Report, SPECS, waysOf } from "../browser/page/jobs.js";
import { bundle, PageServer } from "../browser/server.js";
import { newFolder } from "../support/folder.js";
import { findProgram } from "../support/installed.js";
import { needs } from "../support/needs.js";

const LIBRARIES = ["x86_64", "aarch64"].map((machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1`);

const firefox = findProgram(["firefox", "firefox-esr"]);
// Neither runs without a screen, or tells its version.
const miniBrowser = LIBRARIES.map((folder) => join(folder, "MiniBrowser")).find((path) => existsSync(path));
const xvfb = ["/usr/bin/xvfb-run"].find((path) => existsSync(path));

interface Browser {
  readonly title: string;
  /** What a page's address completes, or undefined where the browser is not installed. */
  readonly command: ((profile: string) => readonly [string, ...string[]]) | undefined;
  readonly missing: string;
}

const BROWSERS: readonly Browser[] = [
  {
    title: "Firefox",
    command: firefox ? (profile) => [firefox, "--headless", "--no-remote", "--profile", profile] : undefined,
    missing: "Debian's firefox-esr",
  },
  {
    title: "WebKitGTK",
    // The browser that comes with the library has no mode without a screen.
    command: miniBrowser && xvfb ? () => [xvfb, "--auto-servernum", miniBrowser, "--private"] : undefined,
    missing: "Debian's webkit2gtk-driver and xvfb",
  },
];

const ISOLATED = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

describe.each(BROWSERS)("$title", ({ command, missing }) => {
  const folder = newFolder();
  const server = new PageServer(folder);
  beforeAll(async () => {
    if (command) await Promise.all([bundle(folder), server.start()]);
  }, 120_000);
  afterAll(async () => {
    if (command) await server.stop();
  });

  /** What the page posts. */
  async function reportOf(headers: Readonly<Record<string, string>>): Promise<Report> {
    if (!command) throw new Error(`${missing} is not installed`);
    const profile = newFolder();
    const { url, report } = server.page("main", headers);
    // A group of its own, as a browser has many processes.
    const [program, ...given] = command(profile);
    const env = { ...process.env, TMPDIR: profile }; // what it leaves behind goes with the profile
    const browser = spawn(program, [...given, url], { stdio: "ignore", detached: true, env });
    const ended = new Promise<void>((resolve) => void browser.on("exit", () => resolve()));
    try {
      return (await report) as Report;
    } finally {
      process.kill(-(browser.pid as number), "SIGKILL");
      await ended;
    }
  }

  test.each([
    ["a page", {}],
    ["a page that is isolated, with threads", ISOLATED],
  ])(
    "%s: every tier gives what the definition says",
    { ...needs({ [missing]: command }), timeout: 120_000 },
    async (_, headers) => {
      const { tiers, isolated, calls, violations, error } = await reportOf(headers);
      expect(error).toBeNull();
      expect({ tiers, isolated, violations }).toEqual({
        tiers: ["wasm", "js", "plain"],
        isolated: headers === ISOLATED,
        violations: [],
      });
      expect(calls.filter(({ isRight }) => !isRight)).toEqual([]);
      expect(calls.length).toBe(Object.keys(SPECS).flatMap(waysOf).length);
    },
  );
});
