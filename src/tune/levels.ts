/** How much measuring is worth: levels, not knobs. */

/** `estimate` measures nothing. */
export type Level = "quick" | "balanced" | "exhaustive";

export interface Effort {
  /** Of one kernel. */
  readonly milliseconds: number;
  /** Candidates of one kernel, those of earlier runs included. */
  readonly candidates: number;
  /** Of a candidate and the model's pick, at most. */
  readonly rounds: number;
  /** A sample is as many calls as take so long, in milliseconds. */
  readonly sampleMs: number;
  /** Candidates that are compiled at once, before they are measured one by one. */
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
