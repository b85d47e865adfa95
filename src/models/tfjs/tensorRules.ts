/** Rules for ops of TensorFlow that move, join, cut and make tensors. */
import {
  at,
  expanded,
  gathered,
  isNumbers,
  joined,
  matrixProduct,
  named,
  type Rule,
  reduced,
  sliced,
  tiled,
  transposed,
  UNKNOWN,
} from "../rule.js";
import {
  axisFrom,
  type Gap,
  gap,
  type Info,
  type Inputs,
  isGap,
  isNumber,
  numbersOf,
  product,
  reshape,
  type Shape,
  type Size,
  sizeFrom,
  squeeze,
  unsqueeze,
  withSizes,
} from "../shapes.js";
import { BINARY, mapped, rangeFrom, type SliceRange, shapeAsValues, valuesAt, withValues } from "../values.js";
import { flagOf, intAttribute, intsAttribute, isIntegerType } from "./attributes.js";
import type { AttributeName, TfjsNode } from "./json.js";
import { unknownConstant } from "./stridedSlice.js";

/** The first output. For ops with several outputs see SEVERAL. */
export type TfjsRule = Rule<TfjsNode>;

export const constants = (node: TfjsNode, input: Info | undefined): readonly number[] | Gap =>
  numbersOf(input?.values) ?? unknownConstant(node, input);

/** A rule that needs the values of one input. */
export const withConstants =
  (
    input: number,
    rule: (shape: Shape, numbers: readonly number[], node: TfjsNode, inputs: Inputs) => Shape,
  ): TfjsRule =>
  (node, inputs) => {
    const numbers = constants(node, inputs[input]);
    return { shape: isNumbers(numbers) ? rule(at(inputs, 0).shape, numbers, node, inputs) : numbers };
  };

/** A rule that needs the values of the second input, and keeps those of the first. */
const rearranging =
  (rule: (from: Info, numbers: readonly number[], node: TfjsNode) => Info): TfjsRule =>
  (node, inputs) => {
    const numbers = constants(node, inputs[1]);
    return isNumbers(numbers) ? rule(at(inputs, 0), numbers, node) : { shape: numbers };
  };

const pad = withConstants(1, (shape, pads) =>
  withSizes(shape, (sizes) =>
    pads.length === 2 * sizes.length
      ? sizes.map((size, axis) =>
          sizeFrom([size], (known) => known + (pads[2 * axis] as number) + (pads[2 * axis + 1] as number)),
        )
      : gap(`${pads.length} paddings for ${sizes.length} dimensions`),
  ),
);

const concatFrom = (tensors: Inputs, axis: Info | undefined, node: TfjsNode): Info => {
  const parts = tensors.map((part) => part ?? UNKNOWN);
  const [along] = numbersOf(axis?.values) ?? [];
  return along === undefined ? { shape: unknownConstant(node, axis) } : joined(parts, along);
};

/** Tensors of one shape, stacked along a new axis. */
const pack: TfjsRule = (node, inputs) => {
  const axis = intAttribute(node, "axis");
  return joined(
    inputs.map((part = UNKNOWN) => ({ ...part, shape: unsqueeze(part.shape, [axis]) })),
    axis,
  );
};

const sliceRule: TfjsRule = (node, inputs) => {
  const [from, lengths] = [at(inputs, 0), constants(node, inputs[2])];
  if (!isNumbers(lengths)) return { shape: lengths };
  const begins = inputs[1]?.values;
  const begin = (axis: number): Size => begins?.[axis] ?? unknownConstant(node, inputs[1]);
  if (!lengths.every((length, axis) => length === -1 || isNumber(begin(axis)))) {
    const shape = withSizes(from.shape, (sizes) =>
      sizes.map((_, axis) => (lengths[axis] === -1 ? begin(axis) : (lengths[axis] as number))),
    );
    return { shape };
  }
  return sliced(from, (axis): SliceRange | undefined => {
    const [length, start] = [lengths[axis], begin(axis)];
    return length === undefined || !isNumber(start)
      ? undefined
      : [start, length === -1 ? Number.MAX_SAFE_INTEGER : start + length, 1];
  });
};

const reshapeRule: TfjsRule = (node, inputs) => {
  const target = inputs[1]?.values;
  const { shape, values } = at(inputs, 0);
  return target === undefined
    ? { shape: unknownConstant(node, inputs[1]) }
    : withValues(reshape(shape, target, false), values);
};

export const matMul: TfjsRule = (node, inputs) => {
  const flip = (shape: Shape, ...flags: readonly AttributeName[]): Shape =>
    withSizes(shape, (sizes) =>
      flags.some((name) => flagOf(node, name)) ? [...sizes.slice(0, -2), ...sizes.slice(-2).reverse()] : sizes,
    );
  const left = flip(at(inputs, 0).shape, "transpose_a", "adj_x");
  const right = flip(at(inputs, 1).shape, "transpose_b", "adj_y");
  return { shape: matrixProduct(left, right) };
};

const reduceRule = (fold?: keyof typeof BINARY): TfjsRule =>
  rearranging((from, axes, node) => reduced(from, axes, flagOf(node, "keep_dims"), fold && BINARY[fold]));

const filled: TfjsRule = (node, inputs) => {
  const shape: Shape = inputs[0]?.values ?? unknownConstant(node, inputs[0]);
  const [value] = inputs[1]?.values ?? [];
  return withValues(shape, value === undefined ? undefined : valuesAt(shape, () => value));
};

const gather: TfjsRule = (node, inputs) => {
  // Gather has no axis; that of GatherV2 is an input.
  const [axis] = inputs[2] === undefined ? [0] : (numbersOf(inputs[2].values) ?? []);
  if (axis === undefined) return { shape: unknownConstant(node, inputs[2]) };
  return gathered(at(inputs, 0), at(inputs, 1), axis, intAttribute(node, "batch_dims"));
};

const range: TfjsRule = (node, inputs) => {
  const [start, limit, step] = [0, 1, 2].map((i) => numbersOf(inputs[i]?.values)?.[0]);
  const unknown = [unknownConstant(node, inputs[1])];
  return start === undefined || limit === undefined || step === undefined
    ? { shape: unknown }
    : rangeFrom(start, limit, step, unknown);
};

const oneHot: TfjsRule = (node, inputs) => {
  const [depth = unknownConstant(node, inputs[1])] = inputs[1]?.values ?? [];
  const axis = intAttribute(node, "axis", -1);
  return {
    shape: withSizes(unsqueeze(at(inputs, 0).shape, [axis]), (sizes) =>
      sizes.map((size, i) => (i === axisFrom(axis, sizes.length) ? depth : size)),
    ),
  };
};

/** A cast to an integer type cuts numbers to integers. */
const cast: TfjsRule = (node, inputs) => {
  const from = at(inputs, 0);
  const cuts = isIntegerType(node, "DstT");
  return withValues(from.shape, mapped(from, cuts ? Math.trunc : (x) => x));
};

export const TFJS_TENSORS: readonly (readonly [string, TfjsRule])[] = [
  ...named("Cast", cast),
  ...named("Pad PadV2 MirrorPad", pad),
  ...named<TfjsNode>("ConcatV2", (node, inputs) => concatFrom(inputs.slice(0, -1), inputs.at(-1), node)),
  ...named<TfjsNode>("Concat", (node, inputs) => concatFrom(inputs.slice(1), inputs[0], node)),
  ...named("Pack", pack),
  ...named<TfjsNode>("Shape", (_, inputs) => shapeAsValues(at(inputs, 0).shape)),
  ...named<TfjsNode>("Size", (_, inputs) => {
    const { shape } = at(inputs, 0);
    return { shape: [], values: [isGap(shape) ? shape : product(shape)] };
  }),
  ...named<TfjsNode>("Rank", (_, inputs) => {
    const { shape } = at(inputs, 0);
    return isGap(shape) ? { shape: [] } : { shape: [], values: [shape.length] };
  }),
  ...named("Range", range),
  ...named("Slice", sliceRule),
  ...named("Reshape", reshapeRule),
  ...named("Transpose", rearranging(transposed)),
  ...named<TfjsNode>("Squeeze", (node, inputs) => {
    const axes = [...intsAttribute(node, "squeeze_dims"), ...intsAttribute(node, "axis")];
    const { shape, values } = at(inputs, 0);
    return withValues(squeeze(shape, axes.length === 0 ? undefined : axes), values);
  }),
  ...named(
    "ExpandDims",
    rearranging(({ shape, values }, axes) => withValues(unsqueeze(shape, axes), values)),
  ),
  ...named("Mean All Any EuclideanNorm", reduceRule()),
  ...named("Max", reduceRule("maximum")),
  ...named("Min", reduceRule("minimum")),
  ...named("Prod", reduceRule("mul")),
  ...named("Sum", reduceRule("add")),
  ...named(
    "ArgMax ArgMin",
    withConstants(1, (shape, axes) => reduced({ shape }, axes, false).shape),
  ),
  ...named("Fill", filled),
  ...named<TfjsNode>("RandomUniform RandomStandardNormal TruncatedNormal", (node, inputs) => ({
    shape: inputs[0]?.values ?? unknownConstant(node, inputs[0]),
  })),
  ...named("Gather GatherV2", gather),
  ...named("OneHot", oneHot),
  ...named("Tile", rearranging(tiled)),
  ...named("BroadcastTo", rearranging(expanded)),
];
