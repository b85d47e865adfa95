/**
 * Starts workers of the pool, in Node and in browsers. Their code is worker.js. Some bundlers leave that file out, and
 * Deno reads none unless it is allowed to. There a worker is made from the file's text, which is loaded for that.
 */
import { type NodeWorkers, nodeWorkers } from "./sharing.js";

/** The common part of browsers' and Node's workers. */
export interface Port {
  post(message: unknown): void;
  /** A busy worker keeps Node's process alive; idle workers let it end. */
  keepAlive(busy: boolean): void;
  end(): void;
}

/** A worker's messages: "ready" once, when it has started, and "done" for each job. */
export type Answer = { readonly kind: "ready" } | { readonly kind: "done"; readonly job: number };

export interface Listeners {
  answered(answer: Answer): void;
  /** May be called more than once. */
  died(why: string): void;
}

type Start = (listeners: Listeners) => Port;

/** Arguments of the process, such as --input-type, are not meant for its workers, and some do not start by them. */
const ALONE = { execArgv: [] };

const fromFile: Start = (listeners) => {
  const node = nodeWorkers();
  if (node) return inNode(new node.Worker(new URL("./worker.js", import.meta.url), ALONE), listeners);
  // Bundlers recognise a worker in this very form, and bundle its file as well.
  return inBrowser(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }), listeners);
};

async function loadText(): Promise<Start> {
  const { WORKER_TEXT } = await import("./workerText.js");
  const node = nodeWorkers();
  if (node) return (listeners) => inNode(new node.Worker(WORKER_TEXT, { ...ALONE, eval: true }), listeners);
  const url = URL.createObjectURL(new Blob([WORKER_TEXT], { type: "text/javascript" }));
  return (listeners) => inBrowser(new Worker(url), listeners);
}

/** Set once a worker has not started from its file: none is started from it any more. */
let fromText: { readonly whyNoFile: string; readonly loading: Promise<Start> } | undefined;

/** Starts a worker from its file, else from its text. It never throws: `died` tells that neither works. */
export function openPort({ answered, died }: Listeners): Port {
  let port: Port | undefined;
  let isBusy = false;
  /** Kept until the worker has started, as another one may take its place and its messages. */
  let unread: unknown[] | undefined = [];

  const attempt = (start: Start, failed: (why: string) => void): void => {
    const listeners = {
      answered: (answer: Answer) => {
        unread = undefined;
        answered(answer);
      },
      died: (why: string) => (unread ? failed(why) : died(why)),
    };
    try {
      port = start(listeners);
    } catch (error) {
      failed(String(error));
      return;
    }
    port.keepAlive(isBusy);
    for (const message of unread ?? []) port.post(message);
  };

  const attemptText = async (whyNoFile: string): Promise<void> => {
    fromText ??= { whyNoFile, loading: loadText() };
    const failed = (why: string) => died(`its file: ${fromText?.whyNoFile}; its text: ${why}`);
    await fromText.loading.then(
      (start) => attempt(start, failed),
      (error) => failed(String(error)),
    );
  };

  if (fromText) void attemptText(fromText.whyNoFile);
  else {
    // A worker that fails may say so twice.
    let isOver = false;
    attempt(fromFile, (why) => {
      if (!isOver) void attemptText(why);
      isOver = true;
    });
  }
  return {
    post: (message) => {
      unread?.push(message);
      port?.post(message);
    },
    keepAlive: (busy) => {
      isBusy = busy;
      port?.keepAlive(busy);
    },
    end: () => port?.end(),
  };
}

function inNode(worker: InstanceType<NodeWorkers["Worker"]>, { answered, died }: Listeners): Port {
  worker.on("message", answered);
  worker.on("error", (error: unknown) => died(String(error)));
  worker.on("exit", (code) => died(`it ended with code ${code}`));
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    keepAlive: (busy) => (busy ? worker.ref() : worker.unref()),
    end: () => void worker.terminate(),
  };
}

function inBrowser(worker: Worker, { answered, died }: Listeners): Port {
  worker.onmessage = ({ data }: MessageEvent<Answer>) => answered(data);
  worker.onerror = (event) => died(event.message || "it could not be loaded");
  return {
    post: (message) => worker.postMessage(message),
    keepAlive: () => undefined,
    end: () => worker.terminate(),
  };
}
