// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x128x128x32 with 3x3x16x32, rate 2, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [1, 128, 128, 32] with filters [kh, kw, Co, Ci] = [3, 3, 16, 32], rate 2, SAME: [1, 128, 128, 16]. */
export declare const fcn128_32x16: BuiltKernel<{ readonly value: readonly [1, 128, 128, 32]; readonly filters: readonly [3, 3, 16, 32]; readonly output: readonly [1, 128, 128, 16] }>;
