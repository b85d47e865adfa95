/**
 * Makes candidates for a spec from Conv and ConvTranspose, as ONNX defines them, and from FusedConv of ONNX Runtime.
 *
 *     Conv           out[y] = sum v[y*s + k*d - pb] * W[o, i, k]
 *     ConvTranspose  out[y] = sum v[(y + pb - k*d) / s] * W[i, o, k]; filters are not flipped, as ours are not
 *
 * The output of ConvTranspose has (H-1)*s + (k-1)*d + 1 + output_padding - pb - pe pixels. If `output_shape` or SAME
 * gives the size, the padding follows from it and is split in halves. An odd pixel goes to the end with SAME_UPPER,
 * else to the beginning.
 */
import { show } from "../../ir/errors.js";
import type { Activation } from "../../ir/ops/epilogue.js";
import type { ConvolutionAxis, ModelConvolution } from "../modelConvolution.js";
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
  windowOutput,
  withSizes,
} from "../shapes.js";
import { autoPadOf, intOf, intsOf, oddList, padsOf, perAxis, textOf, windowsOf } from "./attributes.js";
import type { OnnxNode } from "./model.js";

/** The facts that follow from the shape of the filters. */
interface Filters {
  readonly kernel: readonly number[];
  readonly inputs: number;
  readonly outputs: number;
}

const isTransposed = (node: OnnxNode): boolean => node.type === "ConvTranspose";

/**
 * Reads the shape of filters, [Co, Ci/group, ...kernel] or transposed [Ci, Co/group, ...kernel]; or says why it cannot.
 */
function filtersOf(node: OnnxNode, filters: Info | undefined): Filters | Gap {
  if (filters === undefined) return gap("filters, the second input");
  if (isGap(filters.shape)) return filters.shape;
  const sizes = filters.shape as readonly Size[];
  const unknown = sizes.find(isGap);
  if (unknown !== undefined) return unknown;
  const [first = 0, second = 0, ...kernel] = sizes.filter(isNumber);
  const stated = intsOf(node, "kernel_shape");
  if (stated !== undefined && show(stated) !== show(kernel))
    return gap(`kernel_shape ${show(stated)} with filters ${show(sizes)}`);
  const group = intOf(node, "group") ?? 1;
  return isTransposed(node)
    ? { kernel, inputs: first, outputs: second * group }
    : { kernel, inputs: second * group, outputs: first };
}

export function onnxConvolution(node: OnnxNode, inputs: Inputs): ModelConvolution | Missing {
  const filters = filtersOf(node, inputs[1]);
  if ("missing" in filters)
    return { missing: [inputs[1] === undefined ? filters.missing : `the filters' shape: ${filters.missing}`] };
  const rank = filters.kernel.length;
  if (rank < 1 || rank > 2)
    return { missing: [`a ${rank}-D kernel ${show(filters.kernel)}; only 1-D and 2-D are compiled`] };
  const odd = oddList(node, rank);
  if (odd !== undefined) return { missing: [odd] };
  const input = inputs[0]?.shape ?? gap("there is no input");
  const spatial = spatialOf(input, rank);
  const axes = filters.kernel.map((kernel, axis) => axisOf(node, axis, kernel, rank, spatial[axis] as Size));
  const flat: ConvolutionAxis = { kernel: 1, dilation: 1, stride: 1, begin: 0, growth: 0 };
  const [first = flat, second] = axes;
  const type = inputs[1]?.type ?? inputs[0]?.type;
  const { notes = [], ...fused } = node.type === "FusedConv" ? fusedOf(node, inputs) : {};
  return {
    op: isTransposed(node) ? "atrousConv2dTranspose" : "conv2d",
    value: channelsLast(input, rank),
    inputs: filters.inputs,
    outputs: filters.outputs,
    groups: intOf(node, "group") ?? 1,
    // A signal is an image of one row.
    axes: second === undefined ? [flat, first] : [first, second],
    padding: paddingText(node, rank),
    weights: weightsOf(node, inputs, rank),
    ...fused,
    notes: [...(type === undefined ? [] : [`the model computes in ${type}, the kernel in float32`]), ...notes],
  };
}

/** The layouts of the filters, by their rank. A kernel wants taps first, whose rows may be left out. */
function weightsOf(node: OnnxNode, inputs: Inputs, rank: number): WeightNames {
  const [, filters = "", bias = ""] = node.inputs;
  const layout = `${isTransposed(node) ? "IO" : "OI"}${rank === 1 ? "W" : "HW"}`;
  return {
    filters: { name: filters, layout },
    ...(inputs[2] === undefined ? {} : { bias: { name: bias, layout: "O" } }),
  };
}

const ACTIVATIONS: Readonly<Record<string, Activation>> = { Relu: "relu", Sigmoid: "sigmoid", Tanh: "tanh" };

/** The further work of FusedConv after the bias: perhaps it adds a tensor, then it may apply an activation. */
function fusedOf(node: OnnxNode, inputs: Inputs): Pick<ModelConvolution, "activation" | "notes"> {
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

function spatialOf(shape: Shape, rank: number): readonly Size[] {
  const sizes = isGap(shape) ? [] : shape.slice(2);
  return Array.from(
    { length: rank },
    (_, axis) => sizes[axis] ?? (isGap(shape) ? shape : gap(`it is not of rank ${rank + 2}`)),
  );
}

const channelsLast = (shape: Shape, rank: number): Shape =>
  withSizes(shape, (sizes) => {
    if (sizes.length !== rank + 2) return gap(`${sizes.length} dimensions for a ${rank}-D kernel`);
    const [batch, channels, ...spatial] = sizes as [Size, Size, ...Size[]];
    return [batch, ...(rank === 1 ? [1] : []), ...spatial, channels];
  });

function axisOf(node: OnnxNode, axis: number, kernel: number, rank: number, input: Size): ConvolutionAxis {
  const stride = perAxis(node, "strides", rank, 1)[axis] as number;
  const dilation = perAxis(node, "dilations", rank, 1)[axis] as number;
  const span = (kernel - 1) * dilation;
  const auto = autoPadOf(node);
  if (isTransposed(node)) {
    const { begin, output } = transposedAxis(node, axis, rank, { input, stride, span });
    return { kernel, dilation, stride, begin, growth: sizeChange(node, axis, rank, span, input, output) };
  }
  if (auto === "SAME_UPPER") return { kernel, dilation, stride, begin: Math.floor(span / 2), growth: 0 };
  if (auto === "SAME_LOWER") return { kernel, dilation, stride, begin: Math.ceil(span / 2), growth: 0 };
  const [begin, end] = auto === "VALID" ? [0, 0] : (padsOf(node, rank)[axis] as readonly [number, number]);
  return { kernel, dilation, stride, begin, growth: begin + end - span };
}

/**
 * The growth of a transposed axis. Where attributes alone decide it, it is known even if the size of the image is not.
 */
function sizeChange(node: OnnxNode, axis: number, rank: number, span: number, input: Size, output: Size): Size {
  const auto = autoPadOf(node);
  if (intsOf(node, "output_shape") === undefined) {
    if (auto === "SAME_UPPER" || auto === "SAME_LOWER") return 0;
    const [begin, end] = auto === "VALID" ? [0, 0] : (padsOf(node, rank)[axis] as readonly [number, number]);
    return span + (perAxis(node, "output_padding", rank, 0)[axis] as number) - begin - end;
  }
  if (isGap(input)) return input;
  return isGap(output) ? output : output - input;
}

interface TransposedAxis {
  readonly input: Size;
  readonly stride: number;
  readonly span: number;
}

function transposedAxis(node: OnnxNode, axis: number, rank: number, of: TransposedAxis): { begin: Size; output: Size } {
  const { input, stride, span } = of;
  const auto = autoPadOf(node);
  const extra = perAxis(node, "output_padding", rank, 0)[axis] as number;
  const full = (size: number): number => (size - 1) * stride + span + 1 + extra;
  const isSame = auto === "SAME_UPPER" || auto === "SAME_LOWER";
  // `output_shape` lists the spatial sizes, or all sizes.
  const asked = intsOf(node, "output_shape")?.slice(-rank)[axis];
  if (asked === undefined && !isSame) {
    const [begin, end] = auto === "VALID" ? [0, 0] : (padsOf(node, rank)[axis] as readonly [number, number]);
    return { begin, output: sizeFrom([input], (size) => full(size) - begin - end) };
  }
  const output = asked ?? sizeFrom([input], (size) => size * stride);
  const half = auto === "SAME_UPPER" ? Math.floor : Math.ceil;
  // With SAME and stride 1 the padding does not depend on the size.
  if (asked === undefined && stride === 1) return { begin: half(Math.max(0, span + extra) / 2), output };
  return { begin: sizeFrom([input, output], (size, made) => half(Math.max(0, full(size) - made) / 2)), output };
}

function paddingText(node: OnnxNode, rank: number): string {
  const auto = autoPadOf(node);
  const shape = intsOf(node, "output_shape");
  const extra = intsOf(node, "output_padding");
  return [
    auto === "NOTSET" && shape === undefined
      ? `pads ${show(
          padsOf(node, rank)
            .map(([begin]) => begin)
            .concat(padsOf(node, rank).map(([, end]) => end)),
        )}`
      : "",
    auto === "NOTSET" ? "" : `auto_pad ${auto}`,
    shape === undefined ? "" : `output_shape ${show(shape)}`,
    extra?.some((size) => size !== 0) ? `output_padding ${show(extra)}` : "",
  ]
    .filter((text) => text !== "")
    .join(", ");
}

/** The output shape of Conv or ConvTranspose with any stride, dilation, group and padding. */
export function onnxConvolutionShape(node: OnnxNode, inputs: Inputs): Shape {
  const input = inputs[0]?.shape ?? gap("there is no input");
  const filters = filtersOf(node, inputs[1]);
  return withSizes(input, ([batch = gap("a convolution of nothing"), , ...spatial]) => {
    const channels = "missing" in filters ? filters : filters.outputs;
    const kernel = "missing" in filters ? intsOf(node, "kernel_shape") : filters.kernel;
    if (kernel === undefined) return [batch, channels, ...spatial.map(() => channels)];
    const windows = windowsOf(node, kernel);
    if (isGap(windows)) return windows;
    const sizes = spatial.map((size, axis): Size => {
      const window = windows[axis];
      if (window === undefined) return gap("a kernel of fewer dimensions than its input");
      if (!isTransposed(node)) return windowOutput(size, { ...window, ceil: false });
      const span = (window.kernel - 1) * window.dilation;
      return transposedAxis(node, axis, kernel.length, { input: size, stride: window.stride, span }).output;
    });
    return [batch, channels, ...sizes];
  });
}
