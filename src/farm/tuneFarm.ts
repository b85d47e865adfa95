/** Tunes kernels for every class of device that has a worker: as many of a class at a time as it has workers. */
import type { NatsConnection } from "@nats-io/nats-core";
import { fail } from "../ir/errors.js";
import { Budget } from "../tune/budget.js";
import { EFFORTS, type Level } from "../tune/levels.js";
import type { TuningRecord } from "../tune/record.js";
import { tunedKey } from "../tune/selection.js";
import type { Signal } from "../tune/signal.js";
import { type TuneEvent, type TuningJob, tuneJob } from "../tune/tune.js";
import { Coordinator } from "./coordinator.js";
import { FarmBench, settled } from "./farmBench.js";
import { parseHello } from "./messages.js";
import { type DeviceClass, HELLO } from "./names.js";
import { HELLO_MS, Roll } from "./roll.js";

/** A kernel for any class of device whose code is of this language. */
export type FarmKernel = Pick<TuningJob, "name" | "spec" | "wanted">;

export interface FarmOptions {
  /** The language of kernels; classes that make other code are left alone. */
  readonly language: DeviceClass["target"]["language"];
  readonly level: Level;
  /** Milliseconds for all together; may be infinite. */
  readonly budget: number;
  /** The number of workers that must say the same before a candidate wins, or counts as failed. */
  readonly quorum: number;
  readonly signal: Signal;
  /** Records of earlier runs. */
  readonly known: readonly TuningRecord[];
  /** Stores a record that counts; each is given once. */
  keep(record: TuningRecord): void;
  onProgress(event: FarmEvent): void;
}

/** The state of a kernel on a class of devices. */
export interface FarmEvent {
  readonly deviceClass: DeviceClass;
  /** The workers of the class that are there. */
  readonly workers: number;
  readonly event: TuneEvent;
}

/** The kernels that no worker of a class was left to begin. */
export interface Unbegun {
  readonly deviceClass: DeviceClass;
  /** 1 or more. */
  readonly kernels: number;
}

export interface FarmResult {
  readonly events: readonly FarmEvent[];
  readonly unbegun: readonly Unbegun[];
  /** The number of messages that were no reports of what somebody asked for. */
  readonly refused: number;
}

/** Milliseconds in which all workers that are there have greeted. */
const GREETING_MS = 2 * HELLO_MS;

/**
 * Ends when every class that has greeted is done or gone, or when time is up. Whatever was measured by then is stored
 * on the server, so the next run goes on. Throws what `keep` throws, and `server-unavailable` if the server can keep
 * nothing.
 */
export async function tuneFarm(
  connection: NatsConnection,
  kernels: readonly FarmKernel[],
  options: FarmOptions,
): Promise<FarmResult> {
  const coordinator = await Coordinator.open(connection).catch(refuse);
  const farm = new Farm(coordinator, kernels, options);
  const end = setTimeout(() => farm.stop(), Math.min(options.budget, LONGEST));
  const interrupt = () => farm.stop();
  options.signal.addEventListener("abort", interrupt);
  const greetings = connection.subscribe(HELLO, {
    callback: (error, message) => {
      if (!error) farm.greet(message.data);
    },
  });
  try {
    await farm.ended();
    return { events: farm.events, unbegun: farm.unbegun, refused: coordinator.refused };
  } finally {
    greetings.unsubscribe();
    clearTimeout(end);
    options.signal.removeEventListener("abort", interrupt);
    farm.stop();
  }
}

const refuse = ({ message }: Error): never =>
  fail("server-unavailable", `the server keeps nothing here (${message}); it needs JetStream and a coordinator's key`);

/** Milliseconds of a timer at most. */
const LONGEST = 2 ** 31 - 1;
/** Milliseconds between two looks at who is there. */
const LOOK_MS = 500;

/** A class of devices that kernels are tuned for. */
interface ClassRun {
  readonly deviceClass: DeviceClass;
  readonly stop: AbortController;
  isDone: boolean;
  /** Kernels that are yet to begin. */
  waiting: readonly TuningJob[];
}

class Farm {
  readonly #roll = new Roll();
  readonly #runs: ClassRun[] = [];
  readonly #stop = new AbortController();
  readonly #start = performance.now();
  /** The last event of each kernel, by class. */
  readonly #events = new Map<string, FarmEvent>();
  readonly #kept: Set<string>;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    readonly coordinator: Coordinator,
    readonly kernels: readonly FarmKernel[],
    readonly options: FarmOptions,
  ) {
    this.#kept = new Set(options.known.map(({ id }) => id));
  }

  get events(): readonly FarmEvent[] {
    return [...this.#events.values()];
  }

  get unbegun(): readonly Unbegun[] {
    const left = this.#runs.filter(({ waiting }) => waiting.length > 0);
    return left.map(({ deviceClass, waiting }) => ({ deviceClass, kernels: waiting.length }));
  }

  stop(): void {
    this.#stop.abort();
    for (const { stop } of this.#runs) stop.abort();
  }

  /** Notes a worker, and begins with its class if it is the first. */
  greet(data: Uint8Array): void {
    const hello = parseHello(data);
    if (!hello || hello.deviceClass.target.language !== this.options.language || this.#stop.signal.aborted) return;
    const deviceClass = this.#roll.note(hello);
    if (!deviceClass) return;
    const run: ClassRun = { deviceClass, stop: new AbortController(), isDone: false, waiting: [] };
    this.#runs.push(run);
    void this.#tune(run)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        run.isDone = true;
      });
  }

  /** Kept once no class has anything left to do. A class that nobody measures for any more is given up. */
  async ended(): Promise<void> {
    const isOpen = () => {
      if (this.#failure) throw this.#failure.error;
      if (this.#stop.signal.aborted) return this.#runs.some(({ isDone }) => !isDone);
      const isEarly = this.#runs.length === 0 || performance.now() < this.#start + GREETING_MS;
      return isEarly || this.#runs.some(({ isDone }) => !isDone);
    };
    while (isOpen()) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      for (const { deviceClass, stop } of this.#runs) if (this.#roll.count(deviceClass) === 0) stop.abort();
    }
  }

  async #tune(run: ClassRun): Promise<void> {
    const { deviceClass, stop } = run;
    const { target, machine } = deviceClass;
    const jobs = this.kernels.map((kernel): TuningJob => ({ ...kernel, target, threads: machine.threads }));
    run.waiting = jobs;
    await this.#open(run, jobs);
    const lanes = new Set<Promise<void>>();
    while (run.waiting.length > 0 && !stop.signal.aborted) {
      const [next, ...rest] = run.waiting as [TuningJob, ...TuningJob[]];
      run.waiting = rest;
      const lane: Promise<void> = this.#tuneOne(run, next, jobs.length).finally(() => lanes.delete(lane));
      lanes.add(lane);
      while (lanes.size >= Math.max(1, this.#roll.count(deviceClass))) await Promise.race(lanes);
    }
    await Promise.all(lanes);
  }

  /** Opens a class, as often as it takes while the server is away. */
  async #open({ deviceClass, stop }: ClassRun, jobs: readonly TuningJob[]): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        return await this.coordinator.openClass(deviceClass, jobs);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    }
  }

  async #tuneOne({ deviceClass, stop }: ClassRun, kernel: TuningJob, count: number): Promise<void> {
    const { coordinator, options } = this;
    const { level, quorum } = options;
    const before = settled(coordinator.reportsOn(deviceClass, kernel), quorum);
    for (const record of before) this.#keep(record);
    const workers = () => this.#roll.count(deviceClass);
    const show = (event: TuneEvent) => {
      const shown: FarmEvent = { deviceClass, workers: workers(), event };
      this.#events.set(`${JSON.stringify(deviceClass)} ${kernel.name}`, shown);
      options.onProgress(shown);
    };
    const bench = new FarmBench({
      ...{ coordinator, deviceClass, quorum },
      places: () => Math.max(1, Math.ceil(workers() / count)),
      keep: (record) => this.#keep(record),
    });
    const key = tunedKey(kernel);
    const own = options.known.filter((record) => tunedKey(record) === key);
    const ids = new Set(own.map(({ id }) => id));
    const settings = {
      // Waiting for a worker must take no time from a kernel. The number of schedules and the budget are the limits.
      ...{ level, effort: { ...EFFORTS[level], milliseconds: Number.POSITIVE_INFINITY } },
      ...{ budget: new Budget(Number.POSITIVE_INFINITY), sharers: 1, signal: stop.signal },
      known: [...own, ...before.filter(({ id }) => !ids.has(id))],
      onProgress: (progress: Omit<TuneEvent, "kernel" | "state" | "unmeasured">) =>
        show({ ...progress, kernel, state: "measuring", unmeasured: undefined }),
    };
    show({ ...(await tuneJob(kernel, bench, settings)), kernel });
  }

  #keep(record: TuningRecord): void {
    if (this.#kept.has(record.id)) return;
    this.#kept.add(record.id);
    this.options.keep(record);
  }
}
