// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 4x32x32x64 with 3x3x64x64, rate 2, SAME
import type { BuiltWgsl } from "tilewright/runtime";
declare const kernel: BuiltWgsl;
export default kernel;
