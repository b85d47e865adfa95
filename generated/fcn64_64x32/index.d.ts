// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x64x64x64 with 3x3x32x64, rate 2, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [1, 64, 64, 64] with filters [kh, kw, Co, Ci] = [3, 3, 32, 64], rate 2, SAME: [1, 64, 64, 32]. */
export declare const fcn64_64x32: BuiltKernel<{ readonly value: readonly [1, 64, 64, 64]; readonly filters: readonly [3, 3, 32, 64]; readonly output: readonly [1, 64, 64, 32] }>;
