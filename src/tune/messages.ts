/** Requests to a measurer and its replies. All of them can be sent to another process or thread. */
import type { KernelModule } from "../ir/module.js";
import type { Samples } from "./sampling.js";

/** A kernel to be tuned, as the model's pick for it. */
export interface Problem {
  readonly baseline: KernelModule;
  /** The number of threads that share a call. */
  readonly threads: number;
  /** See `Limits`. */
  readonly sampleMs: number;
}

/** A candidate to be measured; for `rounds`, `sampleMs` and `atLeast` see `Limits`. */
export interface Trial {
  readonly module: KernelModule;
  readonly rounds: number;
  readonly sampleMs: number;
  readonly atLeast: number;
  /** Milliseconds from now until the deadline. */
  readonly within: number;
}

export type Request =
  | { readonly do: "open"; readonly problem: Problem }
  | { readonly do: "try"; readonly trial: Trial };

export interface Opened {
  /** Milliseconds of one call of the model's pick. */
  readonly ms: number;
  readonly check: { readonly error: number; readonly tolerance: number };
}

export type Tried =
  | { readonly is: "wrong"; readonly check: Opened["check"] }
  /** There was not enough time for a result. */
  | { readonly is: "late" }
  | { readonly is: "measured"; readonly check: Opened["check"]; readonly samples: Samples };

export type Reply =
  /** Sent before the answer to "try": one call has ended, so later calls will end as well. */
  | { readonly did: "call" }
  | { readonly did: "open"; readonly opened: Opened }
  | { readonly did: "try"; readonly tried: Tried }
  /** The request threw an error with this message. */
  | { readonly did: "throw"; readonly message: string };
