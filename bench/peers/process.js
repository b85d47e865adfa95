// @ts-check
/**
 * Processes that answer requests, one at a time: libraries with settings for a whole process get one each. A process that
 * dies or hangs costs its own answers and nothing else.
 */
import { fork, spawnSync } from "node:child_process";

/**
 * @typedef {{ do: string } & Record<string, unknown>} Request
 * @typedef {Record<string, (request: any) => unknown>} Handlers
 */

const SECONDS_TO_ANSWER = 120;
const KEPT_COMPLAINTS = 2000;

/** The inner end: answers until the outer end hangs up. @param {Handlers} handlers by the requests' `do` */
export function serve(handlers) {
  process.on("message", async (/** @type {Request} */ request) => {
    try {
      process.send?.({ answer: await handlers[request.do]?.(request) });
    } catch (error) {
      process.send?.({ error: messageOf(error) });
    }
  });
  process.on("disconnect", () => process.exit());
}

/** The outer end. */
export class Helper {
  #child;
  #complaints = "";
  /** @type {{ resolve: (answer: any) => void, reject: (error: Error) => void } | undefined} */
  #asker;

  /** @param {URL} script @param {readonly string[]} args @param {readonly string[]} flags for V8 */
  constructor(script, args, flags) {
    this.#child = fork(script, args, {
      execArgv: ["--no-warnings", ...process.execArgv, ...flags],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr?.on("data", (text) => {
      this.#complaints = (this.#complaints + text).slice(-KEPT_COMPLAINTS);
    });
    this.#child.on("message", (/** @type {{ answer?: unknown, error?: string }} */ { answer, error }) => {
      const asker = this.#asker;
      this.#asker = undefined;
      if (error === undefined) asker?.resolve(answer);
      else asker?.reject(new Error(error));
    });
    // "close" and not "exit": all complaints are in by then.
    this.#child.on("close", () => this.#asker?.reject(this.#obituary()));
  }

  get isAlive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** @param {Request} request @returns {Promise<any>} */
  ask(request) {
    const answer = new Promise((resolve, reject) => {
      this.#asker = { resolve, reject };
    });
    const tooLate = setTimeout(() => this.#child.kill("SIGKILL"), SECONDS_TO_ANSWER * 1000);
    this.#child.send(request, (error) => {
      if (error && !this.isAlive) this.#asker?.reject(this.#obituary());
    });
    return answer.finally(() => clearTimeout(tooLate));
  }

  stop() {
    this.#child.kill();
  }

  #obituary() {
    const { exitCode, signalCode } = this.#child;
    const lines = this.#complaints.split("\n").filter((line) => line.trim() !== "");
    // A stack and the name of the engine may follow the line that matters.
    const last = lines.findLast((line) => /error|bad option/i.test(line)) ?? lines.at(-1);
    return new Error(
      `its process ended with ${signalCode ?? `code ${exitCode}`}${last ? `; it last said: ${last}` : ""}`,
    );
  }
}

const REVECTORIZE = "--experimental-wasm-revectorize";

/** V8's flags are for a whole process. @param {{ revectorize: boolean }} setting */
export const flagsOf = ({ revectorize }) => (revectorize ? [REVECTORIZE] : []);

/** Node refuses flags that its V8 does not know. */
export const canRevectorize = () => spawnSync(process.execPath, [REVECTORIZE, "--eval", ""]).status === 0;

/** The first line, which is enough for a report. Libraries also throw what is no error. @param {any} error */
export const messageOf = (error) =>
  String(error?.message ?? error)
    .trim()
    .split("\n")[0] ?? "";
