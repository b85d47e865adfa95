/** Tunes kernels one after the other, within a budget of time. */
import { EFFORTS, type Level } from "./levels.js";
import type { TuningRecord } from "./record.js";
import { byKernel, type TunedKernel, tunedKey } from "./selection.js";
import type { Signal } from "./signal.js";
import { type KernelProgress, type Tools, tuneKernel } from "./tuneKernel.js";

export interface TuningJob extends TunedKernel {
  readonly name: string;
  /** The number of threads that share a call. */
  readonly threads: number;
}

export interface TuneAllOptions {
  readonly level: Level;
  /**
   * Milliseconds for all kernels. Each kernel gets an equal share of the time left, and at most the time of its level.
   * Default: only the level limits the time.
   */
  readonly budget?: number;
  /** Records of earlier runs: their schedules are not measured again. */
  readonly known: readonly TuningRecord[];
  readonly signal: Signal;
  onProgress(event: TuneEvent): void;
}

export interface TuneEvent extends KernelProgress {
  readonly kernel: TuningJob;
  readonly state: "measuring" | "done" | "interrupted";
  /** Milliseconds until the time of this kernel is up. */
  readonly left: number;
}

export async function tune(
  kernels: readonly TuningJob[],
  tools: (kernel: TuningJob) => Tools,
  options: TuneAllOptions,
): Promise<readonly TuneEvent[]> {
  const { level, budget = Number.POSITIVE_INFINITY, known, signal, onProgress } = options;
  const end = performance.now() + budget;
  const records = byKernel(known);
  const effort = EFFORTS[level];
  const results: TuneEvent[] = [];
  for (const [i, kernel] of kernels.entries()) {
    if (signal.aborted) break;
    const now = performance.now();
    const deadline = now + Math.min(effort.milliseconds, Math.max(0, end - now) / (kernels.length - i));
    const event = (progress: KernelProgress, state: TuneEvent["state"]): TuneEvent => {
      const left = Math.max(0, deadline - performance.now());
      return { ...progress, kernel, state, left };
    };
    const progress = await tuneKernel(kernel, tools(kernel), {
      ...{ level, effort, deadline, signal },
      known: records.get(tunedKey(kernel)) ?? [],
      onProgress: (progress) => onProgress(event(progress, "measuring")),
    });
    results.push(event(progress, signal.aborted ? "interrupted" : "done"));
    onProgress(results.at(-1) as TuneEvent);
  }
  return results;
}
