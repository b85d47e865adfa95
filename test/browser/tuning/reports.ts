/** What pages that tune report, as data that both sides of the wire know. */
import type { OpSpec } from "tilewright";
import type { TuningResult, UsedRecords } from "../../../src/tune/index.js";

export const SMALL: OpSpec = {
  op: "atrousConv2dTranspose",
  value: [1, 12, 12, 8],
  filters: [3, 3, 8, 8],
  rate: 2,
  padding: "SAME",
};

/** Enough work to wake somebody up for. */
export const LARGE: OpSpec = { ...SMALL, value: [1, 24, 24, 16], filters: [3, 3, 16, 16] };

export interface Tuned extends TuningResult {
  /** As they came. */
  readonly lines: readonly string[];
  /** How many candidates each event told of. */
  readonly events: readonly number[];
}

/** What `compile` makes before and after records say that another schedule is faster. */
export interface Used {
  readonly found: UsedRecords;
  readonly before: string;
  readonly meant: string;
  readonly after: string;
  readonly isRight: boolean;
}

export interface PageReport {
  readonly isolated: boolean;
  readonly tuned: Readonly<Record<string, Tuned>>;
  readonly used: Readonly<Record<string, Used>>;
  /** By what was asked: how it ended, as text. */
  readonly ends: Readonly<Record<string, string>>;
  /** By what was asked: what became of each candidate, in order. */
  readonly outcomes: Readonly<Record<string, readonly string[]>>;
  /** Workers that still ran when all was done. */
  readonly running: number;
  readonly violations: readonly string[];
  readonly error: string | null;
}
