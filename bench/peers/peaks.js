// @ts-check
/** The machine's peaks, taken now and then during a comparison: what all threads reach together, as the median of all times. */
import { summarise } from "../measure.js";
import { flagsOf, Helper } from "./process.js";

/** @typedef {import("../peak.js").Peak} Peak */

export class PeakMeter {
  #helpers;
  /** One list for each time and thread. @type {Peak[][][]} */
  #taken = [];

  /** @param {import("./contestants/index.js").Setting} setting */
  constructor(setting) {
    const script = new URL("peakWorker.js", import.meta.url);
    this.#helpers = Array.from(
      { length: setting.threads },
      () => new Helper(script, [String(setting.revectorize)], flagsOf(setting)),
    );
  }

  /** @param {number} ms */
  async take(ms) {
    this.#taken.push(await Promise.all(this.#helpers.map((helper) => helper.ask({ do: "take", ms }))));
  }

  /** @returns {Peak[]} */
  peaks() {
    const kinds = this.#taken[0]?.[0] ?? [];
    return kinds.map(({ name, tile }, kind) => {
      const sums = this.#taken.map((threads) => threads.reduce((sum, peaks) => sum + (peaks[kind]?.gflops ?? 0), 0));
      return { name, tile, gflops: summarise(name, sums, undefined).ms };
    });
  }

  stop() {
    for (const helper of this.#helpers) helper.stop();
  }
}
