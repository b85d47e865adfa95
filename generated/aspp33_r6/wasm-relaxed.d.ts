// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x33x33x256 with 3x3x256x256, rate 6, SAME
import type { BuiltWasm } from "tilewright/runtime";
declare const kernel: BuiltWasm;
export default kernel;
