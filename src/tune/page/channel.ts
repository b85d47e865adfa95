/** A measurer in a worker of the page. */
import type { Language } from "../../codegen/target.js";
import type { Channel } from "../remote.js";
import type { Ability, PageReply, PageRequest } from "./messages.js";

type Listener<T> = (reply: T | undefined) => void;

/** A worker as something that is asked; after its end it answers `undefined`, at once and to whoever asks. */
class PageWorker {
  #worker: Worker | undefined;
  #listener: Listener<PageReply> = () => undefined;

  constructor() {
    try {
      // Written like this, bundlers see a worker in it and bundle that as well.
      this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    } catch {
      return; // the policy: there is no worker, which is the same as one that has ended
    }
    this.#worker.onmessage = ({ data }: MessageEvent<PageReply>) => this.#listener(data);
    this.#worker.onmessageerror = () => this.end();
    this.#worker.onerror = (event) => {
      event.preventDefault(); // a candidate that fails is a result, and nothing for the page's own reports of errors
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

  /** Whoever waits for a reply need not wait any longer. */
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
 * A measurer that ends once anything has thrown in it, which its question is told as an end: a lost GPU, say, would fail whatever
 * is asked next. Killed, it answers `undefined` as well.
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

/** Of a worker of this page; undefined where it was interrupted. Never rejects. */
export async function look(language: Language, signal: AbortSignal): Promise<Ability | undefined> {
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
