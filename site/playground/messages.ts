/** Messages between the page and its workers. All of them are plain data. */
import type { Schedule } from "tilewright";
import type { Explanation, Features, PointName } from "tilewright/compiler";
import type { Interval } from "tilewright/tuning";

/** A kernel to compile. */
export interface Job {
  readonly spec: unknown;
  readonly features: Features;
  readonly accuracy: "exact" | "fast";
  readonly point?: PointName;
  readonly schedule?: Schedule;
}

/** An error of the compiler; `place` is where in the formula's text, from one character up to another. */
export interface Refusal {
  readonly code: string;
  readonly sentence: string;
  readonly place?: { readonly from: number; readonly to: number };
}

/** One axis of one stage, as schedules see it. */
export interface AxisRow {
  readonly stage: string;
  readonly axis: string;
  readonly extent: number;
  readonly role: "batch" | "reuse" | "tap" | "depth";
  /** Elements that one step moves on in each factor, and in the output. */
  readonly moves: readonly (readonly [buffer: string, elements: number])[];
  /** The axes of the output over which a tap slides. */
  readonly over: readonly string[];
}

export interface Compiled {
  readonly explanation: Explanation;
  /** Milliseconds that the compiler took for all of the explanation. */
  readonly milliseconds: number;
  readonly axes: readonly AxisRow[];
  /** The point that was compiled, with its estimate: the model's pick, or the one that was asked for. */
  readonly point: PointName & { readonly cycles: number };
  readonly tensors: readonly Tensor[];
}

export interface Tensor {
  readonly name: string;
  readonly role: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

/** The names in a formula, for completion and for the list of shapes. */
export interface FormulaNames {
  readonly read: readonly string[];
  readonly written: readonly string[];
  readonly axes: readonly string[];
}

export interface Knob {
  readonly name: string;
  readonly value: number | string | boolean;
  /** All values that some point of the space has. */
  readonly values: readonly (number | string | boolean)[];
}

export interface Knobs {
  readonly knobs: readonly Knob[];
  readonly points: number;
}

/** Requests to the worker that compiles, and what each is answered with. */
export type CompilerCalls = {
  names: (text: string) => Promise<FormulaNames>;
  compile: (job: Job) => Promise<Compiled>;
  knobs: (job: Job) => Promise<Knobs>;
  /** The point in which a knob has another value, or that comes nearest to it. */
  turn: (job: Job, knob: string, value: Knob["value"]) => Promise<PointName & { readonly isExact: boolean }>;
  wat: (job: Job) => Promise<string>;
};

export interface RunResult {
  readonly compileMs: number;
  /** Undefined if interpreting the definition would take too long. */
  readonly check: { readonly error: number; readonly tolerance: number } | undefined;
  readonly samples: readonly number[];
  readonly time: Interval;
  readonly gflops: number;
  /** Millions of terms that the definition has. */
  readonly terms: number;
}

export interface PeerResult {
  readonly name: string;
  readonly samples: readonly number[];
  readonly time: Interval;
  readonly difference: number;
}

export interface Candidate extends PointName {
  readonly cycles: number;
  readonly time: Interval | undefined;
  readonly gain: Interval | undefined;
  readonly outcome: "measured" | "wrong" | "crashed" | "hung" | "refused";
}

export interface TuneResult {
  readonly best: (PointName & { readonly gain: Interval; readonly milliseconds: number }) | undefined;
  readonly untuned: number | undefined;
  readonly candidates: number;
  readonly points: number;
  /** Why nothing was measured, if so. */
  readonly unmeasured: string | undefined;
}

/** Requests to the worker that measures. */
export type MeasurerCalls = {
  run: (job: Job) => Promise<RunResult>;
  peer: (job: Job) => Promise<PeerResult>;
  /** The model's pick for this device, and each candidate, are told as news. */
  tune: (job: Job, milliseconds: number) => Promise<TuneResult>;
};

export type News = { readonly pick: PointName & { readonly cycles: number } } | { readonly candidate: Candidate };

export interface Question {
  readonly id: number;
  readonly call: string;
  readonly operands: readonly unknown[];
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly refusal: Refusal }
  | { readonly id: number; readonly news: News };
