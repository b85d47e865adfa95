// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x8x8x8 with 3x3x8x8, rate 2, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [1, 8, 8, 8] with filters [kh, kw, Co, Ci] = [3, 3, 8, 8], rate 2, SAME: [1, 8, 8, 8]. */
export declare const tiny8_8: BuiltKernel<{ readonly value: readonly [1, 8, 8, 8]; readonly filters: readonly [3, 3, 8, 8]; readonly output: readonly [1, 8, 8, 8] }>;
