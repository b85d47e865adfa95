// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x56x56x64 with 3x3x64x64, rate 4, VALID
import type { BuiltWasm } from "tilewright/runtime";
declare const kernel: BuiltWasm;
export default kernel;
