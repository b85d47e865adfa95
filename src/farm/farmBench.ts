/** The bench that is a farm: candidates go to whichever worker of a class of devices takes them. */
import type { Candidate } from "../codegen/search/approach.js";
import { failInternally } from "../ir/errors.js";
import type { Bench, Ended, SearchState, Task } from "../tune/bench.js";
import type { Machine, TuningRecord } from "../tune/record.js";
import type { Coordinator } from "./coordinator.js";
import { candidateId, type DeviceClass } from "./names.js";
import type { Reports } from "./reports.js";
import { LEASE_MS } from "./streams.js";
import { agreeing, mostAsked, recordOfAll } from "./verdict.js";

/** Milliseconds between two looks at what is there, if no report comes. */
const LOOK_MS = 1000;
/** Milliseconds until a candidate is asked for again, whose job may be lost. While it is there, another is refused. */
const AGAIN_MS = 1.5 * LEASE_MS;

export interface FarmBenchOptions {
  readonly coordinator: Coordinator;
  readonly deviceClass: DeviceClass;
  /** The number of workers that must say the same before a candidate wins, or counts as failed. */
  readonly quorum: number;
  /** The number of rounds of candidates that workers of this class can measure at the same time. */
  places(): number;
  /** Stores a record that counts. */
  keep(record: TuningRecord): void;
}

/** A candidate that was asked for. */
interface Waiting {
  readonly candidate: Candidate;
  readonly id: string;
  /** The number of reports when it was asked for last, and when that was. */
  reports: number;
  at: number;
}

export class FarmBench implements Bench {
  readonly machine: Machine;
  readonly #options: FarmBenchOptions;
  #open: { readonly task: Task; readonly reports: Reports } | undefined;

  constructor(options: FarmBenchOptions) {
    this.#options = options;
    this.machine = options.deviceClass.machine;
  }

  get places(): number {
    return this.#options.places();
  }

  /** Workers open the kernel when they get the first job of it. */
  async open(task: Task): Promise<void> {
    const { coordinator, deviceClass } = this.#options;
    this.#open = { task, reports: coordinator.reportsOn(deviceClass, task.kernel) };
  }

  async *measure(candidates: readonly Candidate[], search: SearchState): AsyncGenerator<Ended, void> {
    const { deviceClass } = this.#options;
    const { task, reports } = this.#opened;
    const { kernel } = task;
    search.begin();
    const ids = candidates.map((point) => candidateId({ deviceClass, kernel, point }));
    let open = candidates.map((candidate, i): Waiting => ({ candidate, id: ids[i] as string, reports: -1, at: 0 }));
    while (open.length > 0 && !search.isDone) {
      const report = reports.next(LOOK_MS);
      const left: Waiting[] = [];
      for (const asked of open) {
        const counting = this.#counting(asked.id);
        if (!counting) left.push(asked);
        else if (counting === "late") yield counting;
        else yield this.#kept(counting);
      }
      open = left;
      await Promise.all(open.map((asked) => this.#ask(asked, search.incumbent)));
      if (open.length > 0) await report;
    }
  }

  get #opened() {
    return this.#open ?? failInternally("a candidate before there is a kernel");
  }

  /** The records that count, or undefined while too few workers have reported. "late" if they cannot agree. */
  #counting(id: string): readonly TuningRecord[] | "late" | undefined {
    const { quorum } = this.#options;
    const records = [...this.#opened.reports.on(id).values()];
    return agreeing(records, quorum) ?? (records.length < mostAsked(quorum) ? undefined : "late");
  }

  #kept(counting: readonly TuningRecord[]): TuningRecord {
    for (const record of counting) this.#options.keep(record);
    return recordOfAll(counting as readonly [TuningRecord, ...TuningRecord[]]);
  }

  /** Asks for a candidate that was not asked for, or has a new report and needs another, or whose job may be lost. */
  async #ask(asked: Waiting, atLeast: number): Promise<void> {
    const { coordinator, deviceClass } = this.#options;
    const { task, reports } = this.#opened;
    const { kernel, level } = task;
    // Reports may have come since the last look.
    if (this.#counting(asked.id)) return;
    const leftOut = [...reports.on(asked.id).keys()];
    const now = performance.now();
    if (asked.reports === leftOut.length && now < asked.at + AGAIN_MS) return;
    try {
      const { algorithm, knobs } = asked.candidate;
      await coordinator.ask({ deviceClass, kernel, point: { algorithm, knobs }, level, atLeast, leftOut });
      Object.assign(asked, { reports: leftOut.length, at: now });
    } catch {
      // The server is away: the next look asks again.
    }
  }
}

/** The records that count among earlier reports on a kernel. */
export const settled = (reports: Reports, quorum: number): readonly TuningRecord[] =>
  [...reports.all].flatMap((one) => agreeing([...one.values()], quorum) ?? []);
