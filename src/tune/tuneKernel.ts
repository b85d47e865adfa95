/** Tunes one kernel: compiles candidates in batches, then measures them one by one on an idle machine. */
import { chooseAlgorithm, spaceOf } from "../codegen/compile.js";
import type { Candidate } from "../codegen/search/approach.js";
import { type Target, targetOf, type WebgpuFeatures } from "../codegen/target.js";
import { fail } from "../ir/errors.js";
import type { KernelModule } from "../ir/module.js";
import { programOf } from "../ir/ops/index.js";
import { specRow } from "../ir/ops/specRow.js";
import { VERSION } from "../ir/version.js";
import type { Effort, Level } from "./levels.js";
import { Order } from "./order.js";
import { type Machine, type Measurement, makeRecord, type TuningRecord } from "./record.js";
import type { RemoteMeasurer, Verdict } from "./remote.js";
import type { Samples } from "./sampling.js";
import { best, type Choice, gainOf, isFresh, machineKey, type TunedKernel, WORTHWHILE } from "./selection.js";
import type { Signal } from "./signal.js";

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
  /** The end of the time, in the milliseconds of `performance.now()`. */
  readonly deadline: number;
  readonly signal: Signal;
  /** Earlier records of this kernel, from any machine. */
  readonly known: readonly TuningRecord[];
  onProgress(progress: KernelProgress): void;
}

export interface KernelProgress {
  /** The number of candidates that were measured, in this run and earlier ones. */
  readonly candidates: number;
  /** The number of points in the search space. */
  readonly points: number;
  readonly best: Choice | undefined;
  /** Milliseconds of one call of the model's pick, if it was measured. */
  readonly untuned: number | undefined;
}

export async function tuneKernel(kernel: TunedKernel, tools: Tools, settings: Settings): Promise<KernelProgress> {
  const target = targetOf(kernel.target, tools.gpu);
  const session = new Session(kernel, target, tools, settings);
  if (session.isDone) return session.progress();
  const pick = chooseAlgorithm(programOf(kernel.spec), target, kernel.wanted);
  await session.open(pick);
  while (!session.isDone && (await session.batch()));
  return session.progress();
}

/** Further processes in which a winner is measured. */
const OTHER_PLACES = 2;

class Session {
  readonly #own: TuningRecord[];
  readonly #order: Order;
  readonly #codes = new Set<string>();
  #untuned: number | undefined;

  constructor(
    readonly kernel: TunedKernel,
    readonly target: Target,
    readonly tools: Tools,
    readonly settings: Settings,
  ) {
    const here = machineKey(tools.machine);
    this.#own = settings.known.filter((record) => isFresh(record) && machineKey(record.machine) === here);
    this.#order = new Order(spaceOf(programOf(kernel.spec), target, kernel.wanted));
    for (const record of this.#own) this.#note(record);
  }

  get isDone(): boolean {
    const { effort, deadline, signal } = this.settings;
    const count = Math.min(effort.candidates, this.#order.size);
    return this.#own.length >= count || performance.now() >= deadline || signal.aborted;
  }

  progress(): KernelProgress {
    const { size: points } = this.#order;
    return { candidates: this.#own.length, points, best: best(this.#own), untuned: this.#untuned };
  }

  /** Measures the model's pick. Throws if its result is wrong, as right candidates would then count as wrong. */
  async open(pick: Candidate): Promise<void> {
    const { measurer, machine } = this.tools;
    const [baseline] = await this.tools.compile(this.kernel, this.target, [pick]);
    if (!baseline) return fail("internal", `the model's pick for ${specRow(this.kernel.spec)} does not compile`);
    this.#codes.add(baseline.code);
    const { threads } = machine;
    const opened = await measurer.open({ baseline: baseline.module, threads, sampleMs: this.settings.effort.sampleMs });
    if (this.settings.signal.aborted) return;
    if (!opened || !(opened.check.error <= opened.check.tolerance)) {
      const how = opened ? `is off by ${opened.check.error}` : "does not run";
      return fail("internal", `the model's pick for ${specRow(this.kernel.spec)} ${how} here; please report it`);
    }
    this.#untuned = opened.ms;
  }

  /** Measures the next candidates. False if there is nothing left to try, or no time. */
  async batch(): Promise<boolean> {
    const { effort } = this.settings;
    const left = Math.min(effort.batch, effort.candidates - this.#own.length);
    const candidates = this.#order.next(left);
    const compiled = await this.tools.compile(this.kernel, this.target, candidates);
    for (const [i, candidate] of candidates.entries()) {
      if (performance.now() >= this.settings.deadline || this.settings.signal.aborted) return false;
      await this.#measure(candidate, compiled[i]);
    }
    return candidates.length > 0;
  }

  async #measure(candidate: Candidate, compiled: Compiled): Promise<void> {
    if (!compiled) return this.#keep(candidate, "", { outcome: "refused", ...NOTHING });
    if (this.#codes.has(compiled.code)) return;
    this.#codes.add(compiled.code);
    const verdict = await this.#confirmed(compiled.module);
    // A measurer that ends after an interrupt was killed; the candidate has not crashed.
    if (this.settings.signal.aborted || verdict.is === "late") return;
    this.#keep(candidate, compiled.code, resultOf(verdict));
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
    const within = this.settings.deadline - performance.now();
    return this.tools.measurer.try({ module, rounds, sampleMs, within, atLeast: this.#incumbent });
  }

  /** The gain to beat. */
  get #incumbent(): number {
    return best(this.#own)?.gain.low ?? WORTHWHILE;
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
    this.#own.push(record);
    this.#note(record);
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
