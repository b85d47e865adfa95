// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x56x56x64 with 3x3x64x64, rate 4, VALID
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [1, 56, 56, 64] with filters [kh, kw, Co, Ci] = [3, 3, 64, 64], rate 4, VALID: [1, 64, 64, 64]. */
export declare const valid56_r4: BuiltKernel<{ readonly value: readonly [1, 56, 56, 64]; readonly filters: readonly [3, 3, 64, 64]; readonly output: readonly [1, 64, 64, 64] }>;
