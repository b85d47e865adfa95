// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 2x17x23x5 with 4x2x7x5, rate 3, VALID
import type { BuiltWgsl } from "tilewright/runtime";
declare const kernel: BuiltWgsl;
export default kernel;
