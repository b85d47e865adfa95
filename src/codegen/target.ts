/** Targets of code generation: everything that a schedule or a pass may know about the machine. */
import type { DType, Storage } from "../ir/dtype.js";
import { unreachable } from "../ir/errors.js";
import type { BufferRole } from "../ir/program.js";
import type { Addressing, Triple } from "../ir/stmt.js";

export type Language = "js" | "wasm" | "wgsl";

export interface Target<L extends Language = Language> {
  readonly language: L;
  /** The type of all arithmetic. JavaScript computes in float64 and rounds only at a store. */
  readonly arithmetic: DType;
  /** The numbers in a vector; 1 if the language has no vectors. */
  readonly lanes: number;
  /** The numbers or vectors that can stay in registers across a loop body. */
  readonly registers: number;
  /** True if one instruction computes `a*b + c`. */
  readonly fma: boolean;
  /** The unit of an offset into a buffer. */
  readonly addressing: Exclude<Addressing, "subscripts">;
  /** True if the engine moves all loads of a loop body before its arithmetic, so that all need registers at once. */
  readonly hoistsLoads: boolean;
  /** True if the engine makes several instructions of a read of one number for all lanes. */
  readonly slowSplats: boolean;
  /** True if the engine joins two neighbouring vectors into one of twice the lanes. */
  readonly pairs: boolean;
  /** True if several threads share the work and the memory. */
  readonly threads: boolean;
  /** The type in memory of the tensors of a call; see `isStoredAs`. */
  readonly storage: Storage;
  /** The type of packed weights in memory. Weights stored as f16 stay f16. */
  readonly packing: DType;
  /** The limits of a launch; null if the language has no workgroups. */
  readonly workgroups: WorkgroupLimits | null;
  /**
   * A guess of how many workgroups run side by side, so that schedules can occupy all of them. 1 without workgroups.
   */
  readonly multiprocessors: number;
}

/**
 * JavaScript as V8 compiles it. There are 16 xmm registers: V8 keeps one, and conversions of float32 take a few. Sums
 * in float64 are faster than sums with `Math.fround` at every step (7 against 2.4 GFLOP/s), and more exact.
 */
export const JS: Target<"js"> = {
  language: "js",
  arithmetic: "f64",
  lanes: 1,
  registers: 11,
  fma: false,
  addressing: "elements",
  hoistsLoads: false,
  slowSplats: false,
  pairs: false,
  threads: false,
  storage: "f32",
  packing: "f64",
  workgroups: null,
  multiprocessors: 1,
};

/** The properties of an engine that WebAssembly is compiled for. */
export interface WasmFeatures {
  /** `simd128` has vectors of 128 bits. `relaxed` also has a multiply-add, which need not be fused. */
  readonly simd: "none" | "simd128" | "relaxed";
  readonly hoistsLoads: boolean;
  readonly pairs: boolean;
  readonly threads: boolean;
  /** See `Target`. Default 15, as of the 16 of x64 V8 keeps one. Features that are names leave defaults out. */
  readonly registers?: number;
  /** See `Target`. Default false. */
  readonly slowSplats?: boolean;
  /** The type of weights in memory. Default "f32". */
  readonly storage?: Storage;
}

/** WebAssembly as an engine compiles it. */
export const wasmTarget = ({
  simd,
  hoistsLoads,
  pairs,
  threads,
  registers = 15,
  slowSplats = false,
  storage = "f32",
}: WasmFeatures): Target<"wasm"> => ({
  language: "wasm",
  arithmetic: "f32",
  lanes: simd === "none" ? 1 : 4,
  registers,
  fma: simd === "relaxed",
  addressing: "bytes",
  hoistsLoads,
  slowSplats,
  pairs,
  threads,
  storage,
  packing: "f32",
  workgroups: null,
  multiprocessors: 1,
});

/** The limits of one launch on a device. */
export interface WorkgroupLimits {
  /** The most invocations of a workgroup, in all and along each dimension. */
  readonly invocations: number;
  readonly invocationsAlong: Triple;
  /** The most bytes of memory that a workgroup shares. */
  readonly workgroupBytes: number;
  /** The most workgroups of a dispatch along each dimension. */
  readonly workgroupsAlong: number;
  /** The most buffers that one kernel binds. */
  readonly storageBuffers: number;
  /** The most bytes of each of them. */
  readonly bufferBytes: number;
}

/** WebGPU's default limits, which every device supports. */
export const DEFAULT_LIMITS: WorkgroupLimits = {
  invocations: 256,
  invocationsAlong: [256, 256, 64],
  workgroupBytes: 16_384,
  workgroupsAlong: 65_535,
  storageBuffers: 8,
  bufferBytes: 2 ** 27,
};

/** The limits and size of a device, and the type of the tensors. */
export interface WebgpuFeatures {
  readonly limits: WorkgroupLimits;
  /** `f16` needs the feature `shader-f16`. */
  readonly storage: Storage;
  /**
   * See `Target`. WebGPU does not tell the number. The default is that of a large GPU: a small GPU loses little by more
   * and smaller workgroups.
   */
  readonly multiprocessors?: number;
}

/** WGSL for GPUs: vectors of 4, and sums in float32. With so many registers several workgroups run side by side. */
export const wgslTarget = ({ limits, storage, multiprocessors = 128 }: WebgpuFeatures): Target<"wgsl"> => ({
  language: "wgsl",
  arithmetic: "f32",
  lanes: 4,
  registers: 32,
  fma: true,
  addressing: "elements",
  hoistsLoads: false,
  slowSplats: false,
  pairs: false,
  threads: false,
  storage,
  packing: "f32",
  workgroups: limits,
  multiprocessors,
});

/** The free choices of a target, as plain data. Records and tuned schedules name a target by its features. */
export type Features =
  | { readonly language: "js" }
  | ({ readonly language: "wasm" } & WasmFeatures)
  | { readonly language: "wgsl"; readonly storage: Storage };

/** The target with these features. For a GPU, `gpu` gives the limits and the size of the device. */
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

/**
 * True if the target's `storage` is the type of buffers of this role. On a GPU it is that of all tensors of a call. In
 * WebAssembly, where inputs and outputs are the caller's arrays, it is that of weights.
 */
export const isStoredAs = ({ language }: Pick<Target, "language">, role: BufferRole): boolean =>
  role === "weights" || (language === "wgsl" && (role === "input" || role === "output"));

/** The type of such buffers in memory; those that the compiler makes are float32 here. */
export const storageOf = (target: Target, role: BufferRole): Storage =>
  isStoredAs(target, role) ? target.storage : "f32";
