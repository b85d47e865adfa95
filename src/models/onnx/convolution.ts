/**
 * Makes candidates for a spec from Conv and ConvTranspose, as ONNX defines them.
 *
 *     Conv           out[y] = sum v[y*s + k*d - pb] * W[o, i, k]
 *     ConvTranspose  out[y] = sum v[(y + pb - k*d) / s] * W[i, o, k]; filters are not flipped, as ours are not
 *
 * The output of ConvTranspose has (H-1)*s + (k-1)*d + 1 + output_padding - pb - pe pixels. If `output_shape` or SAME
 * gives the size, the padding follows from it and is split in halves. An odd pixel goes to the end with SAME_UPPER,
 * else to the beginning.
 */
import { show } from "../../ir/errors.js";
import { type ConvolutionAxis, type Found, type ModelConvolution, specOf } from "../modelConvolution.js";
import {
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
import { autoPadOf, intOf, intsOf, padsOf, perAxis, windowsOf } from "./attributes.js";
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
function filtersOf(node: OnnxNode, filters: Info | undefined): Filters | string {
  if (filters === undefined) return "filters, the second input";
  if (isGap(filters.shape)) return `the filters' shape: ${filters.shape.missing}`;
  const sizes = filters.shape as readonly Size[];
  const unknown = sizes.find(isGap);
  if (unknown !== undefined) return `the filters' shape: ${unknown.missing}`;
  const [first = 0, second = 0, ...kernel] = sizes.filter(isNumber);
  const stated = intsOf(node, "kernel_shape");
  if (stated !== undefined && show(stated) !== show(kernel))
    return `kernel_shape ${show(stated)} with filters ${show(sizes)}`;
  const group = intOf(node, "group") ?? 1;
  return isTransposed(node)
    ? { kernel, inputs: first, outputs: second * group }
    : { kernel, inputs: second * group, outputs: first };
}

export function onnxConvolution(node: OnnxNode, inputs: Inputs): Found {
  const filters = filtersOf(node, inputs[1]);
  if (typeof filters === "string") return { missing: [filters] };
  const rank = filters.kernel.length;
  if (rank < 1 || rank > 2)
    return { missing: [`a ${rank}-D kernel ${show(filters.kernel)}; only 1-D and 2-D are compiled`] };
  const input = inputs[0]?.shape ?? gap("there is no input");
  const spatial = spatialOf(input, rank);
  const axes = filters.kernel.map((kernel, axis) => axisOf(node, axis, kernel, rank, spatial[axis] as Size));
  const flat: ConvolutionAxis = { kernel: 1, dilation: 1, stride: 1, begin: 0, growth: 0 };
  const [first = flat, second] = axes;
  const candidate: ModelConvolution = {
    op: isTransposed(node) ? "atrousConv2dTranspose" : "conv2d",
    value: channelsLast(input, rank),
    inputs: filters.inputs,
    outputs: filters.outputs,
    groups: intOf(node, "group") ?? 1,
    // A signal is an image of one row.
    axes: second === undefined ? [flat, first] : [first, second],
    padding: paddingText(node, rank),
    bias: inputs[2] !== undefined,
  };
  return specOf(candidate);
}

function spatialOf(shape: Shape, rank: number): readonly Size[] {
  const sizes = isGap(shape) ? [] : (shape as readonly Size[]).slice(2);
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
    const channels = typeof filters === "string" ? gap(filters) : filters.outputs;
    const kernel = typeof filters === "string" ? intsOf(node, "kernel_shape") : filters.kernel;
    if (kernel === undefined) return [batch, channels, ...spatial.map(() => channels as Size)];
    const windows = windowsOf(node, kernel);
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
