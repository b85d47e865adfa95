// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x256x256x16 with 3x3x3x16, rate 2, SAME
import type { BuiltWasm } from "tilewright/runtime";
declare const kernel: BuiltWasm;
export default kernel;
