// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// All kernels by name.
export { aspp33_r2 } from "./aspp33_r2/index.js";
export { aspp33_r6 } from "./aspp33_r6/index.js";
export { aspp33_r12 } from "./aspp33_r12/index.js";
export { aspp33_r18 } from "./aspp33_r18/index.js";
export { head65_21 } from "./head65_21/index.js";
export { fcn64_64x32 } from "./fcn64_64x32/index.js";
export { fcn128_32x16 } from "./fcn128_32x16/index.js";
export { fcn256_16x3 } from "./fcn256_16x3/index.js";
export { logits128_21 } from "./logits128_21/index.js";
export { gan32_5x5 } from "./gan32_5x5/index.js";
export { audio4096 } from "./audio4096/index.js";
export { valid56_r4 } from "./valid56_r4/index.js";
export { batch4_32 } from "./batch4_32/index.js";
export { tiny16_3x16 } from "./tiny16_3x16/index.js";
export { tiny8_8 } from "./tiny8_8/index.js";
export { odd_4x2_r3 } from "./odd_4x2_r3/index.js";
export { odd_2x4_r3s } from "./odd_2x4_r3s/index.js";
