/** Recorded calls of the convolution family, each suite's spelling turned into specs. */
import type { FamilySpec } from "tilewright";
import type { RecordedTensor } from "./vectors.js";

type Attributes = Readonly<Record<string, unknown>>;

export interface RecordedVector {
  readonly name: string;
  readonly op: string;
  readonly convention: string;
  readonly rank: number;
  readonly attrs: Attributes;
  readonly input: RecordedTensor | null;
  readonly filter: RecordedTensor | null;
  readonly bias?: RecordedTensor | null;
  readonly expected?: RecordedTensor;
  readonly wrt?: "input" | "filter";
  readonly gradOutput?: RecordedTensor;
  readonly expectedGradInput?: RecordedTensor | null;
  readonly expectedGradFilter?: RecordedTensor | null;
  readonly expectedGradBias?: RecordedTensor | null;
  readonly tolerance?: { readonly rel: number; readonly abs: number };
}

/** A call, what it gave, and the derivatives of `<upstream, output>` by tensor. */
export interface FamilyVector {
  readonly spec: FamilySpec;
  readonly given: ReadonlyMap<string, readonly number[]>;
  readonly expected: RecordedTensor | undefined;
  readonly upstream: RecordedTensor | undefined;
  readonly gradients: ReadonlyMap<string, RecordedTensor>;
}

/** Throws an error with a reason where a suite asks for what no spec can say. */
export function familyVector(vector: RecordedVector): FamilyVector {
  const { op, rank, attrs, input, filter, bias, expected, gradOutput, wrt } = vector;
  const forward = op.replace(/_(grad|backprop_filter)$/, "");
  const isTransposed = forward.includes("transpose");
  const dimensions = rank === 1 ? "1d" : "2d";
  const name =
    forward === "depthwise_conv2d" ? "depthwiseConv2d" : `conv${dimensions}${isTransposed ? "Transpose" : ""}`;
  const words = SPELLINGS[vector.convention]?.(attrs, rank, vector) ?? {};
  const filterShape = filter?.shape ?? (attrs.filterShape as readonly number[]);
  // TensorFlow.js also takes one image without a batch.
  const batched = (shape: readonly number[]) => (shape.length === rank + 1 ? [1, ...shape] : shape);
  const filterGradient = op.endsWith("backprop_filter") ? expected : undefined;
  const own = wrt === "input" ? { value: expected } : wrt === "filter" ? { filters: expected } : {};
  const gradients = {
    value: vector.expectedGradInput,
    filters: vector.expectedGradFilter ?? filterGradient,
    bias: vector.expectedGradBias,
    ...own,
  };
  const hasBias = Boolean(bias ?? vector.expectedGradBias);
  const channels = vector.expectedGradBias?.data.length ?? 0;
  const tensors = {
    value: input?.data,
    filters: filter?.data ?? new Array<number>(filterShape.reduce((a, b) => a * b)).fill(0),
    bias: hasBias ? (bias?.data ?? new Array<number>(channels).fill(0)) : undefined,
  };
  return {
    spec: {
      op: name,
      value: batched(input?.shape ?? []),
      filters: filterShape,
      ...(hasBias ? { bias: true } : {}),
      ...words,
    } as FamilySpec,
    given: new Map(Object.entries(tensors).flatMap(([key, data]) => (data ? [[key, data] as const] : []))),
    expected: op === forward ? expected : undefined,
    upstream: gradOutput,
    gradients: new Map(Object.entries(gradients).flatMap(([key, one]) => (one ? [[key, one] as const] : []))),
  };
}

type Spelling = (attrs: Attributes, rank: number, vector: RecordedVector) => Attributes;

const known = (words: Attributes): Attributes =>
  Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined && value !== null));

/** One number for all axes, or one for each. */
const perAxis = (given: unknown, rank: number): unknown =>
  typeof given === "number" ? new Array<number>(rank).fill(given) : given;

const isDepthwise = ({ op }: RecordedVector): boolean => op.startsWith("depthwise");

/** The first word, as some suites explain what they mean. */
const filterLayout = (attrs: Attributes, vector: RecordedVector) =>
  isDepthwise(vector) ? undefined : (attrs.filterLayout as string | undefined)?.split(" ")[0];

const layout = (given: unknown): string | undefined => (given as string | undefined)?.toUpperCase();

type Pairs = readonly (readonly number[])[];

/** Pairs for the axes of the image, from those for all dimensions. */
function imagePairs(padding: unknown, rank: number, channelsFirst: boolean): unknown {
  if (!Array.isArray(padding) || padding.length === rank) return padding;
  const pairs = padding as Pairs;
  // TensorFlow.js pads signals as images of one row.
  return channelsFirst ? pairs.slice(-rank) : pairs.slice(-1 - rank, -1);
}

const tensorflow: Spelling = (attrs, rank, vector) => {
  const rate = attrs.rate as number | undefined;
  return known({
    strides: attrs.strides,
    dilations: rate === undefined ? attrs.dilations : new Array(rank).fill(rate),
    padding: imagePairs(attrs.padding, rank, false),
    groups: attrs.groups,
    outputShape: attrs.outputShape,
    layout: layout(attrs.inputLayout),
    filterLayout: filterLayout(attrs, vector),
  });
};

const ACTIVATIONS: Readonly<Record<string, (numbers: readonly number[]) => unknown>> = {
  NONE: () => undefined,
  RELU: () => "relu",
  Relu: () => "relu",
  Tanh: () => "tanh",
  Clip: ([min, max]) => ({ kind: "clip", min, max }),
  LeakyRelu: ([alpha]) => ({ kind: "leakyRelu", alpha }),
};

function activation(attrs: Attributes): unknown {
  if (attrs.activation === undefined) return undefined;
  const known = ACTIVATIONS[attrs.activation as string];
  if (!known) throw new Error(`no activation ${attrs.activation}`);
  return known((attrs.activation_params as readonly number[] | undefined) ?? []);
}

/** Numbers for all begins, then for all ends, as pairs. */
const pairsOf = (pads: readonly number[]): Pairs =>
  pads.slice(0, pads.length / 2).map((before, i) => [before, pads[pads.length / 2 + i] as number]);

const onnx: Spelling = (attrs, rank) => {
  const auto = attrs.auto_pad as string | undefined;
  const isAuto = auto !== undefined && auto !== "NOTSET";
  // ONNX ignores pads beside an output shape.
  const pads = attrs.output_shape ? undefined : (attrs.pads as readonly number[] | undefined);
  return known({
    convention: "onnx",
    strides: attrs.strides,
    dilations: attrs.dilations,
    groups: attrs.group,
    padding: isAuto ? auto : pads && pairsOf(pads),
    outputShape: attrs.output_shape,
    outputPadding: attrs.output_shape ? undefined : attrs.output_padding,
    layout: rank === 2 ? layout(attrs.inputLayout) : undefined,
    filterLayout: attrs.filterLayout,
    activation: activation(attrs),
  });
};

const SPELLINGS: Readonly<Record<string, Spelling>> = {
  tf: tensorflow,
  tflite: (attrs, rank, vector) => ({
    ...tensorflow(attrs, rank, vector),
    ...known({ activation: activation(attrs) }),
  }),
  tfjs: (attrs, rank, vector) => {
    const channelsFirst = attrs.dataFormat === "NCHW";
    const pad = attrs.pad ?? "valid";
    const pairs = typeof pad === "number" ? new Array(rank).fill([pad, pad]) : imagePairs(pad, rank, channelsFirst);
    const shape = attrs.outputShape as readonly number[] | undefined;
    return known({
      strides: perAxis(attrs.strides ?? attrs.stride, rank),
      dilations: perAxis(attrs.dilations ?? attrs.dilation, rank),
      padding: typeof pad === "string" ? pad.toUpperCase() : pairs,
      layout: attrs.dataFormat,
      outputShape: shape && shape.length === rank + 1 && !isDepthwise(vector) ? [1, ...shape] : shape,
    });
  },
  onnx,
  webnn: (attrs) => {
    const [top, bottom, left, right] = (attrs.padding as readonly number[] | undefined) ?? [];
    return known({
      convention: "webnn",
      strides: attrs.strides,
      dilations: attrs.dilations,
      groups: attrs.groups,
      padding:
        top === undefined
          ? undefined
          : [
              [top, bottom],
              [left, right],
            ],
      outputShape: attrs.outputSizes,
      // WebNN ignores output paddings beside sizes.
      outputPadding: attrs.outputSizes ? undefined : attrs.outputPadding,
      layout: layout(attrs.inputLayout),
      filterLayout: attrs.filterLayout,
    });
  },
};
