// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x32x32x128 with 5x5x64x128, rate 2, SAME
import type { BuiltWgsl } from "tilewright/runtime";
declare const kernel: BuiltWgsl;
export default kernel;
