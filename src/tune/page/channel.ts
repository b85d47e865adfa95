/** Starts a measurer in a worker of the page. */
import type { Language } from "../../codegen/target.js";
import type { Channel } from "../remote.js";
import type { Signal } from "../signal.js";
import type { Ability, PageReply, PageRequest } from "./messages.js";

type Listener<T> = (reply: T | undefined) => void;

/** A worker that answers requests. After its end every request is answered by undefined, at once. */
class PageWorker {
  #worker: Worker | undefined;
  #listener: Listener<PageReply> = () => undefined;

  constructor() {
    try {
      // Bundlers recognise a worker in this very form, and bundle its file as well.
      this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    } catch {
      return; // a policy forbids workers: the same as a worker that has ended
    }
    this.#worker.onmessage = ({ data }: MessageEvent<PageReply>) => this.#listener(data);
    this.#worker.onmessageerror = () => this.end();
    this.#worker.onerror = (event) => {
      event.preventDefault(); // a candidate that fails is a result, and no error of the page
      this.end();
    };
  }

  send(request: PageRequest): void {
    this.#worker?.postMessage(request);
  }

  onReply(listener: Listener<PageReply>): void {
    this.#listener = listener;
    if (!this.#worker) listener(undefined);
  }

  /** Ends the worker. A caller that waits for a reply gets undefined. */
  end(): void {
    if (!this.#worker) return;
    const worker = this.#worker;
    this.#worker = undefined;
    worker.onmessage = worker.onmessageerror = worker.onerror = null;
    worker.terminate();
    this.#listener(undefined);
  }
}

/**
 * A measurer that ends as soon as a request throws in it, as the next request may fail for the same reason, such as a
 * lost GPU. The request is answered by undefined, as after a kill.
 */
export function startWorker(): Channel {
  const worker = new PageWorker();
  return {
    send: (request) => worker.send(request),
    onReply: (listener) =>
      worker.onReply((reply) => {
        if (reply?.did === "throw") worker.end();
        else if (reply?.did !== "look") listener(reply);
      }),
    kill: () => worker.end(),
  };
}

/** The ability of a worker of this page, or undefined if `signal` interrupts. The promise never rejects. */
export async function look(language: Language, signal: Signal): Promise<Ability | undefined> {
  const worker = new PageWorker();
  const interrupt = () => worker.end();
  signal.addEventListener("abort", interrupt);
  try {
    return await new Promise((resolve) => {
      worker.onReply((reply) => {
        if (reply?.did === "look") resolve(reply.ability);
        else resolve(signal.aborted ? undefined : { can: false, why: NO_WORKER });
      });
      worker.send({ do: "look", language });
    });
  } finally {
    signal.removeEventListener("abort", interrupt);
    worker.end();
  }
}

const NO_WORKER =
  "kernels are measured in a Worker, and none can be started here: the page's policy may forbid it (worker-src), " +
  "or a bundle may have lost its file; in Node, run tilewright tune";
