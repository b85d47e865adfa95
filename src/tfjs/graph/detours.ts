/**
 * Detours of graph models, made straight.
 *
 * TensorFlow writes a convolution with a dilation as three ops: `SpaceToBatchND` makes an image of every r-th pixel,
 * the convolution runs over these images, and `BatchToSpaceND` deals the pixels out again. That is one convolution with
 * a dilation, which TensorFlow.js has, or a transposed one, which is ours. Ops on single pixels that lie between, such
 * as a bias or an activation, may stay where they are.
 */
import type { AxisPadding } from "../../ir/ops/familySpec.js";
import { attributeText, type GraphAttribute, type GraphNode, integersOf, type ModelGraph } from "./graphModel.js";

/** The op of a transposed convolution with a dilation, known to the converter once `install` has run. */
export const TRANSPOSE_OP = "TilewrightAtrousConv2DTranspose";

const FORWARD = ["Conv2D", "_FusedConv2D", "DepthwiseConv2dNative", "FusedDepthwiseConv2dNative"];
const TRANSPOSED = "Conv2DBackpropInput";

/** Ops on each pixel alone, of which further inputs are one number for each channel. */
const BY_PIXEL = [
  ...["BiasAdd", "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3", "Relu", "Relu6", "Elu", "LeakyRelu"],
  ...["Sigmoid", "Tanh", "Prelu", "Add", "AddV2", "Sub", "Mul", "Identity"],
];

/** A detour along the rows and the columns of an image. */
interface GraphDetour {
  readonly before: GraphNode;
  /** Adds the axis that an image of one row lacks; undefined for an image. */
  readonly expand: GraphNode | undefined;
  readonly convolution: GraphNode;
  readonly after: GraphNode;
  readonly rates: readonly [number, number];
  /** Padding by `SpaceToBatchND`. */
  readonly pads: readonly [AxisPadding, AxisPadding];
  /** Pixels that `BatchToSpaceND` crops. */
  readonly crops: readonly [AxisPadding, AxisPadding];
}

/** Rewrites a graph in place; returns how many convolutions were found. */
export function straighten(graph: ModelGraph): number {
  const detours = graph.nodes
    .filter(({ op }) => op === "SpaceToBatchND")
    .flatMap((node) => detourFrom(graph, node) ?? []);
  const found = detours.filter((detour) => rewrite(graph, detour)).length;
  const dilated = graph.nodes.filter(
    (node) => node.op === TRANSPOSED && isDilated(node) && rewriteDilated(graph, node),
  );
  return found + dilated.length;
}

function detourFrom(graph: ModelGraph, before: GraphNode): GraphDetour | undefined {
  const first = graph.readerOf(before);
  const expand = first?.op === "ExpandDims" ? first : undefined;
  const convolution = expand ? graph.readerOf(expand) : first;
  if (!convolution || ![...FORWARD, TRANSPOSED].includes(convolution.op)) return undefined;
  const after = afterOf(graph, convolution, expand !== undefined);
  const [block, pads] = [graph.constantOf(before, 1), graph.constantOf(before, 2)];
  if (!after || !block || !pads) return undefined;
  const [otherBlock, crops] = [graph.constantOf(after, 1), graph.constantOf(after, 2)];
  if (!crops || String(block) !== String(otherBlock)) return undefined;
  const axis = expand ? graph.constantOf(expand, 1)?.[0] : undefined;
  const places = block.length === 2 && !expand ? [0, 1] : block.length === 1 ? placesOf(axis) : undefined;
  if (!places) return undefined;
  const at = (list: readonly number[], place: number | undefined): AxisPadding =>
    place === undefined ? [0, 0] : [list[2 * place] as number, list[2 * place + 1] as number];
  const [rows, columns] = places;
  return {
    ...{ before, expand, convolution, after },
    rates: [rows === undefined ? 1 : (block[rows] as number), columns === undefined ? 1 : (block[columns] as number)],
    pads: [at(pads, rows), at(pads, columns)],
    crops: [at(crops, rows), at(crops, columns)],
  };
}

/** The places of rows and columns in the block of a signal, which becomes an image of one row or of one column. */
function placesOf(axis: number | undefined): readonly [number | undefined, number | undefined] | undefined {
  if (axis === 1 || axis === -3) return [undefined, 0];
  return axis === 2 || axis === -2 ? [0, undefined] : undefined;
}

/** The end of a detour. Before it stand ops on single pixels, and a `Squeeze` if there was an `ExpandDims`. */
function afterOf(graph: ModelGraph, convolution: GraphNode, isSignal: boolean): GraphNode | undefined {
  let isSqueezed = !isSignal;
  let node = graph.readerOf(convolution);
  while (node && node.op !== "BatchToSpaceND") {
    const isSqueeze = node.op === "Squeeze" && !isSqueezed;
    if (!isSqueeze && !isByPixel(graph, node)) return undefined;
    isSqueezed ||= isSqueeze;
    node = graph.readerOf(node);
  }
  return isSqueezed ? node : undefined;
}

function isByPixel(graph: ModelGraph, node: GraphNode): boolean {
  if (!BY_PIXEL.includes(node.op)) return false;
  const shapes = (node.input ?? []).slice(1).map((_, i) => graph.shapeOf(node, i + 1));
  return shapes.every((shape) => shape?.slice(0, -1).every((size) => size === 1));
}

/** The detour's convolution reads what `SpaceToBatchND` read, and `BatchToSpaceND` hands on what it gets. */
function rewrite(graph: ModelGraph, { before, expand, convolution, after, rates, pads, crops }: GraphDetour): boolean {
  const isTransposed = convolution.op === TRANSPOSED;
  const filter = graph.shapeOf(convolution, 1);
  if (!filter || strides(convolution).some((stride) => stride !== 1) || isDilated(convolution)) return false;
  if (!["VALID", "SAME"].includes(attributeText(convolution.attr?.padding))) return false;
  const own = ownPadding(convolution, filter);
  const sign = isTransposed ? -1 : 1;
  // Padding of a convolution, or what a transposed one crops, in pixels of the image.
  const total = [0, 1].map((axis) => {
    const [rate, [p0, p1], [c0, c1]] = [rates[axis], pads[axis], crops[axis]] as [number, AxisPadding, AxisPadding];
    const [o0, o1] = own[axis] as AxisPadding;
    return [sign * (p0 - c0) + rate * o0, sign * (p1 - c1) + rate * o1] as const;
  });
  if (total.flat().some((pixels) => pixels < 0)) return false;
  const source = before.input?.[0] as string;
  if (expand) expand.input = [source, ...(expand.input ?? []).slice(1)];
  const input = expand ? expand.name : source;
  if (isTransposed) becomeTransposed(convolution, input, rates, total);
  else {
    convolution.input = [input, ...(convolution.input ?? []).slice(1)];
    const padding = [0, 0, ...total.flat(), 0, 0].map(String);
    convolution.attr = {
      ...convolution.attr,
      dilations: { list: { i: ["1", ...rates.map(String), "1"] } },
      padding: { s: btoa("EXPLICIT") },
      explicit_paddings: { list: { i: padding } },
    };
  }
  after.op = "Identity";
  after.input = (after.input ?? []).slice(0, 1);
  after.attr = after.attr?.T ? { T: after.attr.T } : {};
  // Nobody reads it any more, and it may stay where it is.
  before.op = "Identity";
  before.input = [source];
  return true;
}

const strides = ({ attr }: GraphNode): number[] => integersOf(attr?.strides);

const isDilated = ({ attr }: GraphNode): boolean => integersOf(attr?.dilations).some((dilation) => dilation > 1);

/** The padding that the convolution itself has, or crops, in pixels of its small images. Its stride is 1. */
function ownPadding({ attr }: GraphNode, filter: readonly number[]): readonly AxisPadding[] {
  return filter.slice(0, 2).map((taps) => {
    const span = attributeText(attr?.padding) === "SAME" ? taps - 1 : 0;
    return [Math.floor(span / 2), span - Math.floor(span / 2)];
  });
}

function becomeTransposed(
  node: GraphNode,
  input: string,
  rates: readonly [number, number],
  crops: readonly (readonly [number, number])[],
): void {
  const list = (numbers: readonly number[]): GraphAttribute => ({ list: { i: numbers.map(String) } });
  node.op = TRANSPOSE_OP;
  node.input = [input, node.input?.[1] as string];
  node.attr = { rates: list(rates), crops: list(crops.flat()) };
}

/** A transposed convolution whose dilation TensorFlow.js would pass over. */
function rewriteDilated(graph: ModelGraph, node: GraphNode): boolean {
  const [, rows = 1, columns = 1] = integersOf(node.attr?.dilations);
  const filter = graph.shapeOf(node, 1);
  const isNhwc = ["", "NHWC"].includes(attributeText(node.attr?.data_format));
  if (!filter || !isNhwc || strides(node).some((stride) => stride !== 1)) return false;
  const isSame = attributeText(node.attr?.padding) === "SAME";
  if (!isSame && attributeText(node.attr?.padding) !== "VALID") return false;
  const crops = ([rows, columns] as const).map((rate, axis) => {
    const span = isSame ? ((filter[axis] as number) - 1) * rate : 0;
    return [Math.floor(span / 2), span - Math.floor(span / 2)] as const;
  });
  becomeTransposed(node, node.input?.[2] as string, [rows, columns], crops);
  return true;
}
