// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 4x32x32x64 with 3x3x64x64, rate 2, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [4, 32, 32, 64] with filters [kh, kw, Co, Ci] = [3, 3, 64, 64], rate 2, SAME: [4, 32, 32, 64]. */
export declare const batch4_32: BuiltKernel<{ readonly value: readonly [4, 32, 32, 64]; readonly filters: readonly [3, 3, 64, 64]; readonly output: readonly [4, 32, 32, 64] }>;
