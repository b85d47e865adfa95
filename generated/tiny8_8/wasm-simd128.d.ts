// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x8x8x8 with 3x3x8x8, rate 2, SAME
import type { BuiltWasm } from "tilewright/runtime";
declare const kernel: BuiltWasm;
export default kernel;
