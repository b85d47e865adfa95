// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 2x17x23x5 with 4x2x7x5, rate 3, VALID
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [2, 17, 23, 5] with filters [kh, kw, Co, Ci] = [4, 2, 7, 5], rate 3, VALID: [2, 26, 26, 7]. */
export declare const odd_4x2_r3: BuiltKernel<{ readonly value: readonly [2, 17, 23, 5]; readonly filters: readonly [4, 2, 7, 5]; readonly output: readonly [2, 26, 26, 7] }>;
