// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x65x65x256 with 3x3x21x256, rate 4, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [1, 65, 65, 256] with filters [kh, kw, Co, Ci] = [3, 3, 21, 256], rate 4, SAME: [1, 65, 65, 21]. */
export declare const head65_21: BuiltKernel<{ readonly value: readonly [1, 65, 65, 256]; readonly filters: readonly [3, 3, 21, 256]; readonly output: readonly [1, 65, 65, 21] }>;
