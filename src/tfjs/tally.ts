/** Counts of what ran where and why, for `report`. */

/** The calls of one kernel of TensorFlow.js on one backend. */
export interface KernelReport {
  readonly backend: string;
  readonly kernel: string;
  /** Calls that our kernels served, and those that TensorFlow.js' own did. */
  readonly ours: number;
  readonly theirs: number;
  /** The time of our calls without compiling, in milliseconds; on a GPU that of recording them. */
  readonly time: number;
  /**
   * The time of compiling our kernels, each with its first weights, in milliseconds; in the background as long as it
   * lasted, which is also time in which a page did something else.
   */
  readonly compiled: number;
  /**
   * An estimate of what TensorFlow.js would have taken longer, in milliseconds, low rather than high. Its own kernel
   * counts as no slower than it was in a call of the same sizes, if it served one: it does in `warmUp`, and in a page
   * while ours is compiled. Else it counts as twice as slow at most. A call that compiles first saves nothing, and
   * `compiled` is subtracted, so it may be negative. 0 on a GPU, and where TensorFlow.js has no kernel.
   */
  readonly saved: number;
  /** Reasons for which TensorFlow.js' own kernels ran, each with the number of calls. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface TfjsReport {
  readonly kernels: readonly KernelReport[];
  /** The sum over kernels: an estimate, in milliseconds. It is negative until compiling has paid. */
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
  compiled: number;
  saved: number;
  readonly reasons: Map<string, number>;
}

export class Tally {
  readonly #counts = new Map<string, Counts>();
  readonly #notes = new Set<string>();

  /** A call of ours, and what it saved; all in milliseconds. */
  countOurs(backend: string, kernel: string, time: number, saved: number): void {
    const counts = this.#of(backend, kernel);
    counts.ours++;
    counts.time += time;
    counts.saved += saved;
  }

  /** Compiling that took some milliseconds, and how many of them TensorFlow.js would have spared. */
  countCompiling(backend: string, kernel: string, time: number, spared: number): void {
    const counts = this.#of(backend, kernel);
    counts.compiled += time;
    counts.saved -= spared;
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
      counts = { backend, kernel, ours: 0, theirs: 0, time: 0, compiled: 0, saved: 0, reasons: new Map() };
      this.#counts.set(key, counts);
    }
    return counts;
  }
}
