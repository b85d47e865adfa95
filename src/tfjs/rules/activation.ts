/** Activations of fused kernels. */
import type { Activation } from "../../ir/ops/epilogue.js";
import type { TfCall } from "../tf.js";

const ACTIVATIONS: Readonly<Record<string, Activation | undefined>> = {
  linear: undefined,
  relu: "relu",
  relu6: "relu6",
  sigmoid: "sigmoid",
  elu: { kind: "elu", alpha: 1 },
};

/** As TensorFlow.js has it where none is given. */
const LEAKY_ALPHA = 0.2;

/** The activation of a call, if it has one; a word for one that is unknown here, "prelu" among them. */
export function activationOf({ attrs = {} }: TfCall): { readonly activation?: Activation } | string {
  const { activation = "linear", leakyreluAlpha } = attrs;
  if (activation === "leakyrelu") {
    const alpha = typeof leakyreluAlpha === "number" ? leakyreluAlpha : LEAKY_ALPHA;
    return { activation: { kind: "leakyRelu", alpha } };
  }
  const name = String(activation);
  if (!Object.hasOwn(ACTIVATIONS, name)) return name;
  const known = ACTIVATIONS[name];
  return known === undefined ? {} : { activation: known };
}
