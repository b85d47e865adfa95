/** Compiles candidates in threads, one for each processor. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Schedule } from "../../codegen/schedule.js";
import type { Target } from "../../codegen/target.js";
import type { Spec } from "../../ir/ops/spec.js";
import type { Algorithm } from "../../ir/rewrites/rewrite.js";
import type { Compiled } from "../ownBench.js";

export interface Job {
  readonly spec: Spec;
  readonly target: Target;
  readonly algorithm: Algorithm;
  readonly schedule: Schedule;
}

const MOST = 8;
/** Milliseconds after which a candidate is given up: no user would wait so long for code. */
const PATIENCE = 20_000;

export class Compilers {
  readonly #workers: (Worker | undefined)[] = new Array(Math.min(MOST, availableParallelism())).fill(undefined);

  #isClosed = false;

  /** The number of threads. */
  get count(): number {
    return this.#workers.length;
  }

  /** Compiles all jobs; results are in the order of the jobs. */
  async compile(jobs: readonly Job[]): Promise<readonly Compiled[]> {
    const results: Compiled[] = new Array(jobs.length).fill(undefined);
    let next = 0;
    const work = async (_: unknown, place: number) => {
      for (let job = next++; job < jobs.length && !this.#isClosed; job = next++)
        results[job] = await this.#compile(place, jobs[job] as Job);
    };
    await Promise.all(this.#workers.map(work));
    return results;
  }

  /** Compiles a job. A thread that does not answer, or dies, is replaced; its job has no code. */
  async #compile(place: number, job: Job): Promise<Compiled> {
    this.#workers[place] ??= start();
    const worker = this.#workers[place];
    const result = await new Promise<Compiled | "none">((resolve) => {
      const timer = setTimeout(() => settle("none"), PATIENCE);
      const fail = () => settle("none");
      const settle = (result: Compiled | "none") => {
        clearTimeout(timer);
        worker.off("message", settle).off("error", fail).off("exit", fail);
        resolve(result);
      };
      worker.on("message", settle).on("error", fail).on("exit", fail);
      worker.postMessage(job);
    });
    if (result !== "none") return result;
    await worker.terminate();
    this.#workers[place] = undefined;
    return undefined;
  }

  /** Ends the threads. Jobs in progress have no code, and no thread is started again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#workers.map((worker) => worker?.terminate()));
    this.#workers.fill(undefined);
  }
}

function start(): Worker {
  const worker = new Worker(new URL("./compileWorker.js", import.meta.url));
  worker.unref();
  return worker;
}
