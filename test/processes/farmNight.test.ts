/**
 * A farm under all that can happen at once, and one with 200 workers. They take minutes, so they run at night, and print
 * what they have measured.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { reportSubject } from "../../src/farm/names.js";
import { readRecords } from "../../src/tune/records.js";
import { best, byKernel, gainOf, pointKey, tunedKey } from "../../src/tune/selection.js";
import { IS_NIGHT, SEED } from "../support/effort.js";
import { CLASS, connectTo, gainFor, recordFor, simulate } from "../support/farm.js";
import { newFolder } from "../support/folder.js";
import { hasNats, NATS, startNats, type TestServer } from "../support/nats.js";
import { needs, TIME } from "../support/needs.js";
import { SPEC } from "../support/tuning.js";

const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let server: TestServer;
let folder: string;
const ends: (() => Promise<void> | void)[] = [];
beforeEach(async () => {
  folder = newFolder();
  if (hasNats && IS_NIGHT) server = await startNats();
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await server?.stop();
});

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [CLI, "farm", ...args, "--server", server.url], { cwd: folder, stdio: "pipe" });
  ends.push(() => void child.kill("SIGKILL"));
  return child;
}

/** A tuner in a process of its own: what it prints, and how much of a processor it took. */
async function tuned(kernels: Readonly<Record<string, unknown>>, ...args: string[]) {
  writeFileSync(join(folder, "tilewright.config.json"), JSON.stringify({ kernels }));
  const begin = performance.now();
  const child = start("tune", "--json", "--records", "farm.jsonl", ...args);
  let [out, cpuSeconds, megabytes] = ["", 0, 0];
  child.stdout?.on("data", (part) => {
    out += part;
  });
  const look = setInterval(() => {
    const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(" ");
    cpuSeconds = (Number(fields[13]) + Number(fields[14])) / 100;
    megabytes = Math.max(megabytes, (Number(fields[23]) * 4096) / 1e6);
  }, 200);
  const code = await new Promise((resolve) => child.on("exit", resolve).on("exit", () => clearInterval(look)));
  expect(code).toBe(0);
  const seconds = (performance.now() - begin) / 1000;
  const { classes } = JSON.parse(out) as {
    classes: { kernels: { name: string; state: string; candidates: number; limit: number }[] }[];
  };
  const { records, faults } = readRecords(readFileSync(join(folder, "farm.jsonl"), "utf8"));
  expect(faults.size).toBe(0);
  expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  return { classes, records, seconds, cpuSeconds, megabytes };
}

const conv = (size: number, channels: number) => ({
  ...{ op: "conv2d", value: [1, size, size, channels], filters: [3, 3, channels, channels], padding: "SAME" },
});

describe("at night, a farm", needs({ [NATS]: hasNats, [TIME]: IS_NIGHT }), () => {
  test("survives all at once: kills, pauses, a liar, 10,000 hostile messages and a server that is restarted", async () => {
    const kernels = Object.fromEntries([8, 16, 24, 33].map((size) => [`k${size}`, conv(size, 8)]));
    const steady = [1, 2].map(() => start("work", "--target", "js"));
    let victim = start("work", "--target", "js");
    const killing = setInterval(() => {
      victim.kill("SIGKILL");
      victim = start("work", "--target", "js");
    }, 5000);
    ends.push(() => clearInterval(killing));
    const [paused] = steady;
    const resume = setTimeout(() => {
      paused?.kill("SIGSTOP");
      setTimeout(() => paused?.kill("SIGCONT"), 30_000);
    }, 5000);
    ends.push(() => clearTimeout(resume));
    const deviceClass = {
      machine: {
        engine: `V8 ${process.versions.v8.split(".").slice(0, 2).join(".")}`,
        processor: process.arch,
        threads: 1,
      },
      target: { language: "js" },
    } as const;
    ends.push(
      await simulate(server, {
        number: 9,
        deviceClass,
        measure: async (job) => {
          await pause(300);
          return recordFor(job, 10);
        },
      }),
    );
    setTimeout(() => void server.restart(), 15_000);
    setTimeout(async () => {
      const stranger = await connectTo(server);
      ends.push(() => stranger.close());
      for (let i = 0; i < 10_000; i++) {
        stranger.publish(
          reportSubject(deviceClass),
          Uint8Array.from({ length: i % 3000 }, (_, place) => (i * place) % 256),
        );
        if (i % 500 === 0) await stranger.flush();
      }
    }, 8000);
    const { classes, records, ...figures } = await tuned(kernels, "--target", "js", "--quorum", "2");
    console.log(JSON.stringify({ test: "all at once", records: records.length, ...figures }));
    expect(classes.flatMap((one) => one.kernels.map(({ state }) => state))).toEqual(
      Object.keys(kernels).map(() => "done"),
    );
    // A liar says ten; with two that must agree, a winner has an honest record too.
    for (const group of byKernel(records).values()) {
      const winner = best(group)?.record;
      const own = group.filter((record) => winner && pointKey(record) === pointKey(winner));
      if (winner) expect(own.some((record) => gainOf(record).median < 9)).toBe(true);
    }
    const counts = new Map<string, number>();
    for (const record of records) {
      const key = `${tunedKey(record)} ${pointKey(record)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(3);
    expect(figures.megabytes).toBeLessThan(600);
  }, 600_000);

  test(`with 200 workers leaves its coordinator idle most of the time (seed ${SEED})`, async () => {
    const workers = 200;
    const kernels = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`k${i}`, { ...SPEC, value: [1, 8 + i, 8, 8] }]),
    );
    let measured = 0;
    for (let number = 1; number <= workers; number++) {
      const end = await simulate(server, {
        number,
        measure: async (job) => {
          measured++;
          await pause(500 + ((number * SEED) % 1000));
          return recordFor(job, gainFor(job.point));
        },
      });
      ends.push(end);
    }
    const { records, seconds, cpuSeconds, megabytes } = await tuned(kernels, "--level", "balanced");
    const { taken, given } = await server.messages();
    const rates = { candidates: measured / seconds, taken: taken / seconds, given: given / seconds };
    console.log(
      JSON.stringify({ test: "200 workers", measured, seconds, rates, share: cpuSeconds / seconds, megabytes }),
    );
    expect(records.every(({ machine }) => machine.engine === CLASS.machine.engine)).toBe(true);
    expect(measured).toBe(records.length);
    expect(new Set(records.map((record) => `${tunedKey(record)} ${pointKey(record)}`)).size).toBe(records.length);
  }, 600_000);
});
