/** tilewright/config: what a configuration says. Types and one function that gives back what it gets, so that editors know them. */
import type { OpSpec } from "../ir/ops/spec.js";
import type { AlgorithmRequest } from "../runtime/jit.js";

/**
 * `wasm` is two modules, for engines with relaxed SIMD and for those with 128-bit SIMD alone; `wasm-threads` adds the same for
 * memory that threads share, where there is enough work to share. `webgpu-f16` is for tensors of float16.
 */
export type BuildTarget = "js" | "wasm" | "wasm-threads" | "webgpu" | "webgpu-f16";

/** A spec, and what else decides the code. */
export interface KernelConfig extends OpSpec {
  /** Default "exact". */
  readonly accuracy?: "exact" | "fast";
  /** Default "auto". */
  readonly algorithm?: AlgorithmRequest;
  /** Default: those of the configuration. */
  readonly targets?: readonly BuildTarget[];
}

/** A model whose convolutions are built. */
export interface ModelConfig {
  /** Of a .onnx file or of a TensorFlow.js model.json, relative to the configuration. */
  readonly path: string;
  /** Sizes of free dimensions by name. */
  readonly dims?: Readonly<Record<string, number>>;
}

export interface Config {
  /** The folder that is written, relative to the configuration. Default "generated". */
  readonly out?: string;
  /** Default js, wasm and webgpu. */
  readonly targets?: readonly BuildTarget[];
  /** WebAssembly as text in the modules ("inline", the default), or in .wasm files beside them ("file"). */
  readonly wasm?: "inline" | "file";
  /** By name, under which the generated barrel exports them. */
  readonly kernels?: Readonly<Record<string, KernelConfig>>;
  readonly models?: readonly (string | ModelConfig)[];
  /** Files that `recordShapes()` has made, relative to the configuration. */
  readonly recorded?: readonly string[];
  /**
   * Files of tuning records, relative to the configuration: `tilewright tune` appends to the first, and what is fastest in them
   * is built. Default: tilewright.tuning.jsonl, if it is there.
   */
  readonly tuning?: readonly string[];
}

export const defineConfig = (config: Config): Config => config;
