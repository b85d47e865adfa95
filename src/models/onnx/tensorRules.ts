/** Rules for ops of ONNX that move, join, cut and make tensors. */
import { quoted } from "../report.js";
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
  shaped,
  sliced,
  tiled,
  transposed,
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
  reshape,
  type Shape,
  sizeFrom,
  squeeze,
  unsqueeze,
  withAxes,
  withSizes,
} from "../shapes.js";
import { BINARY, mapped, rangeFrom, type SliceRange, shapeAsValues, valuesAt, withValues } from "../values.js";
import { floatsOf, intOf, intsOf } from "./attributes.js";
import type { OnnxNode, OnnxTensor } from "./model.js";
import { MAX_NUMBERS } from "./wire.js";

/** The first output. For ops with several outputs of different shapes see SEVERAL. */
export type OnnxRule = Rule<OnnxNode>;

/** The axes of a node. They are an attribute; in later opsets they are an input. */
const axesOf = (node: OnnxNode, inputs: Inputs, input = 1): readonly number[] | Gap | undefined =>
  intsOf(node, "axes") ??
  (inputs[input] === undefined
    ? undefined
    : (numbersOf(inputs[input].values) ?? notConstant(node, "axes", inputs[input])));

/** Why a constant is unknown: a size among its values is, or none of them is known. */
export const notConstant = (node: OnnxNode, what: string, input?: Info): Gap =>
  input?.values?.find(isGap) ?? gap(`the ${what} of ${node.type} ${quoted(node.name)} are no constant`);

const pad: OnnxRule = shaped((shape, node, inputs) => {
  const pads = intsOf(node, "pads") ?? intsOf(node, "paddings") ?? numbersOf(inputs[1]?.values);
  if (pads === undefined) return notConstant(node, "pads", inputs[1]);
  return withSizes(shape, (sizes) =>
    withAxes(sizes, numbersOf(inputs[3]?.values) ?? [...sizes.keys()], (own, axes) => {
      if (pads.length !== 2 * axes.length) return gap(`${pads.length} pads for ${axes.length} axes`);
      return own.map((size, axis) => {
        const i = axes.indexOf(axis);
        const more = i < 0 ? 0 : (pads[i] as number) + (pads[i + axes.length] as number);
        return sizeFrom([size], (known) => known + more);
      });
    }),
  );
});

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
  const { shape, values } = at(inputs, 0);
  return axes !== undefined && "missing" in axes ? { shape: axes } : withValues(squeeze(shape, axes), values);
};

const unsqueezeRule: OnnxRule = (node, inputs) => {
  const axes = axesOf(node, inputs) ?? notConstant(node, "axes");
  const { shape, values } = at(inputs, 0);
  return isNumbers(axes) ? withValues(unsqueeze(shape, axes), values) : { shape: axes };
};

const reduceRule =
  (fold?: keyof typeof BINARY): OnnxRule =>
  (node, inputs) => {
    const axes = axesOf(node, inputs);
    if (axes !== undefined && "missing" in axes) return { shape: axes };
    if (axes === undefined && intOf(node, "noop_with_empty_axes") === 1) return at(inputs, 0);
    return reduced(at(inputs, 0), axes, intOf(node, "keepdims") !== 0, fold && BINARY[fold]);
  };

/** ArgMax and ArgMin, which reduce one axis. */
const argument: OnnxRule = (node, inputs) => ({
  shape: reduced(at(inputs, 0), [intOf(node, "axis") ?? 0], intOf(node, "keepdims") !== 0).shape,
});

const concatRule: OnnxRule = (node, inputs) =>
  joined(
    inputs.filter((input) => input !== undefined),
    intOf(node, "axis") ?? 1,
  );

const sliceRule: OnnxRule = (node, inputs) => {
  const { shape } = at(inputs, 0);
  const given = (name: string, i: number) => intsOf(node, name) ?? numbersOf(inputs[i]?.values);
  const [starts, ends] = [given("starts", 1), given("ends", 2)];
  if (isGap(shape)) return { shape };
  if (starts === undefined || ends === undefined)
    return { shape: notConstant(node, "ends", starts === undefined ? inputs[1] : inputs[2]) };
  const rank = shape.length;
  const axes = given("axes", 3) ?? [...starts.keys()];
  const steps = given("steps", 4);
  const ranges = new Map(
    axes.map((axis, i): [number, SliceRange] => [
      axisFrom(axis, rank),
      [starts[i] ?? 0, ends[i] ?? 0, steps?.[i] ?? 1],
    ]),
  );
  return sliced(at(inputs, 0), (axis) => ranges.get(axis));
};

const constant: OnnxRule = (node) => {
  const { tensor } = node.attributes.get("value") ?? {};
  if (tensor !== undefined) return tensorInfo(tensor);
  const [int, float] = [intOf(node, "value_int"), node.attributes.get("value_float")?.float];
  if (int !== undefined || float !== undefined) return { shape: [], values: [int ?? float ?? 0] };
  const list = intsOf(node, "value_ints") ?? floatsOf(node, "value_floats");
  if (list === undefined || list.length > MAX_NUMBERS)
    return { shape: gap(`Constant ${quoted(node.name)} holds no tensor that is read`) };
  return withValues([list.length], list);
};

/** Types of floats that are no float32, by their numbers in onnx.proto. */
const FLOATS: Readonly<Record<number, string>> = { 10: "float16", 11: "float64", 16: "bfloat16" };

export const floatName = (type: number): Pick<Info, "type"> => {
  const name = FLOATS[type];
  return name === undefined ? {} : { type: name };
};

export const tensorInfo = ({ dims, values, type, stored }: OnnxTensor): Info => ({
  ...withValues(dims, values),
  ...(stored === undefined ? {} : { stored }),
  ...floatName(type),
});

const filled: OnnxRule = (node, inputs) => {
  const shape: Shape = inputs[0]?.values ?? notConstant(node, "sizes");
  const [value = 0] = node.attributes.get("value")?.tensor?.values ?? [];
  return withValues(
    shape,
    valuesAt(shape, () => value),
  );
};

/** A cast to an integer type cuts numbers to integers. */
const cast: OnnxRule = (node, inputs) => {
  const cuts = [6, 7].includes(intOf(node, "to") ?? 0);
  const from = at(inputs, 0);
  return {
    ...withValues(from.shape, mapped(from, cuts ? Math.trunc : (x) => x)),
    ...floatName(intOf(node, "to") ?? 0),
  };
};

export const gemm: OnnxRule = (node, inputs) => {
  const turned = (input: number, flag: string): Shape =>
    withSizes(at(inputs, input).shape, (sizes) => (intOf(node, flag) === 1 ? [...sizes].reverse() : sizes));
  return { shape: matrixProduct(turned(0, "transA"), turned(1, "transB")) };
};

/** GatherND: all indices but the last axis, and what is left of the data behind the axes that an index names. */
const gatherNd: OnnxRule = shaped((shape, node, inputs) =>
  withSizes(shape, (data) =>
    withSizes(at(inputs, 1).shape, (indices) => {
      const depth = indices.at(-1);
      if (typeof depth !== "number") return depth ?? gap("indices without an axis");
      return [...indices.slice(0, -1), ...data.slice((intOf(node, "batch_dims") ?? 0) + depth)];
    }),
  ),
);

const oneHot: OnnxRule = (node, inputs) => {
  const [depth = notConstant(node, "depths")] = inputs[1]?.values ?? [];
  const axis = intOf(node, "axis") ?? -1;
  const shape = unsqueeze(at(inputs, 0).shape, [axis]);
  return {
    shape: withSizes(shape, (sizes) => sizes.map((size, i) => (i === axisFrom(axis, sizes.length) ? depth : size))),
  };
};

const range: OnnxRule = (node, inputs) => {
  const [start, limit, step] = [0, 1, 2].map((i) => numbersOf(inputs[i]?.values)?.[0]);
  const unknown = [notConstant(node, "limits", inputs[1])];
  return start === undefined || limit === undefined || step === undefined
    ? { shape: unknown }
    : rangeFrom(start, limit, step, unknown);
};

export const ONNX_TENSORS: readonly (readonly [string, OnnxRule])[] = [
  ...named("ReduceMean ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp", reduceRule()),
  ...named("ReduceSum", reduceRule("add")),
  ...named("ReduceProd", reduceRule("mul")),
  ...named("ReduceMax", reduceRule("maximum")),
  ...named("ReduceMin", reduceRule("minimum")),
  ...named("ArgMax ArgMin", argument),
  ...named("Concat", concatRule),
  ...named<OnnxNode>("Transpose", (node, inputs) => transposed(at(inputs, 0), intsOf(node, "perm"))),
  ...named("Pad", pad),
  ...named("Reshape", reshapeRule),
  ...named("Flatten", flatten),
  ...named("Squeeze", squeezeRule),
  ...named("Unsqueeze", unsqueezeRule),
  ...named("Cast", cast),
  ...named("Constant", constant),
  ...named("ConstantOfShape", filled),
  ...named<OnnxNode>("RandomNormal RandomUniform", (node) => ({
    shape: intsOf(node, "shape") ?? notConstant(node, "sizes"),
  })),
  ...named<OnnxNode>("Shape", (node, inputs) =>
    shapeAsValues(at(inputs, 0).shape, intOf(node, "start"), intOf(node, "end")),
  ),
  ...named<OnnxNode>("Size", (_, inputs) => {
    const { shape } = at(inputs, 0);
    return { shape: [], values: [isGap(shape) ? shape : product(shape)] };
  }),
  ...named("Range", range),
  ...named<OnnxNode>("Gather", (node, inputs) => gathered(at(inputs, 0), at(inputs, 1), intOf(node, "axis") ?? 0)),
  ...named("GatherND", gatherNd),
  ...named("OneHot", oneHot),
  ...named("Slice", sliceRule),
  ...named<OnnxNode>("Tile", (node, inputs) => {
    const times = inputs[1]?.values;
    return times === undefined ? { shape: notConstant(node, "repeats") } : tiled(at(inputs, 0), times);
  }),
  ...named<OnnxNode>("Expand", (node, inputs) => {
    const sizes = inputs[1]?.values;
    return sizes === undefined ? { shape: notConstant(node, "sizes") } : expanded(at(inputs, 0), sizes);
  }),
];
