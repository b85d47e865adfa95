/**
 * tilewright/config: the types of a configuration, and a function that returns its argument so that editors know its
 * type.
 */
import type { GivenSpec } from "../ir/ops/spec.js";
import type { AlgorithmRequest } from "../runtime/wanted.js";

/**
 * `wasm` makes two modules: one for engines with relaxed SIMD, one for engines with 128-bit SIMD alone. `wasm-threads`
 * adds two modules whose memory threads share, if the kernel has enough work to share. `webgpu-f16` is for tensors of
 * float16.
 */
export type BuildTarget = "js" | "wasm" | "wasm-threads" | "webgpu" | "webgpu-f16";

/** The spec of an op or a formula, and the other choices that decide its code. */
export type KernelConfig = GivenSpec & KernelChoices;

export interface KernelChoices {
  /** Default "exact". */
  readonly accuracy?: "exact" | "fast";
  /** Default "auto". */
  readonly algorithm?: AlgorithmRequest;
  /** Default: the targets of the configuration. */
  readonly targets?: readonly BuildTarget[];
}

/** A model whose convolutions are built. */
export interface ModelConfig {
  /** The path of a .onnx file or of a TensorFlow.js model.json, relative to the configuration. */
  readonly path: string;
  /** The sizes of free dimensions, by name. */
  readonly dims?: Readonly<Record<string, number>>;
  /** Shapes of tensors that the model does not tell, by name and in the layout of the model. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
}

export interface Config {
  /** The folder of the generated files, relative to the configuration. Default "generated". */
  readonly out?: string;
  /** Default js, wasm and webgpu. */
  readonly targets?: readonly BuildTarget[];
  /**
   * WebAssembly as text in the modules ("inline", the default), or in .wasm files beside them, which are read when a
   * kernel is loaded ("file"), or imported as a `WebAssembly.Module` ("module"). workerd compiles nothing else.
   */
  readonly wasm?: "inline" | "file" | "module";
  /**
   * How a kernel's file gets at the code for a target: by `import()` when it is needed ("dynamic", the default), or by
   * imports of everything ("static"), for places that refuse `import()`, such as service workers.
   */
  readonly imports?: "dynamic" | "static";
  /** Kernels by name. The generated barrel exports each under its name. */
  readonly kernels?: Readonly<Record<string, KernelConfig>>;
  readonly models?: readonly (string | ModelConfig)[];
  /** Files that `recordShapes()` has made, relative to the configuration. */
  readonly recorded?: readonly string[];
  /**
   * Files of tuning records, relative to the configuration. `tilewright tune` appends to the first. The build takes the
   * fastest schedule of all files. Default: tilewright.tuning.jsonl, if that file exists.
   */
  readonly tuning?: readonly string[];
}

export const defineConfig = (config: Config): Config => config;
