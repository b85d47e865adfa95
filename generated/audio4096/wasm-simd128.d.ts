// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x1x4096x64 with 1x9x64x64, rate 4, SAME
import type { BuiltWasm } from "tilewright/runtime";
declare const kernel: BuiltWasm;
export default kernel;
