/** The browser that tests run in, where this machine has one. */
import { canRun, findProgram } from "../support/installed.js";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** The path of a Chromium: TILEWRIGHT_CHROMIUM, or the first one there is. */
export function findChromium(): string | undefined {
  const named = process.env.TILEWRIGHT_CHROMIUM;
  if (named !== undefined && named !== "") return named;
  return findProgram(NAMES) ?? PLACES.find(canRun);
}
