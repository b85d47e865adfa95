/**
 * Finds detours: SpaceToBatchND, a convolution of stride 1 and BatchToSpaceND, which together are one convolution.
 * TensorFlow writes convolutions whose kernels have holes in this way, for example atrous_conv2d_transpose.
 *
 * Along one axis, with block b, the input gets `pads` zeros, and every b-th pixel goes to an image of its own. Each
 * image is convolved with rate d and its first tap `begin` pixels before the output. Then the images are interleaved
 * again, and `crops` are cut off. Pixel q*b + p of the interleaved output is pixel q of image p, so taps lie d*b apart:
 *
 *     transposed  out[y] = sum v[y + (crop - pad + b*begin) - k*d*b] * W[k]
 *     conv2d      out[y] = sum v[y - (pad - crop + b*begin) + k*d*b] * W[k]
 *
 * This is one op of rate d*b whose begin stands in parentheses. The added zeros lie outside the image, where that op
 * reads zeros, too.
 */
import { show } from "../../ir/errors.js";
import type { AxisPadding } from "../../ir/ops/familySpec.js";
import { forwardSize, tapReach, transposedSize } from "../../ops/sizes.js";
import type { ModelConvolution } from "../modelConvolution.js";
import { type Missing, quoted } from "../report.js";
import {
  axisFrom,
  gap,
  type Info,
  isGap,
  isNumber,
  numbersOf,
  type Shape,
  type Size,
  sizesOr,
  unsqueeze,
} from "../shapes.js";
import { flagOf, intsAttribute } from "./attributes.js";
import { axisOf, CONVOLUTIONS, sidesOf, tfjsConvolution, valueInput } from "./convolution.js";
import { nodeOutputOf } from "./graph.js";
import type { TfjsNode } from "./json.js";

export interface Detour {
  readonly before: TfjsNode;
  /** The axis of size 1 that turns a signal into an image, from ExpandDims to Squeeze. */
  readonly expand: { readonly by: TfjsNode; readonly back: TfjsNode } | undefined;
  readonly convolution: TfjsNode;
  readonly after: TfjsNode;
}

export const typeOf = ({ before, convolution, after }: Detour): string =>
  `${before.op} + ${convolution.op} + ${after.op}`;

/** Ops that change each element alone, wherever it stands. They commute with BatchToSpaceND. */
const ELEMENTWISE: readonly string[] = [
  ...["Identity", "BiasAdd", "Relu", "Relu6", "Elu", "Selu", "LeakyRelu", "Sigmoid", "Tanh", "Softplus", "Erf", "Abs"],
  ...["Neg", "Square", "Sqrt", "Rsqrt", "Exp", "ClipByValue"],
];
/** Ops that do so if the tensor beside the image has one element for each channel. */
const WITH_CHANNELS: readonly string[] = [
  ...["Add", "AddV2", "Sub", "Mul", "RealDiv", "Div", "Maximum", "Minimum", "Prelu"],
];
const NORMALIZATIONS: readonly string[] = ["FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"];

/**
 * All detours, by the name of the convolution. If another node uses a tensor between convolution and BatchToSpaceND,
 * there is no detour.
 */
export function detoursOf(
  nodes: readonly TfjsNode[],
  outputs: readonly string[],
  infos: ReadonlyMap<string, Info>,
): ReadonlyMap<string, Detour> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const uses = new Map<string, number>();
  for (const name of [...nodes.flatMap(({ input }) => input), ...outputs]) {
    const source = nodeOutputOf(name);
    if (source) uses.set(source.node, (uses.get(source.node) ?? 0) + 1);
  }
  const madeBy = (node: TfjsNode, input: number): TfjsNode | undefined =>
    byName.get(nodeOutputOf(node.input[input] ?? "")?.node ?? "");
  const isPerChannel = (name: string | undefined): boolean => {
    const shape = infos.get(nodeOutputOf(name ?? "")?.node ?? "")?.shape ?? gap("unknown");
    return !isGap(shape) && shape.slice(0, -1).every((size) => size === 1);
  };
  /** The input of a node that stands between; undefined for a node that may not. */
  const throughInput = (node: TfjsNode): number | undefined => {
    if (ELEMENTWISE.includes(node.op) || node.op === "Squeeze") return 0;
    // Training mode takes mean and variance of what is normalized.
    if (NORMALIZATIONS.includes(node.op)) return flagOf(node, "is_training") ? undefined : 0;
    if (!WITH_CHANNELS.includes(node.op)) return undefined;
    return [0, 1].find((input) => isPerChannel(node.input[1 - input]));
  };
  const detours = new Map<string, Detour>();
  for (const after of nodes.filter(({ op }) => op === "BatchToSpaceND")) {
    let convolution = madeBy(after, 0);
    let back: TfjsNode | undefined;
    while (convolution && uses.get(convolution.name) === 1) {
      const input = throughInput(convolution);
      if (input === undefined) break;
      if (convolution.op === "Squeeze") {
        if (back !== undefined) break;
        back = convolution;
      }
      convolution = madeBy(convolution, input);
    }
    if (!convolution || !CONVOLUTIONS.includes(convolution.op) || uses.get(convolution.name) !== 1) continue;
    let before = madeBy(convolution, valueInput(convolution));
    let by: TfjsNode | undefined;
    while (
      before &&
      uses.get(before.name) === 1 &&
      (before.op === "Identity" || (before.op === "ExpandDims" && back && !by))
    ) {
      if (before.op === "ExpandDims") by = before;
      before = madeBy(before, 0);
    }
    if (before?.op !== "SpaceToBatchND" || (back === undefined) !== (by === undefined)) continue;
    detours.set(convolution.name, { before, expand: by && back && { by, back }, convolution, after });
  }
  return detours;
}

type InfoOf = (node: TfjsNode, input: number) => Info | undefined;

/** The convolution that a detour computes. */
export function detourCandidate(detour: Detour, infoOf: InfoOf): ModelConvolution | Missing {
  const { before, convolution, after } = detour;
  const inputs = convolution.input.filter((name) => !name.startsWith("^")).map((_, i) => infoOf(convolution, i));
  const inner = tfjsConvolution(convolution, inputs);
  if ("missing" in inner) return inner;
  const constants = [...[1, 2].map((i) => [before, i] as const), ...[1, 2].map((i) => [after, i] as const)];
  const [blocks, pads, blocksAfter, crops] = constants.map(([node, i]) => numbersOf(infoOf(node, i)?.values));
  if (!blocks || !pads || !blocksAfter || !crops) {
    const odd = constants.find(([node, i]) => numbersOf(infoOf(node, i)?.values) === undefined)?.[0] as TfjsNode;
    return {
      missing: [
        `blocks and paddings of ${odd.op} ${quoted(odd.name)}: constants of the weight files, ` +
          "which must lie beside model.json",
      ],
    };
  }
  const expanded = expandedAxis(detour, infoOf);
  const { family } = inner;
  const axes = [...family.filters.slice(0, -2).keys()];
  const missing = [
    ...(show(blocks) === show(blocksAfter)
      ? []
      : [`block shapes ${show(blocks)} and ${show(blocksAfter)} of one detour`]),
    ...(blocks.length <= (expanded === undefined ? axes.length : 1) &&
    blocks.every((b) => Number.isSafeInteger(b) && b >= 1)
      ? []
      : [`block shape ${show(blocks)}`]),
    ...(pads.length === 2 * blocks.length && crops.length === pads.length
      ? []
      : ["paddings or crops of another length than the block shape"]),
    ...(family.layout?.startsWith("NC")
      ? [`data_format ${family.layout} between blocks, which have channels last`]
      : []),
    ...(family.strides?.some((stride) => stride !== 1) ? [`strides ${show(family.strides)} between blocks`] : []),
    ...(typeof expanded === "string" ? [expanded] : []),
  ];
  if (missing.length > 0) return { missing };
  const blocked = axes.map((axis): Blocks => {
    // The position in lists of blocks. An axis that was inserted has none.
    const at = expanded === undefined ? axis : axis + 1 === expanded ? -1 : 0;
    return {
      ...{ block: blocks[at] ?? 1, pads: [pads[2 * at] ?? 0, pads[2 * at + 1] ?? 0] },
      crops: [crops[2 * at] ?? 0, crops[2 * at + 1] ?? 0],
    };
  });
  const signal = infoOf(before, 0)?.shape ?? gap("there is no input");
  return joined(inner, typeof expanded === "number" ? unsqueeze(signal, [expanded]) : signal, blocked);
}

/** The convolution with its blocks. */
function joined(inner: ModelConvolution, value: Shape, blocked: readonly Blocks[]): ModelConvolution | Missing {
  const { outputShape: asked, ...rest } = inner;
  const sizes = numbersOf(sizesOr(value));
  // Whoever asks for the spec learns what is not known.
  if (isGap(value) || sizes === undefined) return { ...rest, value };
  if (sizes.length !== blocked.length + 2) return { missing: [`${sizes.length} dimensions for an image`] };
  const padding = blocked.map((one, axis) => throughBlocks(inner, axis, sizes[axis + 1] as number, asked?.[axis], one));
  const torn = padding.find((one) => typeof one === "string");
  if (torn !== undefined) return { missing: [torn] };
  const known = padding as readonly AxisPadding[];
  if (known.flat().some((side) => side < 0))
    return { missing: [`blocks, paddings and crops make a padding of ${show(known)}; no kernel has a negative one`] };
  const dilations = blocked.map(({ block }, axis) => (inner.family.dilations?.[axis] ?? 1) * block);
  return { ...rest, family: { ...inner.family, dilations, padding: known }, value };
}

/** The axis of an image, 1 or 2, that ExpandDims inserts and Squeeze drops; or why a detour has no such axis. */
function expandedAxis({ expand }: Detour, infoOf: InfoOf): number | string | undefined {
  if (expand === undefined) return undefined;
  const { by, back } = expand;
  const [inserted] = numbersOf(infoOf(by, 1)?.values) ?? [];
  const dropped = [...intsAttribute(back, "squeeze_dims"), ...intsAttribute(back, "axis")];
  const axis = inserted === undefined ? 0 : axisFrom(inserted, 4);
  if ((axis === 1 || axis === 2) && dropped.length === 1 && axisFrom(dropped[0] as number, 4) === axis) return axis;
  return `${by.op} ${quoted(by.name)} and ${back.op} ${quoted(back.name)} do not insert and drop one axis of an image`;
}

interface Blocks {
  readonly block: number;
  readonly pads: AxisPadding;
  readonly crops: AxisPadding;
}

/**
 * The padding of the whole along an axis, or what it crops; or why there is none. All images grow alike, so the whole
 * grows by as many blocks.
 */
function throughBlocks(
  inner: ModelConvolution,
  axis: number,
  size: number,
  asked: Size | undefined,
  { block, pads, crops }: Blocks,
): AxisPadding | string {
  const padded = size + pads[0] + pads[1];
  if (padded % block !== 0) return `${padded} padded pixels are no multiple of the block ${block}`;
  const [shape, sides] = [axisOf(inner.family, axis, padded / block), sidesOf(inner.family, axis)];
  const span = (tapReach(shape) - 1) * block;
  const isTransposed = inner.family.op === "conv2dTranspose";
  const { output, pad } = isTransposed
    ? transposedSize("tensorflow", shape, sides, { size: isNumber(asked) ? asked : undefined })
    : forwardSize(shape, sides);
  const growth = pads[0] + pads[1] + block * (output - shape.size) - crops[0] - crops[1];
  const before = (isTransposed ? crops[0] - pads[0] : pads[0] - crops[0]) + block * pad;
  return [before, isTransposed ? span - growth - before : growth + span - before];
}
