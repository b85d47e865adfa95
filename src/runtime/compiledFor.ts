/**
 * The names of the thing that code is compiled for:
 *
 * - `TargetName`, in the options of `compile`: "auto", or what shall run the kernel.
 * - `Tier`: what runs a kernel on the CPU. Two tiers are languages of code; "plain" interprets the definition.
 * - `CompiledFor`: what runs a kernel, with all that the engine or device offers and the options leave of that. It
 *   finds cached code.
 * - `Features`: the part of it that decides the code, as plain data. Tuning records and tuned points are found by it.
 * - `Target`: what schedules and passes may ask about a machine. The compiler makes it from features.
 * - `Variant`: a file of code made ahead of time. `FEATURES` in the build has the features that each counts on.
 * - `BuildTarget`, in the configuration of a build: stands for one variant or several.
 */
import type { Storage } from "../ir/dtype.js";
import type { Features, WasmFeatures, WebgpuFeatures } from "./wanted.js";

/** The features that an engine has. */
export type EngineFeatures = Pick<WasmFeatures, "simd" | "hoistsLoads" | "registers" | "slowSplats">;

/** Options for WebAssembly with every default filled in. */
export interface WasmOptions extends EngineFeatures {
  readonly threads: number;
  /** True if the memory is shared: that of threads always is, and memory that was given may be. */
  readonly shared: boolean;
  readonly revectorize: boolean;
  /** The type of weights in memory. */
  readonly storage: Storage;
}

export type CompiledForCpu =
  | { readonly tier: "js" }
  | { readonly tier: "plain" }
  | ({ readonly tier: "wasm" } & WasmOptions);

export type CompiledFor = CompiledForCpu | ({ readonly tier: "webgpu" } & WebgpuFeatures);

export type FeaturesOf<L extends Features["language"]> = Extract<Features, { readonly language: L }>;

export const wasmFeaturesOf = ({
  simd,
  hoistsLoads,
  registers,
  slowSplats,
  shared,
  revectorize,
  storage,
}: Omit<WasmOptions, "threads" | "storage"> & Partial<Pick<WasmOptions, "storage">>): FeaturesOf<"wasm"> => ({
  language: "wasm",
  simd,
  hoistsLoads,
  pairs: revectorize && simd !== "none",
  threads: shared,
  ...(registers === undefined ? {} : { registers }),
  ...(slowSplats ? { slowSplats } : {}),
  ...(storage === "f16" ? { storage } : {}),
});
