/** Tensors that our kernels take. */
import { elementCount } from "../../ir/shape.js";
import type { TfCall } from "../tf.js";

/** True unless one tensor is no float32, or there is nothing to compute. */
export const areFloats = ({ inputs }: TfCall): boolean =>
  Object.values(inputs).every((tensor) => !tensor || (tensor.dtype === "float32" && elementCount(tensor.shape) > 0));

export const NO_FLOATS = "not all tensors are float32 with elements";
