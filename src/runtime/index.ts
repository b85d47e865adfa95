/** tilewright: specialised kernels, compiled per shape. */

export { type ErrorCode, TilewrightError } from "../ir/errors.js";
export type { Activation } from "../ir/ops/epilogue.js";
export type {
  AnyLengthSpec,
  AxisPadding,
  ChosenSize,
  Convention,
  FamilyOp,
  FamilySpec,
  FilterLayout,
  ImageLayout,
} from "../ir/ops/familySpec.js";
export type { FormulaSpec } from "../ir/ops/formulaSpec.js";
export type { Rate } from "../ir/ops/rate.js";
export type * from "../ir/ops/shorthandSpec.js";
export type { GivenSpec, OpName, OpSpec, Padding, Shape4, Spec } from "../ir/ops/spec.js";
export { type GradientSpec, gradientOf as gradient } from "../specs/gradient.js";
export type { Named } from "./arguments.js";
export { register } from "./built/registry.js";
export { atrousConv2dTranspose, type CallOptions, interpret } from "./calls.js";
export {
  availableTargets,
  type CommonOptions,
  type CompileOptions,
  compile,
  compileSync,
  ready,
  type TargetName,
  type WebgpuOptions,
} from "./compile.js";
export { type DefineOptions, defineKernel } from "./defineKernel.js";
export { defineOp, type OpOptions } from "./defineOp.js";
export type {
  FamilyDefinition,
  FormulaDefinition,
  KernelDefinition,
  LoadOptions,
  WebgpuLoadOptions,
} from "./definition.js";
export type { FormulaKernel, FormulaWebgpuKernel, Names } from "./formulaKernel.js";
export type { KernelMemory } from "./host/givenHeap.js";
export type { Kernel, Weights } from "./kernel.js";
export { kernelCache } from "./kernelCache.js";
export type { AnyLengthShapes, FamilyShapes, OutputOf, SpecOf } from "./kernelFacts.js";
export { type RecordedShape, type RecordedShapes, type Recording, recordShapes } from "./record.js";
export type { Shapes, Tensor, Values } from "./tensor.js";
export type { Schedule } from "./wanted.js";
export { type WarmUpOptions, type WarmUpProgress, warmUp } from "./warmUp.js";
export type { WebgpuCall } from "./webgpu/call.js";
export type { WebgpuKernel } from "./webgpu/kernel.js";
export type { WebgpuTiming } from "./webgpu/timing.js";
export type {
  WebgpuBuffer,
  WebgpuCommandEncoder,
  WebgpuComputePass,
  WebgpuDevice,
} from "./webgpu/types.js";
export type { WebgpuWeights } from "./webgpu/weights.js";
