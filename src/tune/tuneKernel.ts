/** Tunes one kernel: a search, in rounds, over candidates that a bench measures. */

import { chooseAlgorithm, spaceOf } from "../codegen/compile.js";
import type { Candidate } from "../codegen/search/approach.js";
import { type Target, targetOf } from "../codegen/target.js";
import { fail } from "../ir/errors.js";
import { programOf } from "../ir/ops/index.js";
import { anyLengthWithin } from "../ir/ops/specWithProgram.js";
import type { Bench, Ended, SearchState } from "./bench.js";
import type { Budget } from "./budget.js";
import type { Effort, Level } from "./levels.js";
import { Order } from "./order.js";
import type { TuningRecord } from "./record.js";
import {
  bestFirst,
  type Choice,
  gainOf,
  isFresh,
  machineKey,
  ranked,
  surest,
  type TunedKernel,
  WORTHWHILE,
} from "./selection.js";
import type { Signal } from "./signal.js";
import { intervalOf } from "./statistics.js";
import { Trials } from "./trials.js";

export interface Settings {
  readonly level: Level;
  readonly effort: Effort;
  readonly budget: Budget;
  /** The number of kernels that share the budget, this one included. */
  readonly sharers: number;
  readonly signal: Signal;
  /** Earlier records of this kernel, from any machine. */
  readonly known: readonly TuningRecord[];
  /** Called at the start and after each candidate. */
  onProgress(progress: KernelProgress): void;
}

export interface KernelProgress {
  /** The number of schedules that have a record of this machine, from this run or an earlier one. */
  readonly candidates: number;
  /** The number of candidates at which this level ends. */
  readonly limit: number;
  /** The number of points in the search space. */
  readonly points: number;
  /** The number of schedules that were compared with the model's pick in this run. */
  readonly compared: number;
  readonly best: Choice | undefined;
  /**
   * Milliseconds of one call of the model's pick: the median over the rounds against the best schedule. If none is
   * surely faster, they are the rounds against the one that came nearest. Undefined if nothing was ever compared.
   */
  readonly untuned: number | undefined;
  /** Milliseconds of one call of what is now used, in the same rounds: the best schedule, or the model's pick. */
  readonly tuned: number | undefined;
  /** Milliseconds since the first measurement of this run. */
  readonly elapsed: number;
  /** Milliseconds left at most, or as many as the candidates left will take at the pace so far. */
  readonly left: number;
}

export interface KernelResult extends KernelProgress {
  /** The reason why nothing was compared in this run, in words; undefined if something was. */
  readonly unmeasured: string | undefined;
}

/**
 * Opens a search, and the bench for its kernel unless there is nothing to try. It throws what the bench throws, and
 * `invalid-argument` if each call of the kernel chooses a size.
 */
export async function openKernel(kernel: TunedKernel, bench: Bench, settings: Settings): Promise<Session> {
  if (anyLengthWithin(kernel.spec)) {
    const remedy = "measure a spec of the usual length, and give its schedule to compile";
    fail("invalid-argument", `schedules are tuned for one length, and here each call chooses a size; ${remedy}`);
  }
  const target = targetOf(kernel.target, bench.gpu);
  const session = new Session(kernel, target, bench, settings);
  settings.onProgress(session.progress());
  if (!session.isDone) await session.open(chooseAlgorithm(programOf(kernel.spec), target, kernel.wanted));
  return session;
}

/** The tuning of one kernel. */
export class Session implements SearchState {
  readonly #order: Order;
  /** The fresh records of this machine that were there before. */
  readonly #known: readonly TuningRecord[];
  /** The choices among the records of this machine, best first. */
  #choices: readonly Choice[];
  readonly #trials: Trials;
  /** True if others have used up the time for all kernels. */
  readonly #isTooLate: boolean;

  constructor(
    readonly kernel: TunedKernel,
    readonly target: Target,
    readonly bench: Bench,
    readonly settings: Settings,
  ) {
    const here = machineKey(bench.machine);
    this.#known = settings.known.filter((record) => isFresh(record) && machineKey(record.machine) === here);
    this.#order = new Order(spaceOf(programOf(kernel.spec), target, kernel.wanted));
    for (const record of this.#known) this.#note(record);
    this.#choices = ranked(this.#known);
    this.#trials = new Trials(settings.effort);
    this.#isTooLate = settings.budget.isUp;
  }

  get isDone(): boolean {
    const isFull = this.#order.noted >= this.#limit;
    return isFull || this.#isTooLate || this.within <= 0 || this.settings.signal.aborted;
  }

  get within(): number {
    return this.#trials.within;
  }

  get incumbent(): number {
    return surest(this.#choices)?.gain.low ?? WORTHWHILE;
  }

  begin(): void {
    this.#trials.begin(() => this.settings.budget.share(this.settings.sharers));
  }

  get #limit(): number {
    return Math.min(this.settings.effort.candidates, this.#order.size);
  }

  progress(): KernelProgress {
    const best = surest(this.#choices);
    const decisive = (best ?? this.#choices[0])?.record;
    const untuned = decisive && intervalOf(decisive.baseline).median;
    return {
      candidates: this.#order.noted,
      limit: this.#limit,
      points: this.#order.size,
      compared: this.#trials.compared,
      ...{ best, untuned, tuned: best ? intervalOf(best.record.samples).median : untuned },
      ...this.#trials.times(this.#limit - this.#order.noted),
    };
  }

  /** Measures candidates until there is nothing left to try, or no time. Throws what the bench throws. */
  async run(): Promise<KernelResult> {
    while (!this.isDone && (await this.#batch()));
    return { ...this.progress(), unmeasured: this.#trials.compared > 0 ? undefined : this.#reason() };
  }

  /** The reason why nothing was compared. */
  #reason(): string {
    if (this.settings.signal.aborted) return "interrupted before the first measurement ended";
    if (this.#trials.count > 0) return `no schedule that was tried could be measured: ${this.#trials.text}`;
    if (this.#limit > 0 && this.#order.noted >= this.#limit) {
      return `the records have all that level ${this.settings.level} tries`;
    }
    if (this.#isTooLate) return "the time for all kernels was up before its turn";
    return this.#order.noted === 0
      ? "there is no schedule but the model's pick"
      : "all other schedules make code that the records have";
  }

  /** Opens the bench for this kernel. */
  open(pick: Candidate): Promise<void> {
    const { kernel, target } = this;
    const { level, effort, signal } = this.settings;
    return this.bench.open({ kernel, target, pick, level, effort, signal, known: this.#known });
  }

  /** Measures the next candidates. False if there is nothing left to try. */
  async #batch(): Promise<boolean> {
    const count = Math.min(this.settings.effort.batch * this.bench.places, this.#limit - this.#order.noted);
    const candidates = this.#order.next(count);
    for await (const ended of this.bench.measure(candidates, this)) this.#end(ended);
    return candidates.length > 0;
  }

  #end(ended: Ended): void {
    this.#trials.note(ended === "late" ? ended : ended.outcome);
    if (ended === "late") return;
    this.#note(ended);
    // A schedule is tried once, so the choices before stay as they are.
    this.#choices = bestFirst([...this.#choices, ...ranked([ended])]);
    this.settings.onProgress(this.progress());
  }

  #note(record: TuningRecord): void {
    // The time is a share of the pick's time in the same rounds, which does not change with the machine's speed.
    this.#order.note(record, record.outcome === "measured" ? 1 / gainOf(record).median : undefined);
  }
}
