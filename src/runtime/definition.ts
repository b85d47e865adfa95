/** What `compile` can be asked for before anything is compiled: a spec with its options, as an object to be loaded on demand. */
import type { OpSpec, Shape4 } from "../ir/ops/spec.js";
import type { Kernel } from "./kernel.js";
import type { Shapes } from "./tensor.js";
import type { WebgpuKernel } from "./webgpu/kernel.js";
import type { DeviceOptions } from "./webgpu/open.js";

export interface LoadOptions {
  /** "auto" (the default) takes the best that there is and that the page allows: "wasm", else "js", else "plain". */
  readonly target?: "auto" | "js" | "plain" | "wasm";
  /** How many threads share the work of `run`, where the kernel was made for threads and the page allows them. Default 1. */
  readonly threads?: number;
}

export interface WebgpuLoadOptions extends DeviceOptions {
  readonly target: "webgpu";
}

/** A kernel that is yet to be loaded. Generated modules export these, and so does `defineKernel`. */
export interface KernelDefinition<S extends Shapes = Shapes> {
  readonly spec: OpSpec;
  /** [N, OH, OW, Co] */
  readonly outputShape: S["output"] & Shape4;
  /**
   * A kernel object with memory of its own; code is loaded once.
   * @throws TilewrightError `invalid-argument`, `target-unavailable`
   */
  load(options?: LoadOptions): Promise<Kernel<S>>;
  load(options: WebgpuLoadOptions): Promise<WebgpuKernel<S>>;
}
