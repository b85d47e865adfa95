// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x128x128x32 with 3x3x16x32, rate 2, SAME
import type { BuiltJs } from "tilewright/runtime";
declare const kernel: BuiltJs;
export default kernel;
