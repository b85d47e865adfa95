/** Stopwatches for compute passes: the GPU's timestamps, or the clock around the queue. */
import { clockStep } from "../host/clock.js";
import { USAGE } from "./flags.js";
import { mapping, type WebgpuInstance } from "./instance.js";
import type { WebgpuComputePass } from "./types.js";

/** The duration of a pass and the clock's step, both in milliseconds. */
export interface Span {
  readonly span: number;
  readonly step: number;
}

export interface Stopwatch {
  readonly clock: "timestamps" | "queue";
  /** Runs and times a pass that `record` fills. */
  spanOf(record: (pass: WebgpuComputePass) => void): Promise<Span>;
  release(): void;
}

/** Two timestamps, each of 8 bytes, in nanoseconds. */
const STAMPS = { name: "timestamps", shape: [4], dtype: "f32" } as const;
const NANOSECONDS = 1e-6;

export async function timestampStopwatch(instance: WebgpuInstance): Promise<Stopwatch> {
  const { device } = instance;
  const [resolved, landing] = await Promise.all([
    instance.allocateOne(STAMPS, USAGE.queryResolve | USAGE.copySource),
    instance.allocateOne(STAMPS, USAGE.mapRead | USAGE.copyDestination),
  ]);
  const querySet = await instance.attempt(() => device.createQuerySet({ type: "timestamp", count: 2 }));
  const timestampWrites = { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
  /** The greatest common divisor of all timestamps so far. Browsers round timestamps to hide how long work takes. */
  let step = 0n;
  const spanOf: Stopwatch["spanOf"] = async (record) => {
    const { mapped } = await instance.attempt(() => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass({ timestampWrites });
      record(pass);
      pass.end();
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, landing, 0, 16);
      device.queue.submit([encoder.finish()]);
      return mapping(landing);
    });
    const [begin, end] = await instance.read(landing, mapped, (bytes) => {
      const [begin = 0n, end = 0n] = new BigUint64Array(bytes);
      return [begin, end] as const;
    });
    step = greatestCommonDivisor(greatestCommonDivisor(step, begin), end);
    return { span: Number(end - begin) * NANOSECONDS, step: Number(step) * NANOSECONDS };
  };
  const release = () => {
    querySet.destroy();
    instance.release([resolved, landing]);
  };
  return { clock: "timestamps", spanOf, release };
}

const greatestCommonDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : greatestCommonDivisor(b, a % b));

export async function queueStopwatch(instance: WebgpuInstance): Promise<Stopwatch> {
  const { device } = instance;
  const step = clockStep();
  const spanOf: Stopwatch["spanOf"] = async (record) => {
    const commands = await instance.attempt(() => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      record(pass);
      pass.end();
      return encoder.finish();
    });
    await device.queue.onSubmittedWorkDone();
    const begin = performance.now();
    device.queue.submit([commands]);
    await device.queue.onSubmittedWorkDone();
    const span = performance.now() - begin;
    instance.check();
    return { span, step };
  };
  return { clock: "queue", spanOf, release: () => undefined };
}
