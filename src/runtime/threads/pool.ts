/**
 * The worker pool: one for the process, shared by all kernels, and as large as they ask for. A job is one range of one
 * kernel. A message tells a worker of a job; the worker takes iterations from a shared counter and answers by
 * message, so a browser's main thread never blocks. A worker that dies fails its jobs, and the next job gets another
 * worker.
 */
import { TilewrightError } from "../../ir/errors.js";
import { takeChunks } from "./chunks.js";
import { type NodeWorkers, nodeWorkers } from "./sharing.js";

/** Code in a memory, as workers know it. */
export interface KnownCode {
  readonly id: number;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

export interface SharedLoop {
  readonly name: string;
  /** The first parameters of the function: where its buffers lie. */
  readonly addresses: readonly number[];
  readonly iterations: number;
  /** One element: the first iteration that no thread has taken. */
  readonly counter: Int32Array;
}

/** The common part of browsers' and Node's workers. */
interface Port {
  post(message: unknown): void;
  /** A busy worker keeps Node's process alive; idle workers let it end. */
  keepAlive(busy: boolean): void;
  end(): void;
}

/** True if the calling thread takes iterations too. A page's own thread must stay free. */
const worksAlong = (): boolean => typeof document === "undefined";

/** Each thread has several chunks on average, so that a thread that is disturbed leaves work to the others. */
const CHUNKS_PER_THREAD = 4;

let jobs = 0;

/** A worker's messages: "ready" once, when it has started, and "done" for each job. */
type Answer = { readonly kind: "ready" } | { readonly kind: "done"; readonly job: number };

/** False once a worker has failed to start: a page's policy may forbid workers, or a bundle may lack their file. */
let canStart = true;

class PoolWorker {
  readonly #port: Port;
  readonly #known = new Set<number>();
  readonly #waiting = new Map<number, { done: () => void; failed: (error: Error) => void }>();
  #isReady = false;
  isDead = false;

  constructor() {
    const workers = nodeWorkers();
    this.#port = workers ? this.#inNode(workers) : this.#inBrowser();
  }

  #inNode({ Worker }: NodeWorkers): Port {
    const worker = new Worker(new URL("./worker.js", import.meta.url));
    worker.on("message", (answer: Answer) => this.#answered(answer));
    worker.on("error", (error: unknown) => this.#died(String(error)));
    worker.on("exit", (code) => this.#died(`it ended with code ${code}`));
    worker.unref();
    return {
      post: (message) => worker.postMessage(message),
      keepAlive: (busy) => (busy ? worker.ref() : worker.unref()),
      end: () => void worker.terminate(),
    };
  }

  #inBrowser(): Port {
    // Bundlers recognise a worker in this very form, and bundle its file as well.
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#answered(data);
    worker.onerror = (event) => this.#died(event.message || "it could not be loaded");
    return {
      post: (message) => worker.postMessage(message),
      keepAlive: () => undefined,
      end: () => worker.terminate(),
    };
  }

  run({ id, module, memory }: KnownCode, range: SharedLoop, chunk: number): Promise<void> {
    if (!this.#known.has(id)) this.#port.post({ kind: "code", id, module, memory });
    this.#known.add(id);
    const job = jobs++;
    return new Promise((done, failed) => {
      this.#waiting.set(job, { done, failed });
      this.#port.keepAlive(true);
      this.#port.post({ kind: "run", job, id, ...range, chunk });
    });
  }

  forget(id: number): void {
    if (this.#known.delete(id) && !this.isDead) this.#port.post({ kind: "forget", id });
  }

  #answered(answer: Answer): void {
    if (answer.kind === "ready") {
      this.#isReady = true;
      return;
    }
    this.#waiting.get(answer.job)?.done();
    this.#waiting.delete(answer.job);
    if (this.#waiting.size === 0) this.#port.keepAlive(false);
  }

  #died(why: string): void {
    if (this.isDead) return;
    this.isDead = true;
    if (!this.#isReady) canStart = false;
    const error = new TilewrightError(
      "worker-failed",
      `a worker thread died (${why}); run again, a new one takes its place`,
    );
    // A worker that never started has taken no iterations, so the other threads do its share.
    for (const { done, failed } of this.#waiting.values()) this.#isReady ? failed(error) : done();
    this.#waiting.clear();
    this.#port.end();
  }
}

let workers: PoolWorker[] = [];

/** The first `count` workers, made or replaced as needed. There are fewer if workers cannot start. */
function takeWorkers(count: number): readonly PoolWorker[] {
  workers = workers.filter((worker) => !worker.isDead);
  try {
    while (canStart && workers.length < count) workers.push(new PoolWorker());
  } catch {
    canStart = false; // the policy: that is the answer, not an error
  }
  return workers.slice(0, count);
}

/**
 * Runs the range on `threads` threads. The calling thread is one of them, unless it is a page's own. If no worker can
 * start, the calling thread runs the whole range.
 */
export async function runShared(
  code: KnownCode,
  range: SharedLoop,
  threads: number,
  runHere: (begin: number, end: number) => void,
): Promise<void> {
  const { iterations, counter } = range;
  const chunk = Math.max(1, Math.floor(iterations / (threads * CHUNKS_PER_THREAD)));
  const takeRest = () => takeChunks(runHere, counter, iterations, chunk);
  const alongside = worksAlong();
  Atomics.store(counter, 0, 0);
  const answers = takeWorkers(alongside ? threads - 1 : threads).map((worker) => worker.run(code, range, chunk));
  let results: readonly PromiseSettledResult<void>[];
  try {
    if (alongside) takeRest();
  } finally {
    // All workers must have ended before the caller learns of a failure: they must not write to memory in use again.
    results = await Promise.allSettled(answers);
  }
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  takeRest();
}

/** Makes workers let go of the code and its memory. */
export function forgetCode(id: number): void {
  for (const worker of workers) worker.forget(id);
}
