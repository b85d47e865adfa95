/** The trials of one kernel in one run: how many ended in which way, and when the time for them is up. */
import type { Effort } from "./levels.js";
import type { Verdict } from "./remote.js";

type End = Verdict["is"] | "refused";

export class Trials {
  readonly #effort: Effort;
  readonly #ends = new Map<End, number>();
  /** The first measurement and the end of the time, in the milliseconds of `performance.now()`. */
  #clock: { readonly start: number; readonly end: number } | undefined;

  constructor(effort: Effort) {
    this.#effort = effort;
  }

  /** Starts the clock, unless it runs. @param share the milliseconds that the kernel may take of those for all */
  begin(share: () => number): void {
    if (this.#clock) return;
    const start = performance.now();
    this.#clock = { start, end: start + Math.min(this.#effort.milliseconds, share()) };
  }

  note(end: End): void {
    this.#ends.set(end, (this.#ends.get(end) ?? 0) + 1);
  }

  get count(): number {
    return [...this.#ends.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The number of schedules that were compared with the model's pick. */
  get compared(): number {
    return this.#ends.get("measured") ?? 0;
  }

  /** Milliseconds left. They are infinite until one schedule was compared in full, or a whole batch has failed. */
  get within(): number {
    const isOwed = this.compared === 0 && this.count < this.#effort.batch;
    return this.#clock && !isOwed ? this.#clock.end - performance.now() : Number.POSITIVE_INFINITY;
  }

  /**
   * Milliseconds since the clock has started, and until it ends, or until so many more trials are done at the pace so
   * far.
   */
  times(more: number): { readonly elapsed: number; readonly left: number } {
    if (!this.#clock) return { elapsed: 0, left: this.#effort.milliseconds };
    const now = performance.now();
    const elapsed = now - this.#clock.start;
    const pace = this.count === 0 ? Number.POSITIVE_INFINITY : elapsed / this.count;
    return { elapsed, left: Math.max(0, Math.min(this.#clock.end - now, more === 0 ? 0 : pace * more)) };
  }

  /** Such as `3 wrong, 1 hung`. */
  get text(): string {
    return [...this.#ends].map(([end, count]) => `${count} ${end}`).join(", ");
  }
}
