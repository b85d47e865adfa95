/** Targets: what code is made for. Everything a schedule or a pass may ask about the machine stands here. */
import type { DType } from "../ir/dtype.js";
import { unreachable } from "../ir/errors.js";
import type { Addressing, Triple } from "../ir/stmt.js";

export type Language = "js" | "wasm" | "wgsl";

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
  /** The type of a call's tensors in memory. */
  readonly storage: "f32" | "f16";
  /** The type of packed weights in memory, which those of f16 keep. */
  readonly packing: DType;
  /** What a launch in workgroups may use; null where there are none. */
  readonly workgroups: WorkgroupLimits | null;
  /** How many workgroups compute side by side, at a guess: schedules then leave none of the machine idle. 1 without workgroups. */
  readonly multiprocessors: number;
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
  storage: "f32",
  packing: "f64",
  workgroups: null,
  multiprocessors: 1,
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
  storage: "f32",
  packing: "f32",
  workgroups: null,
  multiprocessors: 1,
});

/** What a device allows one launch. */
export interface WorkgroupLimits {
  /** Invocations of a workgroup, in all and along each dimension. */
  readonly invocations: number;
  readonly invocationsAlong: Triple;
  /** Bytes of memory that a workgroup shares. */
  readonly workgroupBytes: number;
  /** Workgroups of a dispatch along each dimension. */
  readonly workgroupsAlong: number;
  /** Buffers that one kernel binds. */
  readonly storageBuffers: number;
}

/** What every device offers, by WebGPU's defaults. */
export const DEFAULT_LIMITS: WorkgroupLimits = {
  invocations: 256,
  invocationsAlong: [256, 256, 64],
  workgroupBytes: 16_384,
  workgroupsAlong: 65_535,
  storageBuffers: 8,
};

/** What a device offers to kernels, and what is asked of them. */
export interface WebgpuFeatures {
  readonly limits: WorkgroupLimits;
  /** `f16` needs the feature `shader-f16`. */
  readonly storage: "f32" | "f16";
  /** See `Target`. WebGPU does not tell; a large GPU's by default, as a small one loses little by more and smaller workgroups. */
  readonly multiprocessors?: number;
}

/** WGSL for GPUs: vectors of 4, sums in float32, and as many registers as leave room for several workgroups side by side. */
export const wgslTarget = ({ limits, storage, multiprocessors = 128 }: WebgpuFeatures): Target<"wgsl"> => ({
  language: "wgsl",
  arithmetic: "f32",
  lanes: 4,
  registers: 32,
  fma: true,
  addressing: "elements",
  hoistsLoads: false,
  pairs: false,
  threads: false,
  storage,
  packing: "f32",
  workgroups: limits,
  multiprocessors,
});

/** What is chosen about a target, as plain data: the name by which records and tuned schedules know it. */
export type Features =
  | { readonly language: "js" }
  | ({ readonly language: "wasm" } & WasmFeatures)
  | { readonly language: "wgsl"; readonly storage: "f32" | "f16" };

/** The target of that name; of a GPU, one of these limits and this size. */
export function targetOf(
  features: Features,
  gpu: Omit<WebgpuFeatures, "storage"> = { limits: DEFAULT_LIMITS },
): Target {
  switch (features.language) {
    case "js":
      return JS;
    case "wasm":
      return wasmTarget(features);
    case "wgsl":
      return wgslTarget({ ...gpu, storage: features.storage });
    default:
      return unreachable(features);
  }
}
