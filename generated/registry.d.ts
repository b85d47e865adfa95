// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// All kernels, of which `compile` knows once this is imported.
import type { BuiltKernel } from "tilewright/runtime";
export declare const kernels: readonly BuiltKernel[];
