/** What ONNX ops make of the shapes of their inputs: those that convolutional networks consist of. */
import {
  axisFrom,
  broadcast,
  concat,
  gap,
  type Info,
  isGap,
  numbersOf,
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
import { BINARY, foldBinary, pick, rangeOf, shapeAsValues, slice, withValues } from "../values.js";
import { intOf, intsOf, windowsOf } from "./attributes.js";
import { convolutionShape } from "./convolution.js";
import type { Node, Tensor } from "./model.js";
import { resizeShape } from "./resize.js";

export type Inputs = readonly (Info | undefined)[];
/** The first output; ops with several outputs of different shapes have `splits`. */
type Rule = (node: Node, inputs: Inputs) => Info;

const UNKNOWN: Info = { shape: gap("an input is left out") };
const at = (inputs: Inputs, i: number): Info => inputs[i] ?? UNKNOWN;
const first: Rule = (_, inputs) => at(inputs, 0);
const shaped =
  (rule: (shape: Shape, node: Node, inputs: Inputs) => Shape): Rule =>
  (node, inputs) => ({ shape: rule(at(inputs, 0).shape, node, inputs) });
/** Same shape, other values. */
const elementwise: Rule = shaped((shape) => shape);
const binary =
  (fold?: keyof typeof BINARY): Rule =>
  (_, inputs) => {
    const shape = broadcast(inputs.filter((input) => input !== undefined).map((input) => input.shape));
    const op = fold === undefined ? undefined : BINARY[fold];
    return withValues(shape, op && inputs.length === 2 ? foldBinary(op, at(inputs, 0), at(inputs, 1)) : undefined);
  };

/** Axes are an attribute, and in later opsets an input. */
const axesOf = (node: Node, inputs: Inputs, input = 1): readonly number[] | Shape | undefined =>
  intsOf(node, "axes") ??
  (inputs[input] === undefined ? undefined : (numbersOf(inputs[input].values) ?? notConstant(node, "axes")));
const notConstant = (node: Node, what: string): Shape =>
  gap(`the ${what} of ${node.type} "${node.name}" are no constant`);
const isNumbers = (axes: readonly number[] | Shape | undefined): axes is readonly number[] =>
  Array.isArray(axes) && axes.every((axis) => typeof axis === "number");

const pool: Rule = shaped((shape, node) =>
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
const globalPool: Rule = shaped((shape) =>
  withSizes(shape, (sizes) => sizes.map((size, axis) => (axis < 2 ? size : 1))),
);

const pad: Rule = shaped((shape, node, inputs) =>
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

const reshapeRule: Rule = (node, inputs) => {
  const target = intsOf(node, "shape") ?? inputs[1]?.values;
  const { shape, values } = at(inputs, 0);
  if (target === undefined) return { shape: notConstant(node, "sizes") };
  return withValues(reshape(shape, target, intOf(node, "allowzero") !== 1), values);
};

const flatten: Rule = shaped((shape, node) =>
  withSizes(shape, (sizes) => {
    const axis = axisFrom(intOf(node, "axis") ?? 1, sizes.length);
    const count = (part: readonly Size[]): Size => sizeFrom(part, (...all) => all.reduce((a, b) => a * b, 1));
    return [count(sizes.slice(0, axis)), count(sizes.slice(axis))];
  }),
);

const squeezeRule: Rule = (node, inputs) => {
  const axes = axesOf(node, inputs);
  if (axes !== undefined && !isNumbers(axes)) return { shape: axes };
  return withValues(squeeze(at(inputs, 0).shape, axes), at(inputs, 0).values);
};
const unsqueezeRule: Rule = (node, inputs) => {
  const axes = axesOf(node, inputs) ?? notConstant(node, "axes");
  return isNumbers(axes) ? withValues(unsqueeze(at(inputs, 0).shape, axes), at(inputs, 0).values) : { shape: axes };
};
const reduceRule: Rule = shaped((shape, node, inputs) => {
  const axes = axesOf(node, inputs);
  if (axes !== undefined && !isNumbers(axes)) return axes;
  if (axes === undefined && intOf(node, "noop_with_empty_axes") === 1) return shape;
  return reduce(shape, axes, intOf(node, "keepdims") !== 0);
});

const concatRule: Rule = (node, inputs) => {
  const parts = inputs.filter((input) => input !== undefined);
  const values = parts.every((part) => part.values !== undefined)
    ? parts.flatMap((part) => part.values ?? [])
    : undefined;
  const shape = concat(
    parts.map((part) => part.shape),
    intOf(node, "axis") ?? 1,
  );
  return withValues(shape, !isGap(shape) && (shape as readonly Size[]).length === 1 ? values : undefined);
};

const gather: Rule = (node, inputs) => {
  const [data, indices] = [at(inputs, 0), at(inputs, 1)];
  if (isGap(data.shape) || isGap(indices.shape)) return { shape: isGap(data.shape) ? data.shape : indices.shape };
  const [sizes, inner] = [data.shape as readonly Size[], indices.shape as readonly Size[]];
  const axis = axisFrom(intOf(node, "axis") ?? 0, sizes.length);
  const shape = [...sizes.slice(0, axis), ...inner, ...sizes.slice(axis + 1)];
  return withValues(shape, sizes.length === 1 ? pick(data.values, numbersOf(indices.values)) : undefined);
};

const sliceRule: Rule = (node, inputs) => {
  const { shape, values } = at(inputs, 0);
  const given = (name: string, i: number) => intsOf(node, name) ?? numbersOf(inputs[i]?.values);
  const [starts, ends] = [given("starts", 1), given("ends", 2)];
  if (isGap(shape)) return { shape };
  if (starts === undefined || ends === undefined) return { shape: notConstant(node, "ends") };
  const sizes = shape as readonly Size[];
  const axes = (given("axes", 3) ?? [...starts.keys()]).map((axis) => axisFrom(axis, sizes.length));
  const steps = given("steps", 4) ?? starts.map(() => 1);
  const range = (i: number): [number, number, number] => [starts[i] ?? 0, ends[i] ?? 0, steps[i] ?? 1];
  const cut = sizes.map((size, axis): Size => {
    const i = axes.indexOf(axis);
    return i < 0 ? size : sizeFrom([size], (known) => rangeOf(known, ...range(i)).count);
  });
  return withValues(cut, values && sizes.length === 1 && axes[0] === 0 ? slice(values, ...range(0)) : undefined);
};

const matMul: Rule = (_, inputs) => {
  const [a, b] = [at(inputs, 0).shape, at(inputs, 1).shape];
  if (isGap(a) || isGap(b)) return { shape: isGap(a) ? a : b };
  const [left, right] = [a as readonly Size[], b as readonly Size[]];
  if (left.length < 2 || right.length < 2) return { shape: gap("a product with a vector") };
  const outer = broadcast([left.slice(0, -2), right.slice(0, -2)]) as readonly Size[];
  return { shape: [...outer, left.at(-2) as Size, right.at(-1) as Size] };
};

const spaceAndDepth = (toDepth: boolean): Rule =>
  shaped((shape, node) =>
    withSizes(shape, ([n, c, h, w]) => {
      if (n === undefined || c === undefined || h === undefined || w === undefined)
        return gap("an image of fewer than 4 dimensions");
      const block = intOf(node, "blocksize") ?? 1;
      const depth = sizeFrom([c], (size) => (toDepth ? size * block ** 2 : size / block ** 2));
      const side = (size: Size): Size => sizeFrom([size], (known) => (toDepth ? known / block : known * block));
      return [n, depth, side(h), side(w)];
    }),
  );

const constant: Rule = (node) => {
  const { tensor } = node.attributes.get("value") ?? {};
  if (tensor !== undefined) return tensorInfo(tensor);
  const [int, float] = [intOf(node, "value_int"), node.attributes.get("value_float")?.float];
  if (int !== undefined || float !== undefined) return { shape: [], values: [int ?? float ?? 0] };
  const list = intsOf(node, "value_ints") ?? node.attributes.get("value_floats")?.floats;
  return list ? withValues([list.length], list) : { shape: gap(`Constant "${node.name}" holds no tensor`) };
};
export const tensorInfo = ({ dims, values }: Tensor): Info => withValues(dims, values);

const filled: Rule = (node, inputs) => ({ shape: inputs[0]?.values ?? notConstant(node, "sizes") });

/** To an integer type, numbers are cut to integers. */
const cast: Rule = (node, inputs) => {
  const { shape, values } = at(inputs, 0);
  const cuts = [6, 7].includes(intOf(node, "to") ?? 0);
  return withValues(
    shape,
    values?.map((size) => (cuts && typeof size === "number" ? Math.trunc(size) : size)),
  );
};
const rounded =
  (round: (x: number) => number): Rule =>
  (_, inputs) => {
    const { shape, values } = at(inputs, 0);
    return withValues(
      shape,
      values?.map((size) => (typeof size === "number" ? round(size) : size)),
    );
  };

const named = (names: string, rule: Rule): [string, Rule][] => names.split(" ").map((name) => [name, rule]);

export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...named("Identity Dropout", first),
  ...named(
    "Abs Acos Asin Atan Celu Clip Cos Elu Erf Exp Gelu HardSigmoid HardSwish Hardmax InstanceNormalization Neg LeakyRelu " +
      "Log LogSoftmax LRN LayerNormalization GroupNormalization BatchNormalization LpNormalization MeanVarianceNormalization Mish " +
      "PRelu Reciprocal Relu Selu Shrink Sigmoid Sign Sin Softmax Softplus Softsign Sqrt Tan Tanh ThresholdedRelu Not " +
      "QuantizeLinear DequantizeLinear Round CumSum Trilu EyeLike",
    elementwise,
  ),
  ...named("Ceil", rounded(Math.ceil)),
  ...named("Floor", rounded(Math.floor)),
  ...[
    ["Add", "add"],
    ["Sub", "sub"],
    ["Mul", "mul"],
    ["Div", "div"],
  ].map(([name, fold]): [string, Rule] => [name as string, binary(fold)]),
  ...named("Pow Max Min Mean Sum Mod And Or Xor Equal Greater GreaterOrEqual Less LessOrEqual Where", binary()),
  ...named("Conv ConvTranspose ConvInteger", (node, inputs) => ({ shape: convolutionShape(node, inputs) })),
  ...named("QLinearConv", (node, inputs) => ({ shape: convolutionShape(node, [inputs[0], inputs[3]]) })),
  ...named("MaxPool AveragePool LpPool", pool),
  ...named("GlobalAveragePool GlobalMaxPool GlobalLpPool", globalPool),
  ...named(
    "ReduceMean ReduceMax ReduceMin ReduceSum ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp",
    reduceRule,
  ),
  ...named("Concat", concatRule),
  ...named(
    "Transpose",
    shaped((shape, node) => transpose(shape, intsOf(node, "perm"))),
  ),
  ...named("Pad", pad),
  ...named("Reshape", reshapeRule),
  ...named("Flatten", flatten),
  ...named("Squeeze", squeezeRule),
  ...named("Unsqueeze", unsqueezeRule),
  ...named(
    "Resize Upsample",
    shaped((shape, node, inputs) => resizeShape(node, shape, inputs)),
  ),
  ...named("Cast", cast),
  ...named("Constant", constant),
  ...named("ConstantOfShape", filled),
  ...named("Shape", (node, inputs) => shapeAsValues(at(inputs, 0).shape, intOf(node, "start"), intOf(node, "end"))),
  ...named("Gather", gather),
  ...named("Slice", sliceRule),
  ...named("MatMul", matMul),
  ...named("SpaceToDepth", spaceAndDepth(true)),
  ...named("DepthToSpace", spaceAndDepth(false)),
]);

/** Split: every output has a part of one axis. */
export function splits(node: Node, inputs: Inputs): readonly Info[] {
  const { shape } = at(inputs, 0);
  const axis = intOf(node, "axis") ?? 0;
  const count = node.outputs.length;
  const sizes = intsOf(node, "split") ?? numbersOf(inputs[1]?.values);
  return node.outputs.map((_, i) => ({
    shape: withSizes(shape, (all) =>
      all.map((size, at) => {
        if (at !== axisFrom(axis, all.length)) return size;
        // Equal parts, the last of which may be smaller.
        return (
          sizes?.[i] ??
          sizeFrom([size], (known) => Math.min(Math.ceil(known / count), known - i * Math.ceil(known / count)))
        );
      }),
    ),
  }));
}
