/**
 * A farm under all that can happen at once, and one with 200 workers. They take minutes, so they run at night, and print
 * what they have measured.
 */
import type { ChildProcess } from "node:child_process";
import { jetstreamManager } from "@nats-io/jetstream";
import { chromium, type Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { pointRow } from "../../src/cli/tuneText.js";
import { Coordinator } from "../../src/farm/coordinator.js";
import { type FarmJob, parseReport } from "../../src/farm/messages.js";
import { candidateId, type DeviceClass, REPORTS, REPORTS_SUBJECT, reportSubject } from "../../src/farm/names.js";
import { CHECKING } from "../../src/farm/streams.js";
import { specRow } from "../../src/ir/ops/specRow.js";
import { wasmFeaturesOf } from "../../src/runtime/compiledFor.js";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import { thisClass } from "../../src/tune/machine.js";
import type { TuningRecord } from "../../src/tune/record.js";
import { best, gainOf, groupedBy, machineKey, pointKey, tunedKey } from "../../src/tune/selection.js";
import { findChromium } from "../browser/chromium.js";
import { IS_NIGHT, SEED } from "../support/effort.js";
import { CLASS, connectTo, gainFor, recordFor, simulate } from "../support/farm.js";
import { serveFarmPage } from "../support/farmPage.js";
import { type Place, startFarm, tuneInProcess } from "../support/farmProcesses.js";
import { newFolder } from "../support/folder.js";
import { hasNats, NATS, startNats } from "../support/nats.js";
import { needs, TIME } from "../support/needs.js";
import { SPEC } from "../support/tuning.js";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const executablePath = findChromium();

let place: Place;
beforeEach(async () => {
  if (hasNats && IS_NIGHT) place = { server: await startNats(), folder: newFolder(), ends: [] };
});
afterEach(async () => {
  for (const end of place?.ends.splice(0).reverse() ?? []) await end();
  await place?.server.stop();
});

/** The class of this machine's workers in Node. */
const HERE: DeviceClass = {
  machine: thisClass(),
  target: wasmFeaturesOf({ ...wasmFeatures(), shared: false, revectorize: false }),
};

/** How often somebody began to measure a candidate, by what a worker says of it. */
class Begun {
  readonly #counts = new Map<string, number>();

  note(text: string): void {
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1);
  }

  of({ spec, algorithm, knobs }: TuningRecord): number {
    return this.#counts.get(`${specRow(spec)}: ${pointRow({ algorithm, knobs })}`) ?? 0;
  }

  /** Reads what a worker's process says, a line for each candidate. */
  hear(child: ChildProcess): ChildProcess {
    let rest = "";
    child.stderr?.on("data", (part) => {
      const lines = `${rest}${part}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.note(line);
    });
    return child;
  }
}

/** Four workers: one is killed every 5 seconds, each in its turn, and another takes its place; one is paused for 30. */
function startWorkers(begun: Begun): void {
  const start = () => begun.hear(startFarm(place, "work"));
  const workers = [1, 2, 3, 4].map(start);
  let turn = 0;
  const killing = setInterval(() => {
    const place = 1 + (turn++ % 3);
    workers[place]?.kill("SIGKILL");
    workers[place] = start();
  }, 5000);
  const pausing = setTimeout(() => workers[0]?.kill("SIGSTOP"), 5000);
  const going = setTimeout(() => workers[0]?.kill("SIGCONT"), 35_000);
  place.ends.push(() => {
    clearInterval(killing);
    for (const timer of [pausing, going]) clearTimeout(timer);
  });
}

/** Says of all candidates that they are ten times as fast. */
async function startLiar(begun: Begun): Promise<void> {
  const measure = async (job: FarmJob) => {
    const record = recordFor(job, 10);
    begun.note(`${specRow(record.spec)}: ${pointRow(record)}`);
    await pause(300);
    return record;
  };
  place.ends.push(await simulate(place.server, { number: 9, deviceClass: HERE, measure }));
}

const HOSTILE = 10_000;

/** Sends what no worker sends, once there is a stream that takes it; then the server loses its power. */
async function storm(): Promise<void> {
  const stranger = await connectTo(place.server);
  place.ends.push(() => stranger.close());
  const { streams } = await jetstreamManager(stranger);
  const isThere = () =>
    streams
      .info(REPORTS)
      .then(() => true)
      .catch(() => false);
  await vi.waitUntil(isThere, { timeout: 60_000 });
  for (let i = 0; i < HOSTILE; i++) {
    const data = Uint8Array.from({ length: i % 3000 }, (_, at) => (i * at) % 256);
    stranger.publish(reportSubject(HERE), data);
    if (i % 500 === 0) await stranger.flush();
  }
  await stranger.flush();
  await place.server.restart();
}

/** Two phones: pages of browsers with a memory of their own. */
async function startPages(): Promise<readonly Page[]> {
  const { url, close } = await serveFarmPage(place.server);
  const browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
  place.ends.push(async () => {
    await browser.close();
    close();
  });
  const open = async () => {
    const page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
    await page.goto(url);
    await page.getByRole("button", { name: "Start" }).click();
    return page;
  };
  return Promise.all([open(), open()]);
}

/** The ids of all good records that are sent while the test runs, by the keys of their entries. */
async function overhear(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const listener = await connectTo(place.server);
  place.ends.push(() => listener.close());
  const sent = new Map<string, Set<string>>();
  listener.subscribe(REPORTS_SUBJECT, {
    callback: (_, { data }) => {
      const report = parseReport(data);
      if (report) sent.set(keyOf(report), (sent.get(keyOf(report)) ?? new Set()).add(report.record.id));
    },
  });
  return sent;
}

const keyOf = ({ worker, record }: { readonly worker: string; readonly record: TuningRecord }): string =>
  `${candidateId({ deviceClass: record, kernel: record, point: record })}.${worker}`;

/** All entries, once a coordinator has checked every report that was sent: what was recorded, by key. */
async function entries(): Promise<ReadonlyMap<string, string>> {
  const connection = await connectTo(place.server);
  place.ends.push(() => connection.close());
  const { streams } = await Coordinator.open(connection);
  // After a loss of power the stream may hold messages again that were checked before; the consumer knows them.
  const isChecked = async () => {
    const { num_pending, num_ack_pending } = await streams.manager.consumers.info(REPORTS, CHECKING);
    return num_pending + num_ack_pending === 0;
  };
  await vi.waitUntil(isChecked, { timeout: 60_000 });
  const ids = new Map<string, string>();
  for await (const key of await streams.measured.keys()) {
    const report = parseReport((await streams.measured.get(key))?.value ?? new Uint8Array());
    if (report) ids.set(key, report.record.id);
  }
  return ids;
}

const conv = (size: number, channels: number) => ({
  ...{ op: "conv2d", value: [1, size, size, channels], filters: [3, 3, channels, channels], padding: "SAME" },
});

const ALL = { [NATS]: hasNats, [TIME]: IS_NIGHT };

describe("at night, a farm", needs({ ...ALL, Chromium: executablePath }), () => {
  test("survives all at once: kills, a pause, a liar, hostile messages, two pages and a restart of its server", async () => {
    const kernels = Object.fromEntries([8, 16, 24, 33].map((size) => [`k${size}`, conv(size, 8)]));
    const begun = new Begun();
    const sent = await overhear();
    startWorkers(begun);
    await startLiar(begun);
    const pages = await startPages();
    const [tuned] = await Promise.all([tuneInProcess(place, kernels, "--quorum", "2"), storm()]);
    const { classes, records, refused, megabytes, ...figures } = tuned;
    const counts = await Promise.all(pages.map(async (page) => Number(await page.locator("#count").textContent())));
    const quarters = [0, 1, 2, 3].map((i) =>
      Math.max(...megabytes.slice((i * megabytes.length) / 4, ((i + 1) * megabytes.length) / 4)),
    );
    const again = [...sent.values()].filter((ids) => ids.size > 1).length;
    const shown = { records: records.length, sent: sent.size, again, refused, quarters, counts, ...figures };
    console.log(JSON.stringify({ test: "all at once", ...shown }));

    // Every kernel is tuned on both classes of device.
    const [engine] = HERE.machine.engine.split(" ");
    expect(classes.map(({ machine }) => machine.engine.split(" ")[0]).sort()).toEqual(["Chrome", engine]);
    for (const one of classes)
      expect(one.kernels.map(({ state, candidates, limit }) => ({ state, candidates, limit }))).toEqual(
        Object.keys(kernels).map(() => ({ state: "done", candidates: 12, limit: 12 })),
      );
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(refused).toBeGreaterThanOrEqual(HOSTILE);

    // A liar says ten; with two that must agree, a winner has an honest record too.
    const groups = [...groupedBy(records, (record) => `${tunedKey(record)} ${machineKey(record.machine)}`).values()];
    for (const group of groups) {
      const winner = best(group)?.record;
      const own = group.filter((record) => winner && pointKey(record) === pointKey(winner));
      if (winner) expect(own.some((record) => gainOf(record).median < 9)).toBe(true);
    }

    // Nobody measures a candidate for a third time that has taken two workers with it.
    for (const group of groups)
      for (const same of groupedBy(group, pointKey).values()) {
        const [record] = same as [TuningRecord];
        expect(same.length).toBeLessThanOrEqual(3);
        if (same.length === 1) expect(begun.of(record)).toBeLessThanOrEqual(record.outcome === "crashed" ? 3 : 2);
      }

    // A worker whose lease ran out may measure the same once more.
    expect(Math.max(...[...sent.values()].map((ids) => ids.size))).toBeLessThanOrEqual(2);

    // Each record that was sent has an entry, and has it once. Those that count are in the file.
    const kept = await entries();
    const ids = new Set(kept.values());
    expect([...sent.keys()].filter((key) => !kept.has(key))).toEqual([]);
    expect(ids.size).toBe(kept.size);
    expect(records.filter(({ id }) => !ids.has(id))).toEqual([]);

    // Memory is flat.
    expect(quarters[3]).toBeLessThan(1.3 * (quarters[1] as number));
  }, 1_500_000);
});

describe("at night, a large farm", needs(ALL), () => {
  test(`with 200 workers leaves its coordinator idle most of the time (seed ${SEED})`, async () => {
    const workers = 200;
    const kernels = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`k${i}`, { ...SPEC, value: [1, 8 + i, 8, 8] }]),
    );
    let measured = 0;
    for (let number = 1; number <= workers; number++) {
      const end = await simulate(place.server, {
        number,
        measure: async (job) => {
          measured++;
          await pause(500 + ((number * SEED) % 1000));
          return recordFor(job, gainFor(job.point));
        },
      });
      place.ends.push(end);
    }
    const { records, seconds, cpuSeconds, megabytes } = await tuneInProcess(place, kernels, "--level", "balanced");
    const { taken, given } = await place.server.messages();
    const rates = { candidates: measured / seconds, taken: taken / seconds, given: given / seconds };
    const shown = { measured, seconds, rates, share: cpuSeconds / seconds, megabytes: Math.max(...megabytes) };
    console.log(JSON.stringify({ test: "200 workers", ...shown }));
    expect(records.every(({ machine }) => machine.engine === CLASS.machine.engine)).toBe(true);
    expect(measured).toBe(records.length);
    expect(new Set(records.map((record) => `${tunedKey(record)} ${pointKey(record)}`)).size).toBe(records.length);
  }, 600_000);
});
