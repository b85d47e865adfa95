/** Targets: what code is made for. Everything a schedule or a pass may ask about the machine stands here. */
import type { DType } from "../ir/dtype.js";
import type { Addressing } from "../ir/stmt.js";

export type Language = "js" | "wasm";

export interface Target<L extends Language = Language> {
  readonly language: L;
  /** The type of all arithmetic. JavaScript computes in float64 and rounds only when it stores. */
  readonly arithmetic: DType;
  /** Numbers per vector; 1 where the language has none. */
  readonly lanes: number;
  /** Numbers (or vectors) that stay in registers across a loop body. */
  readonly registers: number;
  /** Whether `a*b + c` has an instruction of its own. */
  readonly fma: boolean;
  /** What an offset into a buffer counts. */
  readonly addressing: Exclude<Addressing, "subscripts">;
  /** Whether the engine moves all loads of a loop body before its arithmetic, so that all are alive at once. */
  readonly hoistsLoads: boolean;
  /** Whether the engine joins two neighbouring vectors into one of twice the lanes. */
  readonly pairs: boolean;
  /** Whether several threads share the work, and the memory. */
  readonly threads: boolean;
}

/**
 * JavaScript as V8 compiles it: 16 xmm registers, of which V8 keeps one and conversions of float32 take a few. Sums in float64 are faster than `Math.fround` on
 * every step (7 against 2.4 GFLOP/s) and more exact.
 */
export const JS: Target<"js"> = {
  language: "js",
  arithmetic: "f64",
  lanes: 1,
  registers: 11,
  fma: false,
  addressing: "elements",
  hoistsLoads: false,
  pairs: false,
  threads: false,
};

/** What an engine offers to WebAssembly. */
export interface WasmFeatures {
  /** Vectors of 128 bits, and whether they have a fused (or at least a relaxed) multiply-add. */
  readonly simd: "none" | "simd128" | "relaxed";
  readonly hoistsLoads: boolean;
  readonly pairs: boolean;
  readonly threads: boolean;
}

/** WebAssembly as V8 compiles it: 16 vector registers, of which it keeps one. */
export const wasmTarget = ({ simd, hoistsLoads, pairs, threads }: WasmFeatures): Target<"wasm"> => ({
  language: "wasm",
  arithmetic: "f32",
  lanes: simd === "none" ? 1 : 4,
  registers: 15,
  fma: simd === "relaxed",
  addressing: "bytes",
  hoistsLoads,
  pairs,
  threads,
});
