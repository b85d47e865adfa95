/** Rules for ops of TensorFlow on images: pools, resizes, and blocks of pixels. */
import { at, isNumbers, named, shaped, spaceAndDepth } from "../rule.js";
import {
  gap,
  type Inputs,
  isGap,
  numbersOf,
  type Size,
  sizeFrom,
  sizesOr,
  type WindowAxis,
  windowOutput,
  withSizes,
} from "../shapes.js";
import {
  channelsLast,
  explicitPads,
  imageOf,
  intAttribute,
  layoutOf,
  rowsAndColumns,
  textAttribute,
} from "./attributes.js";
import type { TfjsNode } from "./json.js";
import { unknownConstant } from "./stridedSlice.js";
import { constants, type TfjsRule, withConstants } from "./tensorRules.js";

/** A rule for the rows and the columns of an image, in either layout. */
const image = (rule: (size: Size, axis: 0 | 1, node: TfjsNode, inputs: Inputs) => Size): TfjsRule =>
  shaped((shape, node, inputs) => {
    const sizes = channelsLast(shape, layoutOf(node));
    if (isGap(sizes)) return sizes;
    const [n, h, w, c] = sizes as readonly [Size, Size, Size, Size];
    return imageOf(node, [n, rule(h, 0, node, inputs), rule(w, 1, node, inputs), c]);
  });

const windowOf = (node: TfjsNode, axis: 0 | 1, kernel: number): WindowAxis => ({
  kernel,
  stride: rowsAndColumns(node, "strides", 1)[axis],
  dilation: rowsAndColumns(node, "dilations", 1)[axis],
  pads: textAttribute(node, "padding") === "SAME" ? "SAME" : explicitPads(node, axis),
});

const pool = image((size, axis, node) =>
  windowOutput(size, windowOf(node, axis, rowsAndColumns(node, "ksize", 1)[axis])),
);

const depthwise: TfjsRule = (node, inputs) => {
  const [filters, sizes] = [at(inputs, 1).shape, channelsLast(at(inputs, 0).shape, layoutOf(node))];
  if (isGap(filters) || isGap(sizes)) return { shape: isGap(filters) ? filters : sizes };
  const [kh, kw, c, multiplier] = numbersOf(filters) ?? [];
  if (kh === undefined || kw === undefined || c === undefined || multiplier === undefined)
    return { shape: filters.find(isGap) ?? gap("filters of fewer than 4 dimensions") };
  const [n, h, w] = sizes as readonly [Size, Size, Size, Size];
  const side = (size: Size, axis: 0 | 1): Size => windowOutput(size, windowOf(node, axis, axis === 0 ? kh : kw));
  return { shape: imageOf(node, [n, side(h, 0), side(w, 1), c * multiplier]) };
};

/** The rows and columns that an input names. */
const resize = (input: number): TfjsRule =>
  image((_, axis, node, inputs) => inputs[input]?.values?.[axis] ?? unknownConstant(node, inputs[input]));

const intoBlocks = (sign: 1 | -1): TfjsRule =>
  withConstants(1, (shape, blocks, node, inputs) => {
    const edges = constants(node, inputs[2]);
    if (!isNumbers(edges)) return edges;
    return withSizes(shape, ([batch = gap("no batch"), ...sizes]) => {
      const area = blocks.reduce((a, b) => a * b, 1);
      const sides = sizes.map((size, i) => {
        const [block, edge] = [blocks[i] ?? 1, (edges[2 * i] ?? 0) + (edges[2 * i + 1] ?? 0)];
        return sizeFrom([size], (known) => (sign === 1 ? (known + edge) / block : known * block - edge));
      });
      return [sizeFrom([batch], (known) => (sign === 1 ? known * area : known / area)), ...sides];
    });
  });

const blocks =
  (toDepth: boolean): TfjsRule =>
  (node, inputs) => {
    const sizes = channelsLast(at(inputs, 0).shape, layoutOf(node));
    if (isGap(sizes)) return { shape: sizes };
    const [n, h, w, c] = sizes as readonly [Size, Size, Size, Size];
    return { shape: imageOf(node, [n, ...spaceAndDepth([h, w, c], intAttribute(node, "block_size", 1), toDepth)]) };
  };

const cropAndResize: TfjsRule = (node, inputs) => {
  const [height = unknownConstant(node, inputs[3]), width = height] = inputs[3]?.values ?? [];
  const count = sizesOr(at(inputs, 1).shape)[0] ?? gap("no boxes");
  const channels = sizesOr(at(inputs, 0).shape)[3] ?? gap("an image without channels");
  return { shape: [count, height, width, channels] };
};

export const TFJS_IMAGES: readonly (readonly [string, TfjsRule])[] = [
  ...named("DepthwiseConv2dNative DepthwiseConv2d FusedDepthwiseConv2dNative", depthwise),
  ...named("MaxPool AvgPool MaxPoolWithArgmax", pool),
  ...named("ResizeBilinear ResizeNearestNeighbor", resize(1)),
  ...named("CropAndResize", cropAndResize),
  ...named("ImageProjectiveTransformV3", resize(2)),
  ...named("SpaceToBatchND", intoBlocks(1)),
  ...named("BatchToSpaceND", intoBlocks(-1)),
  ...named("DepthToSpace", blocks(false)),
  ...named("SpaceToDepth", blocks(true)),
];
