/** Kernel modules: code and all that a host needs to load and call it. Plain data, so it can be written to a file. */

import type { OpSpec } from "./ops/spec.js";
import type { Program } from "./program.js";

/** One function of the code and the buffers it takes, in order. */
export interface Entry {
  readonly name: string;
  readonly buffers: readonly string[];
}

export interface KernelModule {
  /** Everything that can change the code, as canonical text. */
  readonly key: string;
  readonly spec: OpSpec;
  readonly language: "js";
  /** The schedule in one row. */
  readonly schedule: string;
  /** Every buffer of every entry. */
  readonly buffers: Program["buffers"];
  readonly prepare: readonly Entry[];
  readonly run: readonly Entry[];
  /** js: the body of a function that returns the entries by name. */
  readonly code: string;
}
