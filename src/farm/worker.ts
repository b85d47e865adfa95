/**
 * A worker of a farm: takes a job, compiles its candidate itself, measures it, and reports a record. While it measures
 * it says again and again that it is at work. A job whose worker falls silent goes to another one.
 */
import { type Consumer, type JetStreamClient, type JsMsg, jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { canonicalKey } from "../ir/key.js";
import { VERSION } from "../ir/version.js";
import { makeRecord, type TuningRecord } from "../tune/record.js";
import type { Signal } from "../tune/signal.js";
import { encodeHello, encodeReport, type FarmJob, parseJob } from "./messages.js";
import { classId, type DeviceClass, HELLO, reportSubject, WORK } from "./names.js";
import { HELLO_MS } from "./roll.js";

/** Measures a candidate. Undefined if it was interrupted. */
export type Measure = (job: FarmJob) => Promise<TuningRecord | undefined>;

export interface WorkerOptions {
  /** 16 hexadecimal digits, drawn by lot. */
  readonly worker: string;
  readonly deviceClass: DeviceClass;
  readonly measure: Measure;
  /** Kept when the machine is idle enough to measure, or has been asked for long enough. */
  readonly quiet: () => Promise<void>;
  readonly signal: Signal;
  readonly onJob: (job: FarmJob | undefined) => void;
}

/** Milliseconds between two signs of life while a job is at work: several of them fit a lease. */
const HEARTBEAT_MS = 4000;
/** Milliseconds that the server holds a request for a job. */
const PATIENCE_MS = 2000;
/** Milliseconds until something is tried again that failed, as the server may be away. */
const AGAIN_MS = 1000;
/** How often a candidate may take its worker with it: once here, and once elsewhere. */
const LEASES = 2;

/** Works until `signal` ends it. */
export async function work(connection: NatsConnection, options: WorkerOptions): Promise<void> {
  const greet = () => {
    if (!connection.isClosed()) connection.publish(HELLO, encodeHello(options));
  };
  greet();
  const greeting = setInterval(greet, HELLO_MS);
  const worker = new FarmWorker(jetstream(connection), options);
  try {
    while (!options.signal.aborted) await worker.step();
  } finally {
    clearInterval(greeting);
  }
}

class FarmWorker {
  #queue: Consumer | undefined;

  constructor(
    readonly client: JetStreamClient,
    readonly options: WorkerOptions,
  ) {}

  /** Takes a job and serves it, or waits for a while. */
  async step(): Promise<void> {
    const { deviceClass, quiet, onJob } = this.options;
    try {
      await quiet();
      this.#queue ??= await this.client.consumers.get(WORK, classId(deviceClass));
      const lease = await this.#queue.next({ expires: PATIENCE_MS });
      if (lease) await this.#serve(lease);
    } catch {
      this.#queue = undefined;
      // Nobody asks for this class yet, or the server is away. The job, if there is one, goes to another worker.
      await pause(AGAIN_MS);
    } finally {
      onJob(undefined);
    }
  }

  async #serve(lease: JsMsg): Promise<void> {
    const { worker, deviceClass, onJob, measure } = this.options;
    const job = parseJob(lease.data);
    if (!job || canonicalKey(job.deviceClass) !== canonicalKey(deviceClass)) return lease.term();
    if (job.leftOut.includes(worker)) return lease.nak(AGAIN_MS);
    onJob(job);
    const heartbeat = setInterval(() => lease.working(), HEARTBEAT_MS);
    try {
      // A candidate that was measured before has not taken its worker with it.
      const isLethal = job.leftOut.length === 0 && lease.info.deliveryCount > LEASES;
      const record = isLethal ? crashed(job) : await measure(job);
      // Interrupted. Who still wants the candidate asks again: to give it back would count as a lease without an end.
      if (!record) return lease.term();
      await this.#report(record);
      lease.ack();
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** Sends a record until the server has stored it. Sent twice, it counts once. */
  async #report(record: TuningRecord): Promise<void> {
    const { worker, deviceClass, signal } = this.options;
    while (!signal.aborted) {
      try {
        const data = encodeReport({ worker, record });
        await this.client.publish(reportSubject(deviceClass), data, { msgID: record.id });
        return;
      } catch {
        await pause(AGAIN_MS);
      }
    }
  }
}

/** The record of a candidate that was not measured. */
export function failed(job: FarmJob, outcome: "crashed" | "refused"): TuningRecord {
  const { deviceClass, kernel, point, level: effort } = job;
  return makeRecord({
    compiler: VERSION,
    ...{ spec: kernel.spec, wanted: kernel.wanted, target: kernel.target, machine: deviceClass.machine },
    ...{ algorithm: point.algorithm, knobs: point.knobs, code: "", effort, outcome },
    ...{ samples: [], baseline: [], check: null, date: new Date().toISOString() },
  });
}

const crashed = (job: FarmJob): TuningRecord => failed(job, "crashed");

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
