/** tilewright/runtime: loads and runs kernels that were made ahead of time, without a compiler. */
export { type ErrorCode, TilewrightError } from "../../ir/errors.js";
export type { Activation } from "../../ir/ops/epilogue.js";
export type { FormulaSpec } from "../../ir/ops/formulaSpec.js";
export type { OpName, OpSpec, Padding, Shape4, Spec } from "../../ir/ops/spec.js";
export type { Named } from "../arguments.js";
export type { FormulaDefinition, KernelDefinition, LoadOptions, WebgpuLoadOptions } from "../definition.js";
export type { FormulaKernel, FormulaWebgpuKernel, Names } from "../formulaKernel.js";
export type { KernelMemory } from "../host/givenHeap.js";
export type { Kernel, Weights } from "../kernel.js";
export { loadKernel, type ModuleOptions } from "../loadKernel.js";
export type { Shapes, Tensor, Values } from "../tensor.js";
export type { WebgpuCall } from "../webgpu/call.js";
export type { WebgpuKernel } from "../webgpu/kernel.js";
export type { WebgpuTiming } from "../webgpu/timing.js";
export type {
  WebgpuBuffer,
  WebgpuCommandEncoder,
  WebgpuComputePass,
  WebgpuDevice,
} from "../webgpu/types.js";
export type { WebgpuWeights } from "../webgpu/weights.js";
export type { BuiltAnyLength, BuiltFamily, BuiltFormula, BuiltHead, BuiltKernel } from "./builtKernel.js";
export { type BuiltJs, type BuiltWasm, type BuiltWgsl, FORMAT, type Variant, type VariantImports } from "./modules.js";
export { builtKernel } from "./onDemand.js";
export { register } from "./registry.js";
