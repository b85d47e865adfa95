// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x33x33x256 with 3x3x256x256, rate 12, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [1, 33, 33, 256] with filters [kh, kw, Co, Ci] = [3, 3, 256, 256], rate 12, SAME: [1, 33, 33, 256]. */
export declare const aspp33_r12: BuiltKernel<{ readonly value: readonly [1, 33, 33, 256]; readonly filters: readonly [3, 3, 256, 256]; readonly output: readonly [1, 33, 33, 256] }>;
