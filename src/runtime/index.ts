/** tilewright: specialised convolution kernels, compiled per shape. */
export { type ErrorCode, TilewrightError } from "../ir/errors.js";
export type { Activation } from "../ir/ops/epilogue.js";
export type { OpName, OpSpec, Padding, Shape4 } from "../ir/ops/spec.js";
export { atrousConv2dTranspose, type CallOptions, interpret } from "./calls.js";
export { availableTargets, type CompileOptions, compile, kernelCache, type TargetName } from "./compile.js";
export type { Schedule } from "./jit.js";
export type { Kernel, Weights } from "./kernel.js";
export type { Tensor, Values } from "./tensor.js";
