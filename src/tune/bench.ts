/**
 * Benches: candidates go there to be measured, and records of them come back. A search knows no more of a bench. It may
 * be this machine, or any number of others.
 */
import type { Candidate } from "../codegen/search/approach.js";
import type { Target, WebgpuFeatures } from "../codegen/target.js";
import type { Effort, Level } from "./levels.js";
import type { Machine, TuningRecord } from "./record.js";
import type { TunedKernel } from "./selection.js";
import type { Signal } from "./signal.js";

/** A kernel to measure candidates of. */
export interface Task {
  readonly kernel: TunedKernel;
  readonly target: Target;
  /** The model's pick, which candidates are compared with. */
  readonly pick: Candidate;
  readonly level: Level;
  readonly effort: Effort;
  /** The fresh records of this kernel on the bench's machine. */
  readonly known: readonly TuningRecord[];
  readonly signal: Signal;
}

/** The state of a search. A bench looks at it before each candidate. */
export interface SearchState {
  /** True once nothing more should be measured. */
  readonly isDone: boolean;
  /** Milliseconds left; infinite if a result is owed whatever it takes. */
  readonly within: number;
  /** The gain to beat. A candidate that is surely below it is measured no further. */
  readonly incumbent: number;
  /** Starts the clock of the kernel, unless it runs. */
  begin(): void;
}

/** The end of a candidate: its record, or "late" if there was not enough time for a result. */
export type Ended = TuningRecord | "late";

export interface Bench {
  /** The machine, or the class of machines, that records are of. */
  readonly machine: Machine;
  /** The GPU that kernels are for, if they are for one. Default: a GPU about which nothing is known. */
  readonly gpu?: Omit<WebgpuFeatures, "storage">;
  /** The number of candidates that are measured at the same time. */
  readonly places: number;
  /**
   * Gets ready for a kernel. It throws what the compiler throws if the model's pick cannot be compiled, and `internal`
   * if its result is wrong, as right candidates would then count as wrong.
   */
  open(task: Task): Promise<void>;
  /**
   * Measures candidates of the kernel that was opened last. Each record is stored before it is given, as the process
   * may be killed. A candidate that makes the code of another one has no end.
   */
  measure(candidates: readonly Candidate[], search: SearchState): AsyncGenerator<Ended, void>;
}
