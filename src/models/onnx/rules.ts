/** The rules for ops of ONNX that convolutional networks consist of, by the name of the op. */
import { einsumShape } from "../einsum.js";
import {
  at,
  broadcasting,
  changed,
  elementwise,
  first,
  folding,
  matrixProduct,
  named,
  partsOf,
  selecting,
  shaped,
} from "../rule.js";
import { axisFrom, type Info, type Inputs, withAxes, withSizes } from "../shapes.js";
import { intOf, intsOf, textOf } from "./attributes.js";
import { onnxConvolutionShape } from "./convolution.js";
import { ONNX_IMAGES, pool } from "./imageRules.js";
import type { OnnxNode } from "./model.js";
import { isStandard } from "./read.js";
import { recurrent } from "./recurrent.js";
import { resizeShape } from "./resize.js";
import { gemm, notConstant, ONNX_TENSORS, type OnnxRule } from "./tensorRules.js";

const ONNX_RULES: ReadonlyMap<string, OnnxRule> = new Map<string, OnnxRule>([
  ...ONNX_IMAGES,
  ...ONNX_TENSORS,
  ...named("Identity", first),
  ...named(
    "Acos Acosh Asin Asinh Atan Atanh BatchNormalization Bernoulli BitwiseNot Celu Clip Cos Cosh CumSum " +
      "DequantizeLinear Elu Erf Exp EyeLike Gelu GroupNormalization HardSigmoid HardSwish Hardmax " +
      "InstanceNormalization IsInf IsNaN LRN LeakyRelu Log LogSoftmax LpNormalization MeanVarianceNormalization " +
      "Mish PRelu QuantizeLinear RMSNormalization RandomNormalLike RandomUniformLike Reciprocal Relu " +
      "ReverseSequence RotaryEmbedding Scatter ScatterElements ScatterND Selu Shrink Sigmoid Sin Sinh Softmax " +
      "Softplus Softsign Swish TensorScatter Tan Tanh ThresholdedRelu Trilu",
    elementwise,
  ),
  ...named("Abs", changed(Math.abs)),
  ...named("Ceil", changed(Math.ceil)),
  ...named("Floor", changed(Math.floor)),
  ...named(
    "Neg",
    changed((x) => -x),
  ),
  ...named(
    "Not",
    changed((x) => Number(x === 0)),
  ),
  ...named(
    "Round",
    changed((x) => (x % 1 === 0.5 || x % 1 === -0.5 ? 2 * Math.round(x / 2) : Math.round(x))),
  ),
  ...named("Sign", changed(Math.sign)),
  ...named("Sqrt", changed(Math.sqrt)),
  ...folding({ Add: "add", Sub: "sub", Mul: "mul", Div: "div", Max: "maximum", Min: "minimum", And: "and", Or: "or" }),
  ...folding({
    Equal: "equal",
    Less: "less",
    LessOrEqual: "lessEqual",
    Greater: "greater",
    GreaterOrEqual: "greaterEqual",
  }),
  ...named("Where", selecting),
  ...named("Pow Mean Sum Mod Xor BitShift BitwiseAnd BitwiseOr BitwiseXor", broadcasting()),
  ...named<OnnxNode>("Conv ConvTranspose ConvInteger", (node, inputs) => ({
    shape: onnxConvolutionShape(node, inputs),
  })),
  ...named<OnnxNode>("QLinearConv", (node, inputs) => ({ shape: onnxConvolutionShape(node, [inputs[0], inputs[3]]) })),
  ...named<OnnxNode>(
    "Resize Upsample",
    shaped((shape, node, inputs) => resizeShape(node, shape, inputs)),
  ),
  ...named<OnnxNode>("CastLike", (_, inputs) => ({ ...at(inputs, 0) })),
  ...named<OnnxNode>("GatherElements", (_, inputs) => ({ shape: at(inputs, 1).shape })),
  ...named<OnnxNode>("MatMul MatMulInteger", (_, inputs) => ({
    shape: matrixProduct(at(inputs, 0).shape, at(inputs, 1).shape),
  })),
  ...named<OnnxNode>("QLinearMatMul", (_, inputs) => ({
    shape: matrixProduct(at(inputs, 0).shape, at(inputs, 3).shape),
  })),
  ...named("Gemm", gemm),
  ...named<OnnxNode>("Einsum", (node, inputs) => ({
    shape: einsumShape(
      textOf(node, "equation") ?? "",
      inputs.map((_, i) => at(inputs, i).shape),
    ),
  })),
]);

/** All outputs of ops whose outputs differ, or are of one shape. */
const SEVERAL: Readonly<Record<string, (node: OnnxNode, inputs: Inputs) => readonly Info[]>> = {
  // Old models give a Dropout that masks nothing; its values pass.
  Dropout: (_, inputs) => [at(inputs, 0), { shape: at(inputs, 0).shape }],
  GRU: recurrent,
  LSTM: recurrent,
  RNN: recurrent,
  LayerNormalization: (node, inputs) => {
    const { shape } = at(inputs, 0);
    const mean = withSizes(shape, (sizes) =>
      sizes.map((size, axis) => (axis < axisFrom(intOf(node, "axis") ?? -1, sizes.length) ? size : 1)),
    );
    return [{ shape }, { shape: mean }, { shape: mean }];
  },
  MaxPool: (node, inputs) => {
    const info = pool(node, inputs);
    return [info, info];
  },
  DynamicQuantizeLinear: (_, inputs) => [{ shape: at(inputs, 0).shape }, { shape: [] }, { shape: [] }],
  Split: (node, inputs) => {
    const sizes = intsOf(node, "split") ?? inputs[1]?.values;
    if (inputs[1] !== undefined && sizes === undefined)
      return node.outputs.map(() => ({ shape: notConstant(node, "sizes") }));
    return partsOf(at(inputs, 0), intOf(node, "axis") ?? 0, node.outputs.length, sizes);
  },
  TopK: (node, inputs) => {
    const [count = notConstant(node, "counts")] =
      intsOf(node, "k") ?? inputs[1]?.values ?? [intOf(node, "k") ?? undefined].filter((k) => k !== undefined);
    const shape = withSizes(at(inputs, 0).shape, (sizes) =>
      withAxes(sizes, [intOf(node, "axis") ?? -1], (own, [axis]) => own.map((size, i) => (i === axis ? count : size))),
    );
    return [{ shape }, { shape }];
  },
};

/** Ops of ONNX Runtime that its optimizer writes into convolutional networks. */
const CONTRIB: ReadonlyMap<string, OnnxRule> = new Map<string, OnnxRule>([
  ...named<OnnxNode>("FusedConv", (node, inputs) => ({ shape: onnxConvolutionShape(node, inputs) })),
  ...named("Gelu FastGelu QuickGelu BiasGelu QuantizeLinear DequantizeLinear", elementwise),
  ...named("FusedGemm", gemm),
]);

/** The rule for all outputs of a node; undefined if its op is not known. */
export function onnxRule(node: OnnxNode): ((node: OnnxNode, inputs: Inputs) => readonly Info[]) | undefined {
  const isOwn = isStandard(node.domain);
  if (isOwn && Object.hasOwn(SEVERAL, node.type)) return SEVERAL[node.type];
  const rule = isOwn ? ONNX_RULES.get(node.type) : node.domain === "com.microsoft" ? CONTRIB.get(node.type) : undefined;
  return rule && ((one, inputs) => [rule(one, inputs)]);
}
