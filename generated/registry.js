// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// Import it for its effect: `compile` then takes these kernels instead of compiling.
import { register } from "tilewright/runtime";
import { aspp33_r2 } from "./aspp33_r2/index.js";
import { aspp33_r6 } from "./aspp33_r6/index.js";
import { aspp33_r12 } from "./aspp33_r12/index.js";
import { aspp33_r18 } from "./aspp33_r18/index.js";
import { head65_21 } from "./head65_21/index.js";
import { fcn64_64x32 } from "./fcn64_64x32/index.js";
import { fcn128_32x16 } from "./fcn128_32x16/index.js";
import { fcn256_16x3 } from "./fcn256_16x3/index.js";
import { logits128_21 } from "./logits128_21/index.js";
import { gan32_5x5 } from "./gan32_5x5/index.js";
import { audio4096 } from "./audio4096/index.js";
import { valid56_r4 } from "./valid56_r4/index.js";
import { batch4_32 } from "./batch4_32/index.js";
import { tiny16_3x16 } from "./tiny16_3x16/index.js";
import { tiny8_8 } from "./tiny8_8/index.js";
import { odd_4x2_r3 } from "./odd_4x2_r3/index.js";
import { odd_2x4_r3s } from "./odd_2x4_r3s/index.js";
export const kernels = [aspp33_r2, aspp33_r6, aspp33_r12, aspp33_r18, head65_21, fcn64_64x32, fcn128_32x16, fcn256_16x3, logits128_21, gan32_5x5, audio4096, valid56_r4, batch4_32, tiny16_3x16, tiny8_8, odd_4x2_r3, odd_2x4_r3s];
register(kernels);
