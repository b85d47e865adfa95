// @ts-check
/** The contestants' processes. What goes wrong in one is noted with its reason and stops nobody else. */
import { formulationsOf } from "./contestants/index.js";
import { flagsOf, Helper, messageOf } from "./process.js";

/**
 * @typedef {{ peer: string, shape?: string | undefined, formulation?: string | undefined }} Who
 * @typedef {Who & { reason: string }} Absence
 * @typedef {import("./contestants/index.js").Setting} Setting
 * @typedef {{ worstError: number, variant: string, firstMs: number }} Opened
 */

export class Team {
  /** @type {Record<string, string>} */
  versions = {};
  /** @type {Absence[]} */
  absences = [];
  #setting;
  /** @type {Map<string, Helper>} */
  #helpers = new Map();

  /** @param {Setting} setting */
  constructor(setting) {
    this.#setting = setting;
  }

  get peers() {
    return [...this.#helpers.keys()];
  }

  /** A contestant that cannot be loaded is out of the team. @param {string} peer */
  async start(peer) {
    const script = new URL("worker.js", import.meta.url);
    this.#helpers.set(peer, new Helper(script, [peer, JSON.stringify(this.#setting)], flagsOf(this.#setting)));
    const version = await this.ask({ peer }, { do: "load" });
    if (version !== undefined) {
      this.versions[peer] = version;
    } else {
      this.#helpers.get(peer)?.stop();
      this.#helpers.delete(peer);
    }
  }

  /**
   * The formulations that can be timed on this shape. A process that died on an earlier one is started again.
   * @param {string} peer @param {string} shape @param {import("./problem.js").Problem["spec"]} spec
   */
  async open(peer, shape, spec) {
    if (!this.#helpers.get(peer)?.isAlive) await this.start(peer);
    const ready = [];
    for (const formulation of formulationsOf(peer, spec)) {
      /** @type {Opened | undefined} */
      const opened = await this.ask({ peer, shape, formulation }, { do: "open", spec });
      if (opened) ready.push({ formulation, ...opened });
    }
    return ready;
  }

  /** @param {string} peer @param {string} shape */
  async close(peer, shape) {
    if (this.#helpers.get(peer)?.isAlive) await this.ask({ peer, shape }, { do: "close" });
  }

  /** @param {Who} who @param {import("./process.js").Request} request @returns {Promise<any>} undefined if it failed */
  async ask({ peer, shape, formulation }, request) {
    try {
      return await this.#helpers.get(peer)?.ask({ ...request, formulation });
    } catch (error) {
      this.absences.push({ peer, shape, formulation, reason: messageOf(error) });
      return undefined;
    }
  }

  stop() {
    for (const helper of this.#helpers.values()) helper.stop();
  }
}
