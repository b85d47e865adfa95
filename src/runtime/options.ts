/** Refuses options that do not exist: a mistyped name would otherwise do nothing. */
import { fail, show } from "../ir/errors.js";

/** Options that other calls have. */
export interface Elsewhere {
  readonly names: readonly string[];
  /** The place where the options belong; it follows "is" in a message. */
  readonly place: string;
}

export function checkOptions(options: unknown, known: readonly string[], elsewhere?: Elsewhere): void {
  if (typeof options !== "object" || options === null) {
    fail("invalid-argument", `options are an object with some of ${known.join(", ")}; got ${show(options)}`);
  }
  const strange = Object.keys(options).find((name) => !known.includes(name));
  if (strange === undefined) return;
  if (elsewhere?.names.includes(strange)) fail("invalid-argument", `the option "${strange}" is ${elsewhere.place}`);
  fail("invalid-argument", `there is no option "${strange}"; there are ${known.join(", ")}`);
}

const MAX_THREADS = 256;

export function checkThreads(threads: unknown = 1): number {
  const isCount = typeof threads === "number" && Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS;
  return isCount
    ? threads
    : fail("invalid-argument", `threads must be an integer from 1 to ${MAX_THREADS}; got ${show(threads)}`);
}
