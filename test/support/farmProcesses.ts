/** Processes of a farm, and what they do: who tunes, how much it takes of the machine, and who begins to measure what. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { readRecords } from "../../src/tune/records.js";
import type { TestServer } from "./nats.js";

const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Place {
  readonly server: TestServer;
  readonly folder: string;
  /** What the test does at its end. */
  readonly ends: (() => Promise<void> | void)[];
}

/** Starts a command of the farm. The test's end kills it. */
export function startFarm({ server, folder, ends }: Place, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [CLI, "farm", ...args, "--server", server.url], { cwd: folder, stdio: "pipe" });
  ends.push(() => void child.kill("SIGKILL"));
  return child;
}

interface TunedClass {
  readonly target: { readonly language: string };
  readonly machine: { readonly engine: string };
  readonly kernels: readonly { name: string; state: string; candidates: number; limit: number }[];
}

/** Milliseconds between two looks at a process. */
const LOOK_MS = 200;
/** As Linux counts: clock ticks of a second, and bytes of a page. */
const [TICKS, PAGE] = [100, 4096];

/** A tuner in a process of its own: what it prints, how much of a processor it took, and its memory over time. */
export async function tuneInProcess(
  place: Place,
  kernels: Readonly<Record<string, unknown>>,
  ...args: readonly string[]
) {
  writeFileSync(join(place.folder, "tilewright.config.json"), JSON.stringify({ kernels }));
  const begin = performance.now();
  const child = startFarm(place, "tune", "--json", "--records", "farm.jsonl", ...args);
  let [out, cpuSeconds] = ["", 0];
  const megabytes: number[] = [];
  child.stdout?.on("data", (part) => {
    out += part;
  });
  const look = setInterval(() => {
    const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(" ");
    cpuSeconds = (Number(fields[13]) + Number(fields[14])) / TICKS;
    megabytes.push((Number(fields[23]) * PAGE) / 1e6);
  }, LOOK_MS);
  const code = await new Promise((resolve) => child.on("exit", resolve).on("exit", () => clearInterval(look)));
  expect(code).toBe(0);
  const seconds = (performance.now() - begin) / 1000;
  const { classes, refused } = JSON.parse(out) as { readonly classes: readonly TunedClass[]; readonly refused: number };
  const { records, faults } = readRecords(readFileSync(join(place.folder, "farm.jsonl"), "utf8"));
  expect(faults.size).toBe(0);
  expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  return { classes, refused, records, seconds, cpuSeconds, megabytes };
}
