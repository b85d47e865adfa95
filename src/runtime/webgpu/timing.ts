/** How long calls take on the GPU: by its own timestamps where the device has them, else by the clock around the queue. */
import { fail, show } from "../../ir/errors.js";
import type { WebgpuInstance } from "./instance.js";
import { queueStopwatch, type Stopwatch, timestampStopwatch } from "./stopwatch.js";

export interface WebgpuTiming {
  /** Of one call. */
  readonly milliseconds: number;
  /** How many were timed together. */
  readonly calls: number;
  /** What timed them: the GPU's own timestamps, or the clock from submission to completion, which counts the way there and back. */
  readonly clock: Stopwatch["clock"];
  /** The clock's step in milliseconds. */
  readonly step: number;
}

/** What the clock's step may be off at either end is then a fiftieth. */
const STEPS = 100;
/** Milliseconds that make little of what is timed beside the calls: a pass's ends, or the way to the GPU and back. */
const LEAST: Readonly<Record<Stopwatch["clock"], number>> = { timestamps: 1, queue: 50 };
const MOST_CALLS = 2 ** 16;

/** `encode` records one call. Without `calls`, as many are timed together as it takes. */
export async function timeOf(
  instance: WebgpuInstance,
  encode: (pass: GPUComputePassEncoder) => void,
  calls: number | undefined,
): Promise<WebgpuTiming> {
  if (calls !== undefined && !(Number.isInteger(calls) && calls >= 1 && calls <= MOST_CALLS)) {
    fail("invalid-argument", `calls must be an integer from 1 to ${MOST_CALLS}; got ${show(calls)}`);
  }
  const hasTimestamps = instance.device.features.has("timestamp-query");
  const stopwatch = await (hasTimestamps ? timestampStopwatch(instance) : queueStopwatch(instance));
  try {
    return await measure(stopwatch, encode, calls);
  } finally {
    stopwatch.release();
  }
}

async function measure(
  { clock, spanOf }: Stopwatch,
  encode: (pass: GPUComputePassEncoder) => void,
  calls: number | undefined,
): Promise<WebgpuTiming> {
  for (let count = calls ?? 1; ; ) {
    const { span, step } = await spanOf((pass) => {
      for (let i = 0; i < count; i++) encode(pass);
    });
    const enough = Math.max(LEAST[clock], STEPS * step);
    if (calls !== undefined || span >= enough || count === MOST_CALLS) {
      return { milliseconds: span / count, calls: count, clock, step };
    }
    // Steps of at most ten: the first calls may take long for reasons that later ones have not.
    count = Math.min(MOST_CALLS, Math.ceil((1.2 * count * enough) / Math.max(span, enough / 8)));
  }
}
