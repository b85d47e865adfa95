/** Processes that tune: killed at any moment, several at once, interrupted; what was measured is kept and not measured again. */
import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { readRecords } from "../../src/tune/records.js";
import { pointKey, tunedKey } from "../../src/tune/selection.js";
import { newFolder } from "../support/folder.js";

const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const KILLS = Number(process.env.TILEWRIGHT_KILLS ?? 4);

let folder: string;
beforeAll(() => {
  folder = newFolder();
  const sizes = { a: [12, 12, 8], b: [17, 9, 5], c: [1, 96, 16], d: [9, 9, 3] };
  const kernels = Object.entries(sizes).map(([name, [height, width, channels]]) => [
    name,
    { op: "conv2d", value: [1, height, width, channels], filters: [3, 3, channels, 8], rate: 1, padding: "SAME" },
  ]);
  writeFileSync(join(folder, "tilewright.config.json"), JSON.stringify({ kernels: Object.fromEntries(kernels) }));
});

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [CLI, "tune", ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const end = (child: ChildProcess): Promise<Ended> =>
  new Promise((resolve) => {
    const [out, err] = [child.stdout, child.stderr].map((stream) => {
      const parts: string[] = [];
      stream?.setEncoding("utf8").on("data", (part: string) => parts.push(part));
      return parts;
    });
    child.on("close", (code) => resolve({ code, out: out?.join("") ?? "", err: err?.join("") ?? "" }));
  });

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const readFrom = (name: string) => readRecords(readFileSync(join(folder, name), "utf8"));

/** Waits until so many are written. */
async function lines(name: string, count: number): Promise<void> {
  const path = join(folder, name);
  while (!existsSync(path) || readFileSync(path, "utf8").split("\n").length <= count) await pause(50);
}

/** What is measured, as text. */
const namesIn = (name: string) => readFrom(name).records.map((record) => `${tunedKey(record)} ${pointKey(record)}`);

describe("a process that tunes", () => {
  test(`killed ${KILLS} times leaves a file that can be read, and measures nothing twice`, async () => {
    for (let i = 0; i < KILLS; i++) {
      const child = start("--records", "killed.jsonl", "--level", "balanced");
      const ended = end(child);
      await lines("killed.jsonl", i + 1);
      await pause((i * 397) % 1100);
      child.kill("SIGKILL");
      await ended;
      // A line is written at once, so not even half of one is lost.
      expect([...readFrom("killed.jsonl").faults]).toEqual([]);
    }
    const before = namesIn("killed.jsonl");
    expect(before.length).toBeGreaterThan(0);
    // What a machine that loses its power can leave.
    appendFileSync(join(folder, "killed.jsonl"), '{"format":"tilewright-tuning","version":1,"id":"0123');
    const { code } = await end(start("--records", "killed.jsonl", "--only", "d", "--budget", "3"));
    expect(code).toBe(0);
    const after = namesIn("killed.jsonl");
    expect([...readFrom("killed.jsonl").faults.values()]).toEqual([1]);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(new Set(after).size).toBe(after.length);
  }, 120_000);

  test("shares a file with three others, and every record survives", async () => {
    const args = ["--records", "shared.jsonl", "--level", "balanced", "--budget", "12", "--json"];
    const children = ["a", "b", "c", "d"].map((only) => end(start(...args, "--only", only)));
    const results = await Promise.all(children);
    const kept = results.flatMap(({ code, out }) => {
      expect(code).toBe(0);
      const { kernels } = JSON.parse(out) as { kernels: { candidates: number }[] };
      return kernels.map(({ candidates }) => candidates);
    });
    const { records, faults } = readFrom("shared.jsonl");
    expect(faults.size).toBe(0);
    expect(records.length).toBe(kept.reduce((sum, count) => sum + count, 0));
    expect(records.length).toBeGreaterThan(3);
  }, 60_000);

  test("that is interrupted keeps what it has, says so, and exits as shells expect", async () => {
    const child = start("--records", "interrupted.jsonl", "--level", "balanced");
    const ended = end(child);
    await lines("interrupted.jsonl", 3);
    child.kill("SIGINT");
    const { code, out, err } = await ended;
    expect(code).toBe(130);
    expect(err).toContain("the same command goes on");
    expect(out).toMatch(/records in interrupted\.jsonl/);
    const { records, faults } = readFrom("interrupted.jsonl");
    expect(faults.size).toBe(0);
    expect(records.every(({ outcome }) => outcome === "measured")).toBe(true);
  }, 60_000);

  test.each(["tuning 4 kernels", "[1/4]", "[2/4]"])(
    "that is interrupted twice around what it says as %j leaves whole lines, or no file",
    async (said) => {
      const name = `stage-${said.replace(/\W/g, "")}.jsonl`;
      const child = start("--records", name);
      const ended = end(child);
      await new Promise<void>((resolve) => {
        let text = "";
        child.stderr?.on("data", (part: string) => {
          text += part;
          if (text.includes(said)) resolve();
        });
        child.on("close", () => resolve());
      });
      child.kill("SIGINT");
      await pause(5);
      child.kill("SIGINT");
      const { code } = await ended;
      // The second interrupt ends a process that is still tidying: then there is a signal and no code.
      expect([130, null]).toContain(code);
      if (existsSync(join(folder, name))) expect([...readFrom(name).faults]).toEqual([]);
      expect(existsSync(join(folder, name))).toBe(said !== "tuning 4 kernels");
    },
    60_000,
  );

  test("ends by its budget alone, and measures nothing twice", async () => {
    const args = ["--records", "budget.jsonl", "--level", "exhaustive", "--budget", "4"];
    await end(start(...args));
    const before = namesIn("budget.jsonl");
    await end(start(...args));
    const after = namesIn("budget.jsonl");
    expect(after.slice(0, before.length)).toEqual(before);
    expect(new Set(after).size).toBe(after.length);
  }, 60_000);

  test.each([
    [["--level", "fast"], "--level takes one of estimate, quick, balanced, exhaustive"],
    [["--budget", "-1"], "--budget takes a number above 0"],
    [["--only", "e"], "there is no kernel e; there are a, b, c, d"],
    [["--target", "webgpu"], "--target takes wasm or js"],
    [["--records", "/proc/no/such"], "cannot be written"],
    [["--quick"], "there is no option --quick"],
  ])("refuses %j", async (args, sentence) => {
    const { code, err } = await end(start(...args));
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(err.trim().split("\n").length).toBe(1);
  });
});
