/** What a report tells: plain data, from which `renderReport` makes a page. Times are of one call, in milliseconds. */
import type { OpSpec } from "../ir/ops/spec.js";
import type { Work } from "../ir/work.js";
import type { Interval } from "../tune/statistics.js";

export interface CandidateReport {
  /** Algorithm and knobs, in one row. */
  readonly knobs: string;
  /** By the cost model, in its own unit: cycles of one core, or instructions. */
  readonly predicted: number;
  /** Undefined where it was not measured to the end: see `outcome`. */
  readonly ms: Interval | undefined;
  /** How many times as fast as the model's pick, measured in turns with it. */
  readonly gain: Interval | undefined;
  readonly outcome: "measured" | "wrong" | "crashed" | "hung" | "refused";
}

export interface PeerReport {
  readonly name: string;
  readonly ms: number;
}

/** One shape on one target. */
export interface ShapeReport {
  readonly name: string;
  readonly spec: OpSpec;
  /** In words, such as `WebAssembly, 128 bits, fused multiply-add`. */
  readonly target: string;
  /** Engine and machine, in words. */
  readonly measuredOn: string;
  readonly work: Work;
  /** The roof: GFLOP/s and GB/s, and whether they were measured on that machine or are those of a typical one. */
  readonly machine: { readonly peak: number; readonly bandwidth: number; readonly isMeasured: boolean };
  /** Among them the model's pick and the winner, which may be the same. */
  readonly candidates: readonly CandidateReport[];
  /** Places in `candidates`. */
  readonly untuned: number;
  readonly winner: number;
  /** Spearman's, of what was predicted with what was measured; undefined for fewer than three. */
  readonly rankCorrelation: number | undefined;
  /** The winner's loops as text, one loop or statement a line, indented by two spaces a level. */
  readonly nest: string;
  /** Other ways to run the shape, from a bench. */
  readonly peers: readonly PeerReport[];
}

export interface ReportData {
  readonly title: string;
  /** When it was made, ISO 8601. */
  readonly date: string;
  /** Of the compiler. */
  readonly version: string;
  readonly shapes: readonly ShapeReport[];
  /** Lines of the records that were left out, and why: shown so that nothing goes missing silently. */
  readonly leftOut: readonly { readonly reason: string; readonly count: number }[];
}
