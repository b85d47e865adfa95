// @ts-check
/** The Chromium of this machine. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** Some systems have a file of that name which only says how to get the real one. @param {string} path */
const canRun = (path) => existsSync(path) && spawnSync(path, ["--version"], { stdio: "ignore" }).status === 0;

/** The path of a Chromium: TILEWRIGHT_CHROMIUM, or the first one there is. */
export function findChromium() {
  if (process.env.TILEWRIGHT_CHROMIUM) return process.env.TILEWRIGHT_CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...PLACES].find(canRun);
}
