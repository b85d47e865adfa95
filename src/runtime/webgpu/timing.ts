/** Times calls on the GPU, by its own timestamps if it has them, else by the clock around the queue. */
import { fail, show } from "../../ir/errors.js";
import type { WebgpuInstance } from "./instance.js";
import { queueStopwatch, type Stopwatch, timestampStopwatch } from "./stopwatch.js";
import type { WebgpuComputePass } from "./types.js";

/** A measurement of one call on the GPU. */
export interface WebgpuTiming {
  /** Milliseconds of one call: the time of all calls divided by their number. */
  readonly milliseconds: number;
  /** The number of calls that were timed together, from 1 to 65536. */
  readonly calls: number;
  /**
   * "timestamps" are the GPU's own. "queue" is the clock from submission to completion, which counts the way to the GPU
   * and back as well.
   */
  readonly clock: Stopwatch["clock"];
  /** The clock's step in milliseconds, or a multiple of it: what all timestamps that were read are multiples of. */
  readonly step: number;
}

/** Steps of the clock that a measurement lasts at least. An error of one step at either end is then a fiftieth. */
const STEPS = 100;
/**
 * Milliseconds that a measurement lasts at least, so that overhead is a small share of it: the ends of a pass, or the
 * way to the GPU and back.
 */
const LEAST: Readonly<Record<Stopwatch["clock"], number>> = { timestamps: 1, queue: 50 };
const MOST_CALLS = 2 ** 16;

/** `encode` records one call. If `calls` is undefined, as many calls are timed together as a measurement needs. */
export async function timeOf(
  instance: WebgpuInstance,
  encode: (pass: WebgpuComputePass) => void,
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
  encode: (pass: WebgpuComputePass) => void,
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
    // The count grows at most tenfold at a time: the first calls may be slow for reasons that do not last.
    count = Math.min(MOST_CALLS, Math.ceil((1.2 * count * enough) / Math.max(span, enough / 8)));
  }
}
