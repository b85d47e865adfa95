/** The browser that tests run in, where this machine has one. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** Some systems have a file of that name which only says how to get the real one. */
const canRun = (path: string): boolean =>
  existsSync(path) && spawnSync(path, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0;

/** The path of a Chromium: TILEWRIGHT_CHROMIUM, or the first one there is. */
export function findChromium(): string | undefined {
  const named = process.env.TILEWRIGHT_CHROMIUM;
  if (named !== undefined && named !== "") return named;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...PLACES].find(canRun);
}
