/** What the page with kernels on a GPU does and reports, as data that both sides of the wire know. */
import type { OpSpec } from "tilewright";
import { SPECS } from "./jobs.js";

export const GPU_SPECS: Readonly<Record<string, OpSpec>> = {
  ...SPECS,
  batches: { op: "atrousConv2dTranspose", value: [3, 8, 8, 16], filters: [3, 3, 32, 16], rate: 3, padding: "SAME" },
  wide: { op: "atrousConv2dTranspose", value: [1, 2, 40, 12], filters: [1, 9, 20, 12], rate: 4, padding: "VALID" },
};

export interface GpuReport {
  /** By what was done: whether the result is the definition's, bit for bit. */
  readonly isRight: Readonly<Record<string, boolean>>;
  /** TensorFlow's: how many, and which results are not within the bound. */
  readonly recordings: { readonly tried: number; readonly wrong: readonly string[] };
  /** By what was lost: how calls on arrays and on buffers ended. */
  readonly losses: Readonly<Record<string, readonly [onArrays: string, onBuffers: string]>>;
  /** Milliseconds of what was done first on this page, and of the same after a warm-up. */
  readonly times: Readonly<Record<string, number>>;
  /** What the page's policy forbade. */
  readonly violations: readonly string[];
  /** Whatever was thrown; nothing should be. */
  readonly error: string | null;
}
