/**
 * A coordinator: asks for candidates, checks what workers report, and knows what was measured. What it has checked lies
 * in a bucket of the server, so one that is stopped goes on where it was, and several can work at once.
 */
import type { JsMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import type { TunedKernel } from "../tune/selection.js";
import { encodeJob, type FarmJob, parseReport, type Report } from "./messages.js";
import { candidateId, classId, type DeviceClass, jobSubject, kernelId, REPORTS, reportSubject } from "./names.js";
import { Reports } from "./reports.js";
import { addEntry, addJob, CHECKING, type FarmStreams, openClass, openStreams } from "./streams.js";

/** Milliseconds until a report is looked at again that could not be stored. */
const AGAIN_MS = 1000;

export class Coordinator {
  /** By the ids of a class and a kernel. */
  readonly #measured = new Map<string, Reports>();
  /** Kernels that some coordinator asks for. Reports on others are strangers' inventions. */
  readonly #kernels = new Set<string>();
  #refused = 0;

  private constructor(readonly streams: FarmStreams) {}

  static async open(connection: NatsConnection): Promise<Coordinator> {
    const coordinator = new Coordinator(await openStreams(connection));
    await coordinator.#load();
    void coordinator.#checkAll(connection);
    return coordinator;
  }

  /** The number of messages that were no reports of what somebody asked for. */
  get refused(): number {
    return this.#refused;
  }

  /** Lets workers of a class measure candidates of some kernels. */
  async openClass(deviceClass: DeviceClass, kernels: readonly TunedKernel[]): Promise<void> {
    for (const kernel of kernels) {
      this.#kernels.add(kernelId(kernel));
      await this.streams.measured.put(`${KERNELS}.${kernelId(kernel)}`, "");
    }
    await openClass(this.streams, classId(deviceClass));
  }

  /** Asks for a candidate, unless it was asked for and is not measured yet. */
  ask(job: FarmJob): Promise<void> {
    return addJob(this.streams, jobSubject(job, job.leftOut.length), encodeJob(job));
  }

  /** The reports on a kernel on a class of device, those included that are still to come. */
  reportsOn(deviceClass: DeviceClass, kernel: TunedKernel): Reports {
    const id = `${classId(deviceClass)}.${kernelId(kernel)}`;
    const reports = this.#measured.get(id) ?? new Reports();
    this.#measured.set(id, reports);
    return reports;
  }

  /**
   * Reads what was measured before, and what other coordinators add from now on. Entries come in order, so all that was
   * there has come with the first entry of this coordinator's own.
   */
  async #load(): Promise<void> {
    const { measured } = this.streams;
    const entries = await measured.watch();
    let [seen, own] = [0, Number.POSITIVE_INFINITY];
    let finish: () => void = () => undefined;
    const loaded = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const follow = async () => {
      for await (const { key, value, revision } of entries) {
        this.#enter(key, value);
        seen = revision;
        if (seen >= own) finish();
      }
    };
    void follow().catch(() => undefined); // the connection is closed
    own = await measured.put(OPENED, "");
    if (seen >= own) finish();
    await loaded;
  }

  #enter(key: string, value: Uint8Array): void {
    if (key.startsWith(`${KERNELS}.`)) this.#kernels.add(key.slice(KERNELS.length + 1));
    const report = parseReport(value);
    if (report) this.#note(report);
  }

  #note({ worker, record }: Report): void {
    const candidate = candidateId({ deviceClass: record, kernel: record, point: record });
    this.reportsOn(record, record).note(candidate, worker, record);
  }

  /** Checks reports for as long as the connection is open. */
  async #checkAll(connection: NatsConnection): Promise<void> {
    while (!connection.isClosed()) {
      try {
        const consumer = await this.streams.jetstream.consumers.get(REPORTS, CHECKING);
        for await (const message of await consumer.consume()) await this.#check(message);
      } catch {
        await pause(AGAIN_MS); // the server is away
      }
    }
  }

  async #check(message: JsMsg): Promise<void> {
    const report = parseReport(message.data);
    if (!report || message.subject !== reportSubject(report.record) || !this.#kernels.has(kernelId(report.record))) {
      this.#refused++;
      return message.term();
    }
    const { worker, record } = report;
    try {
      const key = candidateId({ deviceClass: record, kernel: record, point: record });
      // A worker may measure a candidate again whose lease ran out. Its first report counts, for all coordinators.
      if (await addEntry(this.streams, `${key}.${worker}`, message.data)) this.#note(report);
      message.ack();
    } catch {
      message.nak(AGAIN_MS); // the server is away, or its disk is full
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Keys of the bucket that are no candidates'. */
const KERNELS = "kernel";
const OPENED = "opened";
