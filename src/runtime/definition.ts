/** The type of a kernel that is yet to be loaded, and its options. */

import type { AnyLengthSpec, FamilySpec } from "../ir/ops/familySpec.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import type { FormulaKernel, FormulaWebgpuKernel, Names } from "./formulaKernel.js";
import type { KernelMemory } from "./host/givenHeap.js";
import type { Kernel } from "./kernel.js";
import type { AnyLengthShapes, FamilyShapes, OutputOf, SpecOf } from "./kernelFacts.js";
import type { Shapes } from "./tensor.js";
import type { WebgpuKernel } from "./webgpu/kernel.js";
import type { DeviceOptions } from "./webgpu/open.js";

/** Options of a kernel on the CPU. */
export interface LoadOptions {
  /** "auto" (the default) takes the best target that the page allows: "wasm", else "js", else "plain". */
  readonly target?: "auto" | "js" | "plain" | "wasm";
  /**
   * The number of threads that share the work of `run`, from 1 to 256. Default 1. More than one needs a kernel that was
   * made for threads, and a page that allows them.
   */
  readonly threads?: number;
  /**
   * The memory in which the kernel's buffers lie, and its allocator, as in `CompileOptions`. Shared memory needs a
   * kernel that was made for threads.
   */
  readonly memory?: KernelMemory;
}

/** Options of a kernel on a GPU. */
export interface WebgpuLoadOptions extends DeviceOptions {
  readonly target: "webgpu";
}

/** A kernel that is yet to be loaded. Generated modules export definitions, and `defineKernel` returns one. */
export interface KernelDefinition<S extends Shapes = Shapes> {
  readonly spec: SpecOf<S>;
  /** [N, OH, OW, Co] */
  readonly outputShape: OutputOf<S>;
  /**
   * Makes a kernel object. Its code is loaded once for all kernel objects.
   * @throws TilewrightError `invalid-argument`, `target-unavailable`
   */
  load(options?: LoadOptions): Promise<Kernel<S>>;
  load(options: WebgpuLoadOptions): Promise<WebgpuKernel<S>>;
}

/** The same for a member of the convolution family, whose output shape is known once it is loaded. */
export interface FamilyDefinition<S extends AnyLengthSpec | FamilySpec = FamilySpec>
  extends Omit<KernelDefinition<ShapesOfFamily<S>>, "outputShape"> {}

type ShapesOfFamily<S extends AnyLengthSpec | FamilySpec> = S extends FamilySpec
  ? FamilyShapes<S>
  : S extends AnyLengthSpec
    ? AnyLengthShapes<S>
    : never;

/** The same for a formula. */
export interface FormulaDefinition<N extends Names = Names> {
  readonly spec: FormulaSpec;
  /**
   * @throws TilewrightError `invalid-formula`, `invalid-shape`, `too-large`, `invalid-argument`, `target-unavailable`
   */
  load(options?: LoadOptions): Promise<FormulaKernel<N>>;
  load(options: WebgpuLoadOptions): Promise<FormulaWebgpuKernel>;
}
