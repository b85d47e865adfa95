/** Checked reports on the candidates of one kernel on one class of device. */
import type { TuningRecord } from "../tune/record.js";

/** Workers whose reports on one candidate are kept. */
const MOST_REPORTS = 16;

const NONE: ReadonlyMap<string, TuningRecord> = new Map();

export class Reports {
  /** By the id of a candidate, then by worker. */
  readonly #records = new Map<string, Map<string, TuningRecord>>();
  readonly #waiting = new Set<() => void>();

  /** The records of a candidate, by worker. */
  on(candidate: string): ReadonlyMap<string, TuningRecord> {
    return this.#records.get(candidate) ?? NONE;
  }

  /** The records of each candidate, by worker. */
  get all(): Iterable<ReadonlyMap<string, TuningRecord>> {
    return this.#records.values();
  }

  /** Notes a record. A worker has one for each candidate, its first. */
  note(candidate: string, worker: string, record: TuningRecord): void {
    const records = this.#records.get(candidate) ?? new Map<string, TuningRecord>();
    if (records.size === MOST_REPORTS || records.has(worker)) return;
    this.#records.set(candidate, records.set(worker, record));
    for (const wake of this.#waiting) wake();
  }

  /** Kept with the next record, or after so many milliseconds. */
  async next(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#waiting.add(wake);
    });
  }
}
