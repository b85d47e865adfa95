/** The rules for ops of TensorFlow that convolutional networks consist of, by the name of the op. */
import { einsumShape } from "../einsum.js";
import { quoted } from "../report.js";
import { at, broadcasting, changed, elementwise, first, folding, named, partsOf, selecting } from "../rule.js";
import { agreed, gap, type Info, type Inputs, numbersOf, squeeze, withSizes } from "../shapes.js";
import { withValues } from "../values.js";
import { intAttribute, textAttribute } from "./attributes.js";
import { CONVOLUTIONS, tfjsConvolutionShape } from "./convolution.js";
import { TFJS_IMAGES } from "./imageRules.js";
import type { AttributeName, TfjsNode } from "./json.js";
import { stridedSlice, unknownConstant } from "./stridedSlice.js";
import { matMul, TFJS_TENSORS, type TfjsRule } from "./tensorRules.js";

const TFJS_RULES: ReadonlyMap<string, TfjsRule> = new Map<string, TfjsRule>([
  ...TFJS_IMAGES,
  ...TFJS_TENSORS,
  ...named("Identity StopGradient PreventGradient Snapshot PlaceholderWithDefault Enter CheckNumerics", first),
  ...named(
    "Acos Acosh Asin Asinh Atan Atanh ClipByValue Cos Cosh Elu Erf Erfc Exp Expm1 IsFinite IsInf IsNan " +
      "LeakyRelu Log Log1p LogSoftmax LRN Prelu Reciprocal Relu Relu6 ReverseV2 Rsqrt Selu Sigmoid Sin Sinh " +
      "Softmax Softplus Softsign Square Tan Tanh BiasAdd FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 " +
      "Cumsum Cumprod TensorScatterUpdate ComplexAbs Real Imag BitwiseNot RandomUniformLike",
    elementwise,
  ),
  ...named("Abs", changed(Math.abs)),
  ...named("Ceil", changed(Math.ceil)),
  ...named("Floor", changed(Math.floor)),
  ...named(
    "LogicalNot",
    changed((x) => Number(x === 0)),
  ),
  ...named(
    "Neg",
    changed((x) => -x),
  ),
  ...named(
    "OnesLike",
    changed(() => 1),
  ),
  ...named(
    "Round Rint",
    changed((x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))),
  ),
  ...named("Sign", changed(Math.sign)),
  ...named("Sqrt", changed(Math.sqrt)),
  ...named(
    "ZerosLike",
    changed(() => 0),
  ),
  ...folding({
    Add: "add",
    AddV2: "add",
    Equal: "equal",
    FloorDiv: "floorDiv",
    FloorMod: "floorMod",
    Greater: "greater",
    GreaterEqual: "greaterEqual",
    Less: "less",
    LessEqual: "lessEqual",
    LogicalAnd: "and",
    LogicalOr: "or",
    Maximum: "maximum",
    Minimum: "minimum",
    Mul: "mul",
    NotEqual: "notEqual",
    RealDiv: "ratio",
    Sub: "sub",
  }),
  ...named("Div DivNoNan Pow SquaredDifference Mod Atan2 AddN BitwiseAnd", broadcasting()),
  ...named("Select SelectV2", selecting),
  ...named<TfjsNode>(CONVOLUTIONS.join(" "), (node, inputs) => ({
    shape: tfjsConvolutionShape(node, inputs),
  })),
  ...named("StridedSlice", stridedSlice),
  ...named("MatMul BatchMatMul BatchMatMulV2 _FusedMatMul", matMul),
  ...named<TfjsNode>("Einsum", (node, inputs) => ({
    shape: einsumShape(
      textAttribute(node, "equation"),
      inputs.map((_, i) => at(inputs, i).shape),
    ),
  })),
]);

/** All outputs of ops that have several. */
const SEVERAL: Readonly<Record<string, (node: TfjsNode, inputs: Inputs) => readonly Info[]>> = {
  Merge: (node, inputs) => [
    {
      shape: agreed(
        inputs.map((_, i) => at(inputs, i).shape),
        gap(`the branches that end in ${quoted(node.name)} make different shapes`),
      ),
    },
    { shape: [] },
  ],
  // A Switch passes its input on, to one of both.
  Switch: (_, inputs) => [at(inputs, 0), at(inputs, 0)],
  Split: (node, inputs) => {
    const [axis] = numbersOf(inputs[0]?.values) ?? [];
    if (axis === undefined) return [{ shape: unknownConstant(node, inputs[0]) }];
    return partsOf(at(inputs, 1), axis, countOf(node, "num_split"), undefined);
  },
  SplitV: (node, inputs) => {
    const [axis] = numbersOf(inputs[2]?.values) ?? [];
    const sizes = inputs[1]?.values;
    if (axis === undefined || sizes === undefined)
      return [{ shape: unknownConstant(node, inputs[axis === undefined ? 2 : 1]) }];
    return partsOf(at(inputs, 0), axis, sizes.length, sizes);
  },
  Unpack: (node, inputs) => {
    const axis = intAttribute(node, "axis");
    return partsOf(at(inputs, 0), axis, countOf(node, "num"), undefined).map(({ shape, values }) =>
      withValues(squeeze(shape, [axis]), values),
    );
  },
  TopKV2: (node, inputs) => {
    const [count = unknownConstant(node, inputs[1])] = inputs[1]?.values ?? [];
    const shape = withSizes(at(inputs, 0).shape, (sizes) => [...sizes.slice(0, -1), count]);
    return [{ shape }, { shape }];
  },
};

/** The most outputs of a node: names of tensors have no larger number. */
const MAX_OUTPUTS = 1000;

const countOf = (node: TfjsNode, name: AttributeName): number =>
  Math.min(Math.max(intAttribute(node, name), 0), MAX_OUTPUTS);

/** The rule for all outputs of a node; undefined if its op is not known. */
export function tfjsRule({ op }: TfjsNode): ((node: TfjsNode, inputs: Inputs) => readonly Info[]) | undefined {
  if (Object.hasOwn(SEVERAL, op)) return SEVERAL[op];
  const rule = TFJS_RULES.get(op);
  return rule && ((node, inputs) => [rule(node, inputs)]);
}
