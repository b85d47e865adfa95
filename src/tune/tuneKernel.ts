/** Tunes one kernel: compiles candidates in batches, then measures them one by one on an idle machine. */

import { chooseAlgorithm, compileModule, spaceOf } from "../codegen/compile.js";
import type { Candidate } from "../codegen/search/approach.js";
import { type Target, targetOf, type WebgpuFeatures } from "../codegen/target.js";
import { fail } from "../ir/errors.js";
import type { KernelModule } from "../ir/module.js";
import { programOf } from "../ir/ops/index.js";
import { specRow } from "../ir/ops/specRow.js";
import { anyLengthWithin } from "../ir/ops/specWithProgram.js";
import { VERSION } from "../ir/version.js";
import type { Budget } from "./budget.js";
import type { Effort, Level } from "./levels.js";
import { Order } from "./order.js";
import { type Machine, type Measurement, makeRecord, type TuningRecord } from "./record.js";
import type { RemoteMeasurer, Verdict } from "./remote.js";
import type { Samples } from "./sampling.js";
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

/** A module and the hash of its code, or undefined if the compiler refuses the schedule. */
export type Compiled = { readonly module: KernelModule; readonly code: string } | undefined;

/** The tools of tuning, which a page and Node provide in different ways. */
export interface Tools {
  readonly machine: Machine;
  /** The GPU that kernels are for, if they are for one. Default: a GPU about which nothing is known. */
  readonly gpu?: Omit<WebgpuFeatures, "storage">;
  readonly measurer: RemoteMeasurer;
  /** Results are in the order of the candidates. Once the promise is kept, nothing is left running. */
  compile(kernel: TunedKernel, target: Target, candidates: readonly Candidate[]): Promise<readonly Compiled[]>;
  /** Stores a record at once, as the process may be killed. */
  keep(record: TuningRecord): void;
}

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
 * Measures the model's pick for a kernel, unless there is nothing to try. It throws what the compiler throws if the
 * pick cannot be compiled, and `internal` if its result is wrong, as right candidates would then count as wrong.
 */
export async function openKernel(kernel: TunedKernel, tools: Tools, settings: Settings): Promise<Session> {
  if (anyLengthWithin(kernel.spec)) {
    const remedy = "measure a spec of the usual length, and give its schedule to compile";
    fail("invalid-argument", `schedules are tuned for one length, and here each call chooses a size; ${remedy}`);
  }
  const target = targetOf(kernel.target, tools.gpu);
  const session = new Session(kernel, target, tools, settings);
  settings.onProgress(session.progress());
  if (!session.isDone) await session.open(chooseAlgorithm(programOf(kernel.spec), target, kernel.wanted));
  return session;
}

/** Further processes in which a winner is measured. */
const OTHER_PLACES = 2;

/** The tuning of one kernel. */
export class Session {
  readonly #order: Order;
  readonly #codes = new Set<string>();
  /** The choices among the records of this machine, best first. */
  #choices: readonly Choice[];
  readonly #trials: Trials;
  /** True if others have used up the time for all kernels. */
  readonly #isTooLate: boolean;

  constructor(
    readonly kernel: TunedKernel,
    readonly target: Target,
    readonly tools: Tools,
    readonly settings: Settings,
  ) {
    const here = machineKey(tools.machine);
    const own = settings.known.filter((record) => isFresh(record) && machineKey(record.machine) === here);
    this.#order = new Order(spaceOf(programOf(kernel.spec), target, kernel.wanted));
    for (const record of own) this.#note(record);
    this.#choices = ranked(own);
    this.#trials = new Trials(settings.effort);
    this.#isTooLate = settings.budget.isUp;
  }

  get isDone(): boolean {
    const isFull = this.#order.noted >= this.#limit;
    return isFull || this.#isTooLate || this.#trials.within <= 0 || this.settings.signal.aborted;
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

  /** Measures candidates until there is nothing left to try, or no time. Throws what `keep` throws. */
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

  async open(pick: Candidate): Promise<void> {
    const { spec } = this.kernel;
    const { measurer, machine } = this.tools;
    const [baseline] = await this.tools.compile(this.kernel, this.target, [pick]);
    if (this.settings.signal.aborted) return;
    if (!baseline) return this.#refuse(pick);
    this.#codes.add(baseline.code);
    const { threads } = machine;
    const opened = await measurer.open({ baseline: baseline.module, threads, sampleMs: this.settings.effort.sampleMs });
    if (this.settings.signal.aborted) return;
    if (opened && opened.check.error <= opened.check.tolerance) return;
    const how = opened ? `is off by ${opened.check.error}` : "does not run";
    return fail("internal", `the model's pick for ${specRow(spec)} ${how} here; please report it`);
  }

  /** Throws the reason why the model's pick has no code. */
  #refuse({ algorithm, plan }: Candidate): never {
    const { spec } = this.kernel;
    compileModule(spec, { target: this.target, algorithm, schedule: plan().schedule });
    return fail("internal", `the model's pick for ${specRow(spec)} takes too long to compile; please report it`);
  }

  /** Measures the next candidates. False if there is nothing left to try. */
  async #batch(): Promise<boolean> {
    const count = Math.min(this.settings.effort.batch, this.#limit - this.#order.noted);
    const candidates = this.#order.next(count);
    const compiled = await this.tools.compile(this.kernel, this.target, candidates);
    for (const [i, candidate] of candidates.entries()) {
      if (this.isDone) break;
      await this.#measure(candidate, compiled[i]);
    }
    return candidates.length > 0;
  }

  async #measure(candidate: Candidate, compiled: Compiled): Promise<void> {
    if (!compiled) return this.#keep(candidate, "", { outcome: "refused", ...NOTHING });
    if (this.#codes.has(compiled.code)) return;
    this.#codes.add(compiled.code);
    this.#trials.begin(() => this.settings.budget.share(this.settings.sharers));
    const verdict = await this.#confirmed(compiled.module);
    // A measurer that ends after an interrupt was killed; the candidate has not crashed.
    if (this.settings.signal.aborted) return;
    if (verdict.is === "late") this.#trials.note("late");
    else this.#keep(candidate, compiled.code, resultOf(verdict));
  }

  /**
   * Measures a candidate. One that would be the best is measured in other processes as well, and must be better in all
   * of them. The places of code and data are settled when a process starts, and can change the speed of a small kernel
   * by a tenth.
   */
  async #confirmed(module: KernelModule): Promise<Verdict> {
    const samples: Samples = { candidate: [], baseline: [] };
    for (let place = 0; ; place++) {
      const verdict = await this.#try(module);
      if (verdict.is !== "measured") return verdict;
      samples.candidate.push(...verdict.samples.candidate);
      samples.baseline.push(...verdict.samples.baseline);
      const gain = gainOf({ samples: samples.candidate, baseline: samples.baseline });
      if (place === OTHER_PLACES || gain.low <= this.#incumbent) return { ...verdict, samples };
      if (this.settings.signal.aborted) return { is: "late" };
      this.tools.measurer.close(); // the next trial starts another one
    }
  }

  #try(module: KernelModule): Promise<Verdict> {
    const { rounds, sampleMs } = this.settings.effort;
    return this.tools.measurer.try({
      ...{ module, rounds, sampleMs },
      within: this.#trials.within,
      atLeast: this.#incumbent,
    });
  }

  /** The gain to beat. */
  get #incumbent(): number {
    return surest(this.#choices)?.gain.low ?? WORTHWHILE;
  }

  #keep({ algorithm, knobs }: Candidate, code: string, result: Result): void {
    const { kernel, settings, tools } = this;
    const { spec, wanted, target } = kernel;
    const record = makeRecord({
      compiler: VERSION,
      ...{ spec, wanted, target, machine: tools.machine, algorithm, knobs, code },
      effort: settings.level,
      ...result,
      date: new Date().toISOString(),
    });
    tools.keep(record);
    this.#note(record);
    // A schedule is tried once, so the choices before stay as they are.
    this.#choices = bestFirst([...this.#choices, ...ranked([record])]);
    this.#trials.note(record.outcome);
    settings.onProgress(this.progress());
  }

  #note(record: TuningRecord): void {
    if (record.code !== "") this.#codes.add(record.code);
    // The time is a share of the pick's time in the same rounds, which does not change with the machine's speed.
    this.#order.note(record, record.outcome === "measured" ? 1 / gainOf(record).median : undefined);
  }
}

type Result = Pick<Measurement, "outcome" | "samples" | "baseline" | "check">;

const NOTHING = { samples: [], baseline: [], check: null };

function resultOf(verdict: Exclude<Verdict, { is: "late" }>): Result {
  if (verdict.is === "measured") {
    const { candidate, baseline } = verdict.samples;
    return { outcome: "measured", samples: candidate, baseline, check: verdict.check };
  }
  return {
    outcome: verdict.is as Exclude<Verdict["is"], "late">,
    ...NOTHING,
    check: verdict.is === "wrong" ? verdict.check : null,
  };
}
