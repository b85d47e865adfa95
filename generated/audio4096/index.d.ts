// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x1x4096x64 with 1x9x64x64, rate 4, SAME
import type { BuiltKernel } from "tilewright/runtime";
/** `atrousConv2dTranspose` of value [N, H, W, Ci] = [1, 1, 4096, 64] with filters [kh, kw, Co, Ci] = [1, 9, 64, 64], rate 4, SAME: [1, 1, 4096, 64]. */
export declare const audio4096: BuiltKernel<{ readonly value: readonly [1, 1, 4096, 64]; readonly filters: readonly [1, 9, 64, 64]; readonly output: readonly [1, 1, 4096, 64] }>;
