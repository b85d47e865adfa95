/**
 * The worker pool: one for the process, shared by all kernels, and as large as they ask for. A job is one range of one
 * kernel. A message tells a worker of a job; the worker takes iterations from a shared counter and answers by
 * message, so a browser's main thread never blocks. A caller that may block shares a job on the board instead, with
 * workers that are parked there. A worker that dies fails its jobs, and the next job gets another worker.
 */
import { fail, TilewrightError } from "../../ir/errors.js";
import { warn } from "../warn.js";
import { callAway, epochOf, newBoard, shareLoop } from "./board.js";
import { takeChunks } from "./chunks.js";
import { type Answer, openPort, type Port } from "./port.js";

/** Code in a memory, as workers know it. */
export interface KnownCode {
  readonly id: number;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

export interface SharedLoop {
  readonly name: string;
  /** The first parameters of the function: where its buffers lie, and what else it takes before its part. */
  readonly addresses: readonly number[];
  readonly iterations: number;
  /** One element: the first iteration that no thread has taken. */
  readonly counter: Int32Array;
}

/** True if the calling thread takes iterations too. A page's own thread must stay free. */
const worksAlong = (): boolean => typeof document === "undefined";

/** Each thread has several chunks on average, so that a thread that is disturbed leaves work to the others. */
const CHUNKS_PER_THREAD = 4;

let jobs = 0;

/** Workers that died one after the other before they were ready. */
let failures = 0;
/** A page's policy may forbid workers. After so many failures none is tried again. */
const MOST_FAILURES = 3;

const canStart = (): boolean => failures < MOST_FAILURES;

function failedToStart(why: string): void {
  failures++;
  if (!canStart()) warn(`tilewright: worker threads do not start here (${why}); kernels run on the calling thread`);
}

class PoolWorker {
  readonly #port: Port;
  readonly #known = new Set<number>();
  readonly #waiting = new Map<number, { done: () => void; failed: (error: Error) => void }>();
  /** Kept once the worker has started, or died. */
  readonly #started: Promise<void>;
  #haveStarted: () => void = () => undefined;
  isReady = false;
  isDead = false;
  /** True if the worker reads the board and no messages. */
  isParked = false;

  constructor() {
    this.#started = new Promise((resolve) => {
      this.#haveStarted = resolve;
    });
    this.#port = openPort({ answered: (answer) => this.#answered(answer), died: (why) => this.#died(why) });
  }

  /** Waits until the worker has started, or died. Node's process lives on meanwhile. */
  async start(): Promise<void> {
    this.#port.keepAlive(true);
    await this.#started;
    this.#rest();
  }

  knows({ id }: KnownCode): boolean {
    return this.#known.has(id);
  }

  learn(code: KnownCode): void {
    if (this.knows(code)) return;
    const { id, module, memory } = code;
    this.#port.post({ kind: "code", id, module, memory });
    this.#known.add(id);
  }

  park(): void {
    if (this.isParked) return;
    this.#port.post({ kind: "park", board, epoch: epochOf(board) });
    this.isParked = true;
  }

  run(code: KnownCode, range: SharedLoop, chunk: number): Promise<void> {
    const { id } = code;
    this.learn(code);
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

  dismiss(): void {
    this.#died("it was dismissed");
  }

  #answered(answer: Answer): void {
    if (answer.kind === "ready") {
      this.isReady = true;
      failures = 0;
      this.#haveStarted();
      return;
    }
    this.#waiting.get(answer.job)?.done();
    this.#waiting.delete(answer.job);
    this.#rest();
  }

  #rest(): void {
    if (this.#waiting.size === 0) this.#port.keepAlive(false);
  }

  #died(why: string): void {
    if (this.isDead) return;
    this.isDead = true;
    if (!this.isReady) failedToStart(why);
    this.#haveStarted();
    const error = new TilewrightError(
      "worker-failed",
      `a worker thread died (${why}); run again, a new one takes its place`,
    );
    // A worker that never started has taken no iterations, so the other threads do its share.
    for (const { done, failed } of this.#waiting.values()) this.isReady ? failed(error) : done();
    this.#waiting.clear();
    this.#port.end();
  }
}

let workers: PoolWorker[] = [];

/** The first `count` workers, made or replaced as needed. There are fewer if workers cannot start. */
function takeWorkers(count: number): readonly PoolWorker[] {
  workers = workers.filter((worker) => !worker.isDead);
  while (canStart() && workers.length < count) workers.push(new PoolWorker());
  return workers.slice(0, count);
}

/** Starts workers for so many threads, and waits until they have started or cannot. */
export async function startWorkers(threads: number): Promise<void> {
  await Promise.all(takeWorkers(worksAlong() ? threads - 1 : threads).map((worker) => worker.start()));
}

/** The number of threads that share a job which asks for `threads`. It is one once a worker could not start. */
export const threadsOf = (threads: number): number => (failures === 0 ? threads : 1);

/** Where callers that block share jobs, one at a time. */
let board = newBoard();

/** Milliseconds that a caller waits for a worker which has joined: far longer than any job takes. */
const PATIENCE = 60_000;

/** Lets parked workers read messages. */
function unparkAll(): void {
  if (!workers.some((worker) => worker.isParked)) return;
  callAway(board);
  for (const worker of workers) worker.isParked = false;
}

/**
 * Runs the range on up to `threads` threads, and blocks until it is done. Workers that have not started yet take no
 * part, and on a page's own thread, which must not block, none does.
 */
export function runSharedSync(
  code: KnownCode,
  { name, addresses, iterations }: Omit<SharedLoop, "counter">,
  threads: number,
  runHere: (begin: number, end: number) => void,
): void {
  const helpers = worksAlong() ? takeWorkers(threads - 1).filter((worker) => worker.isReady) : [];
  if (helpers.length === 0) {
    runHere(0, iterations);
    return;
  }
  if (!helpers.every((worker) => worker.knows(code))) {
    unparkAll();
    for (const worker of helpers) worker.learn(code);
  }
  for (const worker of helpers) worker.park();
  const entry = WebAssembly.Module.exports(code.module).findIndex((one) => one.name === name);
  const loop = { code: code.id, entry, addresses, iterations, chunk: chunkOf(iterations, threads) };
  if (!shareLoop(board, loop, helpers.length, runHere, PATIENCE)) {
    dismissAll();
    fail("worker-failed", "a worker thread failed or hangs; run again, others take their places");
  }
}

/** Ends all workers. One that died at work counts as active on the board for good, so the board goes as well. */
function dismissAll(): void {
  for (const worker of workers) worker.dismiss();
  board = newBoard();
}

const chunkOf = (iterations: number, threads: number): number =>
  Math.max(1, Math.floor(iterations / (threads * CHUNKS_PER_THREAD)));

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
  const chunk = chunkOf(iterations, threads);
  const takeRest = () => takeChunks(runHere, counter, iterations, chunk);
  const alongside = worksAlong();
  Atomics.store(counter, 0, 0);
  unparkAll();
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
  unparkAll();
  for (const worker of workers) worker.forget(id);
}
