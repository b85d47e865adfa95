/** Workers of a farm that measure nothing: what they report follows from the name of the candidate. */
import { type NatsConnection, nkeyAuthenticator } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import type { FarmJob } from "../../src/farm/messages.js";
import type { DeviceClass } from "../../src/farm/names.js";
import { type FarmKernel, type FarmOptions, type FarmResult, tuneFarm } from "../../src/farm/tuneFarm.js";
import { work } from "../../src/farm/worker.js";
import { checkSpec } from "../../src/ir/ops/spec.js";
import { idOf, type TuningRecord } from "../../src/tune/record.js";
import { pointKey } from "../../src/tune/selection.js";
import type { TestServer } from "./nats.js";
import { recordWith, SPEC, WASM } from "./tuning.js";

export const CLASS: DeviceClass = { machine: { engine: "V8 13.6", processor: "x64", threads: 1 }, target: WASM };

export const kernelsOf = (count: number): FarmKernel[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `kernel${i}`,
    spec: checkSpec({ ...SPEC, value: [1, 8 + i, 8, 8] }),
    wanted: { accuracy: "exact", algorithm: "auto" },
  }));

/** How many times as fast as the model's pick a candidate is, from 0.5 to 1.5. */
export const gainFor = (point: FarmJob["point"]): number =>
  0.5 + Number.parseInt(idOf(pointKey(point)).slice(0, 6), 16) / 2 ** 24;

export const recordFor = ({ deviceClass, kernel, point, level }: FarmJob, gain: number): TuningRecord => {
  const rounds = [1, 2, 3, 4, 5, 6];
  return recordWith({
    ...{ spec: kernel.spec, wanted: kernel.wanted, target: kernel.target, machine: deviceClass.machine },
    ...{ algorithm: point.algorithm, knobs: point.knobs, code: idOf(pointKey(point)), effort: level },
    ...{ samples: rounds.map(() => 1), baseline: rounds.map(() => gain), date: new Date().toISOString() },
  });
};

export interface Simulated {
  /** Two digits and more: the worker's name. */
  readonly number: number;
  /** What it says of a job; by default the truth, after 5 milliseconds. Undefined: it gives the job up. */
  readonly measure?: (job: FarmJob) => Promise<TuningRecord | undefined>;
  readonly deviceClass?: DeviceClass;
}

/** Starts a worker with a connection of its own. Call the result to end it. */
export async function simulate(server: Place, { number, measure, deviceClass = CLASS }: Simulated) {
  const connection = await connectTo(server);
  const stop = new AbortController();
  const ended = work(connection, {
    worker: number.toString(16).padStart(16, "0"),
    deviceClass,
    measure: measure ?? (async (job) => recordFor(job, gainFor(job.point))),
    quiet: async () => undefined,
    signal: stop.signal,
    onJob: () => undefined,
  });
  return async (): Promise<void> => {
    stop.abort();
    await connection.close();
    await ended;
  };
}

/** A server, and the key that it wants. */
export interface Place extends Pick<TestServer, "url"> {
  readonly seed?: Uint8Array;
}

export const connectTo = ({ url, seed }: Place): Promise<NatsConnection> => {
  const options = { servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 200 };
  return connect(seed ? { ...options, authenticator: nkeyAuthenticator(seed) } : options);
};

export interface Ran extends FarmResult {
  readonly kept: readonly TuningRecord[];
}

/** Tunes with a connection of its own. */
export async function runFarm(
  server: Place,
  kernels: readonly FarmKernel[],
  options: Partial<FarmOptions> = {},
): Promise<Ran> {
  const connection = await connectTo(server);
  const kept: TuningRecord[] = [];
  try {
    const result = await tuneFarm(connection, kernels, {
      ...{ language: "wasm", level: "quick", budget: 100_000, quorum: 1, known: [] },
      signal: new AbortController().signal,
      keep: (record) => kept.push(record),
      onProgress: () => undefined,
      ...options,
    });
    return { ...result, kept };
  } finally {
    await connection.close();
  }
}

/** A record by what it is about. */
export const aboutOf = (record: TuningRecord): string => `${JSON.stringify(record.spec)} ${pointKey(record)}`;
