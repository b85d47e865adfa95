/** Epilogues: the bias and the activation that fused kernels have behind their sums. */
import type { Activation } from "../../ir/ops/epilogue.js";
import type { FamilySpec } from "../../ir/ops/familySpec.js";
import { elementCount } from "../../ir/shape.js";
import { inputOf } from "../plan.js";
import type { TfCall, TfTensor } from "../tf.js";

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
function activationOf({ attrs = {} }: TfCall): { readonly activation?: Activation } | string {
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

export interface Epilogue {
  readonly spec: Pick<FamilySpec, "bias" | "activation">;
  readonly weights: Readonly<Record<string, string>>;
  readonly isPrelu: boolean;
}

export function epilogueOf(call: TfCall, channels: number): Epilogue | string {
  const [bias, alpha] = [inputOf(call, "bias"), inputOf(call, "preluActivationWeights")];
  const isPerChannel = ({ shape }: TfTensor) => shape.at(-1) === channels && elementCount(shape) === channels;
  if (bias && !(bias.shape.length === 1 && isPerChannel(bias))) return "the bias is broadcast";
  const activation = activationOf(call);
  const isPrelu = activation === "prelu";
  if (isPrelu && !(alpha && isPerChannel(alpha))) return "the slopes of prelu are not one for each channel";
  if (typeof activation === "string" && !isPrelu) return `the activation ${activation} is unknown`;
  return {
    spec: { ...(bias ? { bias: true } : {}), ...(typeof activation === "string" ? {} : activation) },
    weights: { ...(bias ? { bias: "bias" } : {}), ...(isPrelu ? { alpha: "preluActivationWeights" } : {}) },
    isPrelu,
  };
}

/** The epilogue of a kernel that only sums. */
export const NO_EPILOGUE: Epilogue = { spec: {}, weights: {}, isPrelu: false };
