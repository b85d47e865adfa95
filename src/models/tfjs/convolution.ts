/**
 * Makes candidates for a spec from Conv2D, Conv2DBackpropInput and _FusedConv2D, as TensorFlow defines them.
 * TensorFlow.js silently ignores the dilations of Conv2DBackpropInput; here they count.
 */
import { show } from "../../ir/errors.js";
import type { Activation } from "../../ir/ops/epilogue.js";
import type { ConvolutionAxis, ModelConvolution } from "../modelConvolution.js";
import { legible, type Missing, quoted, type WeightNames } from "../report.js";
import { gap, type Inputs, isGap, isNumber, type Shape, type Size, sizeFrom, sizesOr } from "../shapes.js";
import {
  channelsLast,
  explicitPads,
  imageOf,
  intsAttribute,
  layoutOf,
  rowsAndColumns,
  textAttribute,
  textsOf,
} from "./attributes.js";
import type { TfjsNode } from "./json.js";

const isTransposed = ({ op }: TfjsNode): boolean => op === "Conv2DBackpropInput";

/** The position of the image among the inputs of a convolution. */
export const valueInput = (node: TfjsNode): number => (isTransposed(node) ? 2 : 0);

export const CONVOLUTIONS: readonly string[] = ["Conv2D", "_FusedConv2D", "Conv2DBackpropInput"];

export function modelConvolutionOf(node: TfjsNode, inputs: Inputs): ModelConvolution | Missing {
  const filters = inputs[1]?.shape ?? gap("there are none");
  if (isGap(filters)) return { missing: [`the filters' shape: ${filters.missing}`] };
  const unknown = filters.find(isGap);
  if (unknown !== undefined) return { missing: [`the filters' shape: ${unknown.missing}`] };
  if (filters.length !== 4) return { missing: [`filters of ${filters.length} dimensions`] };
  const [kh, kw, third, fourth] = filters as [number, number, number, number];
  const value = channelsLast(inputs[valueInput(node)]?.shape ?? gap("there is no input"), layoutOf(node));
  const channels = sizesOr(value)[3];
  const [groupInputs, outputs] = isTransposed(node) ? [fourth, third] : [third, fourth];
  const groups =
    isNumber(channels) && groupInputs > 0 && channels % groupInputs === 0 && !isTransposed(node)
      ? channels / groupInputs
      : 1;
  return {
    op: isTransposed(node) ? "atrousConv2dTranspose" : "conv2d",
    value,
    inputs: groupInputs * groups,
    outputs,
    groups,
    axes: [axisOf(node, 0, kh, inputs), axisOf(node, 1, kw, inputs)],
    padding: paddingText(node, inputs),
    ...fusedOf(node),
  };
}

/** The output size that a transposed convolution is given for an axis, if it is known. Sizes below 1 say nothing. */
function askedOf(node: TfjsNode, axis: 0 | 1, inputs: Inputs): number | undefined {
  if (!isTransposed(node)) return undefined;
  const { rows, columns } = layoutOf(node);
  const asked = inputs[0]?.values?.[axis === 0 ? rows : columns];
  return isNumber(asked) && asked >= 1 ? asked : undefined;
}

function axisOf(node: TfjsNode, axis: 0 | 1, kernel: number, inputs: Inputs): ConvolutionAxis {
  const stride = rowsAndColumns(node, "strides", 1)[axis];
  const dilation = rowsAndColumns(node, "dilations", 1)[axis];
  const span = (kernel - 1) * dilation;
  const sign = isTransposed(node) ? 1 : -1;
  const padding = textAttribute(node, "padding");
  const explicit = explicitPads(node, axis);
  const [begin, growth] =
    padding === "SAME" ? [Math.floor(span / 2), 0] : [explicit[0], sign * (span - explicit[0] - explicit[1])];
  const image = channelsLast(inputs[valueInput(node)]?.shape ?? gap("there is no input"), layoutOf(node));
  const [asked, input] = [askedOf(node, axis, inputs), sizesOr(image)[axis + 1]];
  // TensorFlow.js makes the size that it is asked for, whatever the padding says.
  const made = stride === 1 && asked !== undefined && isNumber(input) ? asked - input : growth;
  // `+ 0` turns -0 into 0.
  return { kernel, dilation, stride, begin, growth: made + 0 };
}

function paddingText(node: TfjsNode, inputs: Inputs): string {
  const padding = textAttribute(node, "padding");
  const asked = [askedOf(node, 0, inputs), askedOf(node, 1, inputs)];
  const text =
    padding === "EXPLICIT"
      ? `explicit_paddings ${show(intsAttribute(node, "explicit_paddings"))}`
      : `padding ${legible(padding, 20)}`;
  return asked.every(isNumber) ? `${text} to ${asked.join("x")}` : text;
}

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  Relu: "relu",
  Relu6: "relu6",
  Sigmoid: "sigmoid",
  Tanh: "tanh",
};
/** TensorFlow's default of the attribute leakyrelu_alpha. */
const DEFAULT_ALPHA = 0.2;

/** Bias and activation in `fused_ops`: perhaps BiasAdd, then perhaps others. What no kernel does comes after it. */
function fusedOf(node: TfjsNode): Pick<ModelConvolution, "weights" | "activation" | "notes"> {
  const [first, ...rest] = node.op === "_FusedConv2D" ? textsOf(node, "fused_ops") : [];
  const hasBias = first === "BiasAdd";
  const weights: WeightNames = {
    filters: { name: node.input[1] ?? "", layout: isTransposed(node) ? "HWOI" : "HWIO" },
    ...(hasBias ? { bias: { name: node.input[2] ?? "", layout: "O" } } : {}),
  };
  const after = hasBias || first === undefined ? rest : [first, ...rest];
  const [name = "", ...more] = after;
  const activation = activationOf(node, name);
  if (activation !== undefined && more.length === 0) return { weights, activation };
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
  const candidate = modelConvolutionOf(node, inputs);
  if (!("op" in candidate)) return gap(candidate.missing.join("; "));
  const { value, outputs, axes, op } = candidate;
  if (isGap(value)) return value;
  const [batch, height, width] = value as readonly [Size, Size, Size, Size];
  const side = (input: Size, axis: ConvolutionAxis, i: 0 | 1): Size => {
    const { stride, growth } = axis;
    if (isGap(growth)) return growth;
    if (op === "conv2d") {
      const same = textAttribute(node, "padding") === "SAME";
      return sizeFrom([input], (size) =>
        same ? Math.ceil(size / stride) : Math.floor((size + growth - 1) / stride) + 1,
      );
    }
    if (stride === 1) return sizeFrom([input], (size) => size + growth);
    // With strides several output sizes are possible, and the first input of the node says which.
    return askedOf(node, i, inputs) ?? gap(`the sizes that ${node.op} ${quoted(node.name)} is given are not known`);
  };
  return imageOf(node, [batch, side(height, axes[0], 0), side(width, axes[1], 1), outputs]);
}
