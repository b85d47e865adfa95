/** The roll of a farm: which workers are there, by class of device, from what they say again and again. */
import type { Hello } from "./messages.js";
import { classId, type DeviceClass } from "./names.js";

/** Milliseconds between two greetings of a worker. */
export const HELLO_MS = 3000;
/** Milliseconds without a greeting after which a worker counts as gone. */
export const GONE_MS = 60_000;
/** Strangers may make up classes and workers; a farm has no more than these. */
const MOST_CLASSES = 32;
const MOST_WORKERS = 10_000;

interface Entry {
  readonly deviceClass: DeviceClass;
  /** When each worker was last heard of, in the milliseconds of `performance.now()`. */
  readonly heard: Map<string, number>;
}

export class Roll {
  readonly #classes = new Map<string, Entry>();

  /** Notes a greeting. Returns the class if it is the first of it. */
  note({ worker, deviceClass }: Hello): DeviceClass | undefined {
    const id = classId(deviceClass);
    const known = this.#classes.get(id);
    const entry = known ?? { deviceClass, heard: new Map<string, number>() };
    if (!known && this.#classes.size === MOST_CLASSES) return undefined;
    if (entry.heard.size < MOST_WORKERS || entry.heard.has(worker)) entry.heard.set(worker, performance.now());
    this.#classes.set(id, entry);
    return known ? undefined : deviceClass;
  }

  /** The number of workers of a class that are there. */
  count(deviceClass: DeviceClass): number {
    const heard = this.#classes.get(classId(deviceClass))?.heard;
    const since = performance.now() - GONE_MS;
    for (const [worker, at] of heard ?? []) if (at < since) heard?.delete(worker);
    return heard?.size ?? 0;
  }
}
