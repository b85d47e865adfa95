/** All kernels of TensorFlow.js that ours can take the place of. */
import type { OpRule } from "../plan.js";
import { CONV2D, FUSED_CONV2D } from "./conv2d.js";
import { DEPTHWISE, DEPTHWISE_BACKPROP_FILTER, DEPTHWISE_BACKPROP_INPUT, FUSED_DEPTHWISE } from "./depthwise.js";
import { CONV2D_BACKPROP_FILTER } from "./filterGradient.js";
import { GENERAL_RULES } from "./general.js";
import { AVERAGE_POOL_RULE } from "./pools.js";
import { FUSED_MATMUL, MATMUL_RULE } from "./products.js";
import { CONV2D_BACKPROP_INPUT } from "./transposed.js";

export const RULES: readonly OpRule[] = [
  CONV2D,
  FUSED_CONV2D,
  CONV2D_BACKPROP_INPUT,
  CONV2D_BACKPROP_FILTER,
  DEPTHWISE,
  FUSED_DEPTHWISE,
  DEPTHWISE_BACKPROP_INPUT,
  DEPTHWISE_BACKPROP_FILTER,
  MATMUL_RULE,
  FUSED_MATMUL,
  AVERAGE_POOL_RULE,
  ...GENERAL_RULES,
];
