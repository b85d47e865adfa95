/**
 * A farm with a server of its own: workers that lie, die and come late, strangers that send anything, a server that is
 * restarted. Nothing is lost, nothing wrong wins, and the next run goes on.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { nkeys } from "@nats-io/nats-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { formatFarm } from "../../src/cli/farmText.js";
import { Coordinator } from "../../src/farm/coordinator.js";
import { encodeHello, encodeReport, type FarmJob, parseJob } from "../../src/farm/messages.js";
import { candidateId, classId, HELLO, jobsOf, MEASURED, reportSubject, WORK } from "../../src/farm/names.js";
import { composeFiles, serverConf } from "../../src/farm/node/compose.js";
import { EFFORTS } from "../../src/tune/levels.js";
import type { TuningRecord } from "../../src/tune/record.js";
import { readRecords } from "../../src/tune/records.js";
import { best, byKernel, gainOf, machineKey } from "../../src/tune/selection.js";
import { IS_NIGHT } from "../support/effort.js";
import { aboutOf, CLASS, connectTo, gainFor, kernelsOf, recordFor, runFarm, simulate } from "../support/farm.js";
import { newFolder } from "../support/folder.js";
import { hasNats, NATS, startNats, type TestServer } from "../support/nats.js";
import { needs } from "../support/needs.js";

const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const { candidates } = EFFORTS.quick;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let server: TestServer;
const ends: (() => Promise<void>)[] = [];
beforeEach(async () => {
  if (hasNats) server = await startNats();
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  if (hasNats) await server.stop();
});

const worker = async (...given: Parameters<typeof simulate> extends [unknown, ...infer Rest] ? Rest : never) => {
  const end = await simulate(server, ...given);
  ends.push(end);
  return end;
};

const countOf = <T>(all: readonly T[]): ReadonlyMap<T, number> =>
  all.reduce((counts, one) => counts.set(one, (counts.get(one) ?? 0) + 1), new Map<T, number>());

/** What never ended with the truth: fastest by the lie alone. */
const lying = (factor: number) => async (job: FarmJob) => recordFor(job, factor);

describe("a farm", needs({ [NATS]: hasNats }), () => {
  test("tunes every kernel with two workers, measures nothing twice, and goes on where it was", async () => {
    for (const number of [1, 2]) await worker({ number });
    const kernels = kernelsOf(2);
    const { events, unbegun, kept, refused } = await runFarm(server, kernels);
    expect(unbegun).toEqual([]);
    expect(events.map(({ event }) => [event.state, event.candidates])).toEqual(kernels.map(() => ["done", candidates]));
    expect(refused).toBe(0);
    expect(kept.length).toBe(2 * candidates);
    expect(new Set(kept.map(aboutOf)).size).toBe(kept.length);
    expect(new Set(kept.map(({ machine }) => machineKey(machine)))).toEqual(new Set([machineKey(CLASS.machine)]));
    // Another coordinator knows all of it from the server: nothing is left to do but to write it down.
    const again = await runFarm(server, kernels);
    expect(again.events.map(({ event }) => event.compared)).toEqual([0, 0]);
    expect(new Set(again.kept.map(({ id }) => id))).toEqual(new Set(kept.map(({ id }) => id)));
  });

  test("that is stopped says how many kernels no worker was left to begin", async () => {
    await worker({ number: 1 });
    const stop = new AbortController();
    const keep = () => stop.abort();
    const { events, unbegun } = await runFarm(server, kernelsOf(3), { signal: stop.signal, keep });
    expect(events.map(({ event }) => event.state)).toEqual(["interrupted"]);
    expect(unbegun).toEqual([{ deviceClass: CLASS, kernels: 2 }]);
    const text = formatFarm({ events, unbegun, refused: 0 }, "records.jsonl");
    expect(text).toContain("V8 13.6 x64 wasm relaxed: 2 kernels not begun, as time was up or its workers were gone;");
  });

  test("is shared by two coordinators at once: each has all records, and nothing is measured twice", async () => {
    const measured: string[] = [];
    const measure = async (job: FarmJob) => {
      const record = recordFor(job, gainFor(job.point));
      measured.push(aboutOf(record));
      return record;
    };
    for (const number of [1, 2, 3]) await worker({ number, measure });
    const kernels = kernelsOf(2);
    const runs = await Promise.all([runFarm(server, kernels), runFarm(server, kernels)]);
    for (const { kept } of runs) expect(new Set(kept.map(aboutOf)).size).toBe(kept.length);
    for (const { events } of runs)
      expect(events.map(({ event }) => event.candidates)).toEqual([candidates, candidates]);
    expect(Math.max(...countOf(measured).values())).toBe(1);
  });

  test("goes on where its server is restarted in the middle", async () => {
    let count = 0;
    const measure = async (job: FarmJob) => {
      if (++count === 5) void server.restart();
      await pause(20);
      return recordFor(job, gainFor(job.point));
    };
    for (const number of [1, 2]) await worker({ number, measure });
    const { events, kept } = await runFarm(server, kernelsOf(1));
    expect(events[0]?.event).toMatchObject({ state: "done", candidates });
    expect(new Set(kept.map(aboutOf)).size).toBe(candidates);
  });

  test("with a quorum lets no single liar decide, whatever it says", async () => {
    await worker({ number: 1, measure: lying(10) });
    for (const number of [2, 3]) await worker({ number });
    const { events, kept } = await runFarm(server, kernelsOf(1), { quorum: 2 });
    expect(events[0]?.event).toMatchObject({ state: "done" });
    const winner = best(kept) as { readonly record: TuningRecord };
    const truth = winner && gainFor(winner.record);
    if (winner) expect(truth).toBeGreaterThan(1);
    // The lies that are written down are those that somebody else confirmed.
    const lies = kept.filter((record) => gainOf(record).median === 10);
    for (const lie of lies) expect(gainFor(lie)).toBeGreaterThan(1);
  });

  test("believes nothing that strangers send", async () => {
    await worker({ number: 1 });
    const stranger = await connectTo(server);
    ends.push(() => stranger.close());
    const running = runFarm(server, kernelsOf(1));
    const [first] = kernelsOf(20).slice(19);
    const invented = encodeReport({
      worker: "f".repeat(16),
      record: recordFor({ ...jobOf(first), level: "quick" }, 99),
    });
    const hostile = [
      new Uint8Array(),
      new TextEncoder().encode("{"),
      new Uint8Array(5000),
      invented,
      encodeHello(HELLO_OF),
    ];
    const count = IS_NIGHT ? 10_000 : 200;
    const before = process.memoryUsage().heapUsed;
    await pause(300); // until its streams are there
    for (let i = 0; i < count; i++) stranger.publish(reportSubject(CLASS), hostile[i % hostile.length] as Uint8Array);
    for (const message of hostile) stranger.publish(HELLO, message);
    await stranger.flush();
    const { events, kept, refused } = await running;
    expect(events[0]?.event).toMatchObject({ state: "done", candidates });
    expect(kept.every((record) => gainOf(record).median < 2)).toBe(true);
    expect(refused).toBeGreaterThan(count / 2);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100e6);
  });

  test("keeps a worker's first report on a candidate, for this coordinator and all others", async () => {
    const stranger = await connectTo(server);
    ends.push(() => stranger.close());
    const coordinator = await Coordinator.open(stranger);
    const job = { ...jobOf(kernelsOf(1)[0]), level: "quick" as const };
    await coordinator.openClass(CLASS, [job.kernel]);
    const sender = jetstream(stranger);
    const gains = [1.5, 0.5, 2.5];
    for (const [i, gain] of gains.entries()) {
      const worker = (i === 2 ? "b" : "a").repeat(16); // the last one's report shows that those before it were checked
      await sender.publish(reportSubject(CLASS), encodeReport({ worker, record: recordFor(job, gain) }));
    }
    const second = await connectTo(server);
    ends.push(() => second.close());
    const other = await Coordinator.open(second);
    for (const one of [coordinator, other]) {
      const reports = one.reportsOn(CLASS, job.kernel);
      while (reports.on(candidateId(job)).size < 2) await reports.next(100);
      const medians = [...reports.on(candidateId(job)).values()].map((record) => gainOf(record).median);
      expect(medians.sort()).toEqual([1.5, 2.5]);
    }
  });

  test("tries a candidate that takes its worker with it once more, and then never again", async () => {
    const stranger = await connectTo(server);
    ends.push(() => stranger.close());
    const coordinator = await Coordinator.open(stranger);
    const job = { ...jobOf(kernelsOf(1)[0]), level: "quick" as const };
    await coordinator.openClass(CLASS, [job.kernel]);
    await coordinator.ask(job);
    const queue = await jetstream(stranger).consumers.get(WORK, classId(CLASS));
    for (let lease = 1; lease <= 2; lease++) {
      const message = await queue.next({ expires: 2000 });
      expect(parseJob(message?.data as Uint8Array)).toEqual(job);
      message?.nak(); // to the server a lease that ran out
    }
    const measured: FarmJob[] = [];
    await worker({
      number: 1,
      measure: async (one) => {
        measured.push(one);
        return undefined;
      },
    });
    const reports = coordinator.reportsOn(CLASS, job.kernel);
    const id = candidateId(job);
    while (reports.on(id).size === 0) await reports.next(100);
    expect([...reports.on(id).values()].map(({ outcome }) => outcome)).toEqual(["crashed"]);
    expect(measured).toEqual([]);
  });
});

describe("the server that compose describes", needs({ [NATS]: hasNats }), () => {
  test("lets a worker take jobs and send reports, and nothing else", async () => {
    await server.stop();
    const pairs = { coordinator: nkeys.createUser(), worker: nkeys.createUser() };
    const keys = { coordinator: pairs.coordinator.getPublicKey(), worker: pairs.worker.getPublicKey() };
    server = await startNats((places) => serverConf(keys, places));
    const at = { url: server.url, seed: pairs.worker.getSeed() };
    ends.push(await simulate(at, { number: 1 }));
    const { events } = await runFarm({ ...at, seed: pairs.coordinator.getSeed() }, kernelsOf(1));
    expect(events[0]?.event).toMatchObject({ state: "done", candidates });

    await expect(connectTo({ url: server.url })).rejects.toThrow(/authorization/i);
    await expect(runFarm(at, kernelsOf(1))).rejects.toMatchObject({ code: "server-unavailable" });
    const stranger = await connectTo(at);
    ends.push(() => stranger.close());
    const client = jetstream(stranger, { timeout: 500 });
    const denied: string[] = [];
    void (async () => {
      for await (const status of stranger.status()) if (status.type === "error") denied.push(status.error.message);
    })();
    await expect(client.publish(`${jobsOf(classId(CLASS)).slice(0, -1)}a.b.0`, "{}")).rejects.toThrow();
    await expect(
      jetstreamManager(stranger, { checkAPI: false, timeout: 500 }).then((it) => it.streams.delete(WORK)),
    ).rejects.toThrow();
    await expect(new Kvm(client).open(MEASURED).then((bucket) => bucket.put("a", "b"))).rejects.toThrow();
    stranger.subscribe(">");
    await vi.waitUntil(() => denied.length === 4);
    expect(denied.every((message) => /permissions violation/i.test(message))).toBe(true);
  });

  test("has keys of its own each time, and the seeds of none in its configuration", () => {
    const [one, other] = [composeFiles(), composeFiles()];
    expect(Object.keys(one)).toEqual(["docker-compose.yaml", "nats.conf", "coordinator.key", "worker.key"]);
    for (const name of ["coordinator.key", "worker.key"]) {
      expect(one[name]).toMatch(/^SU[A-Z2-7]{56}\n$/);
      expect(one[name]).not.toBe(other[name]);
      expect(one["nats.conf"]).not.toContain(one[name]?.trim());
    }
  });
});

/** A job for a kernel's first made-up point. */
function jobOf(kernel: ReturnType<typeof kernelsOf>[number] | undefined): Omit<FarmJob, "level"> {
  const { spec, wanted } = kernel as ReturnType<typeof kernelsOf>[number];
  return {
    ...{ deviceClass: CLASS, kernel: { spec, wanted, target: CLASS.target }, atLeast: 1, leftOut: [] },
    point: { algorithm: { kind: "direct" }, knobs: { row: "ox" } },
  };
}

const HELLO_OF = { worker: "f".repeat(16), deviceClass: { ...CLASS, target: { language: "js" } as const } };

describe("processes of a farm", needs({ [NATS]: hasNats }), () => {
  const start = (folder: string, ...args: string[]): ChildProcess => {
    const child = spawn(process.execPath, [CLI, "farm", ...args, "--server", server.url], {
      cwd: folder,
      stdio: "pipe",
    });
    ends.push(async () => void child.kill("SIGKILL"));
    return child;
  };
  const said = (child: ChildProcess, pattern: RegExp) =>
    new Promise<void>((resolve) => {
      let text = "";
      child.stderr?.on("data", (part) => {
        text += part;
        if (pattern.test(text)) resolve();
      });
    });

  test("measure, one of them killed while it does; the file has every record once", async () => {
    const folder = newFolder();
    const kernels = { a: { op: "conv2d", value: [1, 9, 9, 4], filters: [3, 3, 4, 4], padding: "SAME" } };
    writeFileSync(join(folder, "tilewright.config.json"), JSON.stringify({ kernels }));
    const workers = [1, 2].map(() => start(folder, "work", "--target", "js"));
    for (const child of workers) void said(child, /conv2d/).then(() => child === workers[0] && child.kill("SIGKILL"));
    const tuner = start(folder, "tune", "--target", "js", "--records", "farm.jsonl", "--json");
    let out = "";
    tuner.stdout?.on("data", (part) => {
      out += part;
    });
    const code = await new Promise((resolve) => tuner.on("close", resolve));
    expect(code).toBe(0);
    const { classes } = JSON.parse(out) as { classes: { kernels: { candidates: number; state: string }[] }[] };
    expect(classes.flatMap((one) => one.kernels.map(({ state }) => state))).toEqual(["done"]);
    const { records, faults } = readRecords(readFileSync(join(folder, "farm.jsonl"), "utf8"));
    expect(faults.size).toBe(0);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect([...byKernel(records).values()].map((group) => new Set(group.map(aboutOf)).size)).toEqual(
      classes.flatMap((one) => one.kernels.map((kernel) => kernel.candidates)),
    );
    expect(new Set(records.map(({ machine }) => machine.processor))).toEqual(new Set([process.arch]));
  }, 120_000);
});
