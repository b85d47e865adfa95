/**
 * Reads Conv2D, Conv2DBackpropInput, DepthwiseConv2dNative, Conv3D and their fused forms, as TensorFlow defines them,
 * in the words of the family. TensorFlow.js silently ignores the dilations of Conv2DBackpropInput; here they count.
 */
import type { Activation } from "../../ir/ops/epilogue.js";
import type { AxisPadding, FamilyOp } from "../../ir/ops/familySpec.js";
import { type AxisShape, forwardSize, transposedSize } from "../../ops/sizes.js";
import { type ModelConvolution, weightName } from "../modelConvolution.js";
import { legible, type Missing, quoted, type WeightNames } from "../report.js";
import { gap, type Inputs, isGap, isNumber, type Shape, type Size, sizeFrom, sizesOr, withSizes } from "../shapes.js";
import { explicitPadding, layoutOf, perImageAxis, textAttribute, textsOf } from "./attributes.js";
import type { TfjsNode } from "./json.js";

const OPS: Readonly<Record<string, FamilyOp>> = {
  Conv2D: "conv2d",
  _FusedConv2D: "conv2d",
  FusedConv2D: "conv2d",
  Conv2DBackpropInput: "conv2dTranspose",
  DepthwiseConv2d: "depthwiseConv2d",
  DepthwiseConv2dNative: "depthwiseConv2d",
  FusedDepthwiseConv2dNative: "depthwiseConv2d",
  Conv3D: "conv3d",
};

export const CONVOLUTIONS: readonly string[] = Object.keys(OPS);

const isTransposed = ({ op }: TfjsNode): boolean => op === "Conv2DBackpropInput";

/** The position of the image among the inputs of a convolution. */
export const valueInput = (node: TfjsNode): number => (isTransposed(node) ? 2 : 0);

const imageAxesOf = ({ op }: TfjsNode): string => (op === "Conv3D" ? "DHW" : "HW");

/** @param node one of `CONVOLUTIONS` */
export function tfjsConvolution(node: TfjsNode, inputs: Inputs): ModelConvolution | Missing {
  const shape = inputs[1]?.shape ?? gap("there are none");
  const unknown = isGap(shape) ? shape : shape.find(isGap);
  if (unknown !== undefined) return { missing: [`the filters' shape: ${unknown.missing}`] };
  const [op, image] = [OPS[node.op] as FamilyOp, imageAxesOf(node)];
  const filters = sizesOr(shape).filter(isNumber);
  if (filters.length !== image.length + 2) return { missing: [`filters of ${filters.length} dimensions`] };
  const padding = paddingOf(node);
  if (padding === undefined) return { missing: [`padding ${quoted(textAttribute(node, "padding"))}`] };
  const layout = layoutOf(node, image);
  const value = withSizes(inputs[valueInput(node)]?.shape ?? gap("there is no input"), (sizes) =>
    sizes.length === layout.length ? sizes : gap(`${sizes.length} dimensions for an image`),
  );
  const outputShape = askedOf(node, inputs);
  const channels = (isTransposed(node) ? inputs[0]?.values : sizesOr(value))?.[layout.indexOf("C")];
  const { activation, ...fused } = fusedOf(node, op, inputs);
  return {
    family: {
      ...{ op, filters, layout },
      strides: perImageAxis(node, "strides", image),
      dilations: perImageAxis(node, "dilations", image),
      ...(op === "depthwiseConv2d" ? {} : { groups: groupsOf(channels, filters) }),
      padding,
      ...(activation === undefined ? {} : { activation }),
    },
    value,
    ...(outputShape === undefined ? {} : { outputShape }),
    ...fused,
  };
}

/**
 * TensorFlow writes no groups: filters of fewer channels than the image are in as many as it takes. The image of a
 * transposed convolution is the one that it makes.
 */
function groupsOf(channels: Size | undefined, filters: readonly number[]): number {
  const own = filters.at(-2) as number;
  return isNumber(channels) && own > 0 && channels % own === 0 ? Math.max(1, channels / own) : 1;
}

/** Undefined for a word that TensorFlow does not have. */
function paddingOf(node: TfjsNode): "SAME" | "VALID" | readonly AxisPadding[] | undefined {
  const word = textAttribute(node, "padding", "VALID");
  return word === "SAME" || word === "VALID" ? word : explicitPadding(node, imageAxesOf(node));
}

/**
 * The sizes of the image that a transposed convolution is asked for. Sizes below 1 say nothing, and those that are not
 * known do not matter where no stride leaves a choice.
 */
function askedOf(node: TfjsNode, inputs: Inputs): readonly Size[] | undefined {
  if (!isTransposed(node)) return undefined;
  const layout = layoutOf(node, "HW");
  const asked = ["H", "W"].map((letter) => inputs[0]?.values?.[layout.indexOf(letter)]);
  const isDense = perImageAxis(node, "strides", "HW").every((stride) => stride === 1);
  if (isDense && !asked.every((size) => isNumber(size) && size >= 1)) return undefined;
  const unknown = gap(`the sizes that ${node.op} ${quoted(node.name)} is given are not known`);
  return asked.map((size) => (isGap(size) || (isNumber(size) && size >= 1) ? size : unknown));
}

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  Relu: "relu",
  Relu6: "relu6",
  Sigmoid: "sigmoid",
  Tanh: "tanh",
};
/** TensorFlow's default of the attribute leakyrelu_alpha. */
const DEFAULT_ALPHA = 0.2;

interface Fused extends Pick<ModelConvolution, "weights" | "notes"> {
  readonly activation?: Activation;
}

/** How filters lie, by the op. */
const LAYOUTS: Readonly<Partial<Record<FamilyOp, string>>> = {
  conv2dTranspose: "HWOI",
  depthwiseConv2d: "HWCM",
  conv3d: "DHWIO",
};

/** Bias and activation in `fused_ops`: perhaps BiasAdd, then perhaps others. What no kernel does comes after it. */
function fusedOf(node: TfjsNode, op: FamilyOp, inputs: Inputs): Fused {
  const [first, ...rest] = /Fused/.test(node.op) ? textsOf(node, "fused_ops") : [];
  const hasBias = first === "BiasAdd";
  const weights: WeightNames = {
    filters: weightName(node.input[1] ?? "", LAYOUTS[op] ?? "HWIO", inputs[1]),
    ...(hasBias ? { bias: weightName(node.input[2] ?? "", "O", inputs[2]) } : {}),
  };
  const after = hasBias || first === undefined ? rest : [first, ...rest];
  const [name = "", ...more] = after;
  const activation = activationOf(node, name);
  if (activation !== undefined && more.length === 0) return { weights, activation, notes: [] };
  const notes = after.length === 0 ? [] : [`${legible(after.join(" and "), 80)} of ${node.op}: apply it to the output`];
  return { weights, notes };
}

function activationOf(node: TfjsNode, name: string): Activation | undefined {
  if (name === "LeakyRelu") return { kind: "leakyRelu", alpha: node.attr.leakyrelu_alpha?.f ?? DEFAULT_ALPHA };
  return Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
}

/** The output shape of a convolution with any stride, dilation and padding. */
export function tfjsConvolutionShape(node: TfjsNode, inputs: Inputs): Shape {
  // The reason passes on as it is, so that it does not grow from node to node.
  const unknown = inputs[1]?.shape;
  if (isGap(unknown)) return unknown;
  const candidate = tfjsConvolution(node, inputs);
  if ("missing" in candidate) return gap(candidate.missing.join("; "));
  const { value, family, outputShape } = candidate;
  const [image, layout] = [imageAxesOf(node), layoutOf(node, imageAxesOf(node))];
  const [first = 0, second = 0] = family.filters.slice(-2);
  const { groups = 1 } = family;
  const made = { conv2dTranspose: first * groups, depthwiseConv2d: first * second }[family.op as string] ?? second;
  return withSizes(value, (sizes) =>
    [...layout].map((letter, at): Size => {
      const [axis, size] = [image.indexOf(letter), sizes[at] as Size];
      if (axis < 0) return letter === "C" ? made : size;
      return outputShape?.[axis] ?? sizeFrom([size], (known) => outputSize(family, axis, known));
    }),
  );
}

type TfjsFamily = ModelConvolution["family"];

function outputSize(family: TfjsFamily, axis: number, size: number): number {
  const [shape, sides] = [axisOf(family, axis, size), sidesOf(family, axis)];
  return family.op === "conv2dTranspose"
    ? transposedSize("tensorflow", shape, sides, {}).output
    : forwardSize(shape, sides).output;
}

export const axisOf = ({ filters, strides, dilations }: TfjsFamily, axis: number, size: number): AxisShape => ({
  ...{ size, kernel: filters[axis] as number, stride: strides?.[axis] ?? 1, dilation: dilations?.[axis] ?? 1 },
});

/** The padding of an axis, as the family's rules take it. */
export function sidesOf({ padding }: TfjsFamily, axis: number): "SAME" | AxisPadding {
  if (typeof padding === "object") return padding[axis] as AxisPadding;
  return padding === "SAME" ? "SAME" : [0, 0];
}
