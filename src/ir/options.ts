/** Refuses options that do not exist: a mistyped name would otherwise do nothing. */
import type { Storage } from "./dtype.js";
import { fail, reading, show } from "./errors.js";
import { meant } from "./meant.js";

/** Options that other calls have. */
export interface Elsewhere {
  readonly names: readonly string[];
  /** The place where the options belong; it follows "is" in a message. */
  readonly place: string;
}

/** The options as a plain copy, read once. */
export const checkOptions = <T extends object>(options: T, known: readonly string[], elsewhere?: Elsewhere): T =>
  reading("an object of options", () => {
    if (typeof options !== "object" || options === null) {
      return fail("invalid-argument", `options are an object with some of ${known.join(", ")}; got ${show(options)}`);
    }
    const copy = { ...options };
    const strange = Object.keys(copy).find((name) => !known.includes(name));
    if (strange === undefined) return copy;
    if (elsewhere?.names.includes(strange))
      return fail("invalid-argument", `the option ${show(strange)} is ${elsewhere.place}`);
    return fail(
      "invalid-argument",
      `there is no option ${show(strange)}; there are ${known.join(", ")}${meant(strange, known)}`,
    );
  });

const MAX_THREADS = 256;

export function checkThreads(threads: unknown = 1): number {
  const isCount = typeof threads === "number" && Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS;
  return isCount
    ? threads
    : fail("invalid-argument", `threads must be an integer from 1 to ${MAX_THREADS}; got ${show(threads)}`);
}

export const checkStorage = (storage: unknown = "f32"): Storage =>
  storage === "f32" || storage === "f16"
    ? storage
    : fail("invalid-argument", `storage must be "f32" or "f16"; got ${show(storage)}`);
