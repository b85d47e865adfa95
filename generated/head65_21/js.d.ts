// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x65x65x256 with 3x3x21x256, rate 4, SAME
import type { BuiltJs } from "tilewright/runtime";
declare const kernel: BuiltJs;
export default kernel;
