/**
 * The content of a report as plain data, from which `renderReport` makes a page. Times are milliseconds of one call.
 */
import type { Spec } from "../ir/ops/spec.js";
import type { Work } from "../ir/work.js";
import type { Interval } from "../tune/statistics.js";

export interface CandidateReport {
  /** Algorithm and knobs, in one row. */
  readonly knobs: string;
  /** The cost model's prediction, in its own unit: cycles of one core, or instructions. */
  readonly predicted: number;
  /** Undefined if the measurement did not end; `outcome` says why. */
  readonly ms: Interval | undefined;
  /** The speed as a multiple of the model's pick, which was measured in turns with this candidate. */
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
  readonly spec: Spec;
  /** The target in words, such as `WebAssembly, vectors of 128 bits, fused multiply-add`. */
  readonly target: string;
  /** Engine and machine, in words. */
  readonly measuredOn: string;
  readonly work: Work;
  /** The roof in GFLOP/s and GB/s. It was measured on that machine, or it is that of a typical one. */
  readonly machine: { readonly peak: number; readonly bandwidth: number; readonly isMeasured: boolean };
  /** All candidates. The model's pick and the winner are among them and may be the same. */
  readonly candidates: readonly CandidateReport[];
  /** The positions of the model's pick and of the winner in `candidates`. */
  readonly untuned: number;
  readonly winner: number;
  /** Spearman's rank correlation of predictions with measurements; undefined for fewer than three. */
  readonly rankCorrelation: number | undefined;
  /** The winner's loops as text: one loop or statement a line, indented by two spaces for each level. */
  readonly nest: string;
  /** Other ways to run the shape, from a bench. */
  readonly peers: readonly PeerReport[];
}

export interface ReportData {
  readonly title: string;
  /** The time at which the report was made, as ISO 8601. */
  readonly date: string;
  /** The version of the compiler. */
  readonly version: string;
  /** The command that made the report, as one would type it, and the engine and processor that ran it. */
  readonly command: string;
  readonly machine: string;
  readonly shapes: readonly ShapeReport[];
  /** Records that were left out, with the reason. The report shows them so that nothing goes missing silently. */
  readonly leftOut: readonly { readonly reason: string; readonly count: number }[];
}
