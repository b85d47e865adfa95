/** The bench of this machine: compiles candidates together, then measures them one by one. */
import { compileModule } from "../codegen/compile.js";
import type { Candidate } from "../codegen/search/approach.js";
import type { Target } from "../codegen/target.js";
import { fail, failInternally } from "../ir/errors.js";
import type { KernelModule } from "../ir/module.js";
import { specRow } from "../ir/ops/specRow.js";
import { VERSION } from "../ir/version.js";
import type { Bench, Ended, SearchState, Task } from "./bench.js";
import { type Machine, type Measurement, makeRecord, type TuningRecord } from "./record.js";
import type { RemoteMeasurer, Verdict } from "./remote.js";
import type { Samples } from "./sampling.js";
import { gainOf, type TunedKernel } from "./selection.js";

/** A module and the hash of its code, or undefined if the compiler refuses the schedule. */
export type Compiled = { readonly module: KernelModule; readonly code: string } | undefined;

/** The tools of a bench, which a page and Node provide in different ways. */
export interface Tools extends Pick<Bench, "machine" | "gpu"> {
  readonly measurer: RemoteMeasurer;
  /** Results are in the order of the candidates. Once the promise is kept, nothing is left running. */
  compile(kernel: TunedKernel, target: Target, candidates: readonly Candidate[]): Promise<readonly Compiled[]>;
  /** Stores a record at once, as the process may be killed. */
  keep(record: TuningRecord): void;
}

/** Further processes in which a winner is measured. */
const OTHER_PLACES = 2;

export class OwnBench implements Bench {
  readonly places = 1;
  readonly machine: Machine;
  readonly gpu?: NonNullable<Tools["gpu"]>;
  readonly #codes = new Set<string>();
  #task: Task | undefined;

  constructor(readonly tools: Tools) {
    this.machine = tools.machine;
    if (tools.gpu) this.gpu = tools.gpu;
  }

  async open(task: Task): Promise<void> {
    const { kernel, target, pick, effort, known, signal } = task;
    const { measurer, machine } = this.tools;
    this.#task = task;
    this.#codes.clear();
    for (const { code } of known) this.#codes.add(code);
    const [baseline] = await this.tools.compile(kernel, target, [pick]);
    if (signal.aborted) return;
    if (!baseline) return refuse(task);
    this.#codes.add(baseline.code);
    const { threads } = machine;
    const opened = await measurer.open({ baseline: baseline.module, threads, sampleMs: effort.sampleMs });
    if (signal.aborted) return;
    if (opened && opened.check.error <= opened.check.tolerance) return;
    const how = opened ? `is off by ${opened.check.error}` : "does not run";
    return fail("internal", `the model's pick for ${specRow(kernel.spec)} ${how} here; please report it`);
  }

  async *measure(candidates: readonly Candidate[], search: SearchState): AsyncGenerator<Ended, void> {
    const { kernel, target, signal } = this.#opened;
    const compiled = await this.tools.compile(kernel, target, candidates);
    for (const [i, candidate] of candidates.entries()) {
      if (search.isDone) return;
      const { code = "" } = compiled[i] ?? {};
      if (code !== "" && this.#codes.has(code)) continue;
      this.#codes.add(code);
      const ended = await this.#try(candidate, compiled[i], search);
      if (ended === "late" && signal.aborted) return;
      yield ended;
    }
  }

  /** Measures one candidate, whether or not its code is that of another one. Undefined after an interrupt. */
  async measureOne(candidate: Candidate, search: SearchState): Promise<Ended | undefined> {
    const { kernel, target, signal } = this.#opened;
    const [compiled] = await this.tools.compile(kernel, target, [candidate]);
    if (signal.aborted) return undefined;
    const ended = await this.#try(candidate, compiled, search);
    return ended === "late" && signal.aborted ? undefined : ended;
  }

  get #opened(): Task {
    return this.#task ?? failInternally("a candidate before there is a kernel");
  }

  async #try(candidate: Candidate, compiled: Compiled, search: SearchState): Promise<Ended> {
    if (!compiled) return this.#keep(candidate, "", { outcome: "refused", ...NOTHING });
    search.begin();
    const verdict = await this.#confirmed(compiled.module, search);
    // A measurer that ends after an interrupt was killed; the candidate has not crashed.
    if (this.#opened.signal.aborted || verdict.is === "late") return "late";
    return this.#keep(candidate, compiled.code, resultOf(verdict));
  }

  /**
   * Measures a candidate. One that would be the best is measured in other processes as well, and must be better in all
   * of them. The places of code and data are settled when a process starts, and can change the speed of a small kernel
   * by a tenth.
   */
  async #confirmed(module: KernelModule, search: SearchState): Promise<Verdict> {
    const { effort, signal } = this.#opened;
    const { rounds, sampleMs } = effort;
    const samples: Samples = { candidate: [], baseline: [] };
    for (let place = 0; ; place++) {
      const { within, incumbent: atLeast } = search;
      const verdict = await this.tools.measurer.try({ module, rounds, sampleMs, within, atLeast });
      if (verdict.is !== "measured") return verdict;
      samples.candidate.push(...verdict.samples.candidate);
      samples.baseline.push(...verdict.samples.baseline);
      const gain = gainOf({ samples: samples.candidate, baseline: samples.baseline });
      if (place === OTHER_PLACES || gain.low <= search.incumbent) return { ...verdict, samples };
      if (signal.aborted) return { is: "late" };
      this.tools.measurer.close(); // the next trial starts another one
    }
  }

  #keep({ algorithm, knobs }: Candidate, code: string, result: Result): TuningRecord {
    const { kernel, level } = this.#opened;
    const { spec, wanted, target } = kernel;
    const record = makeRecord({
      compiler: VERSION,
      ...{ spec, wanted, target, machine: this.machine, algorithm, knobs, code },
      effort: level,
      ...result,
      date: new Date().toISOString(),
    });
    this.tools.keep(record);
    return record;
  }
}

/** Throws the reason why the model's pick has no code. */
function refuse({ kernel: { spec }, target, pick: { algorithm, plan } }: Task): never {
  compileModule(spec, { target, algorithm, schedule: plan().schedule });
  return fail("internal", `the model's pick for ${specRow(spec)} takes too long to compile; please report it`);
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
