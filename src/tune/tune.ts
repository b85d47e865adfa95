/** Tunes kernels one after the other, within a budget of time. */
import { TilewrightError } from "../ir/errors.js";
import type { Bench } from "./bench.js";
import { Budget } from "./budget.js";
import { EFFORTS, type Level } from "./levels.js";
import type { TuningRecord } from "./record.js";
import { byKernel, type TunedKernel, tunedKey } from "./selection.js";
import type { Signal } from "./signal.js";
import { type KernelProgress, type KernelResult, openKernel, type Session, type Settings } from "./tuneKernel.js";

export interface TuningJob extends TunedKernel {
  readonly name: string;
  /** The number of threads that share a call. */
  readonly threads: number;
}

export interface TuneAllOptions {
  readonly level: Level;
  /**
   * Milliseconds for all kernels, from the first measurement on. Each kernel gets an equal share of the time left, and
   * at most the time of its level. Kernels whose turn comes later are not measured. Default: only the level limits the
   * time.
   */
  readonly budget?: number;
  /** Records of earlier runs: their schedules are not measured again. */
  readonly known: readonly TuningRecord[];
  readonly signal: Signal;
  onProgress(event: TuneEvent): void;
}

/** `failed`: the kernel cannot be compiled, or computes a wrong result; `unmeasured` says more. */
export type TuneState = "measuring" | "done" | "interrupted" | "failed";

export interface TuneEvent extends KernelResult {
  readonly kernel: TuningJob;
  readonly state: TuneState;
}

export async function tune(
  kernels: readonly TuningJob[],
  benchFor: (kernel: TuningJob) => Bench,
  options: TuneAllOptions,
): Promise<readonly TuneEvent[]> {
  const { level, known, signal, onProgress } = options;
  const budget = new Budget(options.budget ?? Number.POSITIVE_INFINITY);
  const records = byKernel(known);
  const results: TuneEvent[] = [];
  for (const [i, kernel] of kernels.entries()) {
    if (signal.aborted) break;
    const settings: Settings = {
      ...{ level, effort: EFFORTS[level], budget, sharers: kernels.length - i, signal },
      known: records.get(tunedKey(kernel)) ?? [],
      onProgress: (progress) => onProgress({ ...progress, kernel, state: "measuring", unmeasured: undefined }),
    };
    const end = await tuneJob(kernel, benchFor(kernel), settings);
    results.push({ ...end, kernel });
    onProgress({ ...end, kernel });
  }
  return results;
}

/** Tunes one kernel. If an error is the fault of the kernel, it has failed, and others can be tuned nevertheless. */
export async function tuneJob(kernel: TuningJob, bench: Bench, settings: Settings): Promise<Omit<TuneEvent, "kernel">> {
  let session: Session;
  try {
    session = await openKernel(kernel, bench, settings);
  } catch (error) {
    if (!(error instanceof TilewrightError)) throw error;
    return { ...NOTHING, state: "failed", unmeasured: error.message };
  }
  const tuned = await session.run();
  return { ...tuned, state: settings.signal.aborted ? "interrupted" : "done" };
}

const NOTHING: KernelProgress = {
  ...{ candidates: 0, limit: 0, points: 0, compared: 0, elapsed: 0, left: 0 },
  ...{ best: undefined, untuned: undefined, tuned: undefined },
};
