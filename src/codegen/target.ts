/** Targets: what code is made for. Everything a schedule or a pass may ask about the machine stands here. */
import type { DType } from "../ir/dtype.js";

export type Language = "js";

export interface Target {
  readonly language: Language;
  /** The type of all arithmetic. JavaScript computes in float64 and rounds only when it stores. */
  readonly arithmetic: DType;
  /** Numbers per vector; 1 where the language has none. */
  readonly lanes: number;
  /** Numbers (or vectors) that stay in registers across a loop body. */
  readonly registers: number;
  /** Whether `a*b + c` has an instruction of its own. */
  readonly fma: boolean;
}

/**
 * JavaScript as V8 compiles it: 16 xmm registers, of which V8 keeps one and conversions of float32 take a few. Sums in float64 are faster than `Math.fround` on
 * every step (7 against 2.4 GFLOP/s) and more exact.
 */
export const JS: Target = { language: "js", arithmetic: "f64", lanes: 1, registers: 11, fma: false };
