// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x128x128x21 with 3x3x21x21, rate 2, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [1, 128, 128, 21] with filters [kh, kw, Co, Ci] = [3, 3, 21, 21], rate 2, SAME: [1, 128, 128, 21]. */
export declare const logits128_21: BuiltKernel<{ readonly value: readonly [1, 128, 128, 21]; readonly filters: readonly [3, 3, 21, 21]; readonly output: readonly [1, 128, 128, 21] }>;
