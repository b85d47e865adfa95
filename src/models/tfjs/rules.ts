/** What TensorFlow's ops make of the shapes of their inputs: those that convolutional networks consist of. */
import {
  axisFrom,
  broadcast,
  concat,
  gap,
  type Info,
  isGap,
  isNumber,
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
  type Window,
  windowOutput,
  withSizes,
} from "../shapes.js";
import { BINARY, foldBinary, rangeOf, shapeAsValues, slice, withValues } from "../values.js";
import { channelsLast, flagOf, imageOf, intOf, intsOf, layoutOf, rowsAndColumns, textOf } from "./attributes.js";
import { convolutionShape } from "./convolution.js";
import type { TfjsNode } from "./json.js";

type Inputs = readonly (Info | undefined)[];
/** The first output. */
export type Rule = (node: TfjsNode, inputs: Inputs) => Info;

const UNKNOWN: Info = { shape: gap("an input is left out") };
const at = (inputs: Inputs, i: number): Info => inputs[i] ?? UNKNOWN;
const first: Rule = (_, inputs) => at(inputs, 0);
const shaped =
  (rule: (shape: Shape, node: TfjsNode, inputs: Inputs) => Shape): Rule =>
  (node, inputs) => ({ shape: rule(at(inputs, 0).shape, node, inputs) });
const elementwise: Rule = shaped((shape) => shape);
const binary =
  (fold?: string): Rule =>
  (_, inputs) => {
    const op = fold === undefined ? undefined : BINARY[fold];
    const shape = broadcast([at(inputs, 0).shape, at(inputs, 1).shape]);
    return withValues(shape, op && foldBinary(op, at(inputs, 0), at(inputs, 1)));
  };

const constants = (node: TfjsNode, input: Info | undefined): readonly number[] | Shape =>
  numbersOf(input?.values) ??
  gap(`a constant of ${node.op} "${node.name}" is not known: weight files must lie beside model.json`);
const isNumbers = (given: readonly number[] | Shape): given is readonly number[] =>
  Array.isArray(given) && given.every((one) => isNumber(one as Size));
/** A rule that needs the constants of one input. */
const withConstants =
  (input: number, rule: (shape: Shape, numbers: readonly number[], node: TfjsNode, inputs: Inputs) => Shape): Rule =>
  (node, inputs) => {
    const numbers = constants(node, inputs[input]);
    return { shape: isNumbers(numbers) ? rule(at(inputs, 0).shape, numbers, node, inputs) : numbers };
  };

/** An op on rows and columns of an image, whatever its layout. */
const image = (rule: (size: Size, axis: 0 | 1, node: TfjsNode, inputs: Inputs) => Size): Rule =>
  shaped((shape, node, inputs) => {
    const sizes = channelsLast(shape, layoutOf(node));
    if (isGap(sizes)) return sizes;
    const [n, h, w, c] = sizes as readonly [Size, Size, Size, Size];
    return imageOf(node, [n, rule(h, 0, node, inputs), rule(w, 1, node, inputs), c]);
  });

const windowOf = (node: TfjsNode, axis: 0 | 1, kernel: number): Window => ({
  kernel,
  stride: rowsAndColumns(node, "strides", 1)[axis],
  dilation: rowsAndColumns(node, "dilations", 1)[axis],
  pads: textOf(node, "padding") === "SAME" ? "SAME" : [0, 0],
});
const pool = image((size, axis, node) =>
  windowOutput(size, windowOf(node, axis, rowsAndColumns(node, "ksize", 1)[axis])),
);

const depthwise: Rule = (node, inputs) => {
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
  if (along === undefined) return { shape: constants(node, axis) as Shape };
  const shape = concat(
    parts.map((part) => part.shape),
    along,
  );
  const flat =
    !isGap(shape) && (shape as readonly Size[]).length === 1 && parts.every(({ values }) => values !== undefined);
  return withValues(shape, flat ? parts.flatMap(({ values }) => values ?? []) : undefined);
};

const pack: Rule = (node, inputs) => {
  const parts = inputs.map((part) => part ?? UNKNOWN);
  const { shape } = at(inputs, 0);
  const sizes = withSizes(shape, (own) => unsqueeze(own, [intOf(node, "axis")]));
  const rank = isGap(sizes) ? 0 : (sizes as readonly Size[]).length;
  const along = axisFrom(intOf(node, "axis"), rank);
  const scalars = rank === 1 && parts.every(({ values }) => values?.length === 1);
  const stacked = withSizes(sizes, (all) => all.map((size, axis) => (axis === along ? parts.length : size)));
  return withValues(stacked, scalars ? parts.map(({ values }) => values?.[0] as Size) : undefined);
};

/** begin:end:step for each axis; an axis may be taken as a whole, or one index of it be picked. */
const stridedSlice: Rule = (node, inputs) => {
  const { shape, values } = at(inputs, 0);
  const [begin, end, steps] = [1, 2, 3].map((i) => numbersOf(inputs[i]?.values));
  if (isGap(shape)) return { shape };
  const odd = ["ellipsis_mask", "new_axis_mask"].find((name) => intOf(node, name) !== 0);
  if (odd !== undefined)
    return { shape: gap(`${odd} of StridedSlice "${node.name}" is not followed; export the model with fixed shapes`) };
  if (!begin || !end || !steps) return { shape: constants(node, undefined) as Shape };
  const has = (mask: string, axis: number): boolean => Math.floor(intOf(node, mask) / 2 ** axis) % 2 === 1;
  const sizes = shape as readonly Size[];
  const range = (axis: number): [number, number, number] => {
    const [start = 0, step = 1] = [begin[axis], steps[axis]];
    if (has("shrink_axis_mask", axis)) return [start, start === -1 ? Number.MAX_SAFE_INTEGER : start + 1, 1];
    const whole = step > 0 ? [0, Number.MAX_SAFE_INTEGER] : [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    return [
      has("begin_mask", axis) ? (whole[0] as number) : start,
      has("end_mask", axis) ? (whole[1] as number) : (end[axis] ?? 0),
      step,
    ];
  };
  const cut = sizes.map((size, axis) =>
    axis < begin.length ? sizeFrom([size], (known) => rangeOf(known, ...range(axis)).count) : size,
  );
  const kept = cut.filter((_, axis) => !(axis < begin.length && has("shrink_axis_mask", axis)));
  return withValues(kept, values && sizes.length === 1 ? slice(values, ...range(0)) : undefined);
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

const reshapeRule: Rule = (node, inputs) => {
  const target = inputs[1]?.values;
  const { shape, values } = at(inputs, 0);
  return target === undefined
    ? { shape: constants(node, undefined) as Shape }
    : withValues(reshape(shape, target, false), values);
};

const resize: Rule = (node, inputs) => {
  const sides = inputs[1]?.values;
  const missing = constants(node, undefined) as Shape;
  return image((_, axis) => sides?.[axis] ?? (isGap(missing) ? missing : 0))(node, inputs);
};

const intoBlocks = (sign: 1 | -1): Rule =>
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

const depthToSpace =
  (sign: 1 | -1): Rule =>
  (node, inputs) => {
    const sizes = channelsLast(at(inputs, 0).shape, layoutOf(node));
    if (isGap(sizes)) return { shape: sizes };
    const [n, h, w, c] = sizes as readonly [Size, Size, Size, Size];
    const block = intOf(node, "block_size", 1);
    const side = (size: Size): Size => sizeFrom([size], (known) => known * block ** sign);
    return { shape: imageOf(node, [n, side(h), side(w), sizeFrom([c], (known) => known / block ** (2 * sign))]) };
  };

const matMul: Rule = (node, inputs) => {
  const [a, b] = [at(inputs, 0).shape, at(inputs, 1).shape];
  if (isGap(a) || isGap(b)) return { shape: isGap(a) ? a : b };
  const flip = (sizes: readonly Size[], names: readonly string[]): readonly Size[] =>
    names.some((name) => flagOf(node, name)) ? [...sizes.slice(0, -2), ...sizes.slice(-2).reverse()] : sizes;
  const [left, right] = [
    flip(a as readonly Size[], ["transpose_a", "adj_x"]),
    flip(b as readonly Size[], ["transpose_b", "adj_y"]),
  ];
  const outer = broadcast([left.slice(0, -2), right.slice(0, -2)]) as readonly Size[];
  return { shape: [...outer, ...left.slice(-2, -1), ...right.slice(-1)] };
};

const named = (names: string, rule: Rule): [string, Rule][] => names.split(" ").map((name) => [name, rule]);
const reduceRule = withConstants(1, (shape, axes, node) => reduce(shape, axes, flagOf(node, "keep_dims")));

export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...named("Identity StopGradient PreventGradient Snapshot Cast PlaceholderWithDefault", first),
  ...named(
    "Abs Acos Asin Atan Ceil ClipByValue Cos Elu Erf Exp Expm1 Floor IsNan LeakyRelu Log Log1p LogSoftmax LRN Neg Prelu Reciprocal " +
      "Relu Relu6 Round Rsqrt Selu Sigmoid Sign Sin Softmax Softplus Sqrt Square Tan Tanh BiasAdd LogicalNot FusedBatchNorm " +
      "FusedBatchNormV2 FusedBatchNormV3 ZerosLike OnesLike Cumsum",
    elementwise,
  ),
  ...Object.entries({
    Add: "add",
    AddV2: "add",
    Sub: "sub",
    Mul: "mul",
    FloorDiv: "floorDiv",
    Maximum: "maximum",
    Minimum: "minimum",
  }).map(([name, fold]): [string, Rule] => [name, binary(fold)]),
  ...named(
    "RealDiv Div DivNoNan Pow SquaredDifference FloorMod Mod Equal Greater GreaterEqual Less LessEqual NotEqual LogicalAnd LogicalOr",
    binary(),
  ),
  ...named("Select SelectV2", (_, inputs) => ({ shape: broadcast([0, 1, 2].map((i) => at(inputs, i).shape)) })),
  ...named("Conv2D _FusedConv2D Conv2DBackpropInput", (node, inputs) => ({ shape: convolutionShape(node, inputs) })),
  ...named("DepthwiseConv2dNative DepthwiseConv2d FusedDepthwiseConv2dNative", depthwise),
  ...named("MaxPool AvgPool", pool),
  ...named("Pad PadV2 MirrorPad", pad),
  ...named("ConcatV2", (node, inputs) => concatFrom(inputs.slice(0, -1), inputs.at(-1), node)),
  ...named("Concat", (node, inputs) => concatFrom(inputs.slice(1), inputs[0], node)),
  ...named("Pack", pack),
  ...named("Shape", (_, inputs) => shapeAsValues(at(inputs, 0).shape)),
  ...named("StridedSlice", stridedSlice),
  ...named("Slice", sliceRule),
  ...named("Reshape", reshapeRule),
  ...named(
    "Transpose",
    withConstants(1, (shape, order) => transpose(shape, order)),
  ),
  ...named(
    "Squeeze",
    shaped((shape, node) => {
      const axes = [...intsOf(node, "squeeze_dims"), ...intsOf(node, "axis")];
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
  ...named("DepthToSpace", depthToSpace(1)),
  ...named("SpaceToDepth", depthToSpace(-1)),
  ...named("MatMul BatchMatMul BatchMatMulV2 _FusedMatMul", matMul),
  ...named("Fill", (node, inputs) => ({ shape: inputs[0]?.values ?? (constants(node, undefined) as Shape) })),
  ...named(
    "Tile",
    withConstants(1, (shape, times) =>
      withSizes(shape, (sizes) => sizes.map((size, i) => product([size, times[i] ?? 1]))),
    ),
  ),
]);
