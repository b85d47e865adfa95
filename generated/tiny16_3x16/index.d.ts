// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x16x16x3 with 3x3x16x3, rate 2, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [1, 16, 16, 3] with filters [kh, kw, Co, Ci] = [3, 3, 16, 3], rate 2, SAME: [1, 16, 16, 16]. */
export declare const tiny16_3x16: BuiltKernel<{ readonly value: readonly [1, 16, 16, 3]; readonly filters: readonly [3, 3, 16, 3]; readonly output: readonly [1, 16, 16, 16] }>;
