/** Rules for the ops of ONNX that convolutional networks consist of. */
import {
  at,
  broadcasting,
  elementwise,
  first,
  folding,
  isNumbers,
  joined,
  matrixProduct,
  named,
  type Rule,
  shaped,
  sliced,
  spaceAndDepth,
} from "../rule.js";
import {
  axisFrom,
  gap,
  type Info,
  type Inputs,
  isGap,
  numbersOf,
  product,
  reduce,
  reshape,
  type Shape,
  type Size,
  sizeFrom,
  squeeze,
  transpose,
  unsqueeze,
  windowOutput,
  withSizes,
} from "../shapes.js";
import { pick, type SliceRange, shapeAsValues, withValues } from "../values.js";
import { intOf, intsOf, windowsOf } from "./attributes.js";
import { onnxConvolutionShape } from "./convolution.js";
import type { OnnxNode, OnnxTensor } from "./model.js";
import { resizeShape } from "./resize.js";

/** The first output. For ops with several outputs of different shapes see `splits`. */
type OnnxRule = Rule<OnnxNode>;

/** The axes of a node. They are an attribute; in later opsets they are an input. */
const axesOf = (node: OnnxNode, inputs: Inputs, input = 1): readonly number[] | Shape | undefined =>
  intsOf(node, "axes") ??
  (inputs[input] === undefined ? undefined : (numbersOf(inputs[input].values) ?? notConstant(node, "axes")));

const notConstant = (node: OnnxNode, what: string): Shape =>
  gap(`the ${what} of ${node.type} "${node.name}" are no constant`);

const pool: OnnxRule = shaped((shape, node) =>
  withSizes(shape, ([batch = gap("a pool of nothing"), channels = gap("a pool without channels"), ...spatial]) => {
    const windows = windowsOf(node, intsOf(node, "kernel_shape") ?? []);
    return [
      batch,
      channels,
      ...spatial.map((size, axis) => {
        const window = windows[axis];
        return window ? windowOutput(size, window) : gap("a pool of fewer dimensions than its input");
      }),
    ];
  }),
);

const globalPool: OnnxRule = shaped((shape) =>
  withSizes(shape, (sizes) => sizes.map((size, axis) => (axis < 2 ? size : 1))),
);

const pad: OnnxRule = shaped((shape, node, inputs) =>
  withSizes(shape, (sizes) => {
    const pads = intsOf(node, "pads") ?? intsOf(node, "paddings") ?? numbersOf(inputs[1]?.values);
    if (pads === undefined) return notConstant(node, "pads");
    const axes = numbersOf(inputs[3]?.values)?.map((axis) => axisFrom(axis, sizes.length)) ?? [...sizes.keys()];
    if (pads.length !== 2 * axes.length) return gap(`${pads.length} pads for ${axes.length} axes`);
    return sizes.map((size, axis) => {
      const i = axes.indexOf(axis);
      return i < 0
        ? size
        : sizeFrom([size], (known) => known + (pads[i] as number) + (pads[i + axes.length] as number));
    });
  }),
);

const reshapeRule: OnnxRule = (node, inputs) => {
  const target = intsOf(node, "shape") ?? inputs[1]?.values;
  const { shape, values } = at(inputs, 0);
  if (target === undefined) return { shape: notConstant(node, "sizes") };
  return withValues(reshape(shape, target, intOf(node, "allowzero") !== 1), values);
};

const flatten: OnnxRule = shaped((shape, node) =>
  withSizes(shape, (sizes) => {
    const axis = axisFrom(intOf(node, "axis") ?? 1, sizes.length);
    return [product(sizes.slice(0, axis)), product(sizes.slice(axis))];
  }),
);

const squeezeRule: OnnxRule = (node, inputs) => {
  const axes = axesOf(node, inputs);
  if (axes !== undefined && !isNumbers(axes)) return { shape: axes };
  return withValues(squeeze(at(inputs, 0).shape, axes), at(inputs, 0).values);
};

const unsqueezeRule: OnnxRule = (node, inputs) => {
  const axes = axesOf(node, inputs) ?? notConstant(node, "axes");
  return isNumbers(axes) ? withValues(unsqueeze(at(inputs, 0).shape, axes), at(inputs, 0).values) : { shape: axes };
};

const reduceRule: OnnxRule = shaped((shape, node, inputs) => {
  const axes = axesOf(node, inputs);
  if (axes !== undefined && !isNumbers(axes)) return axes;
  if (axes === undefined && intOf(node, "noop_with_empty_axes") === 1) return shape;
  return reduce(shape, axes, intOf(node, "keepdims") !== 0);
});

const concatRule: OnnxRule = (node, inputs) =>
  joined(
    inputs.filter((input) => input !== undefined),
    intOf(node, "axis") ?? 1,
  );

const gather: OnnxRule = (node, inputs) => {
  const [data, indices] = [at(inputs, 0), at(inputs, 1)];
  if (isGap(data.shape) || isGap(indices.shape)) return { shape: isGap(data.shape) ? data.shape : indices.shape };
  const [sizes, inner] = [data.shape as readonly Size[], indices.shape as readonly Size[]];
  const axis = axisFrom(intOf(node, "axis") ?? 0, sizes.length);
  const shape = [...sizes.slice(0, axis), ...inner, ...sizes.slice(axis + 1)];
  return withValues(shape, sizes.length === 1 ? pick(data.values, numbersOf(indices.values)) : undefined);
};

const sliceRule: OnnxRule = (node, inputs) => {
  const { shape } = at(inputs, 0);
  const given = (name: string, i: number) => intsOf(node, name) ?? numbersOf(inputs[i]?.values);
  const [starts, ends] = [given("starts", 1), given("ends", 2)];
  if (isGap(shape)) return { shape };
  if (starts === undefined || ends === undefined) return { shape: notConstant(node, "ends") };
  const rank = (shape as readonly Size[]).length;
  const axes = (given("axes", 3) ?? [...starts.keys()]).map((axis) => axisFrom(axis, rank));
  const steps = given("steps", 4);
  return sliced(at(inputs, 0), (axis): SliceRange | undefined => {
    const i = axes.indexOf(axis);
    return i < 0 ? undefined : [starts[i] ?? 0, ends[i] ?? 0, steps?.[i] ?? 1];
  });
};

const blocks = (toDepth: boolean): OnnxRule =>
  shaped((shape, node) =>
    withSizes(shape, ([n, c, h, w]) => {
      if (n === undefined || c === undefined || h === undefined || w === undefined)
        return gap("an image of fewer than 4 dimensions");
      const [height, width, depth] = spaceAndDepth([h, w, c], intOf(node, "blocksize") ?? 1, toDepth);
      return [n, depth, height, width];
    }),
  );

const constant: OnnxRule = (node) => {
  const { tensor } = node.attributes.get("value") ?? {};
  if (tensor !== undefined) return tensorInfo(tensor);
  const [int, float] = [intOf(node, "value_int"), node.attributes.get("value_float")?.float];
  if (int !== undefined || float !== undefined) return { shape: [], values: [int ?? float ?? 0] };
  const list = intsOf(node, "value_ints") ?? node.attributes.get("value_floats")?.floats;
  return list ? withValues([list.length], list) : { shape: gap(`Constant "${node.name}" holds no tensor`) };
};

export const tensorInfo = ({ dims, values }: OnnxTensor): Info => withValues(dims, values);

const filled: OnnxRule = (node, inputs) => ({ shape: inputs[0]?.values ?? notConstant(node, "sizes") });

/** A cast to an integer type cuts numbers to integers. */
const cast: OnnxRule = (node, inputs) => {
  const { shape, values } = at(inputs, 0);
  const cuts = [6, 7].includes(intOf(node, "to") ?? 0);
  return withValues(
    shape,
    values?.map((size) => (cuts && typeof size === "number" ? Math.trunc(size) : size)),
  );
};

const rounded =
  (round: (x: number) => number): OnnxRule =>
  (_, inputs) => {
    const { shape, values } = at(inputs, 0);
    return withValues(
      shape,
      values?.map((size) => (typeof size === "number" ? round(size) : size)),
    );
  };

export const ONNX_RULES: ReadonlyMap<string, OnnxRule> = new Map<string, OnnxRule>([
  ...named("Identity Dropout", first),
  ...named(
    "Abs Acos Asin Atan Celu Clip Cos Elu Erf Exp Gelu HardSigmoid HardSwish Hardmax InstanceNormalization Neg " +
      "LeakyRelu Log LogSoftmax LRN LayerNormalization GroupNormalization BatchNormalization LpNormalization " +
      "MeanVarianceNormalization Mish PRelu Reciprocal Relu Selu Shrink Sigmoid Sign Sin Softmax Softplus Softsign " +
      "Sqrt Tan Tanh ThresholdedRelu Not QuantizeLinear DequantizeLinear Round CumSum Trilu EyeLike",
    elementwise,
  ),
  ...named("Ceil", rounded(Math.ceil)),
  ...named("Floor", rounded(Math.floor)),
  ...folding({ Add: "add", Sub: "sub", Mul: "mul", Div: "div" }),
  ...named("Pow Max Min Mean Sum Mod And Or Xor Equal Greater GreaterOrEqual Less LessOrEqual Where", broadcasting()),
  ...named<OnnxNode>("Conv ConvTranspose ConvInteger", (node, inputs) => ({
    shape: onnxConvolutionShape(node, inputs),
  })),
  ...named<OnnxNode>("QLinearConv", (node, inputs) => ({ shape: onnxConvolutionShape(node, [inputs[0], inputs[3]]) })),
  ...named("MaxPool AveragePool LpPool", pool),
  ...named("GlobalAveragePool GlobalMaxPool GlobalLpPool", globalPool),
  ...named(
    "ReduceMean ReduceMax ReduceMin ReduceSum ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp",
    reduceRule,
  ),
  ...named("Concat", concatRule),
  ...named<OnnxNode>(
    "Transpose",
    shaped((shape, node) => transpose(shape, intsOf(node, "perm"))),
  ),
  ...named("Pad", pad),
  ...named("Reshape", reshapeRule),
  ...named("Flatten", flatten),
  ...named("Squeeze", squeezeRule),
  ...named("Unsqueeze", unsqueezeRule),
  ...named<OnnxNode>(
    "Resize Upsample",
    shaped((shape, node, inputs) => resizeShape(node, shape, inputs)),
  ),
  ...named("Cast", cast),
  ...named("Constant", constant),
  ...named("ConstantOfShape", filled),
  ...named<OnnxNode>("Shape", (node, inputs) =>
    shapeAsValues(at(inputs, 0).shape, intOf(node, "start"), intOf(node, "end")),
  ),
  ...named("Gather", gather),
  ...named("Slice", sliceRule),
  ...named<OnnxNode>("MatMul", (_, inputs) => ({ shape: matrixProduct(at(inputs, 0).shape, at(inputs, 1).shape) })),
  ...named("SpaceToDepth", blocks(true)),
  ...named("DepthToSpace", blocks(false)),
]);

/** The outputs of Split, each of which has a part of one axis. */
export function splits(node: OnnxNode, inputs: Inputs): readonly Info[] {
  const { shape } = at(inputs, 0);
  const axis = intOf(node, "axis") ?? 0;
  const count = node.outputs.length;
  const sizes = intsOf(node, "split") ?? numbersOf(inputs[1]?.values);
  return node.outputs.map((_, i) => ({
    shape: withSizes(shape, (all) =>
      all.map((size, at) => {
        if (at !== axisFrom(axis, all.length)) return size;
        // Without sizes the parts are equal, but the last may be smaller.
        return (
          sizes?.[i] ??
          sizeFrom([size], (known) => Math.min(Math.ceil(known / count), known - i * Math.ceil(known / count)))
        );
      }),
    ),
  }));
}
