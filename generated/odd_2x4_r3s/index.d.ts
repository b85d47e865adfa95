// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 2x17x23x5 with 2x4x7x5, rate 3, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [2, 17, 23, 5] with filters [kh, kw, Co, Ci] = [2, 4, 7, 5], rate 3, SAME: [2, 17, 23, 7]. */
export declare const odd_2x4_r3s: BuiltKernel<{ readonly value: readonly [2, 17, 23, 5]; readonly filters: readonly [2, 4, 7, 5]; readonly output: readonly [2, 17, 23, 7] }>;
