/** Counts of what ran where and why, for `report`. */

/** The calls of one kernel of TensorFlow.js on one backend. */
export interface KernelReport {
  readonly backend: string;
  readonly kernel: string;
  /** Calls that our kernels served, and those that TensorFlow.js' own did. */
  readonly ours: number;
  readonly theirs: number;
  /** The time of our calls, in milliseconds; on a GPU that of recording them. */
  readonly time: number;
  /** An estimate of the milliseconds by which TensorFlow.js would have been slower; none on a GPU. */
  readonly saved: number;
  /** Reasons for which TensorFlow.js' own kernels ran, each with the number of calls. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface TfjsReport {
  readonly kernels: readonly KernelReport[];
  /** The sum over kernels, in milliseconds. */
  readonly saved: number;
  /** Sentences on backends that were left as they are. */
  readonly notes: readonly string[];
}

interface Counts {
  readonly backend: string;
  readonly kernel: string;
  ours: number;
  theirs: number;
  time: number;
  saved: number;
  readonly reasons: Map<string, number>;
}

export class Tally {
  readonly #counts = new Map<string, Counts>();
  readonly #notes = new Set<string>();

  /** A call of ours that took some milliseconds, `gain` times as fast as TensorFlow.js. */
  countOurs(backend: string, kernel: string, time: number, gain: number): void {
    const counts = this.#of(backend, kernel);
    counts.ours++;
    counts.time += time;
    counts.saved += time * (gain - 1);
  }

  countTheirs(backend: string, kernel: string, reason: string): void {
    const counts = this.#of(backend, kernel);
    counts.theirs++;
    counts.reasons.set(reason, (counts.reasons.get(reason) ?? 0) + 1);
  }

  note(sentence: string): void {
    this.#notes.add(sentence);
  }

  report(): TfjsReport {
    const kernels = [...this.#counts.values()].map(({ reasons, ...counts }) => ({
      ...counts,
      reasons: Object.fromEntries(reasons),
    }));
    return { kernels, saved: kernels.reduce((sum, { saved }) => sum + saved, 0), notes: [...this.#notes] };
  }

  #of(backend: string, kernel: string): Counts {
    const key = `${backend} ${kernel}`;
    let counts = this.#counts.get(key);
    if (!counts) {
      counts = { backend, kernel, ours: 0, theirs: 0, time: 0, saved: 0, reasons: new Map() };
      this.#counts.set(key, counts);
    }
    return counts;
  }
}
