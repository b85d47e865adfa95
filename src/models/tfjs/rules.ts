/** Rules for the ops of TensorFlow that convolutional networks consist of. */
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
  UNKNOWN,
} from "../rule.js";
import {
  axisFrom,
  type Gap,
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
  type WindowAxis,
  windowOutput,
  withSizes,
} from "../shapes.js";
import { type SliceRange, shapeAsValues, withValues } from "../values.js";
import {
  channelsLast,
  flagOf,
  imageOf,
  intAttribute,
  intsAttribute,
  layoutOf,
  rowsAndColumns,
  textAttribute,
} from "./attributes.js";
import { tfjsConvolutionShape } from "./convolution.js";
import type { TfjsNode } from "./json.js";

/** The first output. */
type TfjsRule = Rule<TfjsNode>;

const unknownConstant = (node: TfjsNode): Gap =>
  gap(`a constant of ${node.op} "${node.name}" is not known: weight files must lie beside model.json`);

const constants = (node: TfjsNode, input: Info | undefined): readonly number[] | Gap =>
  numbersOf(input?.values) ?? unknownConstant(node);

/** A rule that needs the values of one input. */
const withConstants =
  (
    input: number,
    rule: (shape: Shape, numbers: readonly number[], node: TfjsNode, inputs: Inputs) => Shape,
  ): TfjsRule =>
  (node, inputs) => {
    const numbers = constants(node, inputs[input]);
    return { shape: isNumbers(numbers) ? rule(at(inputs, 0).shape, numbers, node, inputs) : numbers };
  };

/** A rule for the rows and the columns of an image, in either layout. */
const image = (rule: (size: Size, axis: 0 | 1, node: TfjsNode, inputs: Inputs) => Size): TfjsRule =>
  shaped((shape, node, inputs) => {
    const sizes = channelsLast(shape, layoutOf(node));
    if (isGap(sizes)) return sizes;
    const [n, h, w, c] = sizes as readonly [Size, Size, Size, Size];
    return imageOf(node, [n, rule(h, 0, node, inputs), rule(w, 1, node, inputs), c]);
  });

const windowOf = (node: TfjsNode, axis: 0 | 1, kernel: number): WindowAxis => ({
  kernel,
  stride: rowsAndColumns(node, "strides", 1)[axis],
  dilation: rowsAndColumns(node, "dilations", 1)[axis],
  pads: textAttribute(node, "padding") === "SAME" ? "SAME" : [0, 0],
});

const pool = image((size, axis, node) =>
  windowOutput(size, windowOf(node, axis, rowsAndColumns(node, "ksize", 1)[axis])),
);

const depthwise: TfjsRule = (node, inputs) => {
  const [filters, sizes] = [at(inputs, 1).shape, channelsLast(at(inputs, 0).shape, layoutOf(node))];
  if (isGap(filters) || isGap(sizes)) return { shape: isGap(filters) ? filters : sizes };
  const [kh = 1, kw = 1, c = 1, multiplier = 1] = numbersOf(filters as readonly Size[]) ?? [];
  const [n, h, w] = sizes as readonly [Size, Size, Size, Size];
  const side = (size: Size, axis: 0 | 1): Size => windowOutput(size, windowOf(node, axis, axis === 0 ? kh : kw));
  return { shape: imageOf(node, [n, side(h, 0), side(w, 1), c * multiplier]) };
};

const pad = withConstants(1, (shape, pads) =>
  withSizes(shape, (sizes) =>
    sizes.map((size, axis) => sizeFrom([size], (known) => known + (pads[2 * axis] ?? 0) + (pads[2 * axis + 1] ?? 0))),
  ),
);

const concatFrom = (tensors: Inputs, axis: Info | undefined, node: TfjsNode): Info => {
  const parts = tensors.map((part) => part ?? UNKNOWN);
  const [along] = numbersOf(axis?.values) ?? [];
  return along === undefined ? { shape: unknownConstant(node) } : joined(parts, along);
};

const pack: TfjsRule = (node, inputs) => {
  const parts = inputs.map((part) => part ?? UNKNOWN);
  const { shape } = at(inputs, 0);
  const sizes = withSizes(shape, (own) => unsqueeze(own, [intAttribute(node, "axis")]));
  const rank = isGap(sizes) ? 0 : (sizes as readonly Size[]).length;
  const along = axisFrom(intAttribute(node, "axis"), rank);
  const scalars = rank === 1 && parts.every(({ values }) => values?.length === 1);
  const stacked = withSizes(sizes, (all) => all.map((size, axis) => (axis === along ? parts.length : size)));
  return withValues(stacked, scalars ? parts.map(({ values }) => values?.[0] as Size) : undefined);
};

/** Cuts each axis to begin:end:step. Masks take the whole axis, or pick one index and drop the axis. */
const stridedSlice: TfjsRule = (node, inputs) => {
  const { shape } = at(inputs, 0);
  const [begin, end, steps] = [1, 2, 3].map((i) => numbersOf(inputs[i]?.values));
  if (isGap(shape)) return { shape };
  const odd = ["ellipsis_mask", "new_axis_mask"].find((name) => intAttribute(node, name) !== 0);
  if (odd !== undefined)
    return { shape: gap(`${odd} of StridedSlice "${node.name}" is not followed; export the model with fixed shapes`) };
  if (!begin || !end || !steps) return { shape: unknownConstant(node) };
  const has = (mask: string, axis: number): boolean => Math.floor(intAttribute(node, mask) / 2 ** axis) % 2 === 1;
  const range = (axis: number): SliceRange | undefined => {
    if (axis >= begin.length) return undefined;
    const [start = 0, step = 1] = [begin[axis], steps[axis]];
    if (has("shrink_axis_mask", axis)) return [start, start === -1 ? Number.MAX_SAFE_INTEGER : start + 1, 1];
    const whole: readonly [number, number] =
      step > 0 ? [0, Number.MAX_SAFE_INTEGER] : [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    return [has("begin_mask", axis) ? whole[0] : start, has("end_mask", axis) ? whole[1] : (end[axis] ?? 0), step];
  };
  const { shape: cut, values } = sliced(at(inputs, 0), range);
  const isDropped = (axis: number): boolean => axis < begin.length && has("shrink_axis_mask", axis);
  return withValues(
    withSizes(cut, (sizes) => sizes.filter((_, axis) => !isDropped(axis))),
    values,
  );
};

const sliceRule = withConstants(2, (shape, lengths, node, inputs) => {
  const begins = numbersOf(inputs[1]?.values);
  return withSizes(shape, (sizes) =>
    sizes.map((size, axis): Size => {
      const length = lengths[axis] ?? -1;
      if (length !== -1) return length;
      const begin = begins?.[axis];
      return begin === undefined
        ? gap(`where Slice "${node.name}" begins is not known`)
        : sizeFrom([size], (known) => known - begin);
    }),
  );
});

const reshapeRule: TfjsRule = (node, inputs) => {
  const target = inputs[1]?.values;
  const { shape, values } = at(inputs, 0);
  return target === undefined ? { shape: unknownConstant(node) } : withValues(reshape(shape, target, false), values);
};

const resize: TfjsRule = (node, inputs) => {
  const sides = inputs[1]?.values;
  return image((_, axis) => sides?.[axis] ?? unknownConstant(node))(node, inputs);
};

const intoBlocks = (sign: 1 | -1): TfjsRule =>
  withConstants(1, (shape, blocks, node, inputs) => {
    const edges = constants(node, inputs[2]);
    if (!isNumbers(edges)) return edges;
    return withSizes(shape, ([batch = gap("no batch"), ...sizes]) => {
      const area = blocks.reduce((a, b) => a * b, 1);
      const sides = sizes.map((size, i) => {
        const [block, edge] = [blocks[i] ?? 1, (edges[2 * i] ?? 0) + (edges[2 * i + 1] ?? 0)];
        return sizeFrom([size], (known) => (sign === 1 ? (known + edge) / block : known * block - edge));
      });
      return [sizeFrom([batch], (known) => (sign === 1 ? known * area : known / area)), ...sides];
    });
  });

const blocks =
  (toDepth: boolean): TfjsRule =>
  (node, inputs) => {
    const sizes = channelsLast(at(inputs, 0).shape, layoutOf(node));
    if (isGap(sizes)) return { shape: sizes };
    const [n, h, w, c] = sizes as readonly [Size, Size, Size, Size];
    return { shape: imageOf(node, [n, ...spaceAndDepth([h, w, c], intAttribute(node, "block_size", 1), toDepth)]) };
  };

const matMul: TfjsRule = (node, inputs) => {
  const flip = (shape: Shape, ...flags: readonly string[]): Shape =>
    withSizes(shape, (sizes) =>
      flags.some((name) => flagOf(node, name)) ? [...sizes.slice(0, -2), ...sizes.slice(-2).reverse()] : sizes,
    );
  const left = flip(at(inputs, 0).shape, "transpose_a", "adj_x");
  const right = flip(at(inputs, 1).shape, "transpose_b", "adj_y");
  return { shape: matrixProduct(left, right) };
};

const reduceRule = withConstants(1, (shape, axes, node) => reduce(shape, axes, flagOf(node, "keep_dims")));

export const TFJS_RULES: ReadonlyMap<string, TfjsRule> = new Map<string, TfjsRule>([
  ...named("Identity StopGradient PreventGradient Snapshot Cast PlaceholderWithDefault", first),
  ...named(
    "Abs Acos Asin Atan Ceil ClipByValue Cos Elu Erf Exp Expm1 Floor IsNan LeakyRelu Log Log1p LogSoftmax LRN Neg " +
      "Prelu Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid Sign Sin Softmax Softplus Sqrt Square Tan Tanh BiasAdd " +
      "LogicalNot FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 ZerosLike OnesLike Cumsum",
    elementwise,
  ),
  ...folding({
    Add: "add",
    AddV2: "add",
    Sub: "sub",
    Mul: "mul",
    FloorDiv: "floorDiv",
    Maximum: "maximum",
    Minimum: "minimum",
  }),
  ...named(
    "RealDiv Div DivNoNan Pow SquaredDifference FloorMod Mod Equal Greater GreaterEqual Less LessEqual NotEqual " +
      "LogicalAnd LogicalOr Select SelectV2",
    broadcasting(),
  ),
  ...named<TfjsNode>("Conv2D _FusedConv2D Conv2DBackpropInput", (node, inputs) => ({
    shape: tfjsConvolutionShape(node, inputs),
  })),
  ...named("DepthwiseConv2dNative DepthwiseConv2d FusedDepthwiseConv2dNative", depthwise),
  ...named("MaxPool AvgPool", pool),
  ...named("Pad PadV2 MirrorPad", pad),
  ...named<TfjsNode>("ConcatV2", (node, inputs) => concatFrom(inputs.slice(0, -1), inputs.at(-1), node)),
  ...named<TfjsNode>("Concat", (node, inputs) => concatFrom(inputs.slice(1), inputs[0], node)),
  ...named("Pack", pack),
  ...named<TfjsNode>("Shape", (_, inputs) => shapeAsValues(at(inputs, 0).shape)),
  ...named("StridedSlice", stridedSlice),
  ...named("Slice", sliceRule),
  ...named("Reshape", reshapeRule),
  ...named(
    "Transpose",
    withConstants(1, (shape, order) => transpose(shape, order)),
  ),
  ...named<TfjsNode>(
    "Squeeze",
    shaped((shape, node) => {
      const axes = [...intsAttribute(node, "squeeze_dims"), ...intsAttribute(node, "axis")];
      return squeeze(shape, axes.length === 0 ? undefined : axes);
    }),
  ),
  ...named(
    "ExpandDims",
    withConstants(1, (shape, axes) => unsqueeze(shape, axes)),
  ),
  ...named("Mean Max Min Sum Prod All Any", reduceRule),
  ...named("ResizeBilinear ResizeNearestNeighbor", resize),
  ...named("SpaceToBatchND", intoBlocks(1)),
  ...named("BatchToSpaceND", intoBlocks(-1)),
  ...named("DepthToSpace", blocks(false)),
  ...named("SpaceToDepth", blocks(true)),
  ...named("MatMul BatchMatMul BatchMatMulV2 _FusedMatMul", matMul),
  ...named<TfjsNode>("Fill", (node, inputs) => ({ shape: inputs[0]?.values ?? unknownConstant(node) })),
  ...named(
    "Tile",
    withConstants(1, (shape, times) =>
      withSizes(shape, (sizes) => sizes.map((size, i) => product([size, times[i] ?? 1]))),
    ),
  ),
]);
