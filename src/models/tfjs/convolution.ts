/**
 * Makes candidates for a spec from Conv2D, Conv2DBackpropInput and _FusedConv2D, as TensorFlow defines them.
 * TensorFlow.js silently ignores the dilations of Conv2DBackpropInput; here they count.
 */
import { show } from "../../ir/errors.js";
import type { Activation } from "../../ir/ops/epilogue.js";
import type { ConvolutionAxis, ModelConvolution } from "../modelConvolution.js";
import { gap, type Inputs, isGap, isNumber, type Shape, type Size, sizeFrom } from "../shapes.js";
import {
  channelsLast,
  imageOf,
  intsAttribute,
  layoutOf,
  rowsAndColumns,
  sizesOr,
  textAttribute,
  textsOf,
} from "./attributes.js";
import type { TfjsNode } from "./json.js";
import { attributeOf } from "./json.js";

const isTransposed = ({ op }: TfjsNode): boolean => op === "Conv2DBackpropInput";

/** The position of the image among the inputs of a convolution. */
export const valueInput = (node: TfjsNode): number => (isTransposed(node) ? 2 : 0);

export const CONVOLUTIONS: readonly string[] = ["Conv2D", "_FusedConv2D", "Conv2DBackpropInput"];

export function modelConvolutionOf(
  node: TfjsNode,
  inputs: Inputs,
): ModelConvolution | { readonly missing: readonly string[] } {
  const filters = inputs[1]?.shape ?? gap("there are none");
  if (isGap(filters)) return { missing: [`the filters' shape: ${filters.missing}`] };
  const sizes = filters as readonly Size[];
  const unknown = sizes.find(isGap);
  if (unknown !== undefined) return { missing: [`the filters' shape: ${unknown.missing}`] };
  if (sizes.length !== 4) return { missing: [`filters of ${sizes.length} dimensions`] };
  const [kh, kw, third, fourth] = sizes as [number, number, number, number];
  const value = channelsLast(inputs[valueInput(node)]?.shape ?? gap("there is no input"), layoutOf(node));
  const channels = sizesOr(value, [])[3];
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
    axes: [axisOf(node, 0, kh), axisOf(node, 1, kw)],
    padding: paddingText(node),
    ...fusedOf(node),
  };
}

function axisOf(node: TfjsNode, axis: 0 | 1, kernel: number): ConvolutionAxis {
  const stride = rowsAndColumns(node, "strides", 1)[axis];
  const dilation = rowsAndColumns(node, "dilations", 1)[axis];
  const span = (kernel - 1) * dilation;
  const sign = isTransposed(node) ? 1 : -1;
  const padding = textAttribute(node, "padding");
  const explicit = explicitPads(node, axis);
  const [begin, growth] =
    padding === "SAME" ? [Math.floor(span / 2), 0] : [explicit[0], sign * (span - explicit[0] - explicit[1])];
  // `+ 0` turns -0 into 0.
  return { kernel, dilation, stride, begin, growth: growth + 0 };
}

/** The padding before and after an axis. `explicit_paddings` lists both for each axis of the image. */
function explicitPads(node: TfjsNode, axis: 0 | 1): readonly [number, number] {
  if (textAttribute(node, "padding") !== "EXPLICIT") return [0, 0];
  const { rows, columns } = layoutOf(node);
  const at = 2 * (axis === 0 ? rows : columns);
  const pads = intsAttribute(node, "explicit_paddings");
  return [pads[at] ?? 0, pads[at + 1] ?? 0];
}

const paddingText = (node: TfjsNode): string =>
  textAttribute(node, "padding") === "EXPLICIT"
    ? `explicit_paddings ${show(intsAttribute(node, "explicit_paddings"))}`
    : `padding ${textAttribute(node, "padding")}`;

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  Relu: "relu",
  Relu6: "relu6",
  Sigmoid: "sigmoid",
  Tanh: "tanh",
};
/** TensorFlow's default of the attribute leakyrelu_alpha. */
const DEFAULT_ALPHA = 0.2;

/** The epilogue in `fused_ops`: perhaps BiasAdd, then at most one activation. */
function fusedOf(node: TfjsNode): Pick<ModelConvolution, "bias" | "activation" | "missing"> {
  const [first, ...rest] = node.op === "_FusedConv2D" ? textsOf(node, "fused_ops") : [];
  const bias = first === "BiasAdd";
  const after = bias || first === undefined ? rest : [first, ...rest];
  const [name] = after;
  if (name === undefined) return { bias };
  if (after.length > 1) return { bias, missing: [`fused ${after.join(", ")}`] };
  const alpha = Number(attributeOf(node, "leakyrelu_alpha")?.f ?? DEFAULT_ALPHA);
  const known = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
  const activation = name === "LeakyRelu" ? ({ kind: "leakyRelu", alpha } as const) : known;
  return activation === undefined
    ? { bias, missing: [`fused ${name}, which no kernel computes`] }
    : { bias, activation };
}

/** The output shape of a convolution with any stride, dilation and padding. */
export function tfjsConvolutionShape(node: TfjsNode, inputs: Inputs): Shape {
  const candidate = modelConvolutionOf(node, inputs);
  if (!("op" in candidate)) return gap(candidate.missing.join("; "));
  const { value, outputs, axes, op } = candidate;
  if (isGap(value)) return value;
  const [batch, height, width] = value as readonly [Size, Size, Size, Size];
  const asked = op === "conv2d" ? undefined : inputs[0]?.values;
  const { rows, columns } = layoutOf(node);
  const side = (input: Size, axis: ConvolutionAxis, i: number): Size => {
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
    return (
      asked?.[[rows, columns][i] as number] ?? gap(`the sizes that ${node.op} "${node.name}" is given are not known`)
    );
  };
  return imageOf(node, [batch, side(height, axes[0], 0), side(width, axes[1], 1), outputs]);
}
