// @ts-check
/** The machine's peaks, taken now and then during a comparison: what all threads reach together, as the median of all times. */
import { summarise } from "../measure.js";
import { flagsOf, Helper } from "./process.js";

/** @typedef {import("../peak.js").Peak} Peak */

export class PeakMeter {
  /** @readonly */
  threads;
  #helpers;
  /** @type {(readonly Peak[])[]} */
  #taken = [];

  /** @param {import("./contestants/index.js").Setting} setting */
  constructor(setting) {
    const script = new URL("peakWorker.js", import.meta.url);
    this.threads = setting.threads;
    this.#helpers = Array.from(
      { length: setting.threads },
      () => new Helper(script, [String(setting.revectorize)], flagsOf(setting)),
    );
  }

  /** @param {number} ms @returns {Promise<readonly Peak[]>} of all threads together */
  async take(ms) {
    /** @type {Peak[][]} */
    const threads = await Promise.all(this.#helpers.map((helper) => helper.ask({ do: "take", ms })));
    const together = (threads[0] ?? []).map((peak, kind) => ({
      ...peak,
      gflops: threads.reduce((sum, peaks) => sum + (peaks[kind]?.gflops ?? 0), 0),
    }));
    this.#taken.push(together);
    return together;
  }

  /** The median of all times. @returns {Peak[]} */
  peaks() {
    return (this.#taken[0] ?? []).map((peak, kind) => {
      const all = this.#taken.map((peaks) => peaks[kind]?.gflops ?? 0);
      return { ...peak, gflops: summarise(peak.name, all, undefined).ms };
    });
  }

  stop() {
    for (const helper of this.#helpers) helper.stop();
  }
}
