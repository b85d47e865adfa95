/** What every synchronous host makes of a module: functions over arrays, and the buffers they take. */
import type { TypedArray } from "../../ir/dtype.js";
import type { BufferDecl } from "../../ir/program.js";

export interface LoadedEntry {
  readonly run: (...buffers: readonly TypedArray[]) => void;
  /** Names of the buffers, in the order of the parameters. */
  readonly buffers: readonly string[];
}

export interface Loaded {
  /** How the kernel runs: compiled JavaScript, or the plain loop for pages that allow no code generation. */
  readonly tier: "js" | "plain";
  readonly schedule: string;
  readonly buffers: readonly BufferDecl[];
  readonly prepare: readonly LoadedEntry[];
  readonly run: readonly LoadedEntry[];
}
