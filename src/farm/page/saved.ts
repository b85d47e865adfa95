/** The memory of a page: its browser keeps it, so that the page goes on after a reload. */
import { get, set } from "idb-keyval";
import * as v from "valibot";

const SAVED = v.object({
  /** The name of this worker, so that a reload makes no second one. */
  worker: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  /** True if somebody said that this device may measure. */
  isWilling: v.boolean(),
  language: v.picklist(["wasm", "wgsl"]),
  /** The number of candidates that were measured here. */
  measured: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

export type Saved = v.InferOutput<typeof SAVED>;

const KEY = "tilewright-farm";

/** The data that were kept. It is a new worker if there are none, or none can be kept, as in private windows. */
export async function loadSaved(): Promise<Saved> {
  const read = v.safeParse(SAVED, await get(KEY).catch(() => undefined));
  return read.success ? read.output : { worker: newWorker(), isWilling: false, language: "wasm", measured: 0 };
}

export const save = (saved: Saved): Promise<void> => set(KEY, saved).catch(() => undefined);

const newWorker = (): string =>
  [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
