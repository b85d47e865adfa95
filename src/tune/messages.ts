/** What the one that measures is asked, and what it answers. All of it can be sent to another process or thread. */
import type { KernelModule } from "../ir/module.js";
import type { Samples } from "./sampling.js";

/** A kernel that is tuned, and the model's pick for it. */
export interface Problem {
  readonly baseline: KernelModule;
  /** That share a call. */
  readonly threads: number;
  readonly sampleMs: number;
}

export interface Trial {
  readonly module: KernelModule;
  readonly rounds: number;
  readonly sampleMs: number;
  readonly atLeast: number;
  /** Milliseconds from now. */
  readonly within: number;
}

export type Request =
  | { readonly do: "open"; readonly problem: Problem }
  | { readonly do: "try"; readonly trial: Trial };

export interface Opened {
  /** Milliseconds of a call of the model's pick. */
  readonly ms: number;
  readonly check: { readonly error: number; readonly tolerance: number };
}

export type Tried =
  | { readonly is: "wrong"; readonly check: Opened["check"] }
  /** There was not enough time. */
  | { readonly is: "late" }
  | { readonly is: "measured"; readonly check: Opened["check"]; readonly samples: Samples };

export type Reply =
  /** Before the answer: a call has come to an end, so others will. */
  | { readonly did: "call" }
  | { readonly did: "open"; readonly opened: Opened }
  | { readonly did: "try"; readonly tried: Tried }
  /** What was asked threw; the message. */
  | { readonly did: "throw"; readonly message: string };
