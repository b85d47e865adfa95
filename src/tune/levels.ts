/** The levels of tuning: how much time and how many candidates a kernel is worth. */

/**
 * The effort of tuning one kernel. "quick" tries at most 12 schedules in 2 seconds, "balanced" 160 in 20 seconds, and
 * "exhaustive" all schedules without a limit of time. The time begins with the first measurement, and at least one
 * schedule is measured whatever it takes.
 */
export type Level = "quick" | "balanced" | "exhaustive";

export interface Effort {
  /** Milliseconds for one kernel from the first measurement on, unless nothing was measured by then. */
  readonly milliseconds: number;
  /** Candidates of one kernel at most, those of earlier runs included. */
  readonly candidates: number;
  /** Rounds at most between a candidate and the model's pick. */
  readonly rounds: number;
  /** Milliseconds of a sample, which is as many calls as take so long. */
  readonly sampleMs: number;
  /** Candidates that are compiled together, before they are measured one by one. */
  readonly batch: number;
}

export const EFFORTS: Readonly<Record<Level, Effort>> = {
  quick: { milliseconds: 2000, candidates: 12, rounds: 5, sampleMs: 0.5, batch: 4 },
  balanced: { milliseconds: 20_000, candidates: 160, rounds: 7, sampleMs: 1, batch: 8 },
  exhaustive: {
    milliseconds: Number.POSITIVE_INFINITY,
    candidates: Number.POSITIVE_INFINITY,
    rounds: 21,
    sampleMs: 2,
    batch: 16,
  },
};
