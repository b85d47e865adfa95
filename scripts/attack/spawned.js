// @ts-check
/** The command line in a process of its own: what it prints, what it takes, and what is wrong with that. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
/** Tells the parent what the process took, where there is a parent that listens. */
const REPORTER = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => {' +
    " try { writeSync(3, JSON.stringify(process.resourceUsage())); } catch {} });",
)}`;
/** Milliseconds after which a process is ended: it hangs. */
const PATIENCE = 30_000;
const MOST_SECONDS = 2;
const MOST_MEBIBYTES = 500;

/** @typedef {{ code: number | null, out: string, err: string, seconds: number, mebibytes: number }} Ran */

/** @param {readonly string[]} args @param {string} cwd @param {string} input standard input @returns {Promise<Ran>} */
export function tilewright(args, cwd, input = "") {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", REPORTER, MAIN, ...args], {
      cwd,
      stdio: ["pipe", "pipe", "pipe", "pipe"],
    });
    const texts = ["", "", ""];
    [child.stdout, child.stderr, child.stdio[3]].forEach((stream, i) => {
      stream?.on("data", (chunk) => {
        texts[i] += chunk;
      });
    });
    // A process may end without having read its input.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      const [out = "", err = "", usage = ""] = texts;
      const { userCPUTime = 0, systemCPUTime = 0, maxRSS = 0 } = usage === "" ? {} : JSON.parse(usage);
      resolve({ code, out, err, seconds: (userCPUTime + systemCPUTime) / 1e6, mebibytes: maxRSS / 1024 });
    });
  });
}

/** What is wrong with an answer of the command line; undefined if nothing is. @param {Ran} ran @param {boolean} isTimed */
export function faultOf({ code, out, err, seconds, mebibytes }, isTimed) {
  if (code === null) return `it was ended, or hung: ${err.slice(0, 500)}`;
  if (/^\s+at .*(:\d+:\d+|<anonymous>)/m.test(out + err)) return `it shows a stack: ${(err || out).slice(0, 1500)}`;
  if (code !== 0 && code !== 1) return `its exit code is ${code}: ${err.slice(0, 500)}`;
  if (code === 1 && !/^tilewright: \S/m.test(err)) return `it fails and says nothing: ${(err || out).slice(0, 500)}`;
  if (err.length > 3000) return `it says ${err.length} characters: ${err.slice(0, 300)}`;
  if (isTimed && seconds > MOST_SECONDS) return `it took ${seconds.toFixed(1)} s of processor time`;
  if (isTimed && mebibytes > MOST_MEBIBYTES) return `it took ${mebibytes.toFixed(0)} MiB`;
  return undefined;
}
