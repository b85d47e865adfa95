/** Tunes kernels one after the other, within the time there is. */
import { EFFORTS, type Level } from "./levels.js";
import type { TuningRecord } from "./record.js";
import { byKernel, type TunedKernel, tunedKey } from "./selection.js";
import { type KernelProgress, type Tools, tuneKernel } from "./tuneKernel.js";

export interface TuningJob extends TunedKernel {
  readonly name: string;
  /** That share a call. */
  readonly threads: number;
}

export interface TuneAllOptions {
  readonly level: Level;
  /** Milliseconds for all of them; each gets an equal share of what is left, and no more than its level says. Default: no other limit. */
  readonly budget?: number;
  /** What is known from before: nothing of that is measured again. */
  readonly known: readonly TuningRecord[];
  readonly signal: AbortSignal;
  onProgress(event: TuneEvent): void;
}

export interface TuneEvent extends KernelProgress {
  readonly kernel: TuningJob;
  readonly state: "measuring" | "done" | "interrupted";
  /** Milliseconds until its time is up. */
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
