// @ts-check
/** Chromium, and what its process for the GPU costs: of a GPU in software, that is the time of all calls, whatever else runs. */
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { findChromium } from "../findChromium.js";

const FLAGS = [
  "--no-sandbox", // nothing but our own page is opened, and containers allow no sandbox
  "--enable-unsafe-webgpu",
  "--disable-dawn-features=timestamp_quantization",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @param {string | undefined} adapter such as `swiftshader`; the machine's own by default */
export async function openBrowser(adapter) {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error("there is no Chromium in the path; TILEWRIGHT_CHROMIUM may name one");
  const args = adapter === undefined ? FLAGS : [...FLAGS, `--use-webgpu-adapter=${adapter}`];
  return chromium.launch({ executablePath, args });
}

/** Ticks of the clock in /proc, which is what Linux gives everywhere. */
const TICKS_PER_SECOND = 100;

/**
 * A clock of the processor time that the browser's process for the GPU has taken, in milliseconds; undefined where /proc does
 * not tell.
 * @param {import("playwright-core").Browser} browser
 */
export async function gpuProcessClock(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const id = processInfo.find(({ type }) => type.toLowerCase() === "gpu")?.id;
  const clock = () => {
    try {
      // After the name in brackets, which may hold anything: user and system time are the 12th and 13th.
      const fields = readFileSync(`/proc/${id}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
    } catch {
      return undefined;
    }
  };
  return clock;
}
