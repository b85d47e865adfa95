/** `tilewright/tfjs`: TensorFlow.js with our kernels, and ops that it lacks. */

export { atrousTranspose as atrousConv2dTranspose, fused, generalTranspose as conv2dTranspose } from "./functions.js";
export type { TfBackendName } from "./gain.js";
export type { TfModelHandler } from "./graph/fused.js";
export { type InstalledTfjs, type InstallOptions, install } from "./install.js";
export type { TransposeOptions } from "./ops.js";
export type { KernelReport, TfjsReport } from "./tally.js";
export type { TfModule, TfTensor } from "./tf.js";
export { type TfModel, warmUpModel as warmUp } from "./warmUp.js";
