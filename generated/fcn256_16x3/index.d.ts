// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x256x256x16 with 3x3x3x16, rate 2, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [1, 256, 256, 16] with filters [kh, kw, Co, Ci] = [3, 3, 3, 16], rate 2, SAME: [1, 256, 256, 3]. */
export declare const fcn256_16x3: BuiltKernel<{ readonly value: readonly [1, 256, 256, 16]; readonly filters: readonly [3, 3, 3, 16]; readonly output: readonly [1, 256, 256, 3] }>;
