// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x32x32x128 with 5x5x64x128, rate 2, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [1, 32, 32, 128] with filters [kh, kw, Co, Ci] = [5, 5, 64, 128], rate 2, SAME: [1, 32, 32, 64]. */
export declare const gan32_5x5: BuiltKernel<{ readonly value: readonly [1, 32, 32, 128]; readonly filters: readonly [5, 5, 64, 128]; readonly output: readonly [1, 32, 32, 64] }>;
