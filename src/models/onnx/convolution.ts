/**
 * Reads Conv and ConvTranspose, as ONNX defines them, and FusedConv of ONNX Runtime, in the words of the family.
 *
 * If `output_shape` gives the size of a ConvTranspose, the padding follows from it, and `pads` say nothing.
 */
import { show } from "../../ir/errors.js";
import type { Activation } from "../../ir/ops/epilogue.js";
import type { AxisPadding, FamilyOp, FamilySpec } from "../../ir/ops/familySpec.js";
import { transposedSize } from "../../ops/sizes.js";
import { type ModelConvolution, weightName } from "../modelConvolution.js";
import { legible, type Missing, type WeightNames } from "../report.js";
import {
  type Gap,
  gap,
  type Info,
  type Inputs,
  isGap,
  isNumber,
  type Shape,
  type Size,
  sizeFrom,
  sizesOr,
  windowOutput,
  withSizes,
} from "../shapes.js";
import { autoPadOf, intOf, intsOf, oddList, padsOf, perAxis, textOf, windowsOf } from "./attributes.js";
import type { OnnxNode } from "./model.js";

const isTransposed = (node: OnnxNode): boolean => node.type === "ConvTranspose";

/** The shape of filters, [Co, Ci/group, ...kernel] or transposed [Ci, Co/group, ...kernel]; or why it is not known. */
function filtersOf(node: OnnxNode, filters: Info | undefined): readonly number[] | Gap {
  if (filters === undefined) return gap("filters, the second input");
  if (isGap(filters.shape)) return filters.shape;
  const sizes = filters.shape as readonly Size[];
  const unknown = sizes.find(isGap);
  if (unknown !== undefined) return unknown;
  const known = sizes.filter(isNumber);
  const stated = intsOf(node, "kernel_shape");
  if (stated !== undefined && show(stated) !== show(known.slice(2)))
    return gap(`kernel_shape ${show(stated)} with filters ${show(sizes)}`);
  return known;
}

export function onnxConvolution(node: OnnxNode, inputs: Inputs): ModelConvolution | Missing {
  const filters = filtersOf(node, inputs[1]);
  if ("missing" in filters)
    return { missing: [inputs[1] === undefined ? filters.missing : `the filters' shape: ${filters.missing}`] };
  const kernel = filters.slice(2);
  const rank = kernel.length;
  if (rank < 1 || rank > 3) return { missing: [`a ${rank}-D kernel ${show(kernel)}; 1-D to 3-D are compiled`] };
  const odd = oddList(node, rank);
  if (odd !== undefined) return { missing: [odd] };
  const padding = paddingOf(node, rank);
  // Such pads crop the input, or move the output away from what is computed.
  if (typeof padding === "object" && padding.flat().some((size) => size < 0))
    return { missing: [`pads ${show(intsOf(node, "pads"))}; no kernel has negative ones`] };
  const value = withSizes(inputs[0]?.shape ?? gap("there is no input"), (sizes) =>
    sizes.length === rank + 2 ? sizes : gap(`${sizes.length} dimensions for a ${rank}-D kernel`),
  );
  const image = sizesOr(value).slice(2);
  const { outputShape, ...cropping } = isTransposed(node) ? croppingOf(node, kernel, image) : {};
  const type = inputs[1]?.type ?? inputs[0]?.type;
  const { notes = [], activation } = node.type === "FusedConv" ? fusedOf(node, inputs) : {};
  return {
    family: {
      op: `conv${rank}d${isTransposed(node) ? "Transpose" : ""}` as FamilyOp,
      filters,
      strides: perAxis(node, "strides", rank, 1),
      dilations: perAxis(node, "dilations", rank, 1),
      groups: intOf(node, "group") ?? 1,
      padding,
      ...cropping,
      ...(activation === undefined ? {} : { activation }),
      convention: "onnx",
    },
    value,
    ...(outputShape === undefined ? {} : { outputShape }),
    weights: weightsOf(node, inputs, rank),
    notes: [...(type === undefined ? [] : [`the model computes in ${type}, the kernel in float32`]), ...notes],
  };
}

type OnnxPadding = "SAME_UPPER" | "SAME_LOWER" | "VALID" | readonly AxisPadding[];

/** The padding as the node spells it. With an `output_shape` there are no pads in numbers. */
function paddingOf(node: OnnxNode, rank: number): OnnxPadding {
  const auto = autoPadOf(node);
  if (auto !== "NOTSET") return auto;
  return intsOf(node, "output_shape") !== undefined && isTransposed(node) ? "VALID" : padsOf(node, rank);
}

/** The sizes of the image that `output_shape` lists. It may list all sizes, of which ONNX Runtime reads no others. */
function askedOf(node: OnnxNode, rank: number): readonly number[] | undefined {
  const listed = intsOf(node, "output_shape");
  return listed?.length === rank + 2 ? listed.slice(2) : listed;
}

type Cropping = Pick<FamilySpec, "padding" | "outputPadding"> & Pick<ModelConvolution, "outputShape">;

/** The fields that decide the output of a transposed convolution. */
function croppingOf(node: OnnxNode, kernel: readonly number[], image: readonly Size[]): Cropping {
  const rank = kernel.length;
  const outputShape = askedOf(node, rank);
  const outputPadding = intsOf(node, "output_padding");
  if (outputShape === undefined) return outputPadding ? { outputPadding } : {};
  if (!outputPadding?.some((size) => size !== 0)) return { outputShape };
  // Both: the output has the size that is asked for, and what is added at its end is cropped from both ends.
  const axes = kernel.map((_, axis) => {
    const shape = axisOf(node, kernel, axis, Number(image[axis]));
    const asked = { size: outputShape[axis], more: outputPadding[axis] };
    const { pad } = transposedSize("onnx", shape, sidesOf(paddingOf(node, rank), axis), asked);
    const full = transposedSize("onnx", shape, [0, 0], {}).output;
    return { pad, after: full - pad - (outputShape[axis] as number) };
  });
  return {
    padding: axes.map(({ pad, after }) => [pad, Math.max(0, after)] as const),
    outputPadding: axes.map(({ after }) => Math.max(0, -after)),
  };
}

/** The padding of one axis, as the family's rules take it. */
const sidesOf = (padding: OnnxPadding, axis: number) =>
  typeof padding === "object" ? padding[axis] : padding === "VALID" ? undefined : padding;

const axisOf = (node: OnnxNode, kernel: readonly number[], axis: number, size: number) => ({
  size,
  kernel: kernel[axis] as number,
  stride: perAxis(node, "strides", kernel.length, 1)[axis] as number,
  dilation: perAxis(node, "dilations", kernel.length, 1)[axis] as number,
});

function weightsOf(node: OnnxNode, inputs: Inputs, rank: number): WeightNames {
  const [, filters = "", bias = ""] = node.inputs;
  const layout = `${isTransposed(node) ? "IO" : "OI"}${"DHW".slice(-rank)}`;
  return {
    filters: weightName(filters, layout, inputs[1]),
    ...(inputs[2] === undefined ? {} : { bias: weightName(bias, "O", inputs[2]) }),
  };
}

const ACTIVATIONS: Readonly<Record<string, Activation>> = { Relu: "relu", Sigmoid: "sigmoid", Tanh: "tanh" };

interface Fused {
  readonly activation?: Activation;
  readonly notes?: readonly string[];
}

/** The further work of FusedConv after the bias: perhaps it adds a tensor, then it may apply an activation. */
function fusedOf(node: OnnxNode, inputs: Inputs): Fused {
  const name = textOf(node, "activation") ?? "";
  if (inputs[3] !== undefined)
    return {
      notes: [`a tensor is added${name === "" ? "" : `, then ${legible(name, 80)} is applied`}, after the kernel`],
    };
  if (name === "") return {};
  const [first = 0, second = 0] = node.attributes.get("activation_params")?.floats ?? [];
  if (name === "LeakyRelu") return { activation: { kind: "leakyRelu", alpha: first } };
  if (name === "Clip") return { activation: { kind: "clip", min: first, max: second } };
  const activation = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
  return activation === undefined ? { notes: [`${legible(name, 80)} is applied, after the kernel`] } : { activation };
}

/** The output shape of Conv or ConvTranspose with any stride, dilation, group and padding. */
export function onnxConvolutionShape(node: OnnxNode, inputs: Inputs): Shape {
  const input = inputs[0]?.shape ?? gap("there is no input");
  const filters = filtersOf(node, inputs[1]);
  return withSizes(input, ([batch = gap("a convolution of nothing"), , ...spatial]) => {
    const channels = "missing" in filters ? filters : channelsOf(node, filters);
    const kernel = "missing" in filters ? intsOf(node, "kernel_shape") : filters.slice(2);
    if (kernel === undefined) return [batch, channels, ...spatial.map(() => channels)];
    const windows = windowsOf(node, kernel);
    if (isGap(windows)) return windows;
    const sizes = spatial.map((size, axis): Size => {
      const window = windows[axis];
      if (window === undefined) return gap("a kernel of fewer dimensions than its input");
      return isTransposed(node)
        ? transposedOutput(node, kernel, axis, size)
        : windowOutput(size, { ...window, ceil: false });
    });
    return [batch, channels, ...sizes];
  });
}

const channelsOf = (node: OnnxNode, [first = 0, second = 0]: readonly number[]): number =>
  isTransposed(node) ? second * (intOf(node, "group") ?? 1) : first;

function transposedOutput(node: OnnxNode, kernel: readonly number[], axis: number, input: Size): Size {
  const rank = kernel.length;
  const asked = askedOf(node, rank)?.[axis];
  if (asked !== undefined) return asked;
  const more = perAxis(node, "output_padding", rank, 0)[axis] as number;
  const sides = sidesOf(paddingOf(node, rank), axis);
  return sizeFrom([input], (size) => transposedSize("onnx", axisOf(node, kernel, axis, size), sides, { more }).output);
}
